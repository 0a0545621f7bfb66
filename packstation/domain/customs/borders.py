"""Where customs borders are: unions of countries, and territories that stand apart from their own.

Table ``unions``: countries (``members``) between which no customs paper is needed, in the days that
a row holds; several rows of a name are one union. Table ``territories``: parts of a country, told
by postcode or region, that are out of groups and unions and in others: the Canary Islands are in
the EU and not in its VAT area, Northern Ireland is of the UK and, for goods, with the EU too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, Final

from msgspec import Struct

from packstation.domain.customs.same import Same
from packstation.domain.labels import ParcelPapers
from packstation.domain.orders import Address
from packstation.first_use import shaped

TERRITORIES: Final = "territories"
UNIONS: Final = "unions"
Row = Mapping[str, Any]
Tables = Mapping[str, Sequence[Row]]
Groups = Mapping[str, Sequence[str]]


class Territory(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a country that is in other groups than the country.

    It is named by ``prefixes`` of the postcode (without blanks) or by ``regions``; neither: all
    of a country.
    """

    name: str
    countries: tuple[str, ...]
    prefixes: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    out_of: tuple[str, ...] = ()
    into: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    source: str = ""
    verified: bool = False


class Union(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Countries of a union; without ``members`` those of the group of its name."""

    name: str
    members: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    source: str = ""
    verified: bool = False


class Place(Struct, frozen=True):
    """Where an address lies, as far as borders ask; "" is not known."""

    country: str
    postcode: str = ""
    region: str = ""


def holding(tables: Tables, table: str, on: date) -> Iterator[Row]:
    """Rows of a table that hold on a day, the first and last included."""
    day = on.isoformat()
    for row in tables.get(table, ()):
        if (row.get("valid_from") or day) <= day <= (row.get("valid_to") or day):
            yield row


def territories_of(place: Place, tables: Tables, on: date) -> tuple[Territory, ...]:
    """The territories that a place lies in."""
    rows = _territories(Same(tables), on)
    return tuple(row for row in rows if place.country in row.countries and _inside(place, row))


@lru_cache(maxsize=8)
def _territories(tables: Same[Tables], on: date) -> tuple[Territory, ...]:
    return tuple(shaped(row, Territory) for row in holding(tables.value, TERRITORIES, on))


@lru_cache(maxsize=8)
def _unions(tables: Same[Tables], on: date) -> tuple[Union, ...]:
    return tuple(shaped(row, Union) for row in holding(tables.value, UNIONS, on))


def _inside(place: Place, row: Territory) -> bool:
    postcode = "".join(place.postcode.split()).upper()
    if row.prefixes or row.regions:
        return postcode.startswith(row.prefixes) or place.region.upper() in row.regions
    return True


def unions_of(place: Place, tables: Tables, on: date, groups: Groups) -> frozenset[str]:
    """The unions that a place is in."""
    rows = _unions(Same(tables), on)
    named = {row.name for row in rows}
    found = {row.name for row in rows if place.country in (row.members or groups.get(row.name, ()))}
    for row in territories_of(place, tables, on):
        found = (found - {*row.out_of}) | (named & {*row.into})
    return frozenset(found)


def crosses(
    here: Place, there: Place, tables: Tables, on: date, groups: Groups | None = None
) -> bool | None:
    """Whether the way crosses a customs border; None where a country is not known.

    Within a union it does not; towards a territory outside of its country's union it does.
    """
    if not here.country or not there.country:
        return None
    ours, theirs = (unions_of(one, tables, on, groups or {}) for one in (here, there))
    if ours or theirs:
        return not ours & theirs
    return here.country != there.country


def with_border(papers: ParcelPapers, tables: Tables, on: date) -> bool | None:
    """Whether a parcel crosses a customs border; None where the pack does not tell."""
    if not tables.get(UNIONS):
        return None
    order = papers.order
    return crosses(_place(order.ship_from), _place(order.ship_to), tables, on)


def _place(address: Address) -> Place:
    return Place(address.country, address.postcode, address.region)
