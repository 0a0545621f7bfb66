"""Which zone of a tariff a destination lies in: the most specific match wins."""

from __future__ import annotations

from packstation.domain.shipments import Place
from packstation.domain.tariffs import Match, Tariff

# (what matched best: 0 country, 1 range, 2 prefix; length of the prefix)
Specificity = tuple[int, int]


def bare_postcode(text: str) -> str:
    """A postcode without blanks, in capitals."""
    return "".join(text.split()).upper()


def zone_of(tariff: Tariff, place: Place) -> str | None:
    """The zone's code, or None where the place is not served.

    Of two equally specific matches "not served" wins, then the zone that stands first.
    """
    ranked: list[tuple[Specificity, str]] = [
        (best, zone.code) for zone in tariff.zones if (best := _best(zone.match, place)) is not None
    ]
    if not ranked:
        return None
    best, code = max(ranked, key=lambda pair: pair[0])
    excluded = _best(tariff.not_served, place)
    return None if excluded is not None and excluded >= best else code


def _best(matches: tuple[Match, ...], place: Place) -> Specificity | None:
    found = [rank for one in matches if (rank := _specificity(one, place)) is not None]
    return max(found, default=None)


def _specificity(match: Match, place: Place) -> Specificity | None:
    """How specifically ``match`` holds for ``place``, or None."""
    postcode = bare_postcode(place.postcode)
    rank: Specificity = (-1, 0)
    if match.countries:
        if place.country not in match.countries:
            return None
        rank = (0, 0)
    if match.postcode_ranges:
        ranges = ((bare_postcode(low), bare_postcode(high)) for low, high in match.postcode_ranges)
        if not postcode or not any(low <= postcode <= high for low, high in ranges):
            return None
        rank = (1, 0)
    if match.postcode_prefixes:
        prefixes = (bare_postcode(prefix) for prefix in match.postcode_prefixes)
        lengths = [len(prefix) for prefix in prefixes if postcode.startswith(prefix)]
        if not lengths:
            return None
        rank = (2, max(lengths))
    return rank
