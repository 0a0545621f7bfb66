"""Customs at the bench: cured by the order, and the document that the rules get."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from packstation.domain.catalog import KitPart
from packstation.domain.customs.checking import digest
from packstation.domain.orders import Address, Order
from packstation.domain.psp import OrderBody
from packstation.station import ports as p
from packstation.station.customs_case import document
from packstation.station.customs_findings import sku_of
from packstation.station.viewing import papers
from packstation.station.views import Screen, StationView, Words
from tests.station.customs_bench import bench, catalog, lacking, sock
from tests.station.desk import MUG, Bench, order, product, to_weighing
from tests.station.rules import rule, there


def NEVER() -> None:  # noqa: N802 - a constant
    pytest.fail("it was to be said at once")


# --- cured by the order ----------------------------------------------------------------------


def moved(**more: Any) -> Order:  # noqa: ANN401
    return order(ship_to=Address(name="И. Иванов", lines=("ул. 1",), country="RU", **more))


def office(found: Bench, document: Order, rev: int, *, known: bool = True) -> StationView:
    """The office changes the order; ``known``: the cache has it at once."""
    if known:
        found.cache.add(p.OrderRow(document, rev))
    body = msgspec.to_builtins(OrderBody(order=document))
    return found.say(p.RowsPulled((p.Row("order", "O-1", rev, "put", body),), f"c{rev}", 1))


def test_an_address_that_the_office_completes_lets_the_parcel_go_on() -> None:
    found = bench(document=moved())
    assert lacking(found.scan("O-1"))[0].rule == "R05"
    view = office(found, moved(city="Kazan"), 2)
    assert (view.screen, view.alert) == (Screen.SCANNING, None)
    assert found.core.session.rev == 2
    assert "OrderChangeTaken" in found.kinds()


def test_a_change_that_cures_nothing_is_a_change_like_any_other() -> None:
    found = bench(document=moved())
    found.scan("O-1")
    view = office(found, moved(region="Tatarstan"), 2)
    assert view.alert is not None
    assert found.core.session.hold_reason == "changed"


def test_other_goods_are_a_change_like_any_other() -> None:
    found = bench(document=moved())
    found.scan("O-1")
    office(found, replace(moved(city="Kazan"), lines=moved().lines[:1]), 2)
    assert found.core.session.hold_reason == "changed"


def test_a_row_that_waits_for_our_facts_is_looked_at_when_it_is_let_in() -> None:
    found = bench(document=moved())
    found.scan("O-1")
    curing = found.station._flow.curing
    assert curing.cures(p.OrderRow(moved(city="Kazan"), 2), NEVER)
    assert found.core.session.hold_reason == "missing_data"
    del found.cache.orders["O-1"]
    assert curing.cures(p.OrderRow(moved(city="Kazan"), 2), NEVER)


def test_nothing_is_cured_that_is_not_held_for_its_papers() -> None:
    found = bench()
    found.scan("O-1")
    assert not found.station._flow.curing.cures(p.OrderRow(order(), 2), NEVER)


def test_a_kit_that_cannot_be_taken_apart_waits_for_no_papers() -> None:
    found = bench(rule("R05", [there("order.ship_to.city")]), document=order(lines="TEA*1"))
    tea = product("TEA", "5012345678900", 900, kit=(KitPart(sku="CUPS", quantity=1),))
    found.cache.add(tea)
    found.scan("O-1")
    assert found.core.session.hold_note.startswith("kit.unknown")
    view = catalog(found, tea)
    assert view.alert is not None
    assert view.alert.headline.key == "hold.kit"
    assert found.core.session.hold_note.startswith("kit.unknown")


def test_copies_are_not_counted_where_papers_are_not_printed() -> None:
    counts = rule("R48", [there("bench.printed.cn22", optional=False)], moments=["close"])
    found = bench(counts, tables={"forms": [{"slot": "slip", "kind": "slip"}]})
    to_weighing(found)
    found.weigh(780)
    view = found.out()
    assert view.label is not None
    assert lacking(found.scan(view.label.waybill))[0].rule == "R48"


def test_what_is_packed_instead_stands_in_the_document_as_itself() -> None:
    document_of = order(lines="MUG-GRN*1")
    line = replace(document_of.lines[0], substitutes=("MUG-BLU",))
    found = bench(document=replace(document_of, lines=(line,)))
    found.scan("O-1", "4006381333948")
    asked = found.station._flow.customs._asked(None)
    assert asked is not None
    (told,) = document(asked)["lines"]
    assert (told["line"], told["sku"]) == (2, "MUG-BLU")


# --- the document ----------------------------------------------------------------------------


def test_what_was_given_for_units_and_what_was_short_is_in_the_document() -> None:
    wants = {"sku": "MUG-GRN", "kind": "country", "value": None}
    found = bench(document=order(allow_partial=True, requirements=(wants,)))
    found.scan("O-1")
    found.scan(MUG)
    found.say(p.TextEntered("country", "CN"))
    found.desk.online = True
    asked = found.station._flow.customs._asked(None)
    assert asked is not None
    raw = document(replace(asked, lists=lambda: ({"name": "list"},)))
    assert raw["requirements"][0]["value"] == "CN"
    assert raw["lines"][0]["quantity"] == 1
    assert len(raw["lines"]) == 1
    assert raw["bench"]["scanned"] == [{"sku": "MUG-GRN", "quantity": 1}]
    assert raw["bench"]["party_lists"] == [{"name": "list"}]
    assert raw["bench"]["signer_right"]
    whole = document(replace(asked, whole=True))
    assert [line["quantity"] for line in whole["lines"]] == [2, 1]
    assert digest(raw) == digest(document(asked))


def test_nobody_signed_in_signs_nothing() -> None:
    found = bench()
    found.scan("O-1")
    found.desk.person = None
    asked = found.station._flow.customs._asked(None)
    assert asked is not None
    assert "signer_right" not in document(replace(asked, stock=None))["bench"]


@pytest.mark.parametrize(
    ("path", "sku"),
    [
        ("products[A]", "A"),
        ("lines[0].sku", "0"),
        ("ship_to.name", ""),
        ("products[A[1]].x", "A[1]"),
    ],
)
def test_the_sku_of_a_field(path: str, sku: str) -> None:
    assert sku_of(path) == sku


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("rates", "papers.at.rates"),
        ("bench.printed.cn23", "papers.at.copies"),
        ("parcels[0].gross_g", "papers.at.gross"),
        ("parcels[0].length_mm", "papers.at.size"),
        ("parcels[0]", "papers.at.size"),
        ("customs.hs", "customs.field.customs.hs"),
    ],
)
def test_fields_are_called_by_their_names(path: str, key: str) -> None:
    assert papers.field_words(path) == Words(key)


def test_a_product_that_is_not_known_is_called_that() -> None:
    assert papers.field_words("products[A]") == Words("field.product")


def test_a_hash_is_made_once_of_the_same_data(monkeypatch: pytest.MonkeyPatch) -> None:
    """A label's hash comes with its check; scans, prints and weights ask for it again and again."""
    found, made = bench(), list[dict[str, Any]]()

    def hashed(raw: dict[str, Any]) -> str:
        made.append(raw)
        return digest(raw)

    monkeypatch.setattr("packstation.station.customs.digest", hashed)
    to_weighing(found)
    found.weigh(780)
    found.out()
    assert found.kinds().count("PrintStarted") == 2
    assert made == []
    customs = found.station._flow.customs
    before = customs.digest()
    found.cache.add(sock(hs="611596", description="other socks"))
    after = customs.digest()
    assert (customs.digest(), len(made)) == (after, 1)
    assert after == digest(made[0]) != before
