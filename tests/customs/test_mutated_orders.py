"""A good order with anything at any place: findings that name it, and papers whole or refused.

What a hostile, contradictory or careless source may send: names in alphabets that no font here
has, amounts with too many places, tariff numbers that lost their zero, rates of another year, two
hundred lines. Whatever it is, nothing crashes, and no page is drawn wrong.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct

from packstation.assets import resource
from packstation.customs.orders import read_order
from packstation.documents.fonts import Fonts
from packstation.documents.label.orders import parcels_of
from packstation.documents.papers import sets
from packstation.domain.customs.findings import LANGUAGES, Checked
from packstation.domain.customs.registry import case_of
from packstation.domain.customs.wanted import paper_set
from packstation.domain.errors import DocumentError
from packstation.domain.orders import Order
from packstation.domain.records import decode_orders
from tests.customs.strange import (
    HOSTILE,
    MOMENT,
    PACK,
    TABLES,
    VALUES,
    base,
    checked,
    places,
    with_value,
)
from tests.documents.papers.pages import faults

BASE: Final = base()
PLACES: Final = tuple(at for at in places(BASE) if at[0] not in {"bench", "schema"})
FONTS: Final = Fonts(resource("fonts"))
RULE: Final = re.compile(r"R[0-4][0-9]")
GONE: Final = object()
CARELESS: Final[tuple[Any, ...]] = (
    {"amount": "12.34", "currency": "JPY"},
    {"amount": "1.2345", "currency": "KWD"},
    {"amount": "1.234", "currency": "KWD"},
    {"amount": "59,90", "currency": "CNY"},
    610910,
    10121,
    "0101.21",
    "2020-01-01",
    "2026-11-22",
    "فاطمة الزهراء",
    "สมชาย ใจดี",
    "𠮷野家",
    "龘靐齉",
    "Москва",
    "CN",
    "EU",
    "1.5",
    Decimal("1.5"),
    False,
    {"a": {"b": ["c"]}},
)
ANY: Final = st.one_of(st.sampled_from((*HOSTILE, *CARELESS)), VALUES)


class Outcome(Struct):
    """What came of an order: papers as PDF, or the error that names why there are none."""

    findings: Checked
    papers: tuple[bytes, ...] = ()
    refused: str = ""


def outcome(raw: dict[str, Any]) -> Outcome:
    """As ``papers make`` goes: rules, then the order, then its papers."""
    raw = read_order(json.dumps(raw, default=str).encode())
    found = checked(raw)
    if not found.ok:
        return Outcome(found)
    given_ = decode_orders(json.dumps(raw, default=str).encode())
    if given_.bad:
        return Outcome(found, refused=given_.bad[0].message)
    try:
        return Outcome(found, papers=made(raw, given_.records[0]))
    except DocumentError as exc:
        return Outcome(found, refused=f"{exc.fields.get('field', '')}: {exc}")


def made(raw: dict[str, Any], order: Order) -> tuple[bytes, ...]:
    day = MOMENT.date().isoformat()
    wanted = [one for one in paper_set(case_of(raw, PACK, TABLES, MOMENT)) if not one.electronic]
    together = sets.Consignment(tuple(parcels_of(order, on=day)), day, tables=PACK.tables)
    done = sets.make_set(together, sets.asked_by(wanted), FONTS)
    return tuple(one.payload for one in done)


def judge(raw: dict[str, Any]) -> Outcome:
    """Every finding says what is wrong where; papers are right, or refused by name."""
    found = outcome(raw)
    for one in found.findings.findings:
        assert RULE.fullmatch(one.rule), one
        assert one.field, one
        assert one.value is None or isinstance(one.value, str), one
        assert [*one.messages] == [*LANGUAGES], one
        assert all(one.messages.values()), one
    assert [fault for paper in found.papers for fault in faults(paper)] == []
    if found.findings.ok:
        assert found.papers or ":" in found.refused, found
    return found


def changed(raw: dict[str, Any], at: tuple[str | int, ...], value: object) -> dict[str, Any]:
    made_ = with_value(raw, at, value)
    if value is GONE:
        inside: Any = made_
        for name in at[:-1]:
            inside = inside[name]
        del inside[at[-1]]
    return made_


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(PLACES), st.one_of(ANY, st.just(GONE)))
def test_anything_at_any_place(at: tuple[str | int, ...], value: object) -> None:
    assert judge(changed(BASE, at, value)).findings.pack == PACK.version


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(PLACES), ANY), min_size=2, max_size=4))
def test_several_things_at_once(changes: list[tuple[tuple[str | int, ...], object]]) -> None:
    raw = BASE
    for at, value in changes:
        try:
            raw = changed(raw, at, value)
        except (KeyError, IndexError, TypeError):  # a change above took that place away
            continue
    assert judge(raw).findings.pack == PACK.version


def test_the_good_order_has_its_papers() -> None:
    found = judge(BASE)
    assert found.findings.findings == ()
    assert len(found.papers) == 2


NAMED: Final = [
    (("ship_to", "name"), "فاطمة الزهراء", "ship_to.name"),
    (("ship_to", "name"), "สมชาย ใจดี", "ship_to.name"),
    (("ship_to", "lines", 0), "𠮷野 1", "ship_to.lines"),
]


@pytest.mark.parametrize(("at", "value", "field"), NAMED)
def test_an_alphabet_that_no_font_has_is_refused_by_its_field(
    at: tuple[str | int, ...], value: object, field: str
) -> None:
    found = judge(with_value(BASE, at, value))
    stops = [one.field for one in found.findings.findings if one.severity == "BLOCK"]
    assert stops == [field]


VALUE: Final = ("products", 0, "customs", "unit_value")
GERMAN: Final = ("products", 0, "customs", "descriptions")
CUSTOMS: Final = "products[TS-BLK-M].customs"
FOUND: Final = [
    (VALUE, {"amount": "12.34", "currency": "JPY"}, "R20", f"{CUSTOMS}.unit_value"),
    (VALUE, {"amount": "1.2345", "currency": "KWD"}, "R20", f"{CUSTOMS}.unit_value"),
    (VALUE, {"amount": "0", "currency": "CNY"}, "R20", f"{CUSTOMS}.unit_value"),
    (VALUE, {"amount": "59,90", "currency": "CNY"}, "R20", f"{CUSTOMS}.unit_value"),
    (("products", 0, "customs", "hs"), 10121, "R16", f"{CUSTOMS}.hs"),
    (("products", 0, "customs", "hs"), "10121", "R16", f"{CUSTOMS}.hs"),
    (("products", 0, "customs", "origin"), "EU", "R19", f"{CUSTOMS}.origin"),
    ((*GERMAN, "de"), 7, "R15", f"{CUSTOMS}.descriptions.de"),
    (("products", 0, "names", "en"), ["x"], "R14", "products[TS-BLK-M].names.en"),
    (("parcels", 0, "length_mm"), Decimal("1.5"), "R04", "parcels[0].length_mm"),
    (("parcels", 0, "gross_g"), "458", "R03", "parcels[0].gross_g"),
    (("lines", 0, "quantity"), -1, "R22", "lines[0].quantity"),
    (("ioss_registration",), "mine", "R25", "ioss_registration"),
    (("ioss_registration",), {"owner": "nobody"}, "R25", "ioss_registration.owner"),
]  # fmt: skip


@pytest.mark.parametrize(("at", "value", "rule", "field"), FOUND)
def test_what_is_careless_is_found_at_its_place(
    at: tuple[str | int, ...], value: object, rule: str, field: str
) -> None:
    found = judge(with_value(BASE, at, value)).findings.findings
    assert any(one.rule == rule and one.field.startswith(field) for one in found), found


def test_a_dinar_has_three_places() -> None:
    found = judge(with_value(BASE, VALUE, {"amount": "1.234", "currency": "KWD"}))
    assert not [one for one in found.findings.findings if one.rule == "R20"]


def test_rates_of_another_year_decide_nothing_near_a_line() -> None:
    dear = with_value(BASE, (*VALUE, "amount"), "580.00")
    old = [{**one, "on": "2025-11-01"} for one in BASE["rates"]]
    found = judge({**dear, "rates": old}).findings.findings
    assert any(one.field == "rates" for one in found), found


def test_two_hundred_lines_are_judged_and_drawn() -> None:
    line, product = BASE["lines"][0], BASE["products"][0]
    skus = [f"S{at}" for at in range(200)]
    customs = {**product["customs"], "net_g": 2}
    total = {"amount": str(200 * Decimal("0.50")), "currency": "CNY"}
    value = {"amount": "0.50", "currency": "CNY"}
    names = [f"men's knitted T-shirt, pattern {sku}, 100% cotton" for sku in skus]
    raw = {
        **BASE,
        "lines": [
            {**line, "line": at, "sku": sku, "quantity": 1, "unit_price": value}
            for at, sku in enumerate(skus, 1)
        ],
        "products": [
            {
                **product,
                "sku": sku,
                "codes": [],
                "weight_g": 2,
                "customs": {**customs, "description": name, "unit_value": value},
            }
            for sku, name in zip(skus, names, strict=True)
        ],
        "payment": {"status": "paid", "total": total},
        "declared_total": total,
        "parcels": [{**BASE["parcels"][0], "contents": []}],
        "bench": {},
    }
    found = judge(raw)
    assert found.findings.ok, found.findings.findings
    assert len(found.papers) >= 3
