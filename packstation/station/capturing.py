"""A scanned item on its way to the journal: what is still to be known of it is asked for.

One thing at a time, by scan or by hand; the item waits on the desk until it is whole, and is
dropped with words when the packer goes back. Nothing of it is a fact before.
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from packstation.domain.catalog import Product
from packstation.domain.packing import State
from packstation.domain.packing import inputs as i
from packstation.domain.packing import item_inputs as ii
from packstation.domain.packing.facts import Fact, SessionHeld
from packstation.domain.packing.item_judge import codes_of, missing
from packstation.domain.packing.plan import Given
from packstation.domain.requirements import KINDS, SAME_FOR_A_LINE, check, of_scan
from packstation.station.core import Core
from packstation.station.pictures import product_view
from packstation.station.routing import Route, ToItem, ToNothing, ToWaybill
from packstation.station.scan_rules import twice_ms
from packstation.station.views import EntryView, VerdictView, Words

UNIT_DATA: Final = frozenset({"serial", "lot", "expiry"})
# Entries that this module opens and answers.
# A supervisor types the weight of a parcel in an entry of the plain name.
ENTRIES: Final = {kind: kind for kind in (*UNIT_DATA, *KINDS)} | {"weight": "unit_weight"}
ASKED: Final = frozenset(ENTRIES.values())
TWICE: Final = "twice"
# These are about people or about a stop; a release that was for another one is refused by itself.
_OF_A_RELEASE: Final = frozenset({"sign_in", "supervisor", "pin", "reason"})
GTIN_LENGTH: Final = 14


class Waiting(Struct, frozen=True):
    """An item that is not whole: what is asked for; ``doubted`` where the question is whether."""

    item: i.ItemScanned
    kind: str = ""


class LastScan(Struct, frozen=True):
    """The last item scan, and when (monotonic nanoseconds)."""

    code: str = ""
    at_ns: int = 0


class Capturing:
    """Takes items from scans and hands; submits each once it is whole."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._waiting: Waiting | None = None
        self._last = LastScan()

    @property
    def asks(self) -> bool:
        """Whether an item waits for an answer that stands on the stage."""
        entry = self._core.desk.entry
        if self._waiting is None or entry is None:
            return False
        return entry.kind in ASKED or entry.kind == TWICE

    def told(self, facts: tuple[Fact, ...]) -> None:
        """What stops the bench ends the question, and every other that would cover the stop."""
        desk = self._core.desk
        if self._waiting is not None and self._core.session.state is not State.SCANNING:
            self._waiting = None
        if any(isinstance(fact, SessionHeld) for fact in facts):
            desk.parking = False
            if desk.entry is not None and desk.entry.kind not in _OF_A_RELEASE:
                desk.entry = None

    def again(self) -> None:
        """What covered the question (a PIN, a reason, another person) is over: it stands again."""
        waiting, desk = self._waiting, self._core.desk
        if waiting is None or desk.entry is not None or desk.nobody:
            return
        if waiting.kind == TWICE:
            self._ask_twice(waiting.item)
        else:
            self._ask(waiting.item, waiting.kind)

    # --- an item comes --------------------------------------------------------------------

    def take(self, item: i.ItemScanned, at_ns: int = 0) -> None:
        """An item was scanned (``at_ns`` when, 0 not known) or picked by hand."""
        self._waiting = None
        gap_ms = self._gap_ms(item, at_ns)
        if gap_ms is not None:
            self._doubt(item, gap_ms)
        else:
            self._go_on(item)

    def _gap_ms(self, item: i.ItemScanned, at_ns: int) -> int | None:
        """Milliseconds since the same code, where no hand can have changed the thing."""
        core, last = self._core, self._last
        scanner = core.desk.scanner
        self._last = LastScan(item.code, at_ns)
        # A second scanner sees the same thing as well as the first one.
        same = item.code == last.code
        if not (same and at_ns and last.at_ns and item.code) or item.serial:
            return None
        gap_ms = (at_ns - last.at_ns) // 1_000_000
        line = core.session.line_of(item.sku)
        counts = line is not None and item.units <= line.due
        return gap_ms if counts and gap_ms < twice_ms(core, scanner) else None

    def _doubt(self, item: i.ItemScanned, gap_ms: int) -> None:
        self._waiting = Waiting(item, TWICE)
        self._core.submit(ii.DoubleScanSeen(sku=item.sku, code=item.code, after_ms=max(0, gap_ms)))
        self._ask_twice(item)

    def _ask_twice(self, item: i.ItemScanned) -> None:
        view = product_view(self._core, item.sku)
        answers = (("one", Words("entry.twice.one")), ("two", Words("entry.twice.two")))
        words = Words("entry.twice", (("name", view.name),))
        self._core.desk.entry = EntryView(TWICE, words, choices=answers, product=view)

    def _go_on(self, item: i.ItemScanned) -> None:
        """Ask for the next thing that is missing, or count the item."""
        item = self._with_marks(self._as_before(item))
        kind = missing(self._core.session, item) if self._scanning else ""
        if kind:
            self._ask(item, kind)
            return
        self._waiting = None
        codes = codes_of(item)
        seen = self._core.store.seen_elsewhere(codes, self._core.session_id) if codes else ""
        self._core.submit(replace(item, seen=seen.partition(":")[0]))

    @property
    def _scanning(self) -> bool:
        return self._core.session.state is State.SCANNING and not self._core.session.label_live

    def _as_before(self, item: i.ItemScanned) -> i.ItemScanned:
        """What is the same for all units of a line is asked of its first one only."""
        session = self._core.session
        line = session.line_of(item.sku)
        needs = line.plan.packed_as(item.sku).needs if line else ()
        given = {one.kind: one for one in item.given}
        for packed in session.packed:
            if line is None or (packed.line, packed.sku) != (line.plan.line, item.sku):
                continue
            known = (one for one in packed.given if one.kind in SAME_FOR_A_LINE)
            given |= {
                one.kind: Given(kind=one.kind, value=one.value, source=one.source)
                for one in known
                if one.kind in needs and one.kind not in given and one.status != "refused"
            }
        return replace(item, given=tuple(given.values()))

    def _with_marks(self, item: i.ItemScanned) -> i.ItemScanned:
        """The code that named the item may be its mark as well."""
        line = self._core.session.line_of(item.sku)
        needs = line.plan.packed_as(item.sku).needs if line else ()
        if "mark" not in needs or any(one.kind == "mark" for one in item.given):
            return item
        found = check("mark", item.code, self._gtins(item.sku))
        if found.problem:
            return item
        return replace(
            item, given=(*item.given, Given(kind="mark", value=found.value, source="device"))
        )

    # --- what is missing is asked for -------------------------------------------------------

    def _ask(self, item: i.ItemScanned, kind: str, problem: str = "") -> None:
        self._waiting = Waiting(item, kind)
        view = product_view(self._core, item.sku)
        self._core.desk.entry = EntryView(
            kind=ENTRIES[kind],
            words=Words(f"entry.{ENTRIES[kind]}"),
            value="" if problem else self._proposed(item, kind),
            problem=Words(problem) if problem else None,
            product=view,
        )

    def _proposed(self, item: i.ItemScanned, kind: str) -> str:
        """What the catalogue says, to be confirmed: the country of origin, the unit's weight."""
        product = self._product(item.sku)
        if product is None or kind not in {"country", "weight"}:
            return ""
        known = product.customs.origin if kind == "country" else product.weight_g
        return str(known or "")

    def typed(self, kind: str, value: str) -> None:
        """An entry of this module was answered by hand."""
        waiting = self._waiting
        if waiting is None:
            return
        if ENTRIES.get(waiting.kind, waiting.kind) != kind:
            self._ask(waiting.item, waiting.kind)
        elif kind == TWICE:
            self._settle(waiting.item, count=value == "two")
        else:
            self._answer(waiting.item, waiting.kind, value)

    def scanned(self, text: str, aim: str, way: Route) -> bool:
        """A code came while something is asked for; whether it was the answer to it."""
        waiting = self._waiting
        if waiting is None or not self.asks:
            return False
        if waiting.kind == TWICE:
            # The next thing is scanned: what was doubted is not counted.
            self.drop()
            return False
        self._answer(waiting.item, waiting.kind, text, aim, way)
        return True

    def _answer(
        self, item: i.ItemScanned, kind: str, text: str, aim: str = "", way: Route | None = None
    ) -> None:
        value = of_scan(kind, text, aim) if way is not None else text
        known = way is not None and not isinstance(way, ToNothing | ToWaybill)
        if known and value == text and kind != "mark":
            # A code of the catalogue, of a box or of an order is no serial number.
            key = "unit.is_item" if isinstance(way, ToItem) else "unit.is_other"
            self._ask(item, kind, key)
            return
        found = check(kind, value, self._gtins(item.sku))
        if found.problem:
            self._ask(item, kind, found.problem)
            return
        self._core.desk.entry = None
        self._go_on(_with(item, kind, found.value, typed=way is None))

    def _settle(self, item: i.ItemScanned, *, count: bool) -> None:
        """Whether there are two of them was answered."""
        if not count:
            self.drop()
            return
        self._core.desk.entry = None
        self._go_on(item)

    def drop(self) -> None:
        """The packer goes back: the item is not counted, and that is said."""
        waiting, self._waiting = self._waiting, None
        if waiting is None:
            return
        desk, view = self._core.desk, product_view(self._core, waiting.item.sku)
        desk.entry = None
        key = "item.counted_once" if waiting.kind == TWICE else "item.not_counted"
        desk.verdict = VerdictView("warn", Words(key, (("name", view.name),)), product=view)

    def _product(self, sku: str) -> Product | None:
        return self._core.desk.products.get(sku) or self._core.cache.product(sku)

    def _gtins(self, sku: str) -> tuple[str, ...]:
        product = self._product(sku)
        codes = (code.text for code in product.codes) if product else ()
        return tuple(code.zfill(GTIN_LENGTH) for code in codes if code.isdigit())


def _with(item: i.ItemScanned, kind: str, value: str, *, typed: bool) -> i.ItemScanned:
    if typed and kind in UNIT_DATA:
        item = replace(item, typed=(*item.typed, kind))
    match kind:
        case "serial":
            return replace(item, serial=value)
        case "lot":
            return replace(item, lot=value)
        case "expiry":
            return replace(item, expiry=value)
    source = "manual" if typed else "device"
    return replace(item, given=(*item.given, Given(kind=kind, value=value, source=source)))
