"""Weigh and measure: products without a weight or sides get them at the bench.

Scan the product, put it on the scale (several of a light one: the quantity command first), let
the dimensioner or the keys say its sides. What was open on the bench waits meanwhile.
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from packstation.domain.packing.weight_facts import UnitMeasured, WeightForgotten
from packstation.station import routing as r
from packstation.station.core import Core
from packstation.station.people import MAY_RELEASE
from packstation.station.pictures import product_view
from packstation.station.portraits import PortraitTaken, taking
from packstation.station.ports import ScaleRead, SizeMeasured, TextEntered
from packstation.station.views import EntryView, ListRow, ListView, VerdictView, Words
from packstation.station.weigh_gate import WeighGate

PAGE: Final = "measure"
SIDE: Final = "measure_side"
SIDES: Final = ("length", "width", "height")
LONGEST_MM: Final = 3000
SHOWN: Final = 4


class Measured(Struct, frozen=True):
    """What was found of the product that lies there; ``mg`` is one unit's."""

    sku: str = ""
    units: int = 1
    mg: int | None = None
    sides: tuple[int, ...] = ()
    last: tuple[UnitMeasured, ...] = ()
    # The photo of it: its hash, whether one is being taken, and what waits for it.
    picture: str = ""
    shooting: bool = False
    done: str | None = None


class Measuring:
    """The page, and what it takes of scanner, scale, dimensioner and keys."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._gate = WeighGate()
        self._now = Measured()

    @property
    def open(self) -> bool:
        """Whether the page is in sight."""
        return self._core.desk.page == PAGE and not self._core.desk.nobody

    def begin(self, _: str) -> None:
        """Open the page, or leave it."""
        desk = self._core.desk
        desk.page, desk.entry = ("" if desk.page == PAGE else PAGE), None
        self._now = Measured(last=self._now.last)

    def scanned(self, way: r.Route) -> bool:
        """A code while the page is open; False: it is not ours."""
        if not self.open or isinstance(way, r.ToCommand | r.ToPerson):
            return False
        if not isinstance(way, r.ToItem):
            self._core.refuse("measure.product", code_kind=way.kind)
            return True
        if self._now.done is not None:
            self._finish()
        units, self._core.desk.quantity = self._core.desk.quantity * way.units, 1
        self._now = Measured(sku=way.product.sku, units=units, last=self._now.last)
        self._core.desk.alert, self._core.desk.entry = None, None
        self._core.desk.earcon = "ok"
        self._gate.arm()
        return True

    def weighed(self, report: ScaleRead) -> bool:
        """A reading while the page is open; False: it is not ours."""
        if not self.open:
            return False
        desk, now = self._core.desk, self._now
        desk.reading, desk.reading_ns = report.reading, report.mono_ns
        self._core.weights.shown(report.reading)
        grams = self._gate.offer(report.reading)
        if grams is not None and now.sku and now.mg is None:
            self._now = replace(now, mg=max(1, round(grams * 1000 / now.units)))
            desk.earcon = "weight_taken"
            self._shoot()
            self._next()
        return True

    def sized(self, report: SizeMeasured) -> bool:
        """Sides while the page is open; False: they are not ours."""
        if not self.open:
            return False
        sides = report.reading.sides_mm
        if sides is None:
            self._core.refuse(f"size.{report.reading.state.lower()}", code_kind="size")
        elif self._now.mg is not None and self._now.done is None:
            self._now = replace(self._now, sides=tuple(sides))
            self._done("dimensioner")
        return True

    def entered(self, entry: TextEntered) -> bool:
        """A side was typed; 0 leaves the sides out."""
        if not self.open or entry.kind != SIDE:
            return False
        text = entry.value.strip()
        if text == "0":
            self._now = replace(self._now, sides=())
            self._done("")
        else:
            if text.isascii() and text.isdigit() and 1 <= int(text) <= LONGEST_MM:
                self._now = replace(self._now, sides=(*self._now.sides, int(text)))
            self._next()
        return True

    def _next(self) -> None:
        """Ask for the next side, or be done where the catalogue has them."""
        product = self._core.cache.product(self._now.sku)
        known = product is not None and all(
            (product.length_mm, product.width_mm, product.height_mm)
        )
        if known or len(self._now.sides) == len(SIDES):
            self._done("typed" if self._now.sides else "")
            return
        words = Words(f"entry.{SIDES[len(self._now.sides)]}")
        self._core.desk.entry = EntryView(kind=SIDE, words=words)

    def _shoot(self) -> None:
        """It lies on the scale and nobody touches it: that is its picture."""
        sku, portraits = self._now.sku, self._core.portraits
        if portraits.ready:
            self._now = replace(self._now, shooting=True)
            self._core.run(lambda: taking(portraits, sku), PortraitTaken(sku, cause="photo.failed"))

    def pictured(self, told: PortraitTaken) -> None:
        """The photo is kept, or there is none."""
        if told.sku != self._now.sku or not self._now.shooting:
            return
        self._now = replace(self._now, picture=told.sha256, shooting=False)
        if told.cause:
            desk = self._core.desk
            desk.verdict = VerdictView("warn", Words("photo.missed"), Words(told.cause))
        if self._now.done is not None:
            self._finish()

    def forget(self, _: str) -> None:
        """What was learned of the product is forgotten; only who may release may do that."""
        core, sku = self._core, self._now.sku
        person = core.desk.person
        if not self.open or not sku or not core.weights.known(sku).rests:
            core.refuse("forget.nothing", code_kind="command")
        elif person is None or person.role not in MAY_RELEASE:
            core.refuse("forget.role", code_kind="command")
        else:
            core.record(WeightForgotten(sku=sku, by=person.badge, reason="asked"))
            core.desk.verdict = VerdictView("ok", Words("measure.forgotten"))

    def _done(self, source: str) -> None:
        self._now = replace(self._now, done=source)
        self._core.desk.entry = None
        if not self._now.shooting:
            self._finish()

    def _finish(self) -> None:
        now, core = self._now, self._core
        fact = UnitMeasured(
            sku=now.sku,
            weight_mg=now.mg or 0,
            units=now.units,
            digit_mg=core.weights.digit.milligrams,
            size_mm=now.sides,
            source=now.done or "",
            picture=now.picture,
        )
        core.record(fact)
        core.desk.products.clear()
        core.desk.earcon = "line_complete"
        self._now = Measured(last=(fact, *now.last)[:SHOWN])

    # --- the page ------------------------------------------------------------------------------

    def view(self) -> ListView:
        """What to do now, and what was measured last."""
        now = self._now
        step = "item" if not now.sku else "weight" if now.mg is None else "sides"
        step = step if now.done is None else "picture"
        name = product_view(self._core, now.sku).name if now.sku else ""
        args = (("name", name), ("n", now.units))
        return ListView(
            name=PAGE,
            title=Words("measure.title"),
            todo=Words(f"measure.todo.{step}", args, now.units),
            rows=(*self._rows(name), *self._before()),
            empty=Words("measure.empty"),
        )

    def _rows(self, name: str) -> tuple[ListRow, ...]:
        now = self._now
        if not now.sku:
            return ()
        sku = Words("measure.sku", (("sku", now.sku),))
        rows = [ListRow(icon="box", text=name, detail=sku, note=self._known())]
        if now.mg is not None:
            said = Words("measure.unit_g", (("g", _grams(now.mg)),))
            rows.append(ListRow(icon="scale", words=said, tone="ok"))
        return tuple(rows)

    def _known(self) -> Words | None:
        """What is known of it so far, and what that rests on."""
        unit = self._core.weights.known(self._now.sku)
        grams = (("g", _grams(unit.mean_ug // 1000)), ("sd", _grams(unit.sd_ug // 1000)))
        if unit.source == "learned":
            told = (*grams, ("n", unit.parcels), ("t", unit.since[:10]))
            return Words("measure.known.learned", told, unit.parcels)
        if unit.source == "measured":
            return Words("measure.known.measured", (*grams, ("t", unit.since[:10])))
        return Words("measure.known.catalogue", grams) if unit.source == "catalogue" else None

    def _before(self) -> tuple[ListRow, ...]:
        if not self._now.last:
            return ()
        rows = [ListRow(words=Words("measure.last"), head=True)]
        for fact in self._now.last:
            said = Words("measure.unit_g", (("g", _grams(fact.weight_mg)),))
            sides = " × ".join(str(side) for side in fact.size_mm)
            note = Words("measure.sides", (("sides", sides),)) if sides else None
            text = product_view(self._core, fact.sku).name
            rows.append(ListRow(icon="check", text=text, detail=said, note=note, tone="ok"))
        return tuple(rows)


def _grams(mg: int) -> str:
    """Tenths where they say something."""
    return f"{mg / 1000:.1f}".removesuffix(".0")
