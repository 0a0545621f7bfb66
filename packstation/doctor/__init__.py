"""Checks of a machine that is to be a bench; each finding comes with its cure."""

from packstation.doctor.findings import Finding, State, report
from packstation.doctor.rounds import examine

__all__ = ["Finding", "State", "examine", "report"]
