"""When a service's parcels are fetched: the site's own times, and the next of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

# Of a site's rules: {"carrier/service" or "carrier" or "*": ["12:00", "17:30"]}, its own time.
RULE: Final = "cutoffs"
_TIME: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


def times_of(rules: Mapping[str, object], carrier: str, service: str) -> tuple[time, ...]:
    """The times of a service, the earliest first; those of no shape are left out."""
    table = rules.get(RULE)
    if not isinstance(table, Mapping):
        return ()
    names = (f"{carrier}/{service}", carrier, "*")
    found = next((table[name] for name in names if name in table), ())
    texts = found if isinstance(found, Sequence) and not isinstance(found, str) else (found,)
    matches = (_TIME.fullmatch(one) for one in texts if isinstance(one, str))
    return tuple(sorted(time(int(one[1]), int(one[2])) for one in matches if one))


def next_cutoff(times: Sequence[time], now: datetime, zone: ZoneInfo) -> str:
    """The next moment of ``times`` at or after ``now``, RFC 3339 UTC; "" where there are none.

    After the day's last it is tomorrow's first: what is packed in the evening leaves then.
    """
    if not times:
        return ""
    local = now.astimezone(zone)
    days = (local.date(), local.date() + timedelta(days=1))
    moments = [datetime.combine(day, one, zone) for day in days for one in times]
    found = next((one for one in moments if one >= local), moments[-1])
    return found.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
