"""The label "cargo aircraft only", for packages that no passenger aircraft may carry.

Which batteries want it is a column of the table ``batteries`` (sections I, IA and IB of batteries
alone; reference: customs, section 2.7), how large it is and what it says are rows of the table
``cargo_labels``. Its ground is orange (49 CFR 172.448): no printer here has that ink, so it is
drawn black for stock of that colour. The drawing is this program's own, unverified.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

from msgspec import Struct

from packstation.documents.fonts import Fonts
from packstation.documents.layout import Box, Sheet, Style
from packstation.documents.papers.battery import held_batteries
from packstation.documents.papers.pictograms import AIRCRAFT, LONG
from packstation.domain.customs.batteries import cargo_only
from packstation.domain.errors import DocumentError, FormOverflow
from packstation.domain.labels import Label, Polygon
from packstation.first_use import shaped

if TYPE_CHECKING:
    from packstation.documents.papers.making import PaperAsked

_EDGE, _IN, _SLACK = 0.8, 5.0, 0.05
# Shares of the height: words above and below the drawing.
_ABOVE, _BELOW = 0.34, 0.2
_GAP: Final = 3.0
_LARGE: Final = Style(
    (15.0, 14.0, 13.0, 12.0, 11.0, 10.0, 9.0, 8.0, 7.0, 6.0, 5.0),
    bold=True,
    align="center",
    middle=True,
)
_SMALL: Final = Style(
    (7.0, 6.5, 6.0, 5.5, 5.0, 4.5, 4.0, 3.5, 3.0, 2.5), bold=True, align="center", middle=True
)


class CargoRow(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A size of the label in its days, the one to be preferred first, and its words."""

    width_mm: float
    height_mm: float
    title: tuple[str, ...]
    text: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    source: str
    verified: bool = False


def cargo_label(asked: PaperAsked, fonts: Fonts) -> Sequence[Label]:
    """The label of the parcel in question; no page where only other parcels bear one.

    Raises DocumentError: ``goods.battery`` where none does, ``tables`` where no row holds,
    FormOverflow (``media``) for paper that is smaller.
    """
    borne = [cargo_only(one) for one in held_batteries(asked)]
    if not any(borne):
        raise DocumentError("error.document.missing", field="goods.battery")
    return (_label(asked, fonts),) if borne[asked.at] else ()


def _label(asked: PaperAsked, fonts: Fonts) -> Label:
    row = _row(asked)
    sheet = Sheet(asked.media, fonts)
    page = Box((asked.media.width_mm - row.width_mm) / 2, 0.0, row.width_mm, row.height_mm)
    page = Box(max(0.0, page.x), 0.0, page.width, page.height)
    sheet.frame(page, _EDGE)
    inside = page.inset(_IN, _IN)
    above, below = inside.height * _ABOVE, inside.height * _BELOW
    sheet.text("cargo", Box(inside.x, inside.y, inside.width, above), row.title, _LARGE)
    middle = Box(
        inside.x, inside.y + above + _GAP, inside.width, inside.height - above - below - 2 * _GAP
    )
    sheet.elements += _drawn(middle)
    foot = Box(inside.x, inside.bottom - below, inside.width, below)
    sheet.text("cargo", foot, row.text, _SMALL)
    return sheet.label()


def _row(asked: PaperAsked) -> CargoRow:
    """The first size that the paper has room for."""
    on = date.fromisoformat(asked.today or asked.parcel.date)
    rows = shaped(asked.tables.get("cargo_labels", ()), tuple[CargoRow, ...])
    held = [one for one in rows if (one.valid_from or on) <= on <= (one.valid_to or on)]
    if not held:
        raise DocumentError("error.document.missing", field="tables")
    wide, high = asked.media.width_mm + _SLACK, asked.media.height_mm + _SLACK
    fits = (one for one in held if one.width_mm <= wide and one.height_mm <= high)
    found = next(fits, None)
    if found is None:
        raise FormOverflow(field="media", limit=int(held[-1].width_mm))
    return found


def _drawn(box: Box) -> Iterator[Polygon]:
    """An aircraft that takes off, with packages under it, as large as ``box`` allows."""
    high = min(box.height, box.width / LONG)
    x, y = box.x + (box.width - high * LONG) / 2, box.y + (box.height - high) / 2
    for corners in AIRCRAFT:
        yield Polygon(tuple((x + left * high, y + top * high) for left, top in corners))
