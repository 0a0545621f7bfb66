"""Inputs of the item-by-item guard."""

from __future__ import annotations

from packstation.domain.packing.inputs import Input


class GuardAsked(Input, frozen=True, kw_only=True):
    """Begin the guard, or leave it; leaving needs the supervisor ``by``."""

    on: bool = True
    by: str = "rule"
    reason: str = ""


class GainRead(Input, frozen=True, kw_only=True):
    """The box at rest is ``gain_g`` heavier than when it was last in order.

    ``expected_g`` and ``tolerance_g`` are those of the scan (or undo) that waits; None where the
    weight of that is not known: then any change in its direction will do. ``least_g``: less is
    no change.
    """

    gain_g: int
    expected_g: int | None = None
    tolerance_g: int = 0
    least_g: int = 5
