"""Materials and instructions at the bench: shown when needed, in nobody's way, never silent."""

from __future__ import annotations

from packstation.domain.catalog import Packing
from packstation.domain.packing import State
from packstation.domain.packing.material_facts import (
    InstructionConfirmed,
    MaterialsShown,
    RuleDecided,
    SuppliesUsed,
)
from packstation.domain.packing_rules import Material, PackingRule, PackingRules, When
from packstation.domain.parcels import Carton
from packstation.domain.recycling import recycled_share
from packstation.station import ports as p
from packstation.station.views import Screen
from tests.station.desk import MUG, SOCK, Bench, order, product, signed_in

MATERIALS = (
    Material(code="paper", kind="infill", names={"en": "Paper"}, recycled=True),
    Material(code="air", kind="infill"),
    Material(
        code="card-ru", kind="insert", prints=True, names={"en": "Card RU"}, text={"en": "Hi"}
    ),
)
WRAP = PackingRule(
    id="wrap",
    when=When(skus=("MUG-*",)),
    moment="item",
    instruction={"en": "Wrap it"},
    once="order",
)
FILL = PackingRule(id="fill", infill=("air", "paper"), supplies=("tape",))
SEAL = PackingRule(id="seal", collect="seal", names={"en": "Seal"}, moment="carton")


def bench_with(*rules: PackingRule, lines: str = "MUG-GRN*2 SOCK-RED*1") -> Bench:
    bench = signed_in(order(lines=lines))
    bench.cache.rules = PackingRules(rules=rules, materials=MATERIALS)
    return bench


def facts(bench: Bench, *kinds: type) -> list[object]:
    return list(bench.core.facts_of([kind.__name__ for kind in kinds]))


def state_of(bench: Bench) -> State:
    return bench.core.session.state


def to_the_box(bench: Bench) -> None:
    bench.scan("T-O-1", MUG, MUG, SOCK)


def test_an_instruction_comes_with_the_item_and_the_next_scan_confirms() -> None:
    bench = bench_with(WRAP)
    assert bench.scan("T-O-1").task is None
    view = bench.scan(MUG)
    assert view.task is not None
    assert (view.task.text, view.task.moment, view.task.explicit) == ("Wrap it", "item", False)
    assert facts(bench, InstructionConfirmed) == []
    view = bench.scan(MUG)
    assert view.task is None
    (done,) = facts(bench, InstructionConfirmed)
    assert done == InstructionConfirmed(task="wrap", scope="order", how="next")
    assert len(facts(bench, MaterialsShown)) == 1
    assert bench.scan(SOCK).screen is Screen.CARTONING


def test_enter_or_a_touch_confirms_too() -> None:
    for command, how in (("accept", "enter"), ("done", "touch")):
        bench = bench_with(WRAP)
        bench.scan("T-O-1", MUG)
        assert bench.command(command).task is None
        (done,) = facts(bench, InstructionConfirmed)
        assert isinstance(done, InstructionConfirmed)
        assert done.how == how
        assert bench.command("done").alert is None


def test_filling_is_shown_with_the_box_and_counted_when_it_is_weighed() -> None:
    bench = bench_with(FILL)
    bench.cache.add(Carton(code="C3", inner_mm=(300, 200, 120), tare_g=100, recycled=True))
    to_the_box(bench)
    assert bench.view.task is None
    view = bench.command("accept")
    assert state_of(bench) is State.WEIGHING
    assert view.task is not None
    assert view.task.materials == (("Paper", True), ("tape", False))
    bench.weigh(680 + bench.core.session.parcel.tare_g)
    (used,) = facts(bench, SuppliesUsed)
    assert isinstance(used, SuppliesUsed)
    assert [(one.code, one.kind) for one in used.supplies][1:] == [
        ("paper", "infill"),
        ("tape", "supply"),
    ]
    share = recycled_share([used])
    assert (share.pieces, share.recycled) == (3, 1 + used.supplies[0].recycled)


def test_what_wants_its_own_word_holds_the_box_back_and_no_scan() -> None:
    bench = bench_with(SEAL)
    to_the_box(bench)
    view = bench.view
    assert view.task is not None
    assert (view.task.collect, view.task.explicit) == ("seal", True)
    view = bench.scan("C3")
    assert view.entry is None
    assert state_of(bench) is State.CARTONING
    assert bench.view.alert is not None
    assert bench.view.alert.headline.key == "no.materials.first"
    bench.command("accept")
    assert bench.command("accept").entry is not None
    bench.say(p.TextEntered("collect", "two words"))
    assert bench.view.entry is not None
    bench.scan("SEAL-0042")
    (done,) = facts(bench, InstructionConfirmed)
    assert isinstance(done, InstructionConfirmed)
    assert (done.value, done.how) == ("SEAL-0042", "data")
    assert bench.view.task is None
    bench.scan("C3")
    assert state_of(bench) is State.WEIGHING


def test_a_closing_task_with_its_own_word_waits_with_the_weight() -> None:
    leaflet = PackingRule(id="leaf", inserts=("card-ru",), confirm="explicit")
    bench = bench_with(leaflet)
    to_the_box(bench)
    bench.command("accept")
    (card,) = bench.documents.goods_seen[-1]
    assert (card.kind, card.name, card.text) == ("insert", "Card RU", "Hi")
    bench.weigh(680 + bench.core.session.parcel.tare_g)
    assert state_of(bench) is State.WEIGHING
    assert bench.command("manual").alert is not None
    bench.command("accept")
    bench.command("accept")
    assert bench.view.task is None
    assert len(bench.documents.goods_seen) == 1
    bench.weigh(680 + bench.core.session.parcel.tare_g)
    assert state_of(bench) is not State.WEIGHING


def test_a_products_own_instruction_needs_no_rule() -> None:
    bench = bench_with()
    packing = Packing(instruction={"ru": "Осторожно"}, materials=("bubble",))
    bench.cache.add(product("MUG-GRN", MUG, 300, packing=packing))
    view = bench.scan("T-O-1", MUG)
    assert view.task is not None
    assert (view.task.text, view.task.materials) == ("Осторожно", (("bubble", False),))
    assert bench.command("help").help is not None


def test_rules_that_contradict_stop_the_order_and_a_supervisor_keeps_one() -> None:
    air = PackingRule(id="air-only", infill=("air",))
    eco = PackingRule(id="eco", infill=("paper",))
    bench = bench_with(air, eco)
    view = bench.scan("T-O-1")
    assert state_of(bench) is State.HELD
    assert view.alert is not None
    assert view.alert.headline.key == "hold.rules"
    assert [value for _, value in view.alert.facts] == ["infill", "air-only", "eco"]
    bench.scan("%PB:SV-1")
    view = bench.say(p.TextEntered("pin", "9999"))
    assert view.entry is not None
    assert [name for name, _ in view.entry.choices] == ["rule:air-only", "rule:eco"]
    bench.say(p.ChoiceMade(1))
    (decided,) = facts(bench, RuleDecided)
    assert isinstance(decided, RuleDecided)
    assert (decided.kept, decided.by) == ("eco", "SV-1")
    assert state_of(bench) is State.SCANNING
    to_the_box(bench)
    view = bench.command("accept")
    assert view.task is not None
    assert view.task.materials == (("Paper", True),)


def test_a_restart_goes_on_with_what_was_confirmed() -> None:
    bench = bench_with(WRAP)
    bench.scan("T-O-1", MUG, MUG)
    again = Bench(bench.store)
    again.cache.add(p.OrderRow(order(), 1))
    again.cache.rules = bench.cache.rules
    again.start()
    again.scan("%PB:PK-1")
    assert again.view.task is None
    assert state_of(again) is State.SCANNING


def test_an_order_that_is_gone_has_no_tasks() -> None:
    bench = bench_with(WRAP)
    bench.scan("T-O-1")
    del bench.cache.orders["O-1"]
    again = Bench(bench.store).start()
    again.scan("%PB:PK-1")
    assert again.view.task is None


def test_what_is_said_to_no_task_is_said_to_the_stage() -> None:
    bench = bench_with(WRAP)
    bench.say(p.TextEntered("collect", "x"))
    bench.scan("T-O-1", MUG)
    assert bench.command("manual").entry is not None
    bench.command("back")
    bench.say(p.TextEntered("collect", "x"))
    assert facts(bench, InstructionConfirmed) == []


def test_enter_takes_the_box_and_says_that_its_task_is_done_and_a_touch_says_so_alone() -> None:
    tray = PackingRule(id="tray", supplies=("tray",), moment="carton")
    for command, state in (("accept", State.WEIGHING), ("done", State.CARTONING)):
        bench = bench_with(tray, WRAP)
        to_the_box(bench)
        assert bench.view.task is not None
        view = bench.command(command)
        assert state_of(bench) is state
        assert view.task is None
        assert len(facts(bench, InstructionConfirmed)) == 2


def test_an_explicit_task_stays_over_scans_and_holds() -> None:
    photo = PackingRule(
        id="photo", when=When(skus=("MUG-*",)), moment="item", supplies=("x",), confirm="explicit"
    )
    bench = bench_with(photo)
    bench.scan("T-O-1", MUG, MUG)
    assert bench.view.task is not None
    bench.command("hold")
    view = bench.say(p.TextEntered("hold", "question"))
    assert state_of(bench) is State.HELD
    assert view.task is None
    assert facts(bench, InstructionConfirmed) == []


def test_what_a_rule_names_twice_is_two_pieces_and_equal_boxes_are_told_recycled_first() -> None:
    twice = PackingRule(id="cold", supplies=("ice", "ice"), container=("C1", "C3"), moment="carton")
    bench = bench_with(twice, PackingRule(id="again", supplies=("ice",)))
    bench.cache.add(Carton(code="C3", inner_mm=(300, 200, 120), tare_g=100, recycled=True))
    to_the_box(bench)
    view = bench.view
    assert view.task is not None
    assert view.task.materials == (("2 × ice", False),)
    assert view.task.container == "C3 / C1"
    bench.command("accept")
    bench.weigh(680 + bench.core.session.parcel.tare_g)
    (used,) = facts(bench, SuppliesUsed)
    assert isinstance(used, SuppliesUsed)
    assert {one.code: one.pieces for one in used.supplies}["ice"] == 2
