from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec.structs import replace

from packstation.domain.customs.landed import estimates
from tests.domain.customs.orders import PACK, case_by, line, product

BEFORE = datetime(2026, 6, 30, 9, 0, tzinfo=UTC)
TODAY = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
LAST = datetime(2028, 6, 30, 9, 0, tzinfo=UTC)


def costs(now: datetime = TODAY, /, **patch: object) -> dict[str, str]:
    on = now.date().isoformat()
    pairs = (("EUR", "CNY", "8.20"), ("NZD", "CNY", "4.00"))
    rates = [{"from": base, "to": quote, "rate": rate, "on": on} for base, quote, rate in pairs]
    one = case_by(PACK, now, **{"rates": rates, **patch})
    return {each.code: f"{each.amount.amount} {each.amount.currency}" for each in estimates(one)}


def goods(*codes: str | None) -> dict[str, Any]:
    return {
        "lines": [line(at, f"S{at}") for at, _ in enumerate(codes, 1)],
        "products": [product(f"S{at}", "10.00", hs=code) for at, code in enumerate(codes, 1)],
    }


def test_a_silk_blouse_and_two_woollen_ones_are_two_items() -> None:
    assert costs(**goods("62061000", "62062000", "6206.20")) == {"eu-item-duty": "6.00 EUR"}


@pytest.mark.parametrize(
    ("now", "due"), [(BEFORE, False), (TODAY, True), (LAST, True)], ids=["before", "now", "last"]
)
def test_it_is_due_from_july_2026_for_two_years(now: datetime, due: bool) -> None:
    assert ("eu-item-duty" in costs(now)) is due
    after = datetime(2028, 7, 1, 9, 0, tzinfo=UTC)
    assert "eu-item-duty" not in costs(after)


def test_above_eur_150_and_without_a_number_nothing_is_told() -> None:
    dear = {"products": [product(amount="615.01")]}
    assert costs(**dear) == {}
    assert costs(**goods("610910", None)) == {}
    assert costs(**goods("6109")) == {}


@pytest.mark.parametrize(
    ("country", "code", "amount"),
    [
        ("RO", "ro-parcel-fee", "25.00 RON"),
        ("FR", "fr-line-fee", "4.00 EUR"),
        ("IT", "it-parcel-fee", "2.00 EUR"),
    ],
)
def test_states_have_fees_of_their_own(country: str, code: str, amount: str) -> None:
    found = costs(ship_to={"country": country, "postcode": ""}, **goods("610910", "610910"))
    assert found == {"eu-item-duty": "3.00 EUR", code: amount}


def test_tax_is_a_share_of_the_goods() -> None:
    there = {"ship_to": {"country": "NZ", "postcode": "6011"}, "tax_scheme": None}
    assert costs(**there) == {"nz-gst": "4.49 NZD"}
    dear = {"products": [product(amount="2000.01")]}
    assert costs(**there, **dear) == {}


def test_what_stays_within_a_union_costs_nothing_at_a_border() -> None:
    assert costs(ship_from={"country": "FR"}) == {}
    assert costs(ship_to={"country": None}) == {}


def test_a_share_wants_a_rate_and_a_value() -> None:
    fee = {
        "code": "x",
        "per": "value",
        "percent": "10",
        "amount": {"amount": "0", "currency": "KZT"},
    }
    once = {"code": "y", "per": "consignment", "amount": {"amount": "7", "currency": "EUR"}}
    pack = replace(PACK, tables={**PACK.tables, "fees": (fee, once)})
    codes = [each.code for each in estimates(case_by(pack, TODAY))]
    assert codes == ["y"]
    nothing: dict[str, Any] = {"products": []}
    assert [each.code for each in estimates(case_by(pack, TODAY, **nothing))] == ["y"]


def test_a_code_is_read_as_the_other_checks_read_it() -> None:
    assert costs(**goods("6206.20.00", "62062000999")) == {"eu-item-duty": "3.00 EUR"}
    assert costs(**goods("HS 620620")) == {}
