"""Labels of an order/1 document that carries its own products and parcels."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from packstation.documents.fonts import Fonts
from packstation.documents.label.languages import (
    LANGUAGES,
    LanguageSettings,
    usual_stock,
    writer,
)
from packstation.documents.label.logistic import logistic_label
from packstation.documents.label.pdf import write_pdf
from packstation.documents.label.png import write_png
from packstation.documents.label.shipping import shipping_labels
from packstation.domain.choice.rules import OF_PAPERS
from packstation.domain.customs.latin import Rows
from packstation.domain.customs.sender_references import by_pack
from packstation.domain.errors import DocumentError, InputInvalid
from packstation.domain.item_labels import sscc
from packstation.domain.labels import Label, Media, ParcelPapers, media
from packstation.domain.logistic import unit_of
from packstation.domain.orders import Order

PICTURES: Final = ("pdf", "png")
FORMATS: Final = (*(row.id for row in LANGUAGES), *PICTURES)


def render(
    order: Order,
    fmt: str,
    fonts: Path,
    *,
    on: str = "",
    paper: Media | None = None,
    settings: LanguageSettings | None = None,
    tables: Mapping[str, Rows] | None = None,
) -> bytes:
    """The labels of all parcels of ``order`` as bytes of one of ``FORMATS``.

    ``fonts`` is the folder of the bundled fonts, ``on`` the date to print (default: the day
    the order was placed), ``paper`` the media (default: the language's usual stock, for pages
    and pictures 100 x 150 mm at 203 dpi), ``settings`` are of languages only, ``tables`` the
    rule pack's.
    Raises DocumentError naming the field that is missing or cannot be printed.
    """
    faces = Fonts(fonts)
    stock = paper or _usual(fmt)
    labels: list[Label] = []
    for papers in parcels_of(order, on=on):
        labels += shipping_labels(by_pack(papers, tables or {}), stock, faces)
    return _written(labels, (order.order_id, fmt), faces, settings)


def render_units(
    order: Order,
    fmt: str,
    fonts: Path,
    *,
    prefix: str,
    first: int,
    paper: Media | None = None,
    settings: LanguageSettings | None = None,
) -> tuple[tuple[str, ...], bytes]:
    """The GS1 logistic labels of all parcels of ``order``: their SSCCs and the bytes, as `render`.

    Serial references count on from ``first`` under the GS1 company ``prefix``. Parcels need no
    waybill.

    Raises:
        InputInvalid: prefix and serials make no SSCC.
        DocumentError: names the field that is missing or cannot be printed.
    """
    faces = Fonts(fonts)
    stock = paper or _usual(fmt)
    units = []
    for at, papers in enumerate(parcels_of(order, bought=False)):
        number = sscc(prefix, first + at)
        if number is None:
            allowed = "a prefix of 4 to 12 digits, a serial in the 16 digits with it"
            raise InputInvalid(path="sscc", value=f"{prefix}:{first + at}", allowed=allowed)
        units.append(unit_of(papers, number))
    labels = [logistic_label(unit, stock, faces) for unit in units]
    made = _written(labels, (order.order_id, fmt), faces, settings)
    return tuple(unit.sscc for unit in units), made


def _usual(fmt: str) -> Media:
    return media("100x150") if fmt in PICTURES else usual_stock(fmt)


def _written(
    labels: list[Label], named: tuple[str, str], faces: Fonts, settings: LanguageSettings | None
) -> bytes:
    title, fmt = named
    match fmt:
        case "pdf":
            return write_pdf(labels, faces, title=title)
        case "png":
            return write_png(labels, faces)
        case _:
            return writer(fmt, faces, settings).write(labels)


def parcels_of(order: Order, *, on: str = "", bought: bool = True) -> list[ParcelPapers]:
    """What to print of each parcel that the order carries; ``bought``: each needs its waybill.

    Raises DocumentError: ``field`` is parcels, or the parcel's field that is not known.
    """
    if not order.parcels:
        raise DocumentError("error.document.missing", field="parcels")
    placed = order.placed_at.date().isoformat() if order.placed_at else ""
    return [
        _papers(order, index, on or placed, bought=bought) for index in range(len(order.parcels))
    ]


def _papers(order: Order, index: int, date: str, *, bought: bool) -> ParcelPapers:
    parcel = order.parcels[index]
    if bought and not parcel.waybill:
        raise DocumentError("error.document.missing", field=f"parcels[{index}].waybill")
    if not parcel.gross_g:
        raise DocumentError("error.document.missing", field=f"parcels[{index}].gross_g")
    sides = (parcel.length_mm, parcel.width_mm, parcel.height_mm)
    contents = tuple((one.line, one.quantity) for one in parcel.contents)
    if not contents and len(order.parcels) == 1:
        contents = tuple((line.line, line.quantity) for line in order.lines)
    return ParcelPapers(
        order=order,
        products={product.sku: product for product in order.products},
        contents=contents,
        parcel_id=f"{order.order_id}/{index + 1}",
        waybill=parcel.waybill,
        carrier=order.carrier or "",
        service=order.service or "",
        options=tuple(one for one in order.options if one not in OF_PAPERS),
        gross_g=parcel.gross_g,
        size_mm=tuple(side for side in sides if side),
        number=index + 1,
        count=len(order.parcels),
        date=date,
        signs=(order.signer or {}).get("authorised") is True,
    )
