"""My settings, help and labels for goods at the bench: by key, touch, scan and command."""

from __future__ import annotations

import pytest

from packstation.bootstrap.help_files import HelpFiles
from packstation.domain.packing.facts import PoolLeased
from packstation.domain.packing.person_facts import PersonSettingChosen
from packstation.domain.packing.product_facts import ProductLabelsPrinted, SsccAssigned
from packstation.domain.packing_rules import Material, PackingRules
from packstation.domain.person_settings import SETTINGS
from packstation.i18n import LANGUAGES
from packstation.station import ports as p
from packstation.station.gear import Gear
from packstation.station.goods_labels import GoodsMade, GoodsSeen
from packstation.station.views import Screen, StationView
from tests.station.desk import MUG, Bench, order, product, signed_in

BOOKS = HelpFiles()


def bench_with() -> Bench:
    return signed_in(order(), gear=Gear(books=BOOKS.book))


def pick(bench: Bench, value: str, index: int = 0) -> StationView:
    return bench.say(p.ChoiceMade(index, value))


def press(bench: Bench, command: str, argument: str) -> StationView:
    return bench.say(p.CommandGiven(command, argument))


def facts_of(bench: Bench, kind: type) -> list[object]:
    return list(bench.core.facts_of([kind.__name__]))


# --- my settings ----------------------------------------------------------------------------


def test_what_a_person_chooses_is_a_fact_and_works_at_once() -> None:
    bench = bench_with()
    view = bench.command("my-settings")
    assert view.screen is Screen.MY_SETTINGS
    assert view.mine is not None
    assert [row.name for row in view.mine.rows] == [setting.name for setting in SETTINGS]
    assert pick(bench, "text_percent").person.text_percent == 115
    assert pick(bench, "left_handed").person.left_handed
    assert pick(bench, "theme=dark").person.theme == "dark"
    view = pick(bench, "volume=40")
    assert (view.person.volume, view.earcon) == (40, "line_complete")
    assert pick(bench, "still=yes").person.still
    assert pick(bench, "language=ru").person.language == "ru"
    chosen = facts_of(bench, PersonSettingChosen)
    assert len(chosen) == 6
    assert chosen[0] == PersonSettingChosen(badge="PK-1", setting="text_percent", value="115")


def test_what_cannot_be_chosen_is_refused() -> None:
    bench = bench_with()
    bench.command("my-settings")
    view = pick(bench, "theme=purple")
    assert view.alert is not None
    assert view.alert.headline.key == "no.settings.unknown"
    bench.command("accept")
    assert pick(bench, "role", 99).alert is None
    assert facts_of(bench, PersonSettingChosen) == []


def test_a_command_changes_one_without_the_page() -> None:
    bench = bench_with()
    view = press(bench, "my-settings", "text_percent=130")
    assert (view.screen, view.person.text_percent) == (Screen.QUEUE, 130)


def test_enter_leaves_and_the_key_again_changes_the_person() -> None:
    bench = bench_with()
    bench.command("my-settings")
    assert bench.command("accept").screen is Screen.QUEUE
    bench.command("my-settings")
    assert bench.command("my-settings").screen is Screen.SIGN_IN


# --- help -----------------------------------------------------------------------------------


def test_help_opens_at_the_state_and_closes_where_it_was() -> None:
    bench = bench_with()
    view = bench.command("help")
    assert view.help is not None
    assert view.help.id == "queue"
    assert bench.command("help").screen is Screen.QUEUE
    bench.command("my-settings")
    view = bench.command("help")
    assert view.help is not None
    assert view.help.id == "my_settings"
    assert bench.command("help").screen is Screen.MY_SETTINGS
    bench.command("back")
    bench.scan("T-O-1")
    view = bench.command("help")
    assert view.help is not None
    assert view.help.id == "scanning"
    bench.command("help")
    bench.command("park")
    view = bench.command("help")
    assert view.help is not None
    assert view.help.id == "parked"


def test_letters_find_topics_and_causes() -> None:
    bench = bench_with()
    bench.command("help")
    for letter in "paper out":
        view = press(bench, "help-type", letter)
    assert view.help is not None
    assert view.help.query == "paper out"
    assert view.help.title
    assert any(hit.id.startswith("printer.") for hit in view.help.hits)
    found = view.help.hits[-1].id
    picked = pick(bench, found)
    assert picked.help is not None
    assert picked.help.id == found
    assert bench.command("help-erase").help != picked.help
    view = press(bench, "help-type", "qqqq")
    assert view.help is not None
    assert view.help.hits == ()
    assert pick(bench, "", 3).help == view.help


def test_a_command_opens_a_topic_or_searches() -> None:
    bench = bench_with()
    view = press(bench, "help", "weighing")
    assert view.help is not None
    assert view.help.id == "weighing"
    view = press(bench, "help", "paper-out")
    assert view.help is not None
    assert view.help.query == "paper out"
    view = press(bench, "help", "keys")
    assert view.help is not None
    assert view.help.board
    assert bench.command("back").screen is Screen.QUEUE
    assert press(bench, "help-type", "x").screen is Screen.QUEUE


def test_a_bench_without_files_has_the_keys() -> None:
    bench = signed_in(order())
    view = bench.command("help")
    assert view.help is not None
    assert view.help.board
    assert [hit.id for hit in view.help.hits] == ["keys", "codes", "codes_bench"]


def test_codes_to_scan_are_pages_of_the_help() -> None:
    bench = signed_in(order())
    bench.scan("%PS:help:codes")
    assert bench.view.help is not None
    assert "accept" in bench.view.help.codes
    bench.say(p.ChoiceMade(2))
    assert bench.view.help.codes[0] == "single"
    bench.say(p.ChoiceMade(0))
    assert bench.view.help.board


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_topic_is_there_in_every_language(language: str) -> None:
    book = BOOKS.book(language)
    assert book is BOOKS.book(language)
    for topic in book.topics.values():
        assert topic.title
        assert topic.asks


# --- labels for goods -----------------------------------------------------------------------


def test_goods_labels_of_a_lesson_say_so() -> None:
    bench = bench_with()
    bench.desk.training = True
    bench.command("goods-labels")
    bench.scan(MUG)
    bench.command("accept")
    (label,) = bench.documents.goods_seen[-1]
    assert label.name.startswith("练习 TRAINING")


def test_a_scan_and_a_number_print_a_products_code() -> None:
    bench = bench_with()
    view = bench.command("goods-labels")
    assert view.screen is Screen.GOODS_LABELS
    assert view.goods is not None
    assert view.goods.missing is not None
    view = bench.scan(MUG)
    assert view.goods is not None
    assert (view.goods.sku, view.goods.state) == ("MUG-GRN", "ready")
    view = press(bench, "quantity", "12")
    view = bench.command("accept")
    assert view.goods is not None
    assert (view.goods.state, view.goods.copies) == ("sent", 12)
    (label,) = bench.documents.goods_seen[-1]
    assert (label.symbol, label.data, label.copies) == ("ean13", MUG, 12)
    (fact,) = facts_of(bench, ProductLabelsPrinted)
    assert isinstance(fact, ProductLabelsPrinted)
    assert (fact.kind, fact.copies, fact.printer, fact.code) == ("product", 12, "label", MUG)
    assert bench.tray.jobs[-1].job == fact.job


def test_what_would_be_printed_is_shown_and_burns_no_number() -> None:
    bench = bench_with()
    view = bench.command("goods-labels")
    assert view.goods is not None
    assert view.goods.preview == b""
    view = bench.scan(MUG)
    assert view.goods is not None
    assert view.goods.preview == f"picture product {MUG} en".encode()
    view = bench.say(GoodsSeen((), b"of something else"))
    assert view.goods is not None
    assert view.goods.preview == f"picture product {MUG} en".encode()
    site = {"code": "GZ-1", "sscc_prefix": "4600000"}
    bench.cache.apply([p.Row("site", "GZ-1", 2, "put", site)], "c")
    lease = PoolLeased(
        lease="L", carrier="gs1", service="sscc", prefix="ZZ", country="ZZ", first=1, last=5
    )
    bench.core.record(lease)
    view = pick(bench, "sscc")
    assert view.goods is not None
    assert view.goods.preview.startswith(b"picture sscc 000460000")
    assert not facts_of(bench, SsccAssigned)
    bench.documents.broken = "goods_preview"
    view = press(bench, "goods-labels", "SOCK-RED")
    view = pick(bench, "product")
    assert view.goods is not None
    assert view.goods.preview == b""
    assert view.alert is None


def test_more_than_a_job_holds_is_cut_and_said() -> None:
    bench = bench_with()
    press(bench, "goods-labels", "MUG-GRN")
    view = press(bench, "quantity", "9999")
    assert view.goods is not None
    assert view.goods.copies == 200
    assert view.goods.problem is not None
    assert press(bench, "quantity", "").entry is not None


def test_a_lot_and_a_date_are_typed_or_refused() -> None:
    bench = bench_with()
    press(bench, "goods-labels", "lot")
    assert bench.command("accept").entry is not None
    view = bench.say(p.TextEntered("goods-sku", "nothing"))
    assert view.goods is not None
    assert view.goods.problem is not None
    bench.say(p.TextEntered("goods-sku", MUG))
    for wrong in ("", "(10)"):
        view = bench.say(p.TextEntered("goods-lot", wrong))
        assert view.goods is not None
        assert view.goods.problem is not None
    bench.command("manual")
    bench.say(p.TextEntered("goods-lot", "AB12"))
    for wrong in ("yesterday", "20200101"):
        view = bench.say(p.TextEntered("goods-expiry", wrong))
        assert view.goods is not None
        assert view.goods.problem is not None
    view = bench.say(p.TextEntered("goods-expiry", "20991231"))
    assert view.goods is not None
    assert [value for _, value in view.goods.facts] == [MUG, "1", "AB12", "2099-12-31"]
    bench.command("accept")
    (label,) = bench.documents.goods_seen[-1]
    assert label.data == f"(01)0{MUG}(17)991231(10)AB12"


def test_units_get_numbers_that_are_burned_before_they_are_drawn() -> None:
    bench = bench_with()
    bench.cache.apply([p.Row("site", "GZ-1", 1, "put", {"code": "GZ-1", "sscc_prefix": ""})], "c")
    view = press(bench, "goods-labels", "sscc")
    assert bench.command("accept").alert is not None
    bench.command("accept")
    site = {"code": "GZ-1", "sscc_prefix": "4600000"}
    bench.cache.apply([p.Row("site", "GZ-1", 2, "put", site)], "c")
    view = pick(bench, "sscc")
    assert view.goods is not None
    assert view.goods.missing is not None
    assert ("gs1", "sscc", 100) in bench.sync.wanted
    lease = PoolLeased(
        lease="L", carrier="gs1", service="sscc", prefix="ZZ", country="ZZ", first=1, last=5
    )
    bench.core.record(lease)
    press(bench, "quantity", "2")
    bench.command("accept")
    burned = facts_of(bench, SsccAssigned)
    assert len(burned) == 2
    assert len({label.data for label in bench.documents.goods_seen[-1]}) == 2
    again = Bench(bench.store, gear=Gear(books=BOOKS.book)).start()
    assert again.station._own.goods.numbers.left("2026-01-01") == 3


def test_cards_of_the_rules_are_printed_by_name() -> None:
    bench = bench_with()
    assert press(bench, "goods-labels", "insert").goods is not None
    assert bench.command("accept").alert is not None
    bench.command("accept")
    cards = (
        Material(
            code="card-ru", kind="insert", prints=True, names={"ru": "Спасибо"}, text={"ru": "…"}
        ),
        Material(code="tape"),
        Material(code="card-en", kind="insert", prints=True),
    )
    bench.cache.rules = PackingRules(materials=cards)
    view = pick(bench, "insert")
    assert view.goods is not None
    assert view.goods.sku == "card-ru"
    view = pick(bench, "insert")
    assert view.goods is not None
    assert view.goods.name == "card-en"
    bench.command("accept")
    (label,) = bench.documents.goods_seen[-1]
    assert (label.kind, label.name) == ("insert", "card-en")


def test_the_page_takes_only_what_is_meant_for_it() -> None:
    bench = bench_with()
    bench.command("goods-labels")
    assert bench.command("goods-kind").goods is not None
    pick(bench, "", 77)
    view = bench.scan("%PB:SV-1")
    assert view.person.name == "Olga"
    bench.command("goods-labels")
    assert bench.command("goods-labels").screen is Screen.QUEUE
    assert bench.command("goods-kind").screen is Screen.QUEUE
    view = bench.say(p.TextEntered("goods-sku", "x"))
    assert view.screen is Screen.QUEUE


def test_what_cannot_be_drawn_or_has_no_printer_says_so() -> None:
    bench = bench_with()
    bench.documents.broken = "goods"
    press(bench, "goods-labels", "MUG-GRN")
    view = bench.command("accept")
    assert view.goods is not None
    assert view.goods.state == "failed"
    assert view.alert is not None
    bench.command("accept")
    assert bench.say(GoodsMade("other", "gone", None)).alert is not None
    bench.command("accept")
    bench.core.desk.printing.table = type(bench.core.desk.printing.table)()
    view = bench.command("accept")
    assert view.alert is not None
    assert view.alert.headline.key == "no.print.no_printer"
    assert view.goods is not None
    assert view.goods.printer == ""


def test_a_scanned_command_opens_a_topic() -> None:
    bench = bench_with()
    view = bench.scan("%PS:help:weighing")
    assert view.help is not None
    assert view.help.id == "weighing"


def test_nobody_has_the_first_of_each_setting_and_a_lot_needs_a_gtin() -> None:
    nobody = Bench().start()
    rows = nobody.station._own.settings.view().rows
    assert [row.chosen for row in rows] == [setting.values[0] for setting in SETTINGS]
    bench = bench_with()
    bench.cache.add(product("BARE", "SHOP-7", 100))
    press(bench, "goods-labels", "lot")
    view = press(bench, "goods-labels", "BARE")
    assert view.goods is not None
    assert view.goods.missing is not None
    assert bench.command("accept").alert is not None
