"""`packstation demo --headless`, looked at as its user would."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pysqlite3
import pytest
from PIL import Image

from packstation.demo import samples
from packstation.demo.audit import Book, after_end, book, labels_out
from packstation.demo.faults import KINDS
from packstation.documents.label.preflight import preflight
from packstation.domain.handover.codes import is_code
from packstation.domain.labels import media
from packstation.domain.orders import Order
from tests.documents.papers import pages
from tests.e2e.runs import Run, demo
from tests.node.rendering import codes_in, render_zpl

# The first test that asks for the run waits for it.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

ROW = {
    "order_id": str,
    "outcome": str,
    "parcels": int,
    "waybill": str,
    "carrier": str,
    "service": str,
    "price": dict,
    "gross_g": int,
    "label": str,
    "papers": list,
    "facts": int,
}


def packed(run: Run) -> list[dict[str, Any]]:
    found = [row for row in run.document["orders"] if row["outcome"] == "packed"]
    assert found
    return found


def sample_orders(run: Run) -> dict[str, Order]:
    wanted = {row["order_id"] for row in run.document["orders"]}
    orders = samples.orders(datetime.now(UTC))
    return {order.order_id: order for order in orders if order.order_id in wanted}


def test_all_orders_are_through_and_both_books_agree(twenty: Run) -> None:
    assert twenty.status == 0, twenty.stderr
    assert twenty.document["folds_equal"] is True
    assert Counter(row["outcome"] for row in twenty.document["orders"]) == {"packed": 19, "held": 1}


def test_the_answer_is_one_document_and_the_summary(twenty: Run) -> None:
    assert twenty.stdout.count("\n") == 1
    assert json.loads((twenty.folder / "summary.json").read_bytes()) == twenty.document


def test_progress_goes_to_standard_error(twenty: Run) -> None:
    lines = [line for line in twenty.stderr.splitlines() if re.match(r"\d+/20 ", line)]

    assert len(lines) == 20


def test_the_summary_has_the_promised_shape(twenty: Run) -> None:
    document = twenty.document

    assert document["schema"] == "packstation.demo/1"
    assert document["seed"] == 1
    assert 0 < document["scan_ms"]["p50"] <= document["scan_ms"]["p99"]
    assert document["counts"]["timed"] == document["counts"]["scans"]
    assert document["duration_s"] > 0
    for row in packed(twenty):
        assert {name: type(row[name]) for name in ROW} == ROW
        assert re.fullmatch(r"\d+\.\d\d", row["price"]["amount"])
        assert row["price"]["currency"] == "CNY"
        assert row["facts"] > 10


def test_what_was_packed_is_handed_over_by_five_services_of_three_classes(twenty: Run) -> None:
    handed = twenty.document["handover"]
    rows = packed(twenty)
    assert handed["parcels"] == sum(row["parcels"] for row in rows)
    services = {f"{row['carrier']}/{row['service']}" for row in rows}
    assert handed["services"] == sorted(services)
    assert len(services) >= 5
    assert handed["lists"] == handed["signed"] == handed["bags"] == len(services)
    assert handed["weighed"] >= 1
    prices = [json.loads(one.read_bytes()) for one in (twenty.folder / "tariffs").glob("*.json")]
    classes = {f"{one['carrier']}/{one['service']}": one.get("class") for one in prices}
    used = {classes[name] for name in services}
    assert used >= {"express", "dedicated_line", "postal"}
    # The server has it of each parcel, once.
    facts = list(book(twenty.folder / "server.sqlite3", "journal").values())
    tendered = [fact for fact in facts if fact.kind == "ParcelTendered"]
    assert len(tendered) == handed["parcels"]
    assert len({fact.body["waybill"] for fact in tendered}) == handed["parcels"]


def test_every_kind_of_fault_was_shown_by_the_window(twenty: Run) -> None:
    faults = twenty.document["faults"]

    assert {fault["kind"] for fault in faults} == set(KINDS)
    assert all(fault["seen"] for fault in faults)


def test_nothing_is_lost_and_nothing_printed_twice(twenty: Run) -> None:
    found = after_end(twenty.folder, 20, {})

    assert found.well, found
    labels = {name for name in labels_out(twenty.folder) if not is_code(name)}  # bags have theirs
    assert labels == {row["waybill"] for row in packed(twenty)}


@pytest.mark.node
def test_every_label_read_by_a_stranger_gives_its_waybill(twenty: Run) -> None:
    rows = packed(twenty)
    labels = [(twenty.folder / row["label"]).read_bytes() for row in rows]

    pictures = render_zpl([(label, media("100x150")) for label in labels])

    for row, printed in zip(rows, pictures, strict=True):
        (picture,) = printed
        assert row["waybill"] in codes_in(picture), row


def test_no_text_of_a_buyer_is_a_command_to_the_printer(twenty: Run) -> None:
    for row in packed(twenty):
        payload = (twenty.folder / row["label"]).read_bytes()
        assert preflight(payload, labels=1).formats == 1, row


# What goes beside the label of each service: packets carry their form on the label.
BESIDE: dict[str, list[str]] = {
    "e-packet": [],
    "e-packet-priority": [],
    "registered": ["cn22"],
    "ems": ["cn23", "invoice"],
    "economy-line": ["invoice"],
}


def test_the_papers_of_each_service_name_the_waybill_and_the_tariff_numbers(twenty: Run) -> None:
    orders = sample_orders(twenty)
    products = {product.sku: product for product in samples.products()}

    assert {row["service"] for row in packed(twenty)} == {*BESIDE}
    for row in packed(twenty):
        label = label_text(twenty.folder / row["label"])
        assert row["waybill"] in label, row
        beside = BESIDE[row["service"]]
        assert row["papers"] == [f"papers/{row['order_id']}-{kind}.pdf" for kind in beside], row
        papers = [page_text(twenty.folder / path) for path in row["papers"]]
        for text in papers or [label]:
            assert row["waybill"] in text, row
            for line in orders[row["order_id"]].lines:
                assert products[line.sku].customs.hs in text, row


def page_text(path: Path) -> str:
    """What a paper says in words, as one run of characters."""
    return re.sub(r"[\s.]", "", pages.text(path.read_bytes()))


def label_text(path: Path) -> str:
    """What the label says in words, as one run of characters."""
    words = re.findall(r"\^FD(.*?)\^FS", path.read_bytes().decode(), re.DOTALL)
    return re.sub(r"[\s.]", "", "".join(words))


@pytest.mark.parametrize(("name", "table"), [("station", "event"), ("server", "journal")])
def test_no_fact_holds_anything_of_a_buyer(twenty: Run, name: str, table: str) -> None:
    facts = book(twenty.folder / f"{name}.sqlite3", table)
    bodies = "\n".join(json.dumps(fact.body, ensure_ascii=False) for fact in facts.values())

    assert len(facts) == twenty.document["counts"]["facts"] + bench_facts(facts)
    for order in sample_orders(twenty).values():
        to = order.ship_to
        for private in (to.name, to.phone, to.email, to.tax_id, *to.lines):
            assert not private or private not in bodies, order.order_id


def bench_facts(facts: Book) -> int:
    return sum(fact.session == "bench" for fact in facts.values())


def test_any_sqlite_tool_can_read_the_facts(twenty: Run) -> None:
    with closing(pysqlite3.connect(twenty.folder / "station.sqlite3")) as database:
        rows = database.execute("SELECT kind, body FROM event ORDER BY n").fetchall()

    kinds = {kind for kind, _ in rows}
    assert {"SessionOpened", "ItemVerified", "LabelIssued", "LabelApplied"} <= kinds
    assert all(isinstance(json.loads(body), dict) for _, body in rows)


def test_the_pictures_show_no_code_but_commands(twenty: Run) -> None:
    pictures = sorted((twenty.folder / "screens").glob("*.png"))

    assert len(pictures) >= 10
    for path in pictures:
        with Image.open(path) as picture:
            assert picture.size == (1920, 1080)
            codes = codes_in(picture.convert("L"))
        assert all(code.startswith("%PS:") for code in codes), (path.name, codes)


def test_a_finished_run_resumed_prints_nothing_more(twenty: Run, tmp_path: Path) -> None:
    folder = tmp_path / "again"
    shutil.copytree(twenty.folder, folder)

    again = demo(folder, "--orders", "20", "--resume")

    assert again.status == 0, again.stderr
    assert labels_out(folder) == labels_out(twenty.folder)
    assert again.document["orders"] == twenty.document["orders"]


def test_a_folder_that_is_no_demo_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")

    run = demo(tmp_path, "--orders", "1")

    assert run.status == 2
    assert run.stdout == ""
    assert (tmp_path / "thesis.txt").read_text() == "mine"


def test_a_shift_of_one_order_ends(tmp_path: Path) -> None:
    run = demo(tmp_path / "one", "--orders", "1")

    assert run.status == 0
    assert [order["outcome"] for order in run.document["orders"]] == ["packed"]


@pytest.mark.parametrize("orders", ["0", "41", "-3"])
def test_a_number_of_orders_that_there_is_not_is_wrong_usage(tmp_path: Path, orders: str) -> None:
    run = demo(tmp_path / "new", f"--orders={orders}")

    assert run.status == 2
    assert "1 to 40" in run.stderr
    assert not (tmp_path / "new").exists()
