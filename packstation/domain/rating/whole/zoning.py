"""The zone of a destination, found by its country once and by its postcode at a glance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct

from packstation.domain.rating.whole.conditions import prefixes
from packstation.domain.rating.zones import bare_postcode, zone_of
from packstation.domain.shipments import Place
from packstation.domain.tariffs import Match, Tariff

# A zone's code; None: not served. Of equally specific matches "not served" comes first.
_Rated = tuple[str | None, Match]
_KEPT: Final = 4096


class Zoner(Struct):
    """Zones of one country, most specific first: beginnings, ranges, the country itself.

    ``mixed``: a match has both a beginning and a range, so that the law itself is asked.
    """

    tariff: Tariff
    country: str
    by_prefix: dict[str, str | None]
    lengths: tuple[int, ...]
    ranges: tuple[tuple[str, str, str | None], ...]
    default: str | None
    mixed: dict[str, str | None] | None

    def zone(self, postcode: str) -> str | None:
        """The zone of a bare postcode."""
        if self.mixed is not None:
            return self._asked(postcode, self.mixed)
        for length in self.lengths:
            begin = postcode[:length]
            if begin in self.by_prefix:
                return self.by_prefix[begin]
        if postcode:
            for low, high, code in self.ranges:
                if low <= postcode <= high:
                    return code
        return self.default

    def _asked(self, postcode: str, known: dict[str, str | None]) -> str | None:
        if postcode not in known:
            if len(known) >= _KEPT:
                known.clear()
            place = Place(country=self.country, postcode=postcode)
            known[postcode] = zone_of(self.tariff, place)
        return known[postcode]


def zoner(tariff: Tariff, country: str) -> Zoner | str | None:
    """How a postcode of ``country`` finds its zone; the zone itself where all have the same."""
    ours = [pair for pair in _all(tariff) if country in pair[1].countries or not pair[1].countries]
    by_prefix: dict[str, str | None] = {}
    for code, match in ours:
        for _, known in prefixes(match.postcode_prefixes):
            for begin in known:
                by_prefix.setdefault(begin, code)
    ranges = tuple(
        (bare_postcode(low), bare_postcode(high), code)
        for code, match in ours
        if not match.postcode_prefixes
        for low, high in match.postcode_ranges
    )
    default = _default(ours)
    if not by_prefix and not ranges:
        return default
    lengths = tuple(sorted({len(begin) for begin in by_prefix}, reverse=True))
    mixed = any(match.postcode_prefixes and match.postcode_ranges for _, match in ours)
    asked: dict[str, str | None] | None = {} if mixed else None
    return Zoner(tariff, country, by_prefix, lengths, ranges, default, asked)


def _all(tariff: Tariff) -> Iterator[_Rated]:
    yield from ((None, match) for match in tariff.not_served)
    yield from ((zone.code, match) for zone in tariff.zones for match in zone.match)


def _default(ours: Iterable[_Rated]) -> str | None:
    """Where no postcode says anything: the country's match, else the one for all countries."""
    plain = [pair for pair in ours if not (pair[1].postcode_prefixes or pair[1].postcode_ranges)]
    named = [pair for pair in plain if pair[1].countries] or plain
    return named[0][0] if named else None
