"""The whole Ozon order on a scripted server: exemplars, splits, labels by task, a carriage."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from msgspec.structs import replace

from packstation.carriers.adapters import ozon_words as words
from packstation.carriers.adapters.ozon import STALE_LOOKS, Ozon, Terms
from packstation.carriers.adapters.ozon_book import MemoryBook
from packstation.carriers.conformance import REQUEST
from packstation.carriers.label_files import checked
from packstation.carriers.sandbox.files import pdf
from packstation.carriers.sandbox.ozon import METHODS, OzonDialect, Posting
from packstation.carriers.sandbox.script import Plan
from packstation.carriers.sandbox.server import SECRET, FaultServer
from packstation.domain.carriers import (
    Bought,
    BuyRequest,
    GoodsLine,
    LabelWanted,
    ManifestAsked,
)
from packstation.domain.errors import LabelOutcomeUnknown, LabelRefused

NUMBER = "40112233-0007-1"
SMALL = LabelWanted(width_mm=58, height_mm=40)
BIG = LabelWanted(width_mm=75, height_mm=120)
MARK = "010460043993125621JgXJ5.T\x1d93abcd"


def drawn(waybill: str, kind: str) -> bytes:
    return pdf(waybill, *((58, 40) if kind == words.SMALL else (75, 120)))


class Shop:
    """An account, its book, and Ozon behind a socket."""

    def __init__(self) -> None:
        self.dialect = OzonDialect(draw=drawn)
        self.plan = Plan()
        self.server = FaultServer(self.dialect, self.plan)
        self.book = MemoryBook()
        self.ozon = self.account()

    def account(self, **changes: str) -> Ozon:
        return Ozon(
            "seller",
            SECRET,
            Terms(methods=METHODS | changes),
            self.book,
            base_url=self.server.url,
            timeout_s=2,
            pause=lambda _: None,
        )

    def order(self, goods: dict[str, int], **more: Any) -> Posting:  # noqa: ANN401 - of a posting
        posting = Posting(goods=goods, **more)
        self.dialect.put(NUMBER, posting)
        return posting

    def parcel(self, at: int, *lines: GoodsLine, **changes: object) -> BuyRequest:
        asked = replace(REQUEST, key=f"p-{at}/1", parcel=f"p-{at}", order=NUMBER, goods=lines)
        return replace(asked, **changes)

    def bought(self, at: int, *lines: GoodsLine) -> Bought:
        self.ozon.buy(self.parcel(at, *lines))
        found = self.ozon.find(f"p-{at}/1")
        assert found is not None
        assert found.state == "done"
        return found

    def refused(self, *lines: GoodsLine, **changes: object) -> str:
        with pytest.raises(LabelRefused) as told:
            self.ozon.buy(self.parcel(1, *lines, **changes))
        assert self.server.books.sold == 0
        return f"{told.value.fields['reason']}: {told.value.fields['detail']}"

    def paths(self) -> list[str]:
        return [call.path for call in self.server.calls]

    def close(self) -> None:
        self.ozon.close()
        self.server.close()


@pytest.fixture
def shop() -> Iterator[Shop]:
    made = Shop()
    yield made
    made.close()


def of(sku: str, *units: dict[str, str], quantity: int = 0) -> GoodsLine:
    return GoodsLine(sku=sku, quantity=quantity or len(units), units=units)


# --- splits ------------------------------------------------------------------------------------


def test_an_order_in_two_boxes_gets_a_new_posting_for_the_first(shop: Shop) -> None:
    shop.order({"TS": 3, "MUG": 1})
    first = shop.bought(1, of("TS", quantity=2))
    second = shop.bought(2, of("TS", quantity=1), of("MUG", quantity=1))
    assert first.ref == f"{NUMBER}-2"
    assert second.ref == NUMBER
    assert first.waybill != second.waybill
    assert "/v4/posting/fbs/ship/package" in shop.paths()
    assert "/v4/posting/fbs/ship" in shop.paths()
    assert shop.server.books.sold == 2


def test_all_in_one_box_keeps_the_number(shop: Shop) -> None:
    shop.order({"TS": 2})
    assert shop.bought(1, of("TS", quantity=2)).ref == NUMBER


def test_a_part_whose_answer_got_lost_is_found_by_its_goods(shop: Shop) -> None:
    """A part of the same goods that somebody split off by hand is not taken for ours."""
    posting = shop.order({"TS": 5})
    by_hand = Posting(goods={"TS": 2}, status="awaiting_deliver", parent=NUMBER, key="hand")
    shop.dialect.put(f"{NUMBER}-2", by_hand)
    posting.related.append(f"{NUMBER}-2")
    shop.plan.then("buy", "reset")
    shop.ozon.buy(shop.parcel(1, of("TS", quantity=2)))
    found = shop.ozon.find("p-1/1")
    assert found is not None
    assert found.ref == f"{NUMBER}-3"
    assert shop.server.books.sold == 1


def test_a_key_never_splits_twice(shop: Shop) -> None:
    shop.order({"TS": 5})
    first = shop.bought(1, of("TS", quantity=2))
    again = shop.ozon.buy(shop.parcel(1, of("TS", quantity=2)))
    assert again.waybill == first.waybill
    assert shop.server.books.sold == 1


def test_what_left_and_is_not_found_is_not_sent_again(shop: Shop) -> None:
    shop.order({"TS": 5})
    shop.plan.then("buy", "early")
    for _ in range(2):
        with pytest.raises(LabelOutcomeUnknown):
            shop.ozon.buy(shop.parcel(1, of("TS", quantity=2)))
    assert shop.paths().count("/v4/posting/fbs/ship/package") == 1
    assert shop.ozon.find("p-1/1") is None


def test_a_new_process_with_the_same_book_goes_on(shop: Shop) -> None:
    shop.order({"TS": 2})
    bought = shop.bought(1, of("TS", quantity=2))
    other = shop.account()
    found = other.find("p-1/1")
    other.close()
    assert found is not None
    assert found.waybill == bought.waybill


# --- what is refused ---------------------------------------------------------------------------


def test_what_a_posting_does_not_have_is_refused(shop: Shop) -> None:
    shop.order({"TS": 2})
    assert shop.refused(of("HAT", quantity=1)) == f"goods: HAT: not in posting {NUMBER}"
    assert shop.refused(of("TS", quantity=3)) == "goods: TS: 3 units; the posting has 2"
    assert shop.refused() == "goods: nothing inside"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"service": "fast"}, f"service: delivery method: {METHODS['fast']}"),
        ({"status": "cancelled"}, "carrier: posting: cancelled posting_created"),
        ({"status": "awaiting_deliver"}, "duplicate: posting: awaiting_deliver"),
        ({"substatus": "posting_awaiting_passport_data"}, "documents: posting: awaiting_packaging"),
    ],
)
def test_postings_that_cannot_be_packed(shop: Shop, more: dict[str, str], said: str) -> None:
    shop.order({"TS": 2}, **more)
    assert shop.refused(of("TS", quantity=2)).startswith(said)


def test_what_the_drop_off_does_not_take(shop: Shop) -> None:
    shop.order({"TS": 2})
    both = of("TS", quantity=2)
    assert shop.refused(both, gross_g=30_001) == "weight: gross_g: 30001; 0 to 30000 is allowed"
    assert shop.refused(both, size_mm=(700, 100, 100)) == "size: size: above 60 x 60 x 60 cm"
    assert shop.refused(both, options=("cod",)).startswith("option: ")
    assert shop.refused(both, order="").startswith("invalid: order: ''")
    assert shop.refused(both, order="nowhere-1").startswith("invalid: order: 'nowhere-1'")


def test_nothing_is_void(shop: Shop) -> None:
    """Calling a posting off would be the end of the buyer's order."""
    shop.order({"TS": 2})
    shop.bought(1, of("TS", quantity=2))
    with pytest.raises(LabelRefused) as told:
        shop.ozon.void("p-1/1")
    assert told.value.fields["reason"] == "not_offered"
    assert not any("cancel" in path for path in shop.paths())


def test_a_posting_that_was_called_off_is_told(shop: Shop) -> None:
    posting = shop.order({"TS": 2})
    shop.bought(1, of("TS", quantity=2))
    posting.status = "cancelled"
    found = shop.ozon.find("p-1/1")
    assert found is not None
    assert found.voided


def test_shipping_that_failed_is_refused_and_may_be_asked_for_again(shop: Shop) -> None:
    posting = shop.order({"TS": 2})
    shop.plan.then("buy", "early")
    with pytest.raises(LabelOutcomeUnknown):
        shop.ozon.buy(shop.parcel(1, of("TS", quantity=2)))
    posting.substatus = words.FAILED
    with pytest.raises(LabelRefused):
        shop.ozon.find("p-1/1")
    posting.substatus = ""
    assert shop.bought(2, of("TS", quantity=2)).ref == NUMBER


def test_a_box_that_was_split_off_and_not_shipped_is_shipped_by_its_own_number(shop: Shop) -> None:
    tries = itertools.count()
    shop.dialect.key_of = lambda number: f"{number}#{next(tries)}"
    shop.order({"TS": 3})
    shop.ozon.buy(shop.parcel(1, of("TS", quantity=2)))
    box = shop.dialect.postings[f"{NUMBER}-2"]
    box.status, box.substatus = words.OPEN, words.FAILED
    with pytest.raises(LabelRefused) as told:
        shop.ozon.find("p-1/1")
    assert told.value.fields["detail"] == words.FAILED
    # The words of that failure stand there for a while after the next try.
    shop.ozon.buy(shop.parcel(1, of("TS", quantity=2), key="p-1/2"))
    box.status = words.OPEN
    found = [shop.ozon.find("p-1/2") for _ in range(2)]
    assert [one and one.state for one in found] == ["pending", "pending"]
    box.status = "awaiting_deliver"
    done = shop.ozon.find("p-1/2")
    assert done is not None
    assert (done.state, done.ref) == ("done", f"{NUMBER}-2")
    # Another box of the same goods is another one.
    assert shop.bought(3, of("TS", quantity=1)).ref == NUMBER


def test_a_try_that_fails_as_the_one_before_is_refused_in_the_end(shop: Shop) -> None:
    shop.order({"TS": 2}, substatus=words.FAILED)
    shop.ozon.buy(shop.parcel(1, of("TS", quantity=2)))
    shop.dialect.postings[NUMBER].status = words.OPEN
    for _ in range(STALE_LOOKS - 1):
        found = shop.ozon.find("p-1/1")
        assert found is not None
        assert found.state == "pending"
    with pytest.raises(LabelRefused):
        shop.ozon.find("p-1/1")


# --- exemplars ---------------------------------------------------------------------------------


def test_what_was_captured_goes_to_its_exemplars(shop: Shop) -> None:
    shop.order({"TS": 2}, needs=("mark", "gtd", "country"))
    gtd = "10702020/060420/0013422"
    unit = {"mark": MARK, "gtd": gtd, "country": "CN"}
    shop.bought(1, of("TS", unit, unit | {"mark": f"{MARK}2", "rnpt": "1", "weight": "12"}))
    (sent,) = shop.dialect.exemplars_set
    first, second = sent["products"][0]["exemplars"]
    assert first["marks"] == [{"mark": MARK, "mark_type": "mandatory_mark"}]
    assert (first["gtd"], first["is_gtd_absent"], first["is_rnpt_absent"]) == (gtd, False, True)
    assert (second["rnpt"], second["weight"]) == ("1", 12)
    assert shop.dialect.countries == {"900800700": "CN"}
    looked = [path for path in shop.paths() if "exemplar" in path]
    assert [path.rpartition("/")[2] for path in looked] == [
        *("create-or-get", "validate", "set", "status", "status")
    ]


def test_a_part_names_its_exemplars(shop: Shop) -> None:
    shop.order({"TS": 3}, needs=("mark",))
    shop.bought(1, of("TS", {"mark": MARK}))
    call = next(one for one in shop.server.calls if one.path == "/v4/posting/fbs/ship/package")
    assert call.json()["products"] == [
        {"product_id": 900800700, "quantity": 1, "exemplarsIds": ["10001"]}
    ]


def test_what_was_not_captured_or_is_forged_is_refused(shop: Shop) -> None:
    shop.order({"TS": 2}, needs=("mark",))
    assert shop.refused(of("TS", {"mark": MARK}, quantity=2)) == (
        "documents: not captured: 900800700: mark"
    )
    forged = {"mark": "01forged"}
    assert shop.refused(of("TS", forged, forged)).startswith("documents: 900800700: MARK_NOT_FOUND")
    assert shop.dialect.exemplars_set == []


def test_exemplars_that_are_checked_for_long_are_asked_for_again(shop: Shop) -> None:
    shop.dialect.slow = 20
    shop.order({"TS": 1}, needs=("mark",))
    assert shop.refused(of("TS", {"mark": MARK})) == (
        "documents: exemplars: validation_in_process; ask again"
    )


# --- labels ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("wanted", "kind"), [(SMALL, words.SMALL), (BIG, words.BIG)])
def test_the_label_is_ozons_own_for_the_stock_byte_for_byte(
    shop: Shop, wanted: LabelWanted, kind: str
) -> None:
    shop.order({"TS": 2})
    bought = shop.bought(1, of("TS", quantity=2))
    label = shop.ozon.label("p-1/1", wanted)
    assert label is not None
    assert label.content == drawn(bought.waybill, kind)
    assert not checked(label.content, wanted).fault


def test_a_label_for_other_stock_is_told_as_such(shop: Shop) -> None:
    """100 x 150 mm is no size of Ozon's."""
    shop.order({"TS": 2})
    shop.bought(1, of("TS", quantity=2))
    label = shop.ozon.label("p-1/1", LabelWanted(width_mm=100, height_mm=150))
    assert label is not None
    wrong = checked(label.content, LabelWanted(width_mm=100, height_mm=150))
    assert (wrong.fault, wrong.stays) == ("size", True)


def test_a_label_that_takes_long_is_not_ready(shop: Shop) -> None:
    shop.dialect.slow = 4
    shop.order({"TS": 2})
    shop.bought(1, of("TS", quantity=2))
    assert shop.ozon.label("p-1/1", SMALL) is None
    assert shop.ozon.label("p-1/1", SMALL) is not None
    created = [path for path in shop.paths() if path.endswith("package-label/create")]
    assert len(created) == 1


def test_a_label_of_a_key_that_bought_nothing(shop: Shop) -> None:
    with pytest.raises(LabelRefused) as told:
        shop.ozon.label("p-9/1", SMALL)
    assert told.value.fields["reason"] == "never_bought"


# --- hand-over ---------------------------------------------------------------------------------


def handed(shop: Shop, *waybills: str) -> ManifestAsked:
    shop.order({"TS": 3})
    own = [shop.bought(at, of("TS", quantity=1)).waybill for at in (1, 2)]
    return ManifestAsked(
        key="m-1", service="plain", waybills=(*own, *waybills), day="2026-11-23", containers=2
    )


def test_the_list_is_a_carriage_with_its_act_and_labels_of_its_bags(shop: Shop) -> None:
    asked = handed(shop, "ZZ999999999CN")
    done = shop.ozon.manifest(asked)
    (carriage,) = shop.dialect.docks.carriages.values()
    assert (carriage.status, carriage.containers) == ("formed", 2)
    assert carriage.postings == [f"{NUMBER}-2", f"{NUMBER}-3"]
    assert done.missing == ("ZZ999999999CN",)
    assert done.file is not None
    assert done.file.content == pdf("ACT", 210, 297)
    assert [(name, file.content) for name, file in done.papers] == [
        ("container labels", pdf("CONTAINERS 2", 75, 120))
    ]
    assert all(
        sale.handed for sale in map(shop.server.books.of_waybill, asked.waybills[:2]) if sale
    )


def test_asked_twice_it_is_one_carriage(shop: Shop) -> None:
    asked = handed(shop)
    first, second = shop.ozon.manifest(asked), shop.ozon.manifest(asked)
    assert first == second
    assert shop.paths().count("/v1/carriage/create") == 1
    assert shop.paths().count("/v1/carriage/approve") == 1


def test_a_carriage_whose_answer_got_lost_is_found(shop: Shop) -> None:
    asked = handed(shop)
    shop.dialect.docks.answer("v1/carriage/create", {"delivery_method_id": int(METHODS["plain"])})
    done = shop.ozon.manifest(asked)
    assert list(shop.dialect.docks.carriages) == [done.ref]


def test_a_list_of_strangers_is_refused(shop: Shop) -> None:
    with pytest.raises(LabelRefused):
        shop.ozon.manifest(ManifestAsked(key="m-1", service="plain", waybills=("ZZ000000014CN",)))
    assert shop.dialect.docks.carriages == {}


# --- words -------------------------------------------------------------------------------------


def test_tasks_and_files_in_both_shapes() -> None:
    """As told by the versions of the interface that are about."""
    old: dict[str, Any] = {"result": {"status": "completed", "file_url": "u"}}
    new: dict[str, Any] = {"status": {"code": "completed"}, "file_url": "u"}
    assert words.made_of(old) == words.made_of(new) == ("completed", "u")
    new["status"]["unprinted_postings"] = [{"posting_number": NUMBER, "message": "not ready"}]
    assert words.made_of(new) == ("error", "u")
    rows = [{"task_id": 1, "task_type": "big_label"}, {"task_id": 2, "task_type": "small_label"}]
    assert words.task_of({"tasks": rows}, words.SMALL) == "2"
    assert words.task_of({"result": {"tasks": rows[:1]}}, words.SMALL) == "1"
    assert words.task_of({"tasks": []}, words.BIG) == ""


def test_what_stands_on_a_label() -> None:
    posting: dict[str, Any] = {"posting_number": NUMBER, "barcodes": {"upper_barcode": "%101%1"}}
    assert words.waybill_of(posting) == "%101%1"
    assert words.waybill_of(posting | {"tracking_number": "RR1"}) == "RR1"
    assert words.waybill_of({"posting_number": NUMBER}) == NUMBER


def test_exemplars_of_other_parcels_go_back_as_they_came() -> None:
    held = {"exemplar_id": 2, "gtd": "g", "marks": [{"mark": "m", "mark_type": "jw_uin"}]}
    told = {"products": [{"product_id": 7, "exemplars": [{"exemplar_id": 1}, held]}]}
    sent, ours = words.exemplars_of("k", {"7": ({"imei": "35"},)}, told)
    assert ours == {"7": ("1",)}
    assert sent[0]["exemplars"][0]["marks"] == [{"mark": "35", "mark_type": "imei"}]
    assert sent[0]["exemplars"][1]["gtd"] == "g"
    assert sent[0]["exemplars"][1]["marks"] == held["marks"]
    with pytest.raises(LabelRefused):
        words.exemplars_of("k", {"7": ({},) * 3}, told)
    with pytest.raises(LabelRefused):
        words.exemplars_of("k", {"8": ({},)}, told)
