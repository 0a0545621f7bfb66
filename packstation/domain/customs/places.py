"""Groups of countries with their exceptions: territories told by postcode or region.

Table ``territories``: a country's postcodes (prefixes) or regions that leave groups and enter
others: XI is no GB, the Canary Islands are in the EU and not in its VAT area. Table ``unions``:
groups within which no customs paper is needed.
"""

from __future__ import annotations

from datetime import date
from typing import Final

import msgspec
from msgspec import Struct

from packstation.domain.countries import ALPHA2
from packstation.domain.customs.case import Case, Item, at_path
from packstation.domain.customs.facts import Facts, fact
from packstation.domain.customs.rows import held


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


def territories(case: Case, address: str) -> tuple[Territory, ...]:
    """The territories that an address (``ship_to``, ``ship_from``) lies in."""
    country = at_path(case.raw, f"{address}.country")
    rows = (
        msgspec.convert(row, Territory)
        for row in held(case, "territories")
        if country in row["countries"]
    )
    return tuple(row for row in rows if _inside(case, address, row))


def _inside(case: Case, address: str, row: Territory) -> bool:
    postcode = "".join(str(at_path(case.raw, f"{address}.postcode") or "").split()).upper()
    region = str(at_path(case.raw, f"{address}.region") or "").upper()
    if row.prefixes or row.regions:
        return postcode.startswith(row.prefixes) or region in row.regions
    return True


def _groups(case: Case, address: str) -> tuple[str, ...]:
    country = at_path(case.raw, f"{address}.country")
    groups = [name for name, members in case.pack.groups.items() if country in members]
    for row in territories(case, address):
        groups = [name for name in groups if name not in row.out_of]
        groups += [name for name in row.into if name not in groups]
    return tuple(groups)


def _dest_groups(case: Case, _: Item) -> tuple[str, ...]:
    """Groups that the destination is in, by country, postcode and region."""
    return _groups(case, "ship_to")


def _from_groups(case: Case, _: Item) -> tuple[str, ...]:
    return _groups(case, "ship_from")


def _territory(case: Case, _: Item) -> str | None:
    """The destination's territory, e.g. ``XI``; None for a country's main part."""
    return next((row.name for row in territories(case, "ship_to")), None)


def _assigned(case: Case, _: Item) -> bool:
    """Whether the destination is a country of ISO 3166-1."""
    return str(at_path(case.raw, "ship_to.country")) in ALPHA2


def _abroad(case: Case, _: Item) -> bool | None:
    """Whether it crosses a customs border; None where a country is not known.

    Within a union (EU, EAEU, Switzerland with Liechtenstein) it does not; towards a territory
    that is outside of its country's union it does.
    """
    there, here = (at_path(case.raw, f"{one}.country") for one in ("ship_to", "ship_from"))
    if not there or not here:
        return None
    unions = {str(row.get("name")) for row in held(case, "unions")}
    ours, theirs = (
        unions & {*fact(case, case.order, name)} for name in ("from_groups", "dest_groups")
    )
    if ours or theirs:
        return not ours & theirs
    return bool(there != here)


FACTS_ORDER: Final[Facts] = {
    "dest_groups": _dest_groups,
    "from_groups": _from_groups,
    "territory": _territory,
    "abroad": _abroad,
    "country_assigned": _assigned,
}
