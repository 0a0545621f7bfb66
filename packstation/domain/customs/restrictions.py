"""What a carrier's service takes to where: the matrix of goods class, service and destination.

Rows of the table ``restrictions`` of the rule pack. Of the rows that fit, the one that says most
counts: a service before a carrier, a country before a group, a class of services before none; a
narrow class (``PI967-II``) before a wide one (``battery``). Of two that say as much the stricter.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final, Literal

from msgspec import Struct

from packstation.domain.customs.pack import Words

Action = Literal["ALLOW", "WARN", "BLOCK"]
_STRICTER: Final[dict[Action, int]] = {"ALLOW": 0, "WARN": 1, "BLOCK": 2}


class Restriction(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One cell of the matrix, or many: an empty tuple fits all.

    ``classes`` are those of catalog/1, UN numbers, instructions (PI967, PI967-II) or
    ``battery``; ``countries`` codes of two letters or groups of the pack. ``text`` may have
    {class}, {carrier}, {service}, {country}, {goods}.
    """

    id: str
    classes: tuple[str, ...]
    carriers: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    service_classes: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    action: Action
    text: Words = {}
    valid_from: date | None = None
    valid_to: date | None = None
    source: str
    verified: bool = False


class Way(Struct, frozen=True, kw_only=True):
    """How and where to: "" is not known; ``places`` are the country and its groups."""

    carrier: str = ""
    service: str = ""
    service_class: str = ""
    places: frozenset[str] = frozenset()
    country: str = ""


def verdict(
    rows: Iterable[Restriction], codes: Sequence[str], way: Way, on: date
) -> Restriction | None:
    """The row that counts for goods with these class names, the narrowest first; None for none."""
    fitting = [
        (_weight(row, codes, way), row)
        for row in rows
        if _fits(row, codes, way) and (row.valid_from or on) <= on <= (row.valid_to or on)
    ]
    return max(fitting, key=lambda pair: pair[0], default=(None, None))[1]


def known(rows: Iterable[Restriction]) -> frozenset[str]:
    """All class names that the matrix speaks of."""
    return frozenset(name for row in rows for name in row.classes)


def _fits(row: Restriction, codes: Sequence[str], way: Way) -> bool:
    return (
        any(code in row.classes for code in codes)
        and _one_of(way.carrier, row.carriers)
        and _one_of(way.service, row.services)
        and _one_of(way.service_class, row.service_classes)
        and (not row.countries or not way.places.isdisjoint(row.countries))
    )


def _one_of(value: str, allowed: tuple[str, ...]) -> bool:
    return not allowed or value in allowed


def _weight(row: Restriction, codes: Sequence[str], way: Way) -> tuple[int, ...]:
    """How much a row says: the larger counts."""
    narrowest = min(at for at, code in enumerate(codes) if code in row.classes)
    return (
        bool(row.services),
        bool(row.carriers),
        way.country in row.countries,
        bool(row.countries),
        bool(row.service_classes),
        -narrowest,
        _STRICTER[row.action],
    )
