"""Who draws the papers of a hand-over; part of ``ports.DocumentMaker``."""

from __future__ import annotations

from typing import Protocol

from packstation.domain.handover.papers import ManifestPaper, UnitPaper
from packstation.domain.labels import PrintJob
from packstation.domain.printers import Stock


class HandoverMaker(Protocol):
    """Draws lists and labels of bags; raises DocumentError; ``job`` is left ""."""

    def manifest(self, paper: ManifestPaper, language: str, stock: Stock) -> PrintJob:
        """The list for the driver, on as many sheets as it takes."""

    def unit_label(self, paper: UnitPaper, language: str, stock: Stock) -> PrintJob:
        """The label of a bag or pallet."""
