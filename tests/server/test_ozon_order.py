"""The whole Ozon order on a running server: bought in two boxes, labelled, handed over."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import httpx
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from packstation.carriers.adapters import ozon_words
from packstation.carriers.adapters.ozon_book import Carriage, Entry, MemoryBook
from packstation.carriers.label_files import checked
from packstation.carriers.sandbox.files import pdf
from packstation.carriers.sandbox.ozon import METHODS, OzonDialect, Posting
from packstation.carriers.sandbox.server import SECRET, FaultServer
from packstation.documents.fonts import Fonts
from packstation.documents.label.carried import carried_job
from packstation.documents.label.languages import writer
from packstation.documents.label.pdf import write_pdf
from packstation.documents.label.shipping import shipping_labels
from packstation.domain.errors import DocumentError
from packstation.domain.labels import media
from packstation.domain.orders import OrderLine
from packstation.domain.packing import facts as f
from packstation.domain.printers import Stock
from packstation.domain.quantities import Money
from packstation.server.ozon_accounts import StoredBook
from packstation.server.ozon_orders import whole
from packstation.server.run import Running
from tests.documents.samples import FONTS, papers
from tests.server.bench import Bench, plan
from tests.server.customs import office
from tests.server.handover import scene
from tests.server.handover.test_handover import csrf, signed_in

NUMBER = "40112233-0007-1"
FACES = Fonts(FONTS)
GTD = "10702020/060420/0013422"
# The field names of Ozon's list of postings; all values are invented.
POSTING: dict[str, Any] = {
    "order_id": 700100200,
    "order_number": "40112233-0007",
    "posting_number": NUMBER,
    "parent_posting_number": "",
    "status": "awaiting_packaging",
    "substatus": "posting_created",
    "in_process_at": "2026-11-20T06:02:11Z",
    "shipment_date": "2026-11-22T10:00:00Z",
    "delivery_method": {"id": int(METHODS["plain"]), "warehouse": "GZ-1"},
    "products": [
        {
            "sku": 900800700,
            "offer_id": "TS-BLK-M",
            "name": "Футболка мужская",
            "quantity": 3,
            "price": "59.9000",
            "currency_code": "CNY",
        }
    ],
    "customer": {"name": "", "address": {"country": "Россия", "city": "Казань"}},
    "requirements": {"products_requiring_gtd": [900800700]},
}
ACCOUNT: dict[str, Any] = {
    "kind": "ozon",
    "description": {"methods": METHODS},
    "secrets": {"client_id": "seller", "api_key": SECRET},
}


def drawn(waybill: str, kind: str) -> bytes:
    """A label with a code on it, as Ozon makes one."""
    size = "58x40" if kind == ozon_words.SMALL else "120x75"
    return write_pdf(shipping_labels(papers(waybill=waybill), media(size), FACES), FACES, title="")


@pytest.fixture
def ozon() -> Iterator[FaultServer]:
    dialect = OzonDialect(draw=drawn)
    dialect.put(NUMBER, Posting(goods={"TS-BLK-M": 3}, needs=("gtd",)))
    with FaultServer(dialect) as server:
        yield server


@pytest.fixture
def store(api: httpx.Client, ozon: FaultServer) -> None:
    """The store's account and its order."""
    kept = api.put("/v1/carriers/ozon", json=ACCOUNT | {"base_url": ozon.url})
    assert kept.json()["secrets"] == ["client_id", "api_key"], kept.text
    assert SECRET not in kept.text
    imported = api.post("/v1/import/orders", json=POSTING)
    assert imported.json()["accepted"] == 1, imported.text


def asked(parcel: str, units: int, *, size: tuple[int, int] = (58, 40)) -> dict[str, Any]:
    contents = [{"sku": "TS-BLK-M", "units": units, "each": [{"gtd": GTD}] * units}]
    wanted = {"width_mm": size[0], "height_mm": size[1]}
    return {
        "key": f"{parcel}/1",
        "parcel": parcel,
        "carrier": "ozon",
        "service": "plain",
        "order": NUMBER,
        "rev": 1,
        "gross_g": 420,
        "size_mm": [200, 150, 60],
        "details": {"contents": contents, "wanted": wanted},
    }


def labelled(bench: Bench, parcel: str, units: int) -> tuple[str, bytes]:
    """Buy as a bench does; the waybill and the label's bytes."""
    answer = bench.post("/v1/labels", asked(parcel, units)).json()
    while answer["status"] == "pending":
        bench.clock.forward(seconds=5)
        answer = bench.get(f"/v1/labels/{parcel}/1").json()
    assert answer["status"] == "issued", answer
    return answer["waybill"], bench.get(f"/v1/blobs/{answer['blob']}").content


def closed(parcel: str, waybill: str) -> tuple[f.Fact, ...]:
    """A parcel goes out of the bench and is on the list."""
    key = f"{parcel}/1"
    return (
        f.ServiceSelected(carrier="ozon", service="plain", price=Money(Decimal(20), "CNY")),
        f.LabelRequested(key=key, carrier="ozon", service="plain", rev=1, attempt=1),
        f.LabelIssued(key=key, waybill=waybill, carrier="ozon", service="plain"),
        f.LabelApplied(waybill=waybill),
    )


def handed_over(bench: Bench, *waybills: str) -> None:
    """A list with a bag in it, signed by the driver."""
    for at, waybill in enumerate(waybills, 1):
        bench.note(
            f.SessionOpened(
                order_id=NUMBER, rev=1, lines=(plan(1, "TS-BLK-M", 3),), parcel_id=f"p-{at}"
            ),
            f.ItemVerified(line=1, sku="TS-BLK-M"),
            *closed(f"p-{at}", waybill),
            session=f"s-{at}",
            order=NUMBER,
        )
    scene.opened(bench, carrier="ozon", service="plain")
    for at, waybill in enumerate(waybills, 1):
        scene.loaded(bench, str(at), waybill, 420)
    scene.signed(bench, *waybills)
    scene.sent(bench)


@pytest.mark.usefixtures("store")
def test_an_order_is_bought_split_labelled_and_handed_over(
    api: httpx.Client, bench: Bench, running: Running, ozon: FaultServer
) -> None:
    dialect = ozon.dialect
    assert isinstance(dialect, OzonDialect)
    first, small = labelled(bench, "p-1", 2)
    second, _ = labelled(bench, "p-2", 1)
    # Two boxes are two postings: the part has a new number, the rest keeps the order's.
    assert set(dialect.postings) == {NUMBER, f"{NUMBER}-2"}
    assert dialect.postings[f"{NUMBER}-2"].goods == {"TS-BLK-M": 2}
    assert first != second
    assert [each["gtd"] for each in dialect.exemplars_set[0]["products"][0]["exemplars"][:2]] == [
        GTD,
        GTD,
    ]
    # The label is Ozon's own, byte for byte, and prints on its stock only.
    assert small == drawn(first, ozon_words.SMALL)
    file = checked(small).file
    assert file is not None
    spoken = writer("zpl", FACES)
    assert carried_job(file, Stock("58x40", 58.0, 40.0), spoken, first).labels == 1
    with pytest.raises(DocumentError) as wrong:
        carried_job(file, Stock("100x150", 100.0, 150.0), spoken, first)
    assert wrong.value.key == "error.document.stock"
    # The driver signs, and the office asks for the act.
    handed_over(bench, first, second)
    with signed_in(api, running, office.LEAD) as lead:
        secret = csrf(lead.get("/handover/m-1").text)
        for _ in range(2):
            page = lead.post("/handover/m-1/carrier", data={"csrf": secret})
            assert "told=kept" in str(page.url)
        (carriage,) = dialect.docks.carriages.values()
        assert (carriage.status, carriage.containers) == ("formed", 1)
        assert carriage.postings == [f"{NUMBER}-2", NUMBER]
        kept = {
            paper["name"]: lead.get(f"/handover/m-1/papers/{paper['sha256']}").content
            for paper in api.get("/v1/handover/m-1").json()["papers"]
        }
    assert set(kept.values()) == {pdf("ACT", 210, 297), pdf("CONTAINERS 1", 75, 120)}
    assert sum("container labels" in name for name in kept) == 1
    assert ozon.books.sold == 2


@pytest.mark.usefixtures("store")
def test_an_order_that_comes_again_after_a_split_is_the_same_order(
    api: httpx.Client, bench: Bench
) -> None:
    labelled(bench, "p-1", 2)
    (product,) = POSTING["products"]
    left = POSTING | {"products": [product | {"quantity": 1}]}
    box = POSTING | {
        "posting_number": f"{NUMBER}-2",
        "parent_posting_number": NUMBER,
        "status": "awaiting_deliver",
        "products": [product | {"quantity": 2}],
    }
    answer = api.post("/v1/import/orders", json=[left, box]).json()
    order, other = answer["orders"]
    assert [(line["line"], line["quantity"]) for line in order["lines"]] == [(1, 3)]
    assert (answer["unchanged"], order["status"], other["status"]) == (1, "ready", "shipped")
    (gone,) = api.post("/v1/import/orders", json=box | {"status": "cancelled"}).json()["orders"]
    assert gone["status"] == "cancelled"
    # Nobody has to start again: the second box is bought at the revision that the bench has.
    labelled(bench, "p-2", 1)
    # A buyer who cancels what is left takes it off the order.
    none = POSTING | {"products": [product | {"offer_id": "MUG", "sku": 1, "quantity": 1}]}
    (order,) = api.post("/v1/import/orders", json=none).json()["orders"]
    assert [(line["sku"], line["quantity"]) for line in order["lines"]] == [
        ("TS-BLK-M", 2),
        ("MUG", 1),
    ]


@given(
    before=st.lists(st.tuples(st.sampled_from("ABC"), st.integers(1, 9)), min_size=1, max_size=5),
    shares=st.lists(st.integers(0, 9), min_size=5, max_size=5),
)
def test_what_is_left_and_what_is_gone_make_the_order_again(
    before: list[tuple[str, int]], shares: list[int]
) -> None:
    lines = tuple(
        OrderLine(line=at, sku=sku, quantity=units) for at, (sku, units) in enumerate(before, 1)
    )
    gone: Counter[str] = Counter()
    left = []
    for line, share in zip(lines, shares, strict=False):
        taken = min(share, line.quantity)
        gone[line.sku] += taken
        if taken < line.quantity:
            left.append(msgspec.structs.replace(line, quantity=line.quantity - taken))
    assert whole(tuple(left), gone, lines) == lines


@pytest.mark.usefixtures("store")
def test_a_parcel_that_the_carriage_does_not_take_is_told(
    api: httpx.Client, bench: Bench, running: Running, ozon: FaultServer
) -> None:
    dialect = ozon.dialect
    assert isinstance(dialect, OzonDialect)
    first, _ = labelled(bench, "p-1", 3)
    handed_over(bench, first, "RX9")
    with signed_in(api, running, office.LEAD) as lead:
        secret = csrf(lead.get("/handover/m-1").text)
        page = lead.post("/handover/m-1/carrier", data={"csrf": secret})
        assert "told=partly" in str(page.url)
        assert "did not take every parcel" in page.text
    (carriage,) = dialect.docks.carriages.values()
    assert carriage.postings == [NUMBER]


@pytest.mark.usefixtures("store")
def test_a_box_that_ozon_does_not_take_is_refused_by_name(bench: Bench, ozon: FaultServer) -> None:
    bare = asked("p-1", 1)
    bare["details"]["contents"][0]["each"] = []
    answers = {
        "documents": bare,
        "goods": asked("p-2", 4),
        "weight": asked("p-3", 1) | {"gross_g": 31_000},
        "service": asked("p-4", 1) | {"service": "drone"},
    }
    for reason, request in answers.items():
        answer = bench.post("/v1/labels", request)
        assert (answer.status_code, answer.json().get("reason")) == (409, reason), answer.text
    assert ozon.books.sold == 0


@pytest.mark.usefixtures("store")
def test_a_label_for_stock_that_ozon_has_none_for_is_handed_on_with_its_size(bench: Bench) -> None:
    """It cannot be taken back; the bench refuses to print it and says why."""
    answer = bench.post("/v1/labels", asked("p-1", 3, size=(100, 150))).json()
    while answer["status"] == "pending":
        bench.clock.forward(seconds=5)
        answer = bench.get("/v1/labels/p-1/1").json()
    content = bench.get(f"/v1/blobs/{answer['blob']}").content
    assert hashlib.sha256(content).hexdigest() == answer["blob"]
    file = checked(content).file
    assert file is not None
    assert (round(file.width_mm), round(file.height_mm)) == (120, 75)


@pytest.mark.parametrize(
    "changes",
    [
        {"description": {"methods": {"plain": "express"}}},
        {"description": {"method": {}}},
        {"base_url": "http://api-seller.ozon.ru"},
        {"secrets": {"client_id": "seller"}},
    ],
)
def test_what_is_wrong_with_an_account(api: httpx.Client, changes: dict[str, Any]) -> None:
    assert api.put("/v1/carriers/ozon", json=ACCOUNT | changes).status_code == 422


def test_the_book_of_a_server_keeps_what_a_process_forgets(running: Running) -> None:
    entry = Entry(key="p-1/1", posting=NUMBER, goods={"9": 2}, whole=False, before=("A-2",))
    sold = msgspec.structs.replace(entry, state="sold", number="A-3", waybill="RR1")
    for book in (MemoryBook(), StoredBook(running.server.store, "ozon")):
        book.keep(entry)
        assert (book.of("p-1/1"), book.of_waybill("RR1")) == (entry, None)
        book.keep(sold)
        assert (book.of("p-1/1"), book.of_waybill("RR1")) == (sold, sold)
        assert book.of_posting(NUMBER) == (sold,)
        assert not book.has_carriage("5")
        for missing in ((), ("RR2",)):
            book.keep_carriage("m-1", Carriage(id="5", missing=missing))
            assert book.carriage("m-1") == Carriage(id="5", missing=missing)
        assert book.has_carriage("5")
        assert book.carriage("m-2") is None
    other = StoredBook(running.server.store, "another shop's")
    assert (other.of("p-1/1"), other.carriage("m-1"), other.of_waybill("")) == (None, None, None)
