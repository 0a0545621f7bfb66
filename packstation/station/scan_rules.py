"""What a site allows at its benches while they scan: the ``rules`` of its row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from packstation.domain.learning.limit import ALLOWED_PPM, RATES_PPM

if TYPE_CHECKING:
    from packstation.station.core import Core

MOST: Final = 100_000


class ScanRules(Struct, frozen=True):
    """``manual_units``: units of an order that may be picked by hand without a supervisor.

    ``twice_ms``: two equal scans closer than this are asked about, 0 never; a scanner's own
    option of that name comes first. ``ungated``: a parcel need not wait for its marketplace.
    ``false_alarms_ppm``: good parcels of a million whose weight may be disputed; ``item_guard``:
    every order is packed on the scale, item by item.
    """

    manual_units: int = 5
    twice_ms: int = 700
    ungated: bool = False
    false_alarms_ppm: int = ALLOWED_PPM
    item_guard: bool = False


def rules_of(core: Core) -> ScanRules:
    """The site's rules as pulled last; what is missing or misshapen is as by default."""
    rules: Any = core.cache.site().get("rules")
    given: Mapping[str, Any] = rules if isinstance(rules, Mapping) else {}
    usual = ScanRules()
    return ScanRules(
        _count(given.get("manual_units"), usual.manual_units),
        _count(given.get("twice_ms"), usual.twice_ms),
        given.get("ungated") is True,
        _count(given.get("false_alarms_ppm"), usual.false_alarms_ppm, *RATES_PPM),
        given.get("item_guard") is True,
    )


def twice_ms(core: Core, scanner: str) -> int:
    """How close two equal scans of ``scanner`` are one doubtful one."""
    record = core.desk.devices.get(scanner)
    usual = rules_of(core).twice_ms
    return _count(record.info.options.get("twice_ms"), usual) if record else usual


def _count(value: object, usual: int, least: int = 0, most: int = MOST) -> int:
    good = isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
    return int(str(value)) if good else usual
