"""Names, codes and orders that mean harm or are just very large: said, counted, never obeyed."""

from __future__ import annotations

import time

import pytest

from packstation.domain.catalog import KitPart, Packing, Product, ProductCode, Tracking
from packstation.domain.packing import State
from packstation.i18n import load
from packstation.station import ports as p
from packstation.station.kits import MOST_PARTS
from packstation.station.pictures import LONGEST_NAME
from packstation.station.views import Words
from tests.station.desk import MUG, Bench, order, product, signed_in

GS = "\x1d"
OTHER = "4006381333962"
NAMES = (
    "^XA^FO50,50^FD void ^FS^XZ",
    "<b onmouseover=alert(1)>{name} {n!r} %s %(x)d</b>",
    "{0.__class__.__mro__}",
    "\u202eGNIHTYNA\u202c \u2067עברית\u2069 مرحبا",
    "x" * 500,
    "a\nb\tc\x00d\x1b[31m",
    "",
)


def bench_with(lines: str, *products: Product, **more: str) -> Bench:
    bench = signed_in(order(lines=lines, **more))
    bench.cache.add(*products)
    bench.scan("O-1")
    return bench


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", ["en", "zh_Hans", "ru"])
def test_a_name_is_text_wherever_it_is_said(name: str, language: str) -> None:
    named = {"en": name, "zh": name, "ru": name}
    cup = product("CUP", "4006381333979", 300, names=named)
    bench = bench_with("CUP*2", cup, product("HAT", OTHER, 50, names=named))
    view = bench.scan(OTHER)
    assert view.alert is not None
    words = load(language)
    steps = [words.say(one.key, one.n, **dict(one.args)) for one in view.alert.steps]
    first = name.partition(" · ")[0]
    assert any(first in step for step in steps)
    bench.command("accept")
    assert bench.scan("4006381333979").lines[0].done == 1


def test_a_megabyte_of_a_name_is_cut_before_it_is_drawn() -> None:
    bench = bench_with(
        "CUP*1", product("CUP", "4006381333979", 300, names={"en": "word " * 200_000})
    )
    assert bench.view.current is not None
    assert len(bench.view.current.product.name) == LONGEST_NAME


@pytest.mark.parametrize(
    "code",
    [GS, GS * 40, f"01{GS}0{MUG}", f"010{MUG}21{GS}{GS}10{GS}", f"{GS}010{MUG}", f"010{MUG}{GS}"],
)
def test_a_separator_in_an_odd_place_counts_one_or_nothing(code: str) -> None:
    bench = bench_with("MUG-GRN*9", product("MUG-GRN", MUG, 300))
    for aim in ("", "]C1", "]d2", "]Q3"):
        before = bench.core.session.packed
        view = bench.say(p.CodeScanned(code, aim))
        added = bench.core.session.packed[len(before) :]
        assert sum(item.units for item in added) in {0, 1}
        assert added or view.alert is not None or view.entry is not None
        bench.command("back")
        bench.command("accept")
    assert bench.core.session.state is State.SCANNING


def test_a_serial_that_looks_like_the_code_of_other_goods_is_asked_again() -> None:
    known = product("MUG-GRN", MUG, 300, tracking=Tracking(serial=True))
    bench = bench_with("MUG-GRN*2", known, product("HAT", OTHER, 50))
    bench.scan(MUG)
    view = bench.scan(OTHER)
    assert view.entry is not None
    assert view.entry.problem == Words("unit.is_item")
    assert not bench.core.session.packed
    bench.scan("SN-0001")
    assert [item.serial for item in bench.core.session.packed] == ["SN-0001"]
    # In an element of its own it is a serial, whatever it looks like.
    bench.say(p.CodeScanned(f"010{MUG}21{OTHER}", "]d2"))
    assert [item.serial for item in bench.core.session.packed] == ["SN-0001", OTHER]


def wide(count: int) -> tuple[Product, list[Product]]:
    parts = [
        product(f"P-{n}", f"2{n:012d}", 5, codes=(ProductCode(text=f"PART-{n:05d}"),))
        for n in range(count)
    ]
    made = tuple(KitPart(sku=part.sku) for part in parts)
    return product("KIT", OTHER, 9, kit=made, packing=Packing()), parts


def test_the_largest_kit_is_packed_and_one_part_more_is_held() -> None:
    kit, parts = wide(MOST_PARTS)
    bench = bench_with("KIT*1", kit, *parts)
    assert len(bench.view.lines) == MOST_PARTS + 1
    begun = time.perf_counter()
    for n in range(20):
        bench.scan(f"PART-{n:05d}")
    # Far above what is measured, far below what a hand would feel as stuck.
    assert (time.perf_counter() - begun) / 20 < 0.5
    assert bench.view.lines[0].done == 0
    assert sum(line.done for line in bench.view.lines) == 20
    kit, parts = wide(MOST_PARTS + 1)
    held = bench_with("KIT*1", kit, *parts)
    assert held.core.session.state is State.HELD


def test_kits_that_multiply_beyond_all_numbers_are_held() -> None:
    nested = [
        product(f"E{n}", f"2{n:012d}", 5, kit=(KitPart(sku=f"E{n + 1}", quantity=100_000),))
        for n in range(12)
    ]
    bench = bench_with("E0*1", *nested, product("E12", OTHER, 5))
    assert bench.core.session.state is State.HELD
    assert bench.core.session.hold_reason == "missing_data"


def test_an_order_of_two_hundred_lines_is_counted_to_its_end() -> None:
    goods = [
        product(f"P-{n}", f"2{n:012d}", 5, codes=(ProductCode(text=f"PART-{n:05d}"),))
        for n in range(200)
    ]
    bench = bench_with(" ".join(f"{one.sku}*1" for one in goods), *goods)
    for n in reversed(range(200)):
        bench.scan(f"PART-{n:05d}")
    assert bench.core.session.due == 0
    assert bench.core.session.state is State.CARTONING
    bench.command("open")
    bench.command("undo")
    assert bench.core.session.due == 1
