"""Items at the bench: kits, what is asked for, the same code twice, things without a code."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from packstation.domain.catalog import (
    Customs,
    Goods,
    KitPart,
    Packing,
    Product,
    ProductCode,
    Tracking,
)
from packstation.domain.packing import State
from packstation.domain.packing.inside import order_contents, packed_instead
from packstation.domain.packing.plan import OWN_TO_A_UNIT
from packstation.domain.psp import SiteBody
from packstation.station import ports as p
from packstation.station.capturing import ENTRIES
from packstation.station.kits import MOST_PARTS, parts_of
from packstation.station.plans import goods_inside, line_plans
from packstation.station.views import Screen, StationView
from packstation.station.words import Words
from tests.station.desk import MUG, SOCK, Bench, order, product, signed_in

TEA = "4006381333962"
POT = "4006381333979"
CAMERA = "4006381333986"


def kit(sku: str, *parts: tuple[str, int], packing: Packing = Packing()) -> Product:  # noqa: B008 - frozen
    made = tuple(KitPart(sku=part, quantity=count) for part, count in parts)
    return product(sku, TEA, 900, kit=made, packing=packing)


TEA_SET = kit("TEA", ("POT", 1), ("CUPS", 2))
CUPS = replace(kit("CUPS", ("MUG-GRN", 2)), codes=())
PARTS = (TEA_SET, CUPS, product("POT", POT, 700))
MS_10 = 10_000_000


def bench_with(lines: str, *products: Product, **more: str) -> Bench:
    """A bench where an order of these products is open."""
    bench = signed_in(order(lines=lines, **more))
    bench.cache.add(*products)
    bench.scan("O-1")
    return bench


def done(view: StationView) -> list[tuple[str, int, int]]:
    return [(line.product.sku, line.done, line.total) for line in view.lines]


def headline(view: StationView) -> str:
    assert view.alert is not None
    return view.alert.headline.key


def asked(view: StationView) -> str:
    return view.entry.kind if view.entry else ""


# --- kits -----------------------------------------------------------------------------------


def test_a_kit_is_packed_part_by_part_under_its_own_card() -> None:
    bench = bench_with("TEA*1 SOCK-RED*1", *PARTS)
    assert done(bench.view) == [("TEA", 0, 1), ("POT", 0, 1), ("MUG-GRN", 0, 4), ("SOCK-RED", 0, 1)]
    assert [line.part for line in bench.view.lines] == [False, True, True, False]
    assert headline(bench.scan(TEA)) == "bad.kit_parts"
    bench.command("accept")
    view = bench.scan(POT, MUG, MUG, MUG, MUG)
    assert done(view)[0] == ("TEA", 1, 1)
    assert view.lines[0].state == "done"


def instead(bench: Bench, parcel: int = -1) -> list[tuple[int, str, int, bool]]:
    session = bench.core.session
    found = packed_instead(session, session.parcels[parcel])
    return [(one.line, one.sku, one.quantity, one.part) for one in found]


def test_papers_name_a_kit_whole_and_the_parts_of_half_a_one() -> None:
    bench = bench_with("TEA*1 SOCK-RED*1", *PARTS)
    bench.scan(POT, SOCK)
    session = bench.core.session
    assert order_contents(session, session.parcel) == ((2, 1),)
    assert instead(bench) == [(1, "POT", 1, True)]
    bench.scan(MUG, MUG, MUG, MUG)
    session = bench.core.session
    assert order_contents(session, session.parcel) == ((1, 1), (2, 1))
    assert instead(bench) == []
    bench.scan("C3")
    bench.weigh(700 + 4 * 300 + 80 + 100)
    assert bench.view.screen is Screen.PRINTING
    assert bench.tray.jobs


def test_a_kit_over_two_parcels_is_named_by_its_parts_in_both() -> None:
    bench = bench_with("TEA*2 SOCK-RED*1", *PARTS)
    bench.scan(POT, MUG, MUG, MUG, MUG, POT)
    bench.command("next-parcel")
    session = bench.core.session
    assert order_contents(session, session.parcel) == ((1, 1),)
    assert instead(bench) == [(1, "POT", 1, True)]


def test_parts_that_lack_customs_data_hold_the_parcel_before_its_label() -> None:
    bare = product("POT", POT, 700, customs=Customs())
    kits = (TEA_SET, CUPS, bare)
    bench = bench_with("TEA*1 SOCK-RED*1", *kits)
    bench.scan(POT)
    bench.command("next-parcel")
    bench.scan("C1")
    view = bench.weigh(700 + 40)
    assert view.alert is not None
    lack = view.alert.lacks[0]
    assert (lack.field.key, lack.whose) == ("customs.field.customs.description", "POT")
    assert "LabelRequested" not in bench.kinds()


def test_a_pre_packed_kit_is_one_thing() -> None:
    sold = kit("TEA", ("POT", 1), packing=Packing(prepacked=True))
    bench = bench_with("TEA*1", sold, product("POT", POT, 700))
    assert headline(bench.scan(POT)) == "bad.item"
    bench.command("accept")
    assert bench.scan(TEA).screen is Screen.CARTONING


def test_a_kit_in_order_goes_kit_by_kit() -> None:
    sold = kit("TEA", ("POT", 1), ("MUG-GRN", 1), packing=Packing(in_order=True))
    bench = bench_with("TEA*2", sold, product("POT", POT, 700))
    view = bench.scan(MUG)
    assert headline(view) == "bad.not_yet"
    assert view.alert is not None
    assert view.alert.needed is not None
    assert view.alert.needed.sku == "POT"
    bench.command("accept")
    view = bench.scan(POT, MUG)
    assert done(view)[0] == ("TEA", 1, 2)
    assert headline(bench.scan(MUG)) == "bad.not_yet"


def test_a_long_kit_in_order_goes_by_totals() -> None:
    sold = kit("TEA", ("POT", 1), ("MUG-GRN", 1), packing=Packing(in_order=True))
    known = {"TEA": sold, "POT": product("POT", POT, 1), "MUG-GRN": product("MUG-GRN", MUG, 1)}
    plans = line_plans(order(lines="TEA*40"), known)
    assert [(plan.sku, plan.quantity, plan.after) for plan in plans] == [
        ("POT", 40, 0),
        ("MUG-GRN", 40, 2),
    ]


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ((("CUPS", 1),), "unknown"),
        ((("TEA", 1),), "loop"),
        ((("POT", 1), ("POT", 1)), ""),
    ],
)
def test_a_kit_that_cannot_be_taken_apart_is_named(
    parts: tuple[tuple[str, int], ...], why: str
) -> None:
    bench = bench_with("TEA*1", kit("TEA", *parts), product("POT", POT, 700))
    if not why:
        assert done(bench.view) == [("TEA", 0, 1), ("POT", 0, 2)]
        return
    view = bench.view
    assert headline(view) == "hold.kit"
    assert view.alert is not None
    ((words, named),) = view.alert.facts
    assert words == Words(f"hold.kit.{why}")
    assert named.startswith("TEA")
    # No badge releases a kit that nobody can pack.
    assert [one.command for one in view.alert.answers] == ["help"]
    # Put back by its tote; with the catalogue mended it opens as any other.
    bench.scan("T-O-1")
    assert bench.core.session.state is State.CANCELLED
    bench.cache.add(kit("TEA", ("POT", 1)))
    assert done(bench.scan("O-1")) == [("TEA", 0, 1), ("POT", 0, 1)]


def test_a_catalogue_that_multiplies_itself_is_not_followed_for_ever() -> None:
    deep = {f"K{n}": kit(f"K{n}", (f"K{n + 1}", 1), (f"K{n + 1}", 1)) for n in range(30)}
    deep["K30"] = product("K30", MUG, 1)
    found = parts_of("K0", deep)
    assert [trouble.why for trouble in found.troubles] == ["large"]
    wide = [(f"P{n}", 1) for n in range(MOST_PARTS + 9)]
    bench = bench_with("TEA*1", kit("TEA", *wide), *(product(sku, "x", 1) for sku, _ in wide))
    assert headline(bench.view) == "hold.kit"


# --- asked for one at a time ------------------------------------------------------------------


TRACKED = Tracking(serial=True, lot=True, expiry=True, min_days_left=30)


def camera(bench_lines: str = "CAM*2") -> Bench:
    return bench_with(bench_lines, product("CAM", CAMERA, 500, tracking=TRACKED))


def test_what_a_code_does_not_say_is_asked_for_one_at_a_time() -> None:
    bench = camera()
    assert asked(bench.scan(CAMERA)) == "serial"
    assert bench.kinds()[-1] == "PapersChecked"
    assert asked(bench.scan("SN-1")) == "lot"
    assert asked(bench.say(p.TextEntered("lot", "L7"))) == "expiry"
    view = bench.say(p.TextEntered("expiry", "31.01.2028"))
    assert asked(view) == ""
    (packed,) = bench.core.session.parcel.contents
    assert (packed.serial, packed.lot, packed.expiry) == ("SN-1", "L7", "2028-01-31")


def test_a_gs1_code_says_it_all_or_the_rest_is_asked_for() -> None:
    bench = camera()
    code = f"010{CAMERA}17280131"
    assert asked(bench.say(p.CodeScanned(f"{code}21SN-1\x1d10L7", "]d2"))) == ""
    assert asked(bench.say(p.CodeScanned(f"{code}10L7", "]d2"))) == "serial"
    assert asked(bench.say(p.CodeScanned(f"010{CAMERA}21SN-2", "]d2"))) == ""
    assert [one.serial for one in bench.core.session.packed] == ["SN-1", "SN-2"]


def test_a_wrong_answer_is_said_and_asked_again() -> None:
    bench = camera()
    bench.scan(CAMERA)
    for text, problem in ((CAMERA, "unit.is_item"), ("T-O-1", "unit.is_other"), ("é" * 3, "form")):
        view = bench.scan(text)
        assert view.entry is not None
        assert view.entry.problem is not None
        assert problem in view.entry.problem.key
    bench.say(p.TextEntered("lot", "L7"))  # nobody asked for it yet
    assert asked(bench.scan("LP123456785CN")) == "lot"
    bench.say(p.TextEntered("lot", "L7"))
    view = bench.say(p.TextEntered("expiry", "2028-02-31"))
    assert view.entry is not None
    assert view.entry.problem == Words("unit.expiry.form")


@pytest.mark.parametrize("way_back", ["back", "undo"])
def test_going_back_drops_the_item_with_words(way_back: str) -> None:
    bench = camera()
    bench.scan(CAMERA)
    view = bench.command(way_back)
    assert asked(view) == ""
    assert view.verdict is not None
    assert view.verdict.words == Words("item.not_counted", (("name", "CAM"),))
    assert bench.kinds()[-1] == "PapersChecked"


def test_a_stop_ends_the_question() -> None:
    bench = camera()
    bench.scan(CAMERA)
    bench.say(p.RowsPulled((p.Row("order", "O-1", 2, "del", {}),), "1", 1))
    assert bench.core.session.state is State.HELD
    assert bench.scan("SN-1").alert is not None
    assert not bench.core.session.packed


def test_too_old_shows_both_dates() -> None:
    bench = camera()
    for expiry, key in (("261130", "bad.short_dated"), ("261101", "bad.expired")):
        view = bench.say(p.CodeScanned(f"010{CAMERA}17{expiry}21S{expiry}\x1d10L7", "]d2"))
        assert headline(view) == key
        assert view.alert is not None
        assert [value for _, value in view.alert.facts][1] == "2026-12-21"


def test_a_serial_number_is_in_one_box_of_the_bench() -> None:
    bench = camera("CAM*1")
    bench.cache.add(p.OrderRow(order("O-2", lines="CAM*1"), 1))
    unit = p.CodeScanned(f"010{CAMERA}1728013121SN-1\x1d10L7", "]d2")
    bench.say(unit)
    bench.say(p.CommandGiven("park"))
    bench.scan("T-9", "O-2")
    assert headline(bench.say(unit)) == "bad.serial_used"


# --- the same code twice ----------------------------------------------------------------------


def mug(at_ms: int) -> p.CodeScanned:
    return p.CodeScanned(MUG, received_ns=at_ms * 1_000_000)


def doubted() -> Bench:
    bench = signed_in(order(lines="MUG-GRN*4"))
    bench.scan("O-1")
    bench.say(mug(1000), mug(1450))
    return bench


def test_two_equal_scans_too_close_are_asked_about() -> None:
    bench = doubted()
    assert asked(bench.view) == "twice"
    assert done(bench.view) == [("MUG-GRN", 1, 4)]
    assert bench.kinds()[-1] == "DoubleScanAsked"
    assert done(bench.say(p.AnswerGiven(yes=True))) == [("MUG-GRN", 2, 4)]


def test_one_of_them_counts_once_and_says_so() -> None:
    bench = doubted()
    view = bench.say(p.ChoiceMade(0))
    assert done(view) == [("MUG-GRN", 1, 4)]
    assert view.verdict is not None
    assert view.verdict.words.key == "item.counted_once"


def test_the_next_thing_answers_as_well() -> None:
    bench = doubted()
    assert done(bench.say(mug(3000))) == [("MUG-GRN", 2, 4)]
    assert asked(bench.view) == ""


def test_how_close_is_a_rule_of_the_site_and_of_the_scanner() -> None:
    bench = signed_in(order(lines="MUG-GRN*4"))
    bench.scan("O-1")
    bench.cache.apply(
        [p.Row("site", "S", 1, "put", {"code": "S", "rules": {"twice_ms": 300}})], "1"
    )
    assert done(bench.say(mug(1000), mug(1450))) == [("MUG-GRN", 2, 4)]
    scanner = bench.desk.devices["scanner"]
    scanner.info = replace(scanner.info, options={"twice_ms": 2000})
    assert asked(bench.say(mug(3000))) == "twice"


# --- by hand ------------------------------------------------------------------------------------


def test_a_thing_without_a_code_is_picked_by_picture_and_looked_at_twice() -> None:
    bench = signed_in()
    bench.scan("O-1")
    view = bench.command("manual")
    assert asked(view) == "by_hand"
    assert view.entry is not None
    assert [one.sku for one in view.entry.pictures] == ["MUG-GRN", "SOCK-RED"]
    assert asked(bench.say(p.ChoiceMade(1))) == "look_again"
    assert asked(bench.say(p.AnswerGiven(yes=False))) == "by_hand"
    bench.say(p.ChoiceMade(1))
    bench.say(p.AnswerGiven(yes=True))
    (packed,) = bench.core.session.packed
    assert (packed.sku, packed.source) == ("SOCK-RED", "manual")
    bench.command("manual")
    assert asked(bench.say(p.ChoiceMade(1))) == "manual"
    assert bench.say(p.TextEntered("manual", MUG)).lines[0].done == 1


def test_how_many_are_taken_by_hand_is_a_rule() -> None:
    bench = signed_in(order(lines="MUG-GRN*9"))
    bench.cache.apply(
        [p.Row("site", "S", 1, "put", {"code": "S", "rules": {"manual_units": 1}})], "1"
    )
    bench.scan("O-1")
    bench.command("manual")
    bench.say(p.TextEntered("manual", MUG))
    assert headline(bench.command("manual")) == "no.manual.limit"
    bench.command("accept")
    bench.say(p.TextEntered("by_hand", "77"), p.TextEntered("look_again", "yes"))
    assert bench.core.session.lines[0].done == 1


def test_every_kind_has_its_question() -> None:
    assert set(OWN_TO_A_UNIT) < set(ENTRIES)


def test_a_bench_whose_rules_are_nonsense_goes_by_the_usual_ones() -> None:
    bench = doubted()
    rules = {"manual_units": "many", "twice_ms": True}
    bench.cache.apply([p.Row("site", "S", 2, "put", {"code": "S", "rules": rules})], "2")
    assert SiteBody(code="S").rules == {}
    assert asked(bench.command("back")) == ""
    assert asked(bench.command("manual")) == "by_hand"


def test_codes_that_stand_for_several_units() -> None:
    case = product("MUG-GRN", MUG, 300)
    more = ProductCode(text="14006381333938", units=6)
    case = Product(sku="MUG-GRN", codes=(*case.codes, more), customs=case.customs)
    bench = bench_with("MUG-GRN*6", case)
    assert bench.scan("14006381333938").screen is Screen.CARTONING
    small = bench_with("MUG-GRN*4", case)
    assert headline(small.scan("14006381333938")) == "bad.units"
    small.command("accept")
    assert small.say(p.CodeScanned(f"020{MUG}3704", "]C1")).screen is Screen.CARTONING


def test_the_order_can_say_what_may_be_packed_instead() -> None:
    document = order(lines="MUG-GRN*1")
    line = document.lines[0]
    swapped = replace(document, lines=(replace(line, substitutes=("MUG-BLU",)),))
    bench = signed_in(swapped)
    bench.scan("O-1")
    assert bench.scan("4006381333948").screen is Screen.CARTONING
    assert bench.core.session.packed[0].sku == "MUG-BLU"
    assert instead(bench) == [(1, "MUG-BLU", 1, False)]
    assert order_contents(bench.core.session, bench.core.session.parcel) == ()


def test_more_units_than_may_be_taken_by_hand_are_not() -> None:
    case = product("MUG-GRN", MUG, 300)
    case = replace(case, codes=(*case.codes, ProductCode(text="14006381333938", units=6)))
    bench = bench_with("MUG-GRN*9", case)
    bench.command("manual")
    view = bench.say(p.TextEntered("by_hand", "type"), p.TextEntered("manual", "14006381333938"))
    assert headline(view) == "no.manual.limit"
    assert not bench.core.session.packed


def test_an_answer_that_nobody_asked_for_is_let_pass() -> None:
    bench = bench_with("MUG-GRN*1")
    bench.say(p.TextEntered("serial", "SN-1"))
    bench.station._commands.items.capturing.drop()
    assert bench.view.alert is None
    assert bench.kinds()[-1] == "PapersChecked"


def test_a_broken_kit_is_named_whatever_its_name_is() -> None:
    bench = bench_with("TEA*1", kit("TEA", ("TWO WORDS", 1)))
    assert bench.view.alert is not None
    assert bench.view.alert.facts[0][1].endswith("TWO WORDS")


def test_services_are_chosen_by_the_dangers_of_what_lies_in_the_box() -> None:
    cell = Goods(battery="alone", classes=("liquid",))
    mug = product("MUG-BLU", "4006381333948", 300, goods=cell)
    document = order(lines="MUG-GRN*1 TEA*1")
    first = replace(document.lines[0], substitutes=("MUG-BLU",))
    bench = signed_in(replace(document, lines=(first, *document.lines[1:])))
    bench.cache.add(*PARTS, mug, product("POT", POT, 700, goods=Goods(battery="built_in")))
    bench.scan("O-1")
    bench.scan("4006381333948", POT)
    core = bench.core
    known = core.products_in(core.session.parcel, document) | {"MUG-BLU": mug}
    found = goods_inside(core.session, known)
    assert (found["MUG-GRN"].goods.battery, found["MUG-GRN"].goods.classes) == (
        "alone",
        ("liquid",),
    )
    assert found["TEA"].goods.battery == "built_in"
    assert goods_inside(core.session, {}) == {}
    assert set(goods_inside(core.session, {"POT": known["POT"]})) == {"POT"}
