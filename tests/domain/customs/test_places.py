from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from packstation.customs.packs import installed
from packstation.documents.fonts import Fonts
from packstation.documents.label.shipping import shipping_labels
from packstation.domain.customs.borders import Place, crosses
from packstation.domain.customs.places import territories
from packstation.domain.customs.sender_references import by_pack
from packstation.domain.labels import Text, media
from packstation.domain.orders import Address
from tests.documents.samples import FONTS, papers
from tests.domain.customs.orders import case, told

SPAIN = {"country": "ES", "postcode": "28001", "region": "Madrid"}


def place(country: str, postcode: str = "", region: str = "") -> dict[str, Any]:
    return {"country": country, "postcode": postcode, "region": region}


@pytest.mark.parametrize(
    ("to", "groups", "names"),
    [
        (place("DE", "10119"), {"EU", "EU_VAT"}, None),
        (place("DE", "78266"), {"EU_EXCLUDED", "CHLI"}, "Busingen"),
        (place("ES", "35001"), {"EU", "EU_EXCLUDED"}, "Canary Islands"),
        (place("FI", "22 100"), {"EU", "EU_EXCLUDED"}, "Aland Islands"),
        (place("RE", "97400"), {"EU", "EU_EXCLUDED"}, "French overseas departments"),
        (place("MC", "98000"), {"EU", "EU_VAT", "EU_XI"}, "Monaco"),
        (place("GB", "SW1A 1AA"), {"GB", "UK"}, None),
        (place("GB", "bt1 1aa"), {"UK", "XI", "EU_XI"}, "XI"),
        (place("XI", "BT1 1AA"), {"UK", "XI", "EU_XI"}, "XI"),
        (place("US", "09012", "ae"), {"US_MIL"}, "US forces' mail"),
        (place("US", "97205", "OR"), set(), None),
        (place("JP"), set(), None),
    ],
)
def test_groups_know_postcodes(to: dict[str, Any], groups: set[str], names: str | None) -> None:
    assert set(told("dest_groups", ship_to=to)) == groups
    found = territories(case(ship_to=to), "ship_to")
    assert [row.name for row in found] == [one for one in (names,) if one]


@pytest.mark.parametrize(
    ("here", "there", "abroad"),
    [
        (place("CN"), place("DE"), True),
        (place("CN"), place("CN"), False),
        (place("DE"), place("FR", "75001"), False),
        (SPAIN, place("ES", "35001"), True),
        (place("ES", "35001"), place("ES", "38001"), False),
        (place("RU"), place("KZ"), False),
        (place("GB", "SW1A 1AA"), place("GB", "BT1 1AA"), False),
        (place("CH"), place("LI"), False),
        (place("CH"), place("DE"), True),
        (place("CN"), {"country": None}, None),
        ({"country": None}, place("DE"), None),
    ],
)
def test_abroad_is_across_a_customs_border(
    here: dict[str, Any], there: dict[str, Any], abroad: bool | None
) -> None:
    assert told("abroad", ship_from=here, ship_to=there) is abroad


BERLIN = Place("DE", "10115")
LONDON = Place("GB", "SW1A 1AA")
TODAY = date(2026, 11, 22)
# From, to, whether papers are due; all of it from the tables `unions` and `territories`.
WAYS = [
    (BERLIN, Place("FR", "75001"), False),
    (BERLIN, Place("ES", "35001"), True),  # Las Palmas
    (BERLIN, Place("ES", "28001"), False),
    (BERLIN, Place("ES", "51001"), True),  # Ceuta
    (BERLIN, Place("DE", "78266"), True),  # Büsingen
    (Place("CH", "8200"), Place("DE", "78266"), False),
    (BERLIN, Place("DE", "27498"), True),  # Heligoland
    (BERLIN, Place("IT", "23041"), True),  # Livigno
    (BERLIN, Place("IT", "22061"), True),  # Campione
    (BERLIN, Place("IT", "20121"), False),
    (BERLIN, Place("FI", "22100"), True),  # Åland
    (BERLIN, Place("AX", "22100"), True),
    (BERLIN, Place("FI", "00100"), False),
    (BERLIN, Place("GR", "63086"), True),  # Athos
    (BERLIN, Place("MC", "98000"), False),
    (Place("FR", "75001"), Place("FR", "97400"), True),  # Réunion
    (Place("FR", "75001"), Place("RE", "97400"), True),
    (LONDON, Place("GB", "BT1 5GS"), False),  # Belfast
    (LONDON, Place("XI", "BT1 5GS"), False),
    (LONDON, Place("IM", "IM1 1AA"), False),
    (Place("IE", "D02 AF30"), Place("GB", "BT1 5GS"), False),
    (Place("GB", "BT1 5GS"), Place("IE", "D02 AF30"), False),
    (Place("CN"), Place("XI", "BT1 5GS"), True),
    (Place("GB", "BT1 5GS"), Place("ES", "35001"), True),
    (LONDON, Place("IE", "D02 AF30"), True),
    (LONDON, Place("FR", "75001"), True),
    (Place("KG"), Place("AM"), False),
    (Place("US", "10001"), Place("US", "09012", "AE"), False),
]


@pytest.mark.parametrize(("here", "there", "due"), WAYS)
def test_borders_are_where_the_tables_have_them(here: Place, there: Place, due: bool) -> None:
    assert crosses(here, there, installed().tables, TODAY) is due


@pytest.mark.parametrize(
    ("country", "on", "due"),
    [
        ("HR", "2013-06-30", True),
        ("HR", "2013-07-01", False),
        ("GB", "2020-12-31", False),
        ("GB", "2021-01-01", True),
    ],
)
def test_members_come_and_go_by_day(country: str, on: str, due: bool) -> None:
    day = date.fromisoformat(on)
    assert crosses(BERLIN, Place(country, "1"), installed().tables, day) is due


def test_a_union_without_members_is_the_group_of_its_name() -> None:
    tables = {"unions": ({"name": "CHLI"},)}
    ways = (Place("CH"), Place("LI"), tables, TODAY)
    assert crosses(*ways, {"CHLI": ("CH", "LI")}) is False
    assert crosses(*ways) is True
    assert crosses(Place(""), Place("LI"), tables, TODAY) is None


def test_every_union_has_the_members_of_its_group() -> None:
    pack = installed()
    members: dict[str, set[str]] = {}
    for row in pack.tables["unions"]:
        if not row.get("valid_to"):
            members.setdefault(row["name"], set()).update(row["members"])
    groups = {name: {*pack.groups[name]} for name in members if name in pack.groups}
    assert {"EU_VAT", "EAEU", "CHLI", "UK"} == {*groups}
    assert {name: members[name] - {"IM"} for name in groups} == groups
    assert members["EU_XI"] == {*pack.groups["EU_VAT"]}


def label_of(here: Place, there: Place, form: str = "") -> str:
    """All that stands on the label of a parcel by post."""
    sender, to = (
        Address(
            name="Kim Lee",
            lines=("1 Main St",),
            city="Town",
            country=one.country,
            postcode=one.postcode,
            region=one.region,
        )
        for one in (here, there)
    )
    parcel = replace(papers(sender=sender, to=to), form=form)
    told = by_pack(parcel, installed().tables)
    texts = (
        one
        for label in shipping_labels(told, media("100x150"), Fonts(FONTS))
        for one in label.elements
        if isinstance(one, Text)
    )
    return "\n".join(" ".join(text.lines) for text in texts)


@pytest.mark.parametrize(("here", "there", "due"), WAYS)
def test_a_label_of_which_nobody_said_the_form_asks_the_tables(
    here: Place, there: Place, due: bool
) -> None:
    assert ("CUSTOMS DECLARATION" in label_of(here, there)) is due


def test_a_form_that_was_said_stands() -> None:
    assert "CN 22 attached" in label_of(BERLIN, Place("FR", "75001"), "cn22")
    assert "CUSTOMS" not in label_of(BERLIN, Place("ES", "35001"), "none")
