"""Papers of a hand-over: the list that the driver signs, and the label of a bag or pallet.

A list names every parcel once, in the order it was loaded, with what the carrier has to do for
it. A signature that was drawn on the screen stands on it as it was drawn; without one there is a
line for a pen.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from packstation.documents.fonts import Fonts
from packstation.documents.layout import Box, Sheet, Style
from packstation.documents.papers.tables import (
    FOOT,
    SIDE,
    TOP,
    Cell,
    Column,
    Pages,
    Row,
    Table,
)
from packstation.domain.handover.codes import is_sscc
from packstation.domain.handover.papers import ListedParcel, ManifestPaper, UnitPaper
from packstation.domain.handover.signature import Signature
from packstation.domain.labels import LEADING, Align, Image, Label, Media

Say = Callable[..., str]

CAPTION: Final = Style((2.15, 2.0, 1.85, 1.7))
VALUE: Final = Style((3.3, 3.0, 2.7, 2.4, 2.12), bold=True)
BODY: Final = Style((2.75, 2.5, 2.3, 2.12))
TITLE: Final = Style((7.4, 6.4, 5.6, 4.8, 4.0, 3.4), bold=True)
_SMALL: Final = Style((2.3, 2.12))
_CODE: Final = Style((3.0, 2.7, 2.4, 2.12), align="center")
# Narrower paper, a roll of labels, has room for number, waybill and weight alone.
_WIDE_MM: Final = 150.0
_MODULE_MM: Final = 0.38
_TERM_HIGH: Final = 9.6
# Columns of the list and their shares of its width.
_COLUMNS: Final[Mapping[str, float]] = {
    "no": 8.0,
    "waybill": 34.0,
    "order": 32.0,
    "country": 10.0,
    "unit": 32.0,
    "weight": 20.0,
    "options": 44.0,
}
_FEW: Final[Mapping[str, float]] = {"no": 8.0, "waybill": 40.0, "weight": 20.0}
SIGN_HIGH: Final = 42.0
_INK_DOTS: Final = 4
_DOTS_PER_MM: Final = 300 / 25.4


def manifest_pages(paper: ManifestPaper, media: Media, say: Say, fonts: Fonts) -> Sequence[Label]:
    """The pages of a list.

    Raises DocumentError naming the field that does not fit or has no glyph.
    """
    return _Manifest(paper, media, say, fonts).labels()


def kilograms(grams: int) -> str:
    """Grams as kilograms with three decimals, exactly."""
    return f"{grams // 1000}.{grams % 1000:03d} kg"


class _Manifest:
    """One list while it is laid out."""

    def __init__(self, paper: ManifestPaper, media: Media, say: Say, fonts: Fonts) -> None:
        self._paper, self._say = paper, say
        self._wide = media.width_mm >= _WIDE_MM
        self._pages = Pages(media, fonts, self._first, self._further)

    def labels(self) -> Sequence[Label]:
        """All pages."""
        paper, pages = self._paper, self._pages
        if paper.units:
            self._bags()
        left = f"{self._word('left', len(paper.missing))}: {', '.join(paper.missing)}"
        after = SIGN_HIGH + 4.0 + (14.0 if paper.missing else 0.0)
        Table(pages, self._columns(), None).draw(self._rows(), after)
        pages.need(after)
        pages.y += 3.0
        if paper.missing:
            pages.y += pages.sheet.text("missing", pages.box(12.0), left, BODY) + 2.0
        self._signed()
        return pages.labels(self._foot)

    def _word(self, key: str, *n: int, **args: str | int) -> str:
        return self._say(f"manifest.{key}", *n, **args)

    # --- head ---------------------------------------------------------------------------

    def _first(self, sheet: Sheet) -> float:
        paper = self._paper
        box = Box(SIDE, TOP, sheet.media.width_mm - 2 * SIDE, 21.0 if self._wide else 42.0)
        beside = box.split(108, 72)
        left, right = beside if self._wide else (box, Box(box.x, TOP + 21.0, box.width, 21.0))
        room = left.width - 4
        used = sheet.text("title", Box(left.x, left.y, room, 9.0), self._word("title"), TITLE)
        name = Box(left.x, left.y + used + 0.6, room, 6.0)
        used += 0.6 + sheet.text("service", name, paper.service, VALUE)
        if paper.training:
            mark = Box(left.x, left.y + used + 0.4, room, 4.6)
            sheet.text("training", mark, self._word("training"), VALUE)
        sheet.linear("code", Box(right.x, right.y, right.width, 14.0), paper.code, most=_MODULE_MM)
        sheet.text("code", Box(right.x, right.y + 14.8, right.width, 4.2), paper.code, _CODE)
        y = box.bottom + 0.6
        sheet.across(box, y, 0.6)
        y = self._terms(sheet, y + 0.6)
        if paper.sender:
            at = Box(SIDE, y, box.width, 4.0)
            y += sheet.text("sender", at, ", ".join(paper.sender), BODY) + 2.4
        return y

    def _terms(self, sheet: Sheet, y: float) -> float:
        """Captions with their values, four in a row; what is not known is left out."""
        paper = self._paper
        given = [
            ("carrier", paper.carrier),
            ("day", paper.day),
            ("cutoff", paper.cutoff),
            ("mode", paper.mode),
            ("parcels", str(len(paper.parcels))),
            ("units", str(len(paper.units)) if paper.units else ""),
            ("weight", kilograms(paper.gross_g)),
            ("site", " · ".join(part for part in (paper.site, paper.bench) if part)),
        ]
        known = [one for one in given if one[1]]
        columns = 4 if self._wide else 2
        for row in range(0, len(known), columns):
            box = Box(SIDE, y + 1.4, sheet.media.width_mm - 2 * SIDE, _TERM_HIGH)
            cells = zip(box.split(*[1] * columns), known[row : row + columns], strict=False)
            for cell, (key, value) in cells:
                wide = cell.width - 2.5
                caption = Box(cell.x, cell.y, wide, 2.9)
                used = sheet.text("caption", caption, self._word(key), CAPTION) + 0.3
                room = Box(cell.x, cell.y + used, wide, _TERM_HIGH - used)
                sheet.text(key, room, value, VALUE)
            y += _TERM_HIGH
        return y + 1.6

    def _further(self, sheet: Sheet) -> float:
        """One line at the top of the pages after the first."""
        box = Box(SIDE, TOP, sheet.media.width_mm - 2 * SIDE, 5.0)
        left, right = box.split(3, 2)
        sheet.text("title", left, f"{self._word('title')} · {self._paper.service}", BODY)
        sheet.text("code", right, self._paper.code, Style(BODY.sizes, align="right"))
        return TOP + 7.0

    def _foot(self, sheet: Sheet, page: int, count: int) -> None:
        y = sheet.media.height_mm - FOOT + 5.0
        box = Box(SIDE, y + 1.2, sheet.media.width_mm - 2 * SIDE, 4.0)
        sheet.across(box, y, 0.12)
        left, right = box.split(3, 1)
        sheet.text("foot", left, self._paper.code, _SMALL)
        shown = f"{self._word('page')} {page} / {count}"
        sheet.text("page", right, shown, Style(_SMALL.sizes, align="right"))

    # --- tables -------------------------------------------------------------------------

    def _bags(self) -> None:
        """Bags and pallets before the parcels: that is what the driver counts."""
        pages = self._pages
        shares = (30.0, 14.0, 10.0, 14.0, 14.0) if self._wide else (34.0, 18.0, 10.0, 18.0, 18.0)
        keys = ("unit", "kind", "count", "expected", "weighed")
        ends: tuple[Align, ...] = ("left", "left", "right", "right", "right")
        columns = [
            Column((self._word(f"column.{key}"),), share, end)
            for key, share, end in zip(keys, shares, ends, strict=True)
        ]
        rows = [
            Row(
                (
                    Cell("unit", unit.code, bold=True),
                    Cell("kind", self._word(f"kind.{unit.kind}")),
                    Cell("count", str(unit.count)),
                    Cell("expected", kilograms(unit.expected_g) if unit.expected_g else "—"),
                    Cell("weighed", kilograms(unit.gross_g) if unit.gross_g else "—"),
                )
            )
            for unit in self._paper.units
        ]
        Table(pages, columns, None).draw(rows)
        pages.y += 4.0

    def _columns(self) -> list[Column]:
        widths = _COLUMNS if self._wide else _FEW
        ends: dict[str, Align] = {"no": "right", "weight": "right"}
        return [
            Column((self._word(f"column.{key}"),), share, ends.get(key, "left"))
            for key, share in widths.items()
        ]

    def _rows(self) -> list[Row]:
        return [self._row(number, one) for number, one in enumerate(self._paper.parcels, start=1)]

    def _row(self, number: int, one: ListedParcel) -> Row:
        first = (Cell("number", str(number)), Cell("waybill", one.waybill, bold=True))
        weight = Cell("weight", kilograms(one.gross_g) if one.gross_g else "—")
        if not self._wide:
            return Row((*first, weight))
        return Row(
            (
                *first,
                Cell("order_id", one.order_id),
                Cell("country", one.country),
                Cell("unit", one.unit),
                weight,
                Cell("options", ", ".join(self._option(name) for name in one.options)),
            )
        )

    def _option(self, name: str) -> str:
        kind, _, rest = name.partition(" ")
        return f"{self._word(f'option.{kind}')} {rest}".strip()

    # --- signatures ---------------------------------------------------------------------

    def _signed(self) -> None:
        """Who hands over at the left, the driver at the right; nobody signs for another."""
        paper, pages = self._paper, self._pages
        sheet, box = pages.sheet, pages.box(SIGN_HIGH)
        said = self._word(
            "taken",
            len(paper.parcels),
            units=len(paper.units),
            kg=kilograms(paper.gross_g).removesuffix(" kg"),
        )
        used = sheet.text("statement", Box(box.x, box.y, box.width, 9.0), said, BODY)
        low = Box(box.x, box.y + used + 1.0, box.width, SIGN_HIGH - used - 1.0)
        left, right = low.split(1, 1)
        self._line(Box(left.x, left.y, left.width - 5, left.height), "from", "", "")
        driver = Box(right.x + 5, right.y, right.width - 5, right.height)
        signature = paper.signature
        if signature is not None:
            _draw(sheet, Box(driver.x, driver.y, driver.width, 18.0), signature)
        name = signature.driver if signature else ""
        self._line(driver, "driver", name, paper.signed_at)

    def _line(self, box: Box, key: str, name: str, at: str) -> None:
        sheet, y = self._pages.sheet, box.y + 18.6
        sheet.across(box, y)
        sheet.text("caption", Box(box.x, y + 0.8, box.width, 3.0), self._word(key), CAPTION)
        below = Box(box.x, y + 4.4, box.width, 8.0)
        who, when = below.split(3, 2)
        sheet.text("name", who, name, VALUE)
        sheet.text("at", when, at, Style(BODY.sizes, align="right"))


def _draw(sheet: Sheet, box: Box, signature: Signature) -> None:
    """The strokes as large as the box allows, standing on its lower edge, in the middle."""
    points = [point for stroke in signature.strokes for point in stroke]
    if not points:
        return
    left, top = min(x for x, _ in points), min(y for _, y in points)
    wide = max(1, max(x for x, _ in points) - left)
    high = max(1, max(y for _, y in points) - top)
    scale = min((box.width - 2) / wide, (box.height - 2) / high)
    size = (wide * scale + 2, high * scale + 2)
    image = Image(
        "signature",
        box.x + (box.width - size[0]) / 2,
        box.bottom - size[1],
        *size,
        _ink(signature, (left, top), scale, size),
    )
    sheet.elements.append(image)


def _ink(
    signature: Signature, corner: tuple[int, int], scale: float, size: tuple[float, float]
) -> bytes:
    """A PNG of the strokes at 300 dpi."""
    from PIL import Image as Pillow
    from PIL import ImageDraw

    wide, high = (max(1, round(side * _DOTS_PER_MM)) for side in size)
    picture = Pillow.new("L", (wide, high), 255)
    pen = ImageDraw.Draw(picture)
    for stroke in signature.strokes:
        dots = [
            tuple(
                (at - low) * scale * _DOTS_PER_MM + _DOTS_PER_MM
                for at, low in zip(xy, corner, strict=True)
            )
            for xy in stroke
        ]
        line = [(x, y) for x, y in dots]
        pen.line(line, fill=0, width=_INK_DOTS, joint="curve")
        half = _INK_DOTS / 2
        for x, y in (line[0], line[-1]) if line else ():
            pen.ellipse((x - half, y - half, x + half, y + half), fill=0)
    found = io.BytesIO()
    picture.save(found, "PNG")
    return found.getvalue()


# --- bags ----------------------------------------------------------------------------------------

_KIND: Final = Style((9.0, 8.0, 7.0, 6.0, 5.0, 4.0), bold=True)
_SERVICE: Final = Style((12.0, 10.0, 8.5, 7.0, 6.0, 5.0, 4.0), bold=True)
_NUMBER: Final = Style((13.0, 11.0, 9.0, 7.0, 5.5, 4.5), bold=True)
_BAG_CODE: Final = Style((6.0, 5.0, 4.2, 3.4), bold=True, align="center")


def unit_page(paper: UnitPaper, media: Media, say: Say, fonts: Fonts) -> Label:
    """The label of a bag: what it is, whose it is, how many and how heavy, and its bars.

    Raises DocumentError naming the field that does not fit or has no glyph.
    """
    sheet = Sheet(media, fonts)
    box = Box(0, 0, media.width_mm, media.height_mm).inset(4.0, 4.0)
    kind = f"{say(f'manifest.kind.{paper.kind}')} {paper.number}"
    head, mode = (
        Box(box.x, box.y, box.width, 10.5).split(3, 1)
        if paper.mode
        else (
            Box(box.x, box.y, box.width, 10.5),
            None,
        )
    )
    sheet.text("kind", head, kind, _KIND)
    if mode is not None:
        sheet.text("mode", mode, paper.mode, Style(_KIND.sizes, bold=True, align="right"))
    y = box.y + 11.0
    if paper.training:
        y += sheet.text("training", Box(box.x, y, box.width, 6.0), say("manifest.training"), VALUE)
    sheet.across(box, y, 0.6)
    high = media.height_mm * 0.2
    y += 1.6
    y += sheet.text("service", Box(box.x, y, box.width, high), paper.service, _SERVICE) + 1.0
    bars = max(14.0, media.height_mm * 0.22)
    low = Box(box.x, box.bottom - bars - 22.0, box.width, bars)
    _figures(sheet, Box(box.x, y, box.width, low.y - y - 2.0), paper, say)
    gs1 = is_sscc(paper.code)
    sheet.linear("code", low, f"00{paper.code}" if gs1 else paper.code, gs1=gs1, most=0.5)
    words = f"(00) {paper.code}" if gs1 else paper.code
    sheet.text("code", Box(box.x, low.bottom + 1.0, box.width, 8.0), words, _BAG_CODE)
    sheet.across(box, box.bottom - 10.5, 0.25)
    foot = " · ".join(part for part in (paper.manifest, paper.day, paper.site) if part)
    sheet.text(
        "foot", Box(box.x, box.bottom - 9.4, box.width, 9.4), foot, Style((4.0, 3.4, 2.9, 2.5))
    )
    return sheet.label()


def _figures(sheet: Sheet, box: Box, paper: UnitPaper, say: Say) -> None:
    """How many and how heavy, side by side; a sum that nobody weighed says so."""
    count, weight = box.split(1, 1.4)
    key = "weighed" if paper.weighed else "expected"
    for cell, caption, value in (
        (count, say("manifest.column.count"), str(paper.count)),
        (weight, say(f"manifest.column.{key}"), kilograms(paper.gross_g)),
    ):
        sheet.text("caption", Box(cell.x, cell.y, cell.width, 4.4), caption, Style((3.4, 3.0, 2.5)))
        # One line: a number and its unit are not parted.
        high = min(_NUMBER.sizes[0] * LEADING, max(6.0, cell.height - 4.6))
        room = Box(cell.x, cell.y + 4.6, cell.width - 1, high)
        sheet.text("figure", room, value, _NUMBER)
