"""Weigh and measure: products get weight and sides at the bench."""

from __future__ import annotations

from decimal import Decimal

from msgspec.structs import replace

from packstation.domain.sizes import SizeReading, SizeState
from packstation.station import ports as p
from packstation.station.views import Screen, StationView
from tests.station.desk import MUG, SOCK, Bench, order, signed_in, to_weighing


def bare(bench: Bench, sku: str = "SOCK-RED") -> None:
    """The catalogue knows neither weight nor sides of it."""
    product = bench.cache.products[sku]
    bench.cache.add(replace(product, weight_g=None, length_mm=None, width_mm=None, height_mm=None))


def opened() -> Bench:
    bench = signed_in(order())
    bare(bench)
    bench.command("measure")
    return bench


def todo(view: StationView) -> str:
    assert view.screen is Screen.ROWS
    assert view.page_rows is not None
    assert view.page_rows.todo is not None
    return view.page_rows.todo.key


def facts(bench: Bench) -> list[dict[str, object]]:
    return [r.event.body for r in bench.store.records if r.event.kind == "UnitMeasured"]


def test_scan_place_type_the_sides() -> None:
    bench = opened()
    assert todo(bench.view) == "measure.todo.item"
    assert todo(bench.scan(SOCK)) == "measure.todo.weight"
    view = bench.weigh(84)
    assert (todo(view), view.entry and view.entry.kind) == ("measure.todo.sides", "measure_side")
    for value in ("200", "eighty", "80"):
        bench.say(p.TextEntered("measure_side", value))
    view = bench.say(p.TextEntered("measure_side", "30"))
    assert (todo(view), view.entry, view.earcon) == ("measure.todo.item", None, "line_complete")
    (fact,) = facts(bench)
    assert (fact["weight_mg"], fact["size_mm"], fact["source"]) == (84000, (200, 80, 30), "typed")
    assert view.page_rows is not None
    assert [row.head for row in view.page_rows.rows] == [True, False]
    unit = bench.core.weights.unit("SOCK-RED", None)
    assert (unit.source, unit.grams) == ("measured", 84)


def test_several_light_ones_at_once_and_no_sides() -> None:
    bench = opened()
    bench.scan("%PS:quantity:10", SOCK)
    bench.weigh(35)
    bench.say(p.TextEntered("measure_side", "0"))
    (fact,) = facts(bench)
    assert (fact["weight_mg"], fact["units"], fact["size_mm"]) == (3500, 10, ())
    assert bench.view.page_rows is not None
    assert bench.view.page_rows.rows[-1].detail is not None
    assert dict(bench.view.page_rows.rows[-1].detail.args)["g"] == "3.5"


def test_known_sides_are_not_asked_for() -> None:
    bench = opened()
    bench.scan(MUG)
    view = bench.weigh(310)
    assert (todo(view), view.entry) == ("measure.todo.item", None)
    assert facts(bench)[0]["weight_mg"] == 310000


def test_what_is_no_product_is_refused_and_the_weight_before_does_not_count() -> None:
    bench = opened()
    view = bench.scan("C3")
    assert view.alert is not None
    assert view.alert.headline.key == "no.measure.product"
    bench.say(bench.reading(500))
    bench.scan(SOCK)
    assert todo(bench.say(bench.reading(500))) == "measure.todo.weight"
    assert todo(bench.weigh(80)) == "measure.todo.sides"


def test_an_open_order_waits_meanwhile_and_then_knows_the_weight() -> None:
    bench = signed_in(order())
    bare(bench)
    view = to_weighing(bench)
    assert view.screen is Screen.WEIGHING
    assert view.weigh is not None
    assert (view.weigh.expected_g, view.weigh.rests and view.weigh.rests.key) == (
        None,
        "weigh.unknown",
    )
    bench.command("measure")
    bench.scan(SOCK)
    bench.weigh(80)
    bench.say(p.TextEntered("measure_side", "0"))
    assert "ParcelWeighed" not in bench.kinds()
    view = bench.command("measure")
    assert view.screen is Screen.WEIGHING
    assert view.weigh is not None
    assert view.weigh.expected_g == 788
    assert bench.weigh(788).screen is Screen.PRINTING


def test_nobody_measures_at_a_bench_without_a_person() -> None:
    bench = opened()
    bench.command("person")
    bench.weigh(80)
    assert facts(bench) == []


def test_the_page_is_reached_from_more_and_by_its_code() -> None:
    bench = signed_in(order())
    bench.command("more")
    assert todo(bench.say(p.ChoiceMade(6, "measure"))) == "measure.todo.item"
    assert bench.command("back").screen is Screen.QUEUE
    assert todo(bench.scan("%PS:measure")) == "measure.todo.item"
    assert bench.scan("%PS:measure").screen is Screen.QUEUE


def sides() -> p.SizeMeasured:
    reading = SizeReading(
        state=SizeState.MEASURED,
        unit="mm",
        length=Decimal(200),
        width=Decimal(80),
        height=Decimal(30),
    )
    return p.SizeMeasured("dimensioner", reading, 1)


def test_a_dimensioner_says_the_sides() -> None:
    bench = opened()
    bench.scan(SOCK)
    asleep = p.SizeMeasured("dimensioner", SizeReading(state=SizeState.NOT_READY), 1)
    view = bench.say(asleep)
    assert view.alert is not None
    bench.weigh(84)
    bench.say(sides())
    assert [fact["source"] for fact in facts(bench)] == ["dimensioner"]
    bench.say(sides())
    assert len(facts(bench)) == 1
