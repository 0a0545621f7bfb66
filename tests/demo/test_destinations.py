"""A robot packs an order to each of twelve destinations; the papers are those of a hand-made table.

`EXPECTED` is written down by a person from the reference on customs, section by section, not
derived from the rules: which papers a post, a courier and a line ask for.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct

from packstation.demo import samples
from packstation.demo.audit import after_end
from packstation.domain.orders import Order
from tests.documents.papers.pages import decoded, faults, missing, sizes, text
from tests.documents.papers.test_forms import boxes, crosses
from tests.e2e.runs import Run, shared_demo

# The first test that asks for the run waits for it.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

A4, A5_WIDE, CN22 = (210.0, 297.0), (210.0, 148.0), (74.0, 105.0)
MEDIA = {"cn22": CN22, "cn23": A5_WIDE}
# Papers with the parcel's number as bars; a slip has the order's, for what comes back.
NUMBERED = {"cn22", "cn23"}


class Expected(Struct, frozen=True):
    """``papers`` as kind, copies and printer; ``label`` is what the label says of a declaration."""

    carrier: str
    service: str
    papers: tuple[tuple[str, int, str], ...]
    label: str
    ticked: str = "Sale of goods"
    why: str = ""


SLIP = ("slip", 1, "papers")
FORM_22, FORM_23 = ("cn22", 1, "papers"), ("cn23", 1, "papers")
INVOICE = ("invoice", 1, "papers")
# What the label says: the CN 22 is its lower part (and no paper), or it or a CN 23 is attached.
ON_IT, OWN, BESIDE, NONE = "CN 22", "CN 22 attached", "CN 23 attached", ""

EXPECTED = {
    "RU": Expected("yanwen", "special-line", (INVOICE, SLIP), NONE, why="2.1: a line, one invoice"),
    "US": Expected(
        "dhl",
        "express",
        (("invoice", 3, "papers"), ("sli", 1, "papers"), SLIP),
        NONE,
        why="1.1 [9] no CN form; 2.1 [34] three copies; 2.2 the letter was asked for",
    ),
    "DE": Expected("chinapost", "e-packet", (SLIP,), ON_IT, why="1.1 [7]; IOSS unseen"),
    "GB": Expected("chinapost", "registered", (FORM_22, SLIP), OWN, why="1.1 [7]: < 300 SDR"),
    "JP": Expected(
        "chinapost", "ems", (FORM_23, INVOICE, SLIP), BESIDE, why="1.1 [8]: EMS; sold, so no gift"
    ),
    "BR": Expected(
        "chinapost",
        "registered",
        (FORM_23, INVOICE, SLIP),
        BESIDE,
        why="1.2: five kinds of goods, a CN 22 has four lines",
    ),
    "NO": Expected("chinapost", "e-packet", (SLIP,), ON_IT, why="1.1 [7], 1.2 [17] VOEC"),
    "CA": Expected("dhl", "express", (SLIP,), NONE, why="2.1 [32][34]: paperless, data alone"),
    "NZ": Expected(
        "chinapost",
        "e-packet",
        (("battery", 1, "label"), SLIP),
        ON_IT,
        why="2.7 [63]: five cells in equipment are more than four",
    ),
    "CH": Expected(
        "chinapost",
        "registered",
        (FORM_23, INVOICE, SLIP),
        BESIDE,
        why="1.1 [8]: CNY 3118 is over 300 SDR",
    ),
    "AU": Expected(
        "chinapost",
        "ems",
        (FORM_23, INVOICE, ("packing-list", 1, "papers"), SLIP),
        BESIDE,
        why="1.1 [8]: EMS; 2.2 the list was asked for",
    ),
    "FR": Expected(
        "chinapost",
        "ems",
        (FORM_23, ("proforma", 1, "papers"), SLIP),
        BESIDE,
        ticked="Commercial sample",
        why="2.1: no sale, a proforma",
    ),
}
COUNTRIES = tuple(EXPECTED)
PAPERS = [
    (country, kind)
    for country, expected in EXPECTED.items()
    for kind, _, printer in expected.papers
    if printer == "papers"
]
ORDERS = {order.ship_to.country: order for order in samples.read_orders("destinations.json")}
PRODUCTS = {product.sku: product for product in samples.products()}


@pytest.fixture(scope="module")
def twelve(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """All twelve, packed once for the whole test run."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    return shared_demo(shared / "twelve-destinations", "--destinations")


@cache
def _page(path: Path) -> bytes:
    return path.read_bytes()


def row(run: Run, country: str) -> dict[str, Any]:
    (found,) = (one for one in run.document["orders"] if one["destination"] == country)
    return dict(found)


def paper(run: Run, country: str, kind: str) -> bytes:
    found = row(run, country)
    (file,) = (one["file"] for one in found["paper_set"] if one["kind"] == kind)
    assert file == f"papers/{found['order_id']}-{kind}.pdf"
    return _page(run.folder / file)


def printed(run: Run) -> Iterator[Path]:
    yield from (run.folder / "papers").iterdir()
    yield from (run.folder / "labels").iterdir()


def words_of_label(run: Run, country: str) -> str:
    zpl = (run.folder / row(run, country)["label"]).read_text("utf-8", "replace")
    return "\n".join(re.findall(r"\^FD(.*?)\^FS", zpl, re.DOTALL))


def test_the_robot_is_through_and_both_books_agree(twelve: Run) -> None:
    assert twelve.status == 0, twelve.stderr
    assert set(ORDERS) == set(EXPECTED)
    assert len(ORDERS) == 12
    assert {one["outcome"] for one in twelve.document["orders"]} == {"packed"}
    assert twelve.document["folds_equal"] is True
    assert twelve.document["faults"] == []


def test_nothing_is_lost_and_nothing_printed_twice(twelve: Run) -> None:
    found = after_end(twelve.folder, 12, {})

    assert found.well, found


@pytest.mark.parametrize("country", COUNTRIES)
def test_each_destination_gets_its_set(twelve: Run, country: str) -> None:
    expected, found = EXPECTED[country], row(twelve, country)

    assert (found["carrier"], found["service"]) == (expected.carrier, expected.service)
    got = tuple((one["kind"], one["copies"], one["printer"]) for one in found["paper_set"])
    assert got == expected.papers, expected.why
    assert found["papers"] == [one["file"] for one in found["paper_set"]]


@pytest.mark.parametrize(("country", "kind"), PAPERS)
def test_every_page_that_came_out_is_well_drawn(twelve: Run, country: str, kind: str) -> None:
    pdf = paper(twelve, country, kind)
    copies = next(n for one, n, _ in EXPECTED[country].papers if one == kind)

    assert faults(pdf, [MEDIA.get(kind, A4)]) == []
    assert len(sizes(pdf)) == copies


@pytest.mark.parametrize(("country", "kind"), PAPERS)
def test_numbers_on_the_pages_can_be_read(twelve: Run, country: str, kind: str) -> None:
    pdf, found = paper(twelve, country, kind), row(twelve, country)
    if kind == "slip":
        assert found["order_id"] in decoded(pdf, dpi=200)
        return
    if kind in NUMBERED:
        assert decoded(pdf) == [found["waybill"]]
    assert missing(pdf, [found["waybill"]]) == []


@pytest.mark.parametrize(("country", "kind"), PAPERS)
def test_goods_stand_on_them_with_what_customs_want(twelve: Run, country: str, kind: str) -> None:
    pdf, order = paper(twelve, country, kind), ORDERS[country]
    customs = [PRODUCTS[line.sku].customs for line in order.lines]
    if kind in {"slip", "packing-list"}:
        return
    assert missing(pdf, [one.hs[:6] for one in customs]) == []
    assert missing(pdf, [one.description.split(",")[0] for one in customs]) == []
    total = sum(
        one.unit_value.amount * line.quantity
        for one, line in zip(customs, order.lines, strict=True)
        if one.unit_value
    )
    assert missing(pdf, [f"{total:.2f}", "CNY"]) == []


@pytest.mark.parametrize(
    ("country", "kind"), [one for one in PAPERS if one[1] in NUMBERED], ids=str
)
def test_the_right_box_is_ticked_and_no_other(twelve: Run, country: str, kind: str) -> None:
    pdf = paper(twelve, country, kind)
    ticks, (cross,) = boxes(pdf), crosses(pdf)
    ticked = [words for x, y, words in ticks if abs(x - cross[0]) + abs(y - cross[1]) < 0.4]

    assert len(ticks) == 6
    assert len(ticked) == 1
    assert ticked[0].startswith(EXPECTED[country].ticked[:12])


@pytest.mark.parametrize("country", COUNTRIES)
def test_the_label_has_the_declaration_of_its_carrier(twelve: Run, country: str) -> None:
    words, expected = words_of_label(twelve, country), EXPECTED[country]

    assert row(twelve, country)["waybill"] in words
    assert re.findall(r"CN 2[23].*", words) == ([expected.label] if expected.label else [])


@pytest.mark.parametrize(
    "country", [country for country, one in EXPECTED.items() if one.label == ON_IT]
)
def test_a_cn_22_on_the_label_is_whole_and_no_paper_too(twelve: Run, country: str) -> None:
    order, found = ORDERS[country], row(twelve, country)
    words = words_of_label(twelve, country)
    customs = [PRODUCTS[line.sku].customs for line in order.lines]

    assert not {"cn22", "cn23"} & {one["kind"] for one in found["paper_set"]}
    assert "CUSTOMS DECLARATION" in words
    for one, line in zip(customs, order.lines, strict=True):
        value = one.unit_value.amount * line.quantity if one.unit_value else None
        weight = f"{(one.net_g or 0) * line.quantity / 1000:.3f}"
        for part in (one.hs[:6], one.origin, one.description.split(",")[0], f"{value}", weight):
            assert part in words, part


def test_the_ioss_number_is_on_nothing_that_came_out(twelve: Run) -> None:
    number = ORDERS["DE"].ship_from.ioss
    assert number.startswith("IM")
    seen = 0
    for path in printed(twelve):
        shown = text(path.read_bytes()) if path.suffix == ".pdf" else path.read_text("utf-8")
        assert number not in "".join(shown.split()), path.name
        assert number[2:] not in "".join(shown.split()), path.name
        seen += 1
    assert seen == 12 + sum(len(expected.papers) for expected in EXPECTED.values())


def test_numbers_of_schemes_stand_where_customs_look(twelve: Run) -> None:
    assert "VOEC No. 2012345" in words_of_label(twelve, "NO")
    assert missing(paper(twelve, "GB", "cn22"), ["GB412345630"]) == []
    assert missing(paper(twelve, "BR", "cn23"), [ORDERS["BR"].ship_to.tax_id]) == []


def test_a_gifts_slip_has_the_message_and_no_price(twelve: Run) -> None:
    order: Order = ORDERS["JP"]
    slip = paper(twelve, "JP", "slip")

    assert missing(slip, [order.gift_message or "?"]) == []
    for line in order.lines:
        assert line.unit_price is not None
        assert missing(slip, [f"{line.unit_price.amount}"])
    assert missing(paper(twelve, "JP", "cn23"), ["189.00 CNY", "96.00 CNY"]) == []


def test_a_battery_mark_is_a_label_of_its_own(twelve: Run) -> None:
    (mark,) = (one for one in row(twelve, "NZ")["paper_set"] if one["kind"] == "battery")

    assert mark["file"] == "papers/S-10608-battery.zpl"
    assert "UN3481" in (twelve.folder / mark["file"]).read_text("utf-8")


def test_a_paper_without_a_number_of_its_own_goes_by_the_orders(twelve: Run) -> None:
    for country in ("RU", "US", "JP", "BR", "CH", "AU"):
        assert missing(paper(twelve, country, "invoice"), [f"{ORDERS[country].order_id}"]) == []
    for country in ("JP", "BR", "CH", "AU", "FR"):
        assert missing(paper(twelve, country, "cn23"), [ORDERS[country].order_id]) == []
