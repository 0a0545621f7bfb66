"""Statements on origin: reviewed wording for listed pairs, and a named refusal for all else."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from packstation.assets import resource
from packstation.domain.errors import DocumentError
from packstation.domain.orders import Address
from packstation.domain.origin import filled, statements
from packstation.domain.quantities import Money
from tests.documents.samples import SHIRT, order

ROWS = json.loads(resource("customs", "tables", "statements.json").read_text("utf-8"))
GERMAN = Address(name="Hans Beispiel", company="Beispiel GmbH", city="Kiel", country="DE")
TOKYO = Address(name="Yamada Hanako", city="Tokyo", country="JP")


def euro(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


def ask(
    statement: dict[str, Any] | None, total: str = "100", origins: tuple[str, ...] = ("DE",)
) -> Any:  # noqa: ANN401 - what is filled in
    bought = replace(order(SHIRT, to=TOKYO), ship_from=GERMAN, origin_statement=statement)
    return filled(ROWS, bought, origins, euro(total), "Kiel, 2026-11-22")


def test_the_wording_is_the_agreements_own() -> None:
    found = ask({"agreement": "eu-jp-epa", "rex": "DEREX1234", "criterion": "A"})

    assert found.text == (
        "The exporter of the products covered by this document (Exporter Reference No DEREX1234) "
        "declares that, except where otherwise clearly indicated, these products are of "
        "European Union preferential origin."
    )
    assert found.lines == (
        ("criterion", "A"),
        ("place_date", "Kiel, 2026-11-22"),
        ("exporter", "Beispiel GmbH"),
    )
    assert (found.agreement, found.signed) == ("EU-Japan EPA", False)


def test_below_the_limit_the_number_may_stay_open() -> None:
    found = ask({"agreement": "eu-jp-epa", "criterion": "C1"}, "6000.00", ("CN", "FR"))

    assert "(Exporter Reference No ...)" in found.text


@pytest.mark.parametrize(
    ("statement", "total", "origins", "key", "field"),
    [
        (None, "1", ("DE",), "missing", "origin_statement.agreement"),
        ({"agreement": "x"}, "1", ("DE",), "no_wording", "origin_statement.agreement"),
        ({"agreement": "eu-uk-tca"}, "1", ("DE",), "no_pair", "origin_statement.agreement"),
        ({"agreement": "eu-jp-epa"}, "1", ("CN",), "no_pair", "origin_statement.agreement"),
        ({"agreement": "eu-jp-epa"}, "1", ("DE",), "missing", "origin_statement.criterion"),
        (
            {"agreement": "eu-jp-epa", "criterion": "A"},
            "6000.01",
            ("DE",),
            "missing",
            "origin_statement.rex",
        ),
    ],
)
def test_what_is_not_listed_or_not_told_is_refused_by_name(
    statement: dict[str, Any] | None, total: str, origins: tuple[str, ...], key: str, field: str
) -> None:
    with pytest.raises(DocumentError) as refused:
        ask(statement, total, origins)

    assert (refused.value.key, refused.value.fields["field"]) == (f"error.document.{key}", field)


def test_an_agreement_without_reviewed_wording_makes_no_paper() -> None:
    bought = replace(
        order(SHIRT, to=replace(GERMAN, country="DE")), origin_statement={"agreement": "eu-gsp"}
    )

    with pytest.raises(DocumentError) as refused:
        filled(ROWS, bought, ("BD",), euro("10"), "")

    assert refused.value.fields["value"] == "EU GSP"


def test_no_statement_is_listed_for_goods_of_china() -> None:
    assert not any(row.covers("CN", "DE") for row in statements(ROWS))
    assert all(not row.texts["en"] or not row.verified for row in statements(ROWS))
