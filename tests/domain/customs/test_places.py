from __future__ import annotations

from typing import Any

import pytest

from tests.domain.customs.orders import told

SPAIN = {"country": "ES", "postcode": "28001", "region": "Madrid"}


def place(country: str, postcode: str = "", region: str = "") -> dict[str, Any]:
    return {"country": country, "postcode": postcode, "region": region}


@pytest.mark.parametrize(
    ("to", "groups", "territory"),
    [
        (place("DE", "10119"), {"EU", "EU_VAT"}, None),
        (place("DE", "78266"), {"EU_EXCLUDED"}, "Busingen"),
        (place("ES", "35001"), {"EU", "EU_EXCLUDED"}, "Canary Islands"),
        (place("FI", "22 100"), {"EU", "EU_EXCLUDED"}, "Aland Islands"),
        (place("RE", "97400"), {"EU", "EU_EXCLUDED"}, "French overseas departments"),
        (place("MC", "98000"), {"EU", "EU_VAT"}, "Monaco"),
        (place("GB", "SW1A 1AA"), {"GB", "UK"}, None),
        (place("GB", "bt1 1aa"), {"UK", "XI"}, "XI"),
        (place("US", "09012", "ae"), {"US_MIL"}, "US forces' mail"),
        (place("US", "97205", "OR"), set(), None),
        (place("JP"), set(), None),
    ],
)
def test_groups_know_postcodes(to: dict[str, Any], groups: set[str], territory: str | None) -> None:
    assert set(told("dest_groups", ship_to=to)) == groups
    assert told("territory", ship_to=to) == territory


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
