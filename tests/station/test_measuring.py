"""Weigh and measure: products get weight and sides at the bench."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec.structs import replace

from packstation.domain.errors import DeviceFaulty
from packstation.domain.packing.weight_facts import LearnedItem, ParcelLearned, UnitMeasured
from packstation.domain.sizes import SizeReading, SizeState
from packstation.station import ports as p
from packstation.station.gear import Gear
from packstation.station.pictures import product_view
from packstation.station.portraits import NoPortraits
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


# --- what is known, forgotten, pictured -----------------------------------------------------------


def known(bench: Bench) -> str:
    assert bench.view.page_rows is not None
    note = bench.view.page_rows.rows[0].note
    return note.key if note else ""


def test_the_page_tells_what_is_known_and_what_that_rests_on() -> None:
    bench = opened()
    bench.scan(SOCK)
    assert known(bench) == ""
    bench.weigh(84)
    bench.say(p.TextEntered("measure_side", "0"))
    bench.scan(SOCK)
    assert known(bench) == "measure.known.measured"
    bench.scan(MUG)
    assert known(bench) == "measure.known.catalogue"
    item = LearnedItem(sku="MUG-GRN", units=1, unit_g=300)
    bench.core.record(
        ParcelLearned(items=(item,), carton="C3", tare_g=100, gross_g=412, digit_mg=1000)
    )
    bench.scan(MUG)
    assert known(bench) == "measure.known.learned"


def test_a_lead_forgets_what_was_learned_and_a_packer_does_not() -> None:
    bench = opened()
    assert headline(bench.command("forget")) == "no.forget.nothing"
    bench.scan(MUG)
    assert headline(bench.command("forget")) == "no.forget.nothing"
    bench.core.record(UnitMeasured(sku="MUG-GRN", weight_mg=512_000, units=1, digit_mg=1000))
    assert bench.core.weights.known("MUG-GRN").grams == 512
    assert headline(bench.command("forget")) == "no.forget.role"
    assert bench.desk.person is not None
    bench.desk.person = replace(bench.desk.person, role="lead")
    view = bench.command("forget")
    assert view.verdict is not None
    assert view.verdict.words.key == "measure.forgotten"
    unit = bench.core.weights.known("MUG-GRN")
    assert (unit.grams, unit.source, unit.seen) == (300, "catalogue", 2)
    assert headline(bench.command("forget")) == "no.forget.nothing"


def headline(view: StationView) -> str:
    assert view.alert is not None
    return view.alert.headline.key


class Album:
    """A camera that may be away."""

    ready = True
    cause = ""

    def take(self) -> str:
        if self.cause:
            raise DeviceFaulty(device="cam", fault=self.cause)
        return "ab" * 32

    def path(self, sha256: str) -> str:
        return f"/pictures/{sha256}.jpg"


def camera_bench(album: Album) -> Bench:
    bench = signed_in(order(), gear=Gear(portraits=album))
    bare(bench)
    bench.command("measure")
    return bench


def test_what_lies_on_the_scale_is_photographed_and_that_is_its_picture() -> None:
    bench = camera_bench(Album())
    bench.scan(SOCK)
    bench.weigh(84)
    bench.say(p.TextEntered("measure_side", "0"))
    (fact,) = facts(bench)
    assert fact["picture"] == "ab" * 32
    assert bench.cache.products["SOCK-RED"].image == f"photo:{'ab' * 32}"
    assert product_view(bench.core, "SOCK-RED").image == f"/pictures/{'ab' * 32}.jpg"
    assert product_view(bench.core, "MUG-GRN").image == ""


def test_a_camera_that_is_away_is_told_and_the_weight_counts() -> None:
    album = Album()
    album.cause = "camera.frozen"
    bench = camera_bench(album)
    bench.scan(SOCK)
    view = bench.weigh(84)
    assert view.verdict is not None
    assert view.verdict.words.key == "photo.missed"
    bench.say(p.TextEntered("measure_side", "0"))
    assert facts(bench)[0]["picture"] == ""


def test_a_photo_that_takes_long_is_waited_for_until_the_next_product() -> None:
    bench = camera_bench(Album())
    view = hold(bench, p.CodeScanned(MUG), bench.reading(0), bench.reading(310))
    assert todo(view) == "measure.todo.picture"
    assert facts(bench) == []
    bench.later.drain()
    assert [fact["picture"] for fact in facts(bench)] == ["ab" * 32]
    view = hold(bench, p.CodeScanned(MUG), bench.reading(0), bench.reading(311), sides())
    view = hold(bench, p.CodeScanned(SOCK))
    assert todo(view) == "measure.todo.weight"
    assert [fact["picture"] for fact in facts(bench)] == ["ab" * 32, ""]
    bench.later.drain()
    assert len(facts(bench)) == 2


def hold(bench: Bench, *happenings: p.Happening) -> StationView:
    """Let things happen while the camera takes its time."""
    for happening in happenings:
        bench.station.handle(happening)
    return bench.view


def test_a_bench_without_a_camera_takes_no_picture() -> None:
    none = NoPortraits()
    assert (none.ready, none.path("ab")) == (False, "")
    with pytest.raises(DeviceFaulty):
        none.take()


def test_only_a_lead_sees_the_key_that_forgets() -> None:
    bench = opened()
    assert [one.command for one in bench.view.commands] == ["back"]
    assert bench.desk.person is not None
    bench.desk.person = replace(bench.desk.person, role="lead")
    assert [one.command for one in bench.scan(MUG).commands] == ["forget", "back"]
