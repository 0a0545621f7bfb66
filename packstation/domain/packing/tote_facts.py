"""Facts of orders whose goods come in several totes."""

from __future__ import annotations

from packstation.domain.packing.facts import Fact


class ToteArrived(Fact, frozen=True, kw_only=True):
    """A tote of the open order stands on the bench: its code was scanned."""

    tote: str
    scanner: str = ""
