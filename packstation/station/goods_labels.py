"""Labels for goods from the queue screen: product, lot and date, logistic unit, insert card.

A scan or a typed SKU says of what, digits and ``*`` how many, Enter prints. They ship nothing,
so no parcel waits for them; an SSCC is burned before its label is drawn and never given again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from packstation.domain import item_labels as goods
from packstation.domain.catalog import Product
from packstation.domain.errors import PackstationError
from packstation.domain.item_labels import ItemLabel, LabelKind
from packstation.domain.packing.facts import Fact, PoolLeased
from packstation.domain.packing.product_facts import ProductLabelsPrinted, SsccAssigned
from packstation.domain.packing_rules import Material
from packstation.station.core import Core
from packstation.station.own_views import GoodsLabelView, OptionView
from packstation.station.pictures import language, product_view
from packstation.station.ports import ChoiceMade, DocumentMaker, Happening, Printer, PrintJob
from packstation.station.routing import Route, ToItem
from packstation.station.views import EntryView, Words

PAGE: Final = "goods-labels"
ASKS: Final = ("sku", "lot", "expiry")
# How many serial references a bench asks its server for at a time.
LEASE: Final = 100
# More than lie on any one sheet need not be drawn for a look.
SHOWN: Final = 12


class GoodsMade(Happening, frozen=True):
    """Labels are drawn: their bytes, or the message key of why not."""

    job: str
    printer: str
    made: PrintJob | None
    problem: str = "labels.bad.draw"


class GoodsSeen(Happening, frozen=True):
    """What would be printed, as a picture; empty where it cannot be drawn."""

    of: tuple[ItemLabel, ...]
    preview: bytes = b""


class Sheet(Struct, frozen=True):
    """What is asked for on the page."""

    kind: LabelKind = "product"
    product: Product | None = None
    units: int = 1
    card: str = ""
    lot: str = ""
    expiry: str = ""
    copies: int = 1
    state: str = "empty"
    job: str = ""
    problem: str = ""


class GoodsLabels:
    """The page, its printing, and the numbers of units."""

    def __init__(
        self, core: Core, documents: DocumentMaker, printers: Mapping[str, Printer]
    ) -> None:
        """``printers`` may be filled later: devices open after the bench."""
        self._core, self._documents, self._printers = core, documents, printers
        self._sheet = Sheet()
        self._asked: tuple[ItemLabel, ...] = ()
        self._seen = GoodsSeen(())
        self.numbers = goods.SsccPool()
        self._type: Mapping[str, Callable[[str], None]] = {
            "goods-sku": self._sku,
            "goods-lot": self._lot,
            "goods-expiry": self._expiry,
        }

    def recover(self) -> None:
        """Which numbers of units were given."""
        kinds = [PoolLeased.__name__, SsccAssigned.__name__]
        self.numbers.apply_all(self._core.facts_of(kinds))

    def told(self, facts: tuple[Fact, ...]) -> None:
        """New leases, burned numbers."""
        self.numbers.apply_all(facts)

    # --- the page -----------------------------------------------------------------------

    def open(self, argument: str) -> None:
        """The page; ``argument`` a kind, or a SKU."""
        desk = self._core.desk
        if argument in goods.KINDS:
            self._kind(argument)
        elif argument:
            self._sku(argument)
        elif desk.page == PAGE:
            desk.page = ""
            return
        else:
            self._sheet = Sheet()
        desk.page = PAGE

    @property
    def _here(self) -> bool:
        return self._core.desk.page == PAGE

    def choice(self, choice: ChoiceMade) -> bool:
        """1-4: the kind; the kind of cards again: the next card."""
        if not self._here:
            return False
        named = choice.value if choice.value in goods.KINDS else ""
        self._kind(named or "".join(goods.KINDS[choice.index : choice.index + 1]))
        return True

    def next_kind(self, _: str) -> None:
        """F3: the kind after this one."""
        place = goods.KINDS.index(self._sheet.kind) + 1
        if self._here:
            self._kind(goods.KINDS[place % len(goods.KINDS)])

    def _kind(self, kind: str) -> None:
        found = next((one for one in goods.KINDS if one == kind), None)
        if found is None:
            return
        again = found == "insert" == self._sheet.kind
        card = self._next_card() if again or found == "insert" else ""
        self._change(kind=found, card=card)
        if found == "sscc" and not self.numbers.left(self._core.today()):
            self._core.sync.want_numbers(*goods.POOL, LEASE, self.numbers.newest())

    def _cards(self) -> list[str]:
        return [one.code for one in self._core.cache.packing_rules().materials if one.prints]

    def _next_card(self) -> str:
        cards = self._cards()
        if not cards:
            return ""
        place = cards.index(self._sheet.card) + 1 if self._sheet.card in cards else 0
        return cards[place % len(cards)]

    def scanned(self, way: Route) -> bool:
        """A product's code fills the page; whether it was taken."""
        if not self._here or not isinstance(way, ToItem):
            return False
        self._change(product=way.product, units=way.units, lot=way.lot, expiry=way.expiry)
        self._core.desk.earcon = "ok"
        return True

    def quantity(self, argument: str) -> bool:
        """Digits and ``*``: copies, up to the most of one job."""
        if not self._here or not argument:
            return False
        wanted = int(argument)
        self._change(copies=max(1, min(wanted, goods.MOST_COPIES)))
        if wanted > goods.MOST_COPIES:
            self._sheet = replace(self._sheet, problem="labels.bad.many")
        return True

    def ask(self) -> bool:
        """F2: what is missing, else the SKU."""
        if not self._here:
            return False
        wanted = self._missing() or "sku"
        kind = f"goods-{wanted if wanted in ASKS else 'sku'}"
        self._core.desk.entry = EntryView(kind=kind, words=Words(f"labels.ask.{wanted}"))
        return True

    def entered(self, kind: str, value: str) -> bool:
        """A typed SKU or code, lot, or date."""
        take = self._type.get(kind)
        if take is None or not self._here:
            return False
        take(value)
        return True

    def _sku(self, value: str) -> None:
        product = self._core.cache.product(value)
        hit = self._core.cache.product_of_code(value) if product is None else (product, 1)
        if hit is None:
            self._sheet = replace(self._sheet, problem="labels.bad.sku")
            return
        self._change(product=hit[0], units=hit[1])

    def _lot(self, value: str) -> None:
        problem = goods.lot_problem(value)
        if problem:
            self._sheet = replace(self._sheet, problem=problem)
        else:
            self._change(lot=value)

    def _expiry(self, value: str) -> None:
        digits = "".join(char for char in value if char.isascii() and char.isdigit())
        iso = f"{digits[:4]}-{digits[4:6]}-{digits[6:]}" if len(digits) == 8 else value
        problem = goods.expiry_problem(iso, self._core.today())
        if problem:
            self._sheet = replace(self._sheet, problem=problem)
        else:
            self._change(expiry=iso)

    def _change(self, **changes: object) -> None:
        self._sheet = replace(self._sheet, state="empty", problem="", **changes)

    def _missing(self) -> str:
        """What is to be given before anything can be printed; "" for nothing."""
        sheet = self._sheet
        if sheet.kind == "sscc":
            if not self._prefix():
                return "prefix"
            return "" if self.numbers.left(self._core.today()) >= sheet.copies else "numbers"
        if sheet.kind == "insert":
            return "" if sheet.card else "card"
        if sheet.product is None:
            return "sku"
        if sheet.kind == "lot":
            if goods.symbol_of(self._code()) == "code128":
                return "gtin"
            return "" if sheet.lot else "lot"
        return ""

    def _prefix(self) -> str:
        return str(self._core.cache.site().get("sscc_prefix") or "")

    def _code(self) -> str:
        sheet = self._sheet
        return goods.code_of(sheet.product, sheet.units) if sheet.product else ""

    # --- printing -----------------------------------------------------------------------

    def accept(self) -> bool:
        """Enter: prints, or asks for what is missing."""
        if not self._here:
            return False
        missing = self._missing()
        if missing in ASKS:
            self.ask()
        elif missing:
            self._core.refuse(f"labels.{missing}", code_kind="labels")
        else:
            self._print(self._labels())
        return True

    def card(self, material: Material) -> None:
        """An insert that a rule asks for comes out by itself, once."""
        self._print((self._insert(material, 1),))

    def _labels(self, *, burn: bool = True) -> tuple[ItemLabel, ...]:
        """What Enter prints; numbers of units are given away only where it does ``burn`` them."""
        sheet, core = self._sheet, self._core
        if sheet.kind == "sscc":
            burned = self.numbers.take(self._prefix(), sheet.copies, core.today())
            if burn:
                core.record(*burned)
            name = str(core.cache.site().get("name") or core.cache.site().get("code") or "")
            return tuple(
                ItemLabel(kind="sscc", data=f"00{fact.sscc}", name=name) for fact in burned
            )
        if sheet.kind == "insert":
            cards = core.cache.packing_rules().materials
            found = [one for one in cards if one.code == sheet.card]
            return tuple(self._insert(one, sheet.copies) for one in found)
        code, product = self._code(), sheet.product
        name = product.name(language(core)) if product else ""
        label = ItemLabel(
            kind=sheet.kind,
            symbol=goods.symbol_of(code),
            data=code,
            sku=product.sku if product else "",
            name=name.replace(" · ", " "),
            lot=sheet.lot if sheet.kind == "lot" else "",
            expiry=sheet.expiry if sheet.kind == "lot" else "",
            copies=sheet.copies,
        )
        if sheet.kind == "lot":
            label = replace(label, data=goods.elements(code, sheet.lot, sheet.expiry))
        return (label,)

    def _insert(self, material: Material, copies: int) -> ItemLabel:
        short = language(self._core).split("_", maxsplit=1)[0]
        return ItemLabel(
            kind="insert",
            sku=material.code,
            name=_said(material.names, short) or material.code,
            text=_said(material.text, short),
            copies=copies,
        )

    def _print(self, labels: tuple[ItemLabel, ...]) -> None:
        core, maker = self._core, self._documents
        if core.desk.training:
            labels = tuple(goods.marked(label) for label in labels)
        target = core.desk.printing.target("label")
        if target is None or target.id not in self._printers or not labels:
            core.refuse("print.no_printer", code_kind="printer")
            return
        job, first = f"goods/{core.ids.new()}", labels[0]
        core.record(
            ProductLabelsPrinted(
                kind=first.kind,
                job=job,
                printer=target.id,
                copies=sum(label.copies for label in labels),
                sku=first.sku,
                code=first.data,
                lot=first.lot,
                expiry=first.expiry,
            )
        )
        self._sheet = replace(self._sheet, state="printing", job=job, problem="")
        words, stock, printer = language(core), target.stock, target.id

        def work() -> Happening:
            try:
                made = maker.goods(labels, words, stock)
            except PackstationError as exc:
                return GoodsMade(job, printer, None, exc.key)
            return GoodsMade(job, printer, replace(made, job=job))

        core.run(work, GoodsMade(job, printer, None))

    def made(self, done: GoodsMade) -> None:
        """Bytes are here."""
        printer = self._printers.get(done.printer)
        if done.made is None or printer is None:
            self._settle(done.job, "failed", done.problem)
            self._core.refuse("labels.failed", code_kind="labels")
            return
        printer.submit(done.made)
        self._settle(done.job, "sent", "")

    def look(self) -> None:
        """Draw what would be printed now, once for each change; nothing while it is incomplete."""
        core, maker = self._core, self._documents
        target = core.desk.printing.target("label") if self._here else None
        if target is None or self._missing():
            return
        first = self._labels(burn=False)[:1]
        labels = tuple(replace(one, copies=min(one.copies, SHOWN)) for one in first)
        if not labels or labels == self._asked:
            return
        self._asked, words, stock = labels, language(core), target.stock
        core.run(
            lambda: GoodsSeen(labels, maker.goods_preview(labels, words, stock)), GoodsSeen(labels)
        )

    def seen(self, done: GoodsSeen) -> None:
        """It is shown if it is still what would be printed."""
        if done.of == self._asked:
            self._seen = done

    def _settle(self, job: str, state: str, problem: str) -> None:
        if job == self._sheet.job:
            self._sheet = replace(self._sheet, state=state, problem=problem)

    # --- what is seen -------------------------------------------------------------------

    def view(self) -> GoodsLabelView:
        """The page."""
        core, sheet, missing = self._core, self._sheet, self._missing()
        shown = product_view(core, sheet.product.sku) if sheet.product else None
        wants_product = sheet.kind in {"product", "lot"}
        target = core.desk.printing.target("label")
        state = "ready" if sheet.state == "empty" and not missing else sheet.state
        return GoodsLabelView(
            kind=sheet.kind,
            kinds=tuple(OptionView(kind, Words(f"labels.kind.{kind}")) for kind in goods.KINDS),
            name=shown.name if shown and wants_product else self._title(),
            sku=shown.sku if shown and wants_product else sheet.card,
            image=shown.image if shown and wants_product else "",
            copies=sheet.copies,
            facts=self._facts(),
            missing=Words(f"labels.ask.{missing}") if missing else None,
            problem=Words(sheet.problem) if sheet.problem else None,
            printer=core.desk.device_name(target.id) if target else "",
            state=state,
            preview=self._seen.preview if self._seen.of and not missing else b"",
        )

    def _title(self) -> str:
        cards = {one.code: one for one in self._core.cache.packing_rules().materials}
        card = cards.get(self._sheet.card) if self._sheet.kind == "insert" else None
        short = language(self._core).split("_", maxsplit=1)[0]
        return _said(card.names, short) or card.code if card else ""

    def _facts(self) -> tuple[tuple[Words, str], ...]:
        sheet = self._sheet
        if sheet.kind == "sscc":
            left = str(self.numbers.left(self._core.today()))
            return ((Words("labels.prefix"), self._prefix()), (Words("labels.left"), left))
        if sheet.product is None or sheet.kind == "insert":
            return ()
        code = ((Words("labels.code"), self._code()), (Words("labels.units"), str(sheet.units)))
        if sheet.kind == "product":
            return code
        return (
            *code,
            (Words("label.lot"), sheet.lot or "—"),
            (Words("label.expiry"), sheet.expiry or "—"),
        )


def _said(texts: Mapping[str, str], short: str) -> str:
    """In a language, else English, else any."""
    return texts.get(short) or texts.get("en") or next(iter(texts.values()), "")
