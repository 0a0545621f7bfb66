"""Groups of countries with their exceptions: territories told by postcode or region.

Table ``territories``: a country's postcodes (prefixes) or regions that leave groups and enter
others: XI is no GB, the Canary Islands are in the EU and not in its VAT area (`borders`).
"""

from __future__ import annotations

from typing import Final

from packstation.domain.countries import ALPHA2
from packstation.domain.customs.borders import Place, Territory, crosses, territories_of
from packstation.domain.customs.case import Case, Item, at_path
from packstation.domain.customs.facts import Facts


def territories(case: Case, address: str) -> tuple[Territory, ...]:
    """The territories that an address (``ship_to``, ``ship_from``) lies in."""
    return territories_of(_place(case, address), case.pack.tables, case.today)


def _place(case: Case, address: str) -> Place:
    names = ("country", "postcode", "region")
    return Place(*(str(at_path(case.raw, f"{address}.{name}") or "") for name in names))


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


def _assigned(case: Case, _: Item) -> bool:
    """Whether the destination is a country of ISO 3166-1."""
    return str(at_path(case.raw, "ship_to.country")) in ALPHA2


def _abroad(case: Case, _: Item) -> bool | None:
    """Whether it crosses a customs border; None where a country is not known."""
    here, there = (_place(case, one) for one in ("ship_from", "ship_to"))
    return crosses(here, there, case.pack.tables, case.today, case.pack.groups)


FACTS_ORDER: Final[Facts] = {
    "dest_groups": _dest_groups,
    "from_groups": _from_groups,
    "abroad": _abroad,
    "country_assigned": _assigned,
}
