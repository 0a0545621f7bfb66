"""Inputs about single units and lines (see `packstation.domain.packing.inputs`)."""

from __future__ import annotations

from packstation.domain.packing.inputs import Input
from packstation.domain.packing.plan import LinePlan


class SubstituteAsked(Input, frozen=True, kw_only=True):
    """A supervisor's badge and PIN were right: ``plan.sku`` may be packed on ``line``."""

    line: int
    plan: LinePlan
    by: str
    reason: str = ""


class ByHandAsked(Input, frozen=True, kw_only=True):
    """A supervisor lets ``units`` more be picked by hand."""

    units: int
    by: str
    reason: str = ""


class ChangeAccepted(Input, frozen=True, kw_only=True):
    """The packer goes on with a changed order whose goods are the same.

    ``refusal`` where they are not, or where the new data is not here yet.
    """

    rev: int
    digest: str = ""
    prints: tuple[str, ...] = ()
    refusal: str = ""


class RequirementAnswered(Input, frozen=True, kw_only=True):
    """The server's word about a value that was given: accepted or refused."""

    sku: str
    kind: str
    value: str
    outcome: str
    reason: str = ""


class DoubleScanSeen(Input, frozen=True, kw_only=True):
    """An item's code came again after ``after_ms``, faster than a hand can change things."""

    sku: str
    code: str = ""
    after_ms: int = 0
