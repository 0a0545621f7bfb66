"""The model of what is printed: media, elements, and the parcel they speak of.

Pure shapes in millimetres from the top left corner of the paper. A maker of
documents lays a parcel out into a ``Label``; the writers of ``documents`` turn
that one model into a printer's language, a page or a picture, so that all of
them show the same thing. Positions are plain floats: they are geometry, not
quantities, and each writer rounds them to its own dots once. The width of a
bar is no position: it is stated in whole dots of the media's resolution.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from msgspec import Struct

from packstation.domain.carriers import LabelFile
from packstation.domain.catalog import Product
from packstation.domain.orders import Order

Align = Literal["left", "center", "right"]
CodeKind = Literal[
    "code128", "gs1", "datamatrix", "qr", "ean13", "ean8", "upca", "itf14", "gs1-datamatrix"
]

MM_PER_INCH: Final = 25.4
# Baseline below the top of a line of text, and the pitch of lines, in em: room for the
# accents of capitals above, for descenders below.
BASELINE: Final = 0.92
LEADING: Final = 1.2
# Clear space beside a linear code, in modules (ISO/IEC 15417, section 4.2).
QUIET_MODULES: Final = 10


class Media(Struct, frozen=True):
    """Paper and resolution; ``dpi`` is 203, 300 or 600."""

    width_mm: float
    height_mm: float
    dpi: int = 203

    def dots(self, mm: float) -> int:
        """The nearest whole dot of a position or length."""
        return round(mm * self.dpi / MM_PER_INCH)

    def mm(self, dots: float) -> float:
        """The length of so many dots."""
        return dots * MM_PER_INCH / self.dpi

    @property
    def size_dots(self) -> tuple[int, int]:
        """Whole dots that lie on the paper: width, height."""
        # The epsilon keeps 101.6 mm at 812 dots: it is 811.99... in binary.
        per_mm = self.dpi / MM_PER_INCH
        return int(self.width_mm * per_mm + 1e-6), int(self.height_mm * per_mm + 1e-6)


# Labels in use (reference: carriers, section 6; CN 22: UPU template, 74 x 105 mm).
MEDIA_MM: Final[Mapping[str, tuple[float, float]]] = {
    "100x150": (100.0, 150.0),
    "4x6": (101.6, 152.4),
    "100x100": (100.0, 100.0),
    "120x75": (120.0, 75.0),
    "58x40": (58.0, 40.0),
    "a6": (105.0, 148.0),
    "cn22": (74.0, 105.0),
    "a4": (210.0, 297.0),
}


def media(name: str, dpi: int = 203) -> Media:
    """Paper by its name in ``MEDIA_MM``."""
    width, height = MEDIA_MM[name]
    return Media(width, height, dpi)


class Text(Struct, frozen=True):
    """Lines in one size (em, mm) from the top left of their box; ``role`` is the field shown."""

    role: str
    x: float
    y: float
    width: float
    size: float
    lines: tuple[str, ...]
    bold: bool = False
    align: Align = "left"
    inverse: bool = False

    def baseline(self, index: int) -> float:
        """Distance from the top of the paper to the baseline of a line, in mm."""
        return self.y + self.size * (BASELINE + LEADING * index)


class Barcode(Struct, frozen=True):
    """A code whose first module stands at ``x``; ``height`` in mm is of linear codes only.

    ``module_dots`` are dots of the media. Data of ``gs1`` is an element string with GS
    (0x1D) after elements of open length; the FNC1 in front is implied. That of
    ``gs1-datamatrix`` has its elements' numbers in brackets.
    """

    role: str
    kind: CodeKind
    data: str
    x: float
    y: float
    module_dots: int
    height: float = 0.0


class Fill(Struct, frozen=True):
    """A black rectangle; a line is a thin one."""

    x: float
    y: float
    width: float
    height: float


class Frame(Struct, frozen=True):
    """The outline of a rectangle, drawn inwards."""

    x: float
    y: float
    width: float
    height: float
    thickness: float = 0.25


class Polygon(Struct, frozen=True):
    """A shape with straight sides: its corners in order, each (x, y).

    ``red`` on a page (PDF); a printer of labels has one colour.
    """

    corners: tuple[tuple[float, float], ...]
    red: bool = False


class Image(Struct, frozen=True):
    """A picture that fills its box; ``data`` is a PNG without transparency, made by this program.

    What comes from outside is checked and encoded anew first (documents/papers/letterhead.py).
    """

    role: str
    x: float
    y: float
    width: float
    height: float
    data: bytes


Element = Text | Barcode | Fill | Frame | Polygon | Image


class Label(Struct, frozen=True):
    """One printed page."""

    media: Media
    elements: tuple[Element, ...]


class PackedAs(Struct, frozen=True):
    """What lies in a parcel under an order's ``line`` as another thing than was ordered.

    A substitute; or, as a ``part``, what is there of a kit that is not whole in this parcel.
    """

    line: int
    sku: str
    quantity: int
    part: bool = False


class OnPallet(Struct, frozen=True):
    """The pallet that a carton stands on: the ``number``-th of ``count``.

    ``gross_g`` with its cartons, 0 where it was not weighed.
    """

    code: str
    number: int
    count: int
    gross_g: int = 0


class ParcelPapers(Struct, frozen=True):
    """All a label or paper shows of one parcel; buyers' strings in it are untrusted.

    ``contents`` are (order line, quantity) of what lies in it as ordered, ``instead`` what does
    not; ``form`` is the declaration that goes with it: cn22 and cn23 are papers of their own,
    "label" is a CN 22 on the label, "none", or "" where nobody said;
    ``number`` of ``count`` parcels, from 1; ``along`` are the kinds of paper that go with it;
    ``copy`` is 1 for the first print and counts reprints, ``copies`` come out at once;
    ``mark`` names the bench; ``latin`` is the addressee's city in Latin letters where it is
    written in others, printed beside what the buyer wrote. ``signs``: somebody with the right
    signs its papers. ``reference``: the sender's customs reference as the destination reads it,
    and its field (`customs.sender_references`). ``carried``: the label that the carrier or the
    marketplace made, printed in place of ours, and ``blob`` its SHA-256 where its file is still to
    be had. ``abroad``: whether it crosses a customs border, None where no rule pack told
    (`customs.borders`). ``options`` are bought with the service. ``carton_mark`` is the code on the
    carton's mark in a consignment to a warehouse, ``pallet`` what it stands on.
    """

    order: Order
    products: Mapping[str, Product]
    contents: tuple[tuple[int, int], ...]
    parcel_id: str
    waybill: str
    carrier: str
    service: str
    gross_g: int
    size_mm: tuple[int, ...]
    number: int
    count: int
    date: str
    copy: int = 1
    copies: int = 1
    mark: str = ""
    training: bool = False
    form: str = ""
    instead: tuple[PackedAs, ...] = ()
    latin: str = ""
    signs: bool = False
    along: tuple[str, ...] = ()
    reference: tuple[str, str] = ("", "")
    abroad: bool | None = None
    carried: LabelFile | None = None
    blob: str = ""
    options: tuple[str, ...] = ()
    carton_mark: str = ""
    pallet: OnPallet | None = None


class PrintJob(Struct, frozen=True):
    """Bytes for a printer; ``media`` is a label language's id or "pdf".

    ``width_mm`` and ``height_mm`` are the paper it was drawn for, 0 where that is not known;
    ``labels`` how many come out. ``doubtful``: the printer may still hold an earlier copy.
    ``plain``: it is the plain form; the template that could not be used, and its field.
    ``tray``: which of the printer's trays the paper comes from (a keyword of media-source), ""
    for the usual one.
    """

    job: str
    document: str
    payload: bytes
    media: str
    width_mm: float = 0.0
    height_mm: float = 0.0
    labels: int = 1
    doubtful: bool = False
    plain: tuple[str, str] | None = None
    tray: str = ""
