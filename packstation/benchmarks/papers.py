"""What customs cost a parcel: all rules over its order, and its papers as PDF.

An order of twenty lines, all of them different. Each turn checks an order that nobody has seen:
other goods, words, prices, another buyer (``p50_ms``, held against the goal); by turns with it the
same order over and over, as from its opening to its close (``same_p50_ms``), and as the first of
the day, by rules that were only just read (``first_ms``). The check's reference reads the order
from its bytes (json.loads and the typed decoder). The papers are CN 23 (A4), invoice and
packing list for three languages; their reference draws the invoice's words on two pages with
ReportLab alone, its own fonts (loaded before, as ours) and ``drawString``.
"""

from __future__ import annotations

import copy
import gc
import io
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from time import perf_counter_ns, thread_time_ns
from typing import Any, Final

import msgspec
from msgspec import Struct, field

from packstation.assets import resource
from packstation.benchmarks.figures import Result, median, percentile
from packstation.customs.packs import read_folder
from packstation.customs.tables import Tables
from packstation.documents.fonts import Fonts
from packstation.documents.label.orders import parcels_of
from packstation.documents.papers.making import PaperAsked, make_paper, paper_pages
from packstation.domain.customs.checking import check
from packstation.domain.labels import Label, Text, media
from packstation.domain.orders import Order

LINES: Final = 20
LANGUAGES: Final = ("en", "zh", "ru")
KINDS: Final = ("cn23", "invoice", "packing-list")
TURNS: Final = 40
CHECKS: Final = 200
# Rules read anew, for the first order of a day.
FIRST: Final = 5
GOAL_CHECK_MS: Final = 5.0
GOAL_RATIO: Final = 3.0
GOAL_KIB: Final = 60.0
_POINTS_PER_MM: Final = 72 / 25.4


def raw_order(lines: int = LINES, other: int = 0) -> dict[str, Any]:
    """An order that no rule stops, with so many lines of different goods; ``other``: which one.

    Two others have no SKU, description, name or price in common, and another buyer.
    """
    whole: dict[str, Any] = json.loads(
        resource("customs", "examples", "base.json").read_text("utf-8")
    )
    product, line = whole["products"][0], whole["lines"][0]
    whole["products"], whole["lines"] = [], []
    first = 1 + other * lines
    price = {"amount": str(Decimal("59.90") + Decimal(other % 100) / 100), "currency": "CNY"}
    for at, number in enumerate(range(first, first + lines), 1):
        one = copy.deepcopy(product)
        one["sku"] = f"TS-{number:03}"
        one["codes"] = [{"text": one["sku"], "units": 1}]
        if other:
            one["names"] = {name: f"{text} {number}" for name, text in one["names"].items()}
        one["customs"]["description"] = f"men's knitted T-shirt, 100% cotton, pattern {number}"
        one["customs"]["descriptions"] = {
            "zh": f"男式针织T恤，100%棉，图案{number}",
            "ru": f"футболка мужская трикотажная, хлопок 100%, рисунок {number}",
        }
        one["customs"]["unit_value"] = price
        whole["products"].append(one)
        more = {"line": at, "sku": one["sku"], "quantity": 1, "unit_price": price}
        whole["lines"].append({**line, **more})
    parcel = whole["parcels"][0]
    parcel["contents"] = [{"line": at, "quantity": 1} for at in range(1, lines + 1)]
    parcel["gross_g"] = 180 * lines + 95
    total = {"amount": str(Decimal(price["amount"]) * lines), "currency": "CNY"}
    whole["declared_total"] = whole["payment"]["total"] = total
    scanned = [{"sku": one["sku"], "quantity": 1} for one in whole["lines"]]
    whole["bench"] = {**whole["bench"], "scanned": scanned}
    if other:
        _of_another(whole, other)
    return whole


def _of_another(whole: dict[str, Any], other: int) -> None:
    """Number, buyer, sender's words and waybill of another order."""
    to = whole["ship_to"]
    letters = "".join(chr(ord("a") + int(one)) for one in str(other))
    whole["order_id"], whole["invoice"]["no"] = f"W-2026-{other}", f"INV-2026-{other}"
    to["name"], to["lines"] = f"Anna Schmidt-{letters.title()}", [f"Torstrasse {other}"]
    to["phone"], to["email"] = f"+4930{9_018_200 + other}", f"anna.{letters}@example.com"
    whole["ship_from"]["lines"] = [f"No. {other} Jichang Road"]


def measure(*, quick: bool = False) -> list[Result]:
    """A row for the check, a row for the papers."""
    raw = raw_order()
    gc.collect()
    gc.disable()
    try:
        return [_check(raw, 3 if quick else CHECKS), _papers(raw, 2 if quick else TURNS)]
    finally:
        gc.enable()


def _check(raw: dict[str, Any], turns: int) -> Result:
    pack, tables = read_folder(resource("customs")), Tables()
    now = datetime(2026, 11, 22, 9, tzinfo=UTC)
    first, taken, same, bare = _Times(), _Times(), _Times(), _Times()
    for _ in range(FIRST):
        fresh = read_folder(resource("customs"))
        first.take(lambda fresh=fresh: check(raw, fresh, tables, now))  # type: ignore[misc]
    found = check(raw, pack, tables, now)
    encoded = json.dumps(raw).encode()

    def read() -> None:
        json.loads(encoded)
        msgspec.json.decode(encoded, type=Order)

    for other in range(1, turns + 1):
        unseen = raw_order(other=other)
        taken.take(lambda unseen=unseen: check(unseen, pack, tables, now))  # type: ignore[misc]
        same.take(lambda: check(raw, pack, tables, now))
        bare.take(read)
    again = {f"same_{name}": figure for name, figure in same.figures().items()}
    return Result(
        name="papers, check of an order",
        figures={**taken.figures(), **again, "first_ms": _ms(median(first.clock))},
        reference=bare.figures(),
        ratio=round(median(taken.clock) / median(bare.clock), 2),
        goal={"p50_ms": GOAL_CHECK_MS},
        note="all rules over an order not seen before; reference: json.loads and msgspec of one",
        shape={"lines": LINES, "rules": len(pack.rules), "findings": len(found.findings)},
    )


def _papers(raw: dict[str, Any], turns: int) -> Result:
    fonts = Fonts(resource("fonts"))
    order = msgspec.convert(raw, Order)
    parcels = tuple(parcels_of(order, on="2026-11-22"))
    asked = {
        language: [PaperAsked(kind, parcels, media("a4", 300), language=language) for kind in KINDS]
        for language in LANGUAGES
    }
    pages = {language: paper_pages(asked[language][1], fonts)[:2] for language in LANGUAGES}
    made: dict[str, int] = {}
    taken, bare = _Times(), _Times()
    for language in LANGUAGES:
        for one in asked[language]:
            made[f"{one.kind}-{language}"] = len(make_paper(one, fonts))
        plain = _Plain(fonts, pages[language])
        plain.draw()
        _by_turns(
            lambda language=language: [make_paper(one, fonts) for one in asked[language]],  # type: ignore[misc]
            plain.draw,
            turns,
            (taken, bare),
        )
    largest = max(made.values()) / 1024
    return Result(
        name="papers, CN 23 + invoice + packing list",
        figures={**taken.figures(), "largest_kib": round(largest, 1)},
        reference=bare.figures(),
        ratio=round(median(taken.clock) / median(bare.clock), 2),
        goal={"ratio": GOAL_RATIO, "largest_kib": GOAL_KIB},
        note="reference: two pages with the invoice's words by ReportLab alone",
        shape={"lines": LINES, "bytes": made, **_looked_at(asked, fonts)},
    )


class _Times(Struct):
    """Nanoseconds of each turn: on the clock, and of the processor without other programs."""

    clock: list[int] = field(default_factory=list)
    processor: list[int] = field(default_factory=list)

    def take(self, work: Callable[[], object]) -> None:
        """Do it once."""
        begun, used = perf_counter_ns(), thread_time_ns()
        work()
        self.processor.append(thread_time_ns() - used)
        self.clock.append(perf_counter_ns() - begun)

    def figures(self) -> dict[str, float]:
        """In milliseconds."""
        return {
            "p50_ms": _ms(median(self.clock)),
            "p99_ms": _ms(percentile(self.clock, 0.99)),
            "cpu_p50_ms": _ms(median(self.processor)),
        }


def _by_turns(
    ours: Callable[[], object],
    theirs: Callable[[], object],
    turns: int,
    into: tuple[_Times, _Times],
) -> None:
    """One after the other, so that both have the same machine."""
    for _ in range(turns):
        for times, work in zip(into, (ours, theirs), strict=True):
            times.take(work)


def _looked_at(asked: dict[str, list[PaperAsked]], fonts: Fonts) -> dict[str, int]:
    """Fonts that are not embedded, and descriptions that cannot be copied out: both are to be 0."""
    import pypdfium2
    from pypdfium2 import raw

    loose = lost = 0
    for papers in asked.values():
        for one in papers:
            with pypdfium2.PdfDocument(make_paper(one, fonts)) as document:
                pages = [document[at] for at in range(len(document))]
                said = "".join(
                    "".join(page.get_textpage().get_text_range().split()) for page in pages
                )
                for page in pages:
                    for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT]):
                        font = raw.FPDFTextObj_GetFont(item)
                        loose += raw.FPDFFont_GetIsEmbedded(font) != 1
                if one.kind != "cn23":
                    lost += sum(
                        "".join(product.customs.description.split()) not in said
                        for product in one.parcel.products.values()
                    )
    return {"fonts_not_embedded": loose, "descriptions_lost": lost}


class _Plain:
    """Two pages of the same words, as a script with ReportLab would draw them."""

    def __init__(self, fonts: Fonts, pages: Sequence[Label]) -> None:
        from reportlab.pdfbase import pdfmetrics
        from reportlab.pdfbase.ttfonts import TTFont

        self._words = [
            [
                (file, piece, text.size, text.x, text.baseline(at))
                for text in page.elements
                if isinstance(text, Text)
                for at, line in enumerate(text.lines)
                for file, piece in fonts.runs(line, bold=text.bold)
            ]
            for page in pages
        ]
        for file in {word[0] for words in self._words for word in words}:
            pdfmetrics.registerFont(TTFont(file, str(fonts.folder / file)))

    def draw(self) -> bytes:
        """The pages as PDF."""
        from reportlab.pdfgen.canvas import Canvas

        target = io.BytesIO()
        canvas = Canvas(target, pagesize=(595.28, 841.89), pageCompression=1)
        for words in self._words:
            for file, piece, size, x, y in words:
                canvas.setFont(file, size * _POINTS_PER_MM)
                canvas.drawString(x * _POINTS_PER_MM, 841.89 - y * _POINTS_PER_MM, piece)
            canvas.showPage()
        canvas.save()
        return target.getvalue()


def _ms(nanoseconds: float) -> float:
    return round(nanoseconds / 1e6, 3)
