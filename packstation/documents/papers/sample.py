"""A consignment that papers are shown of before they are printed, and pages as pictures."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Any, Final

from msgspec.structs import replace

from packstation.assets import resource
from packstation.documents.fonts import Fonts
from packstation.documents.label.orders import parcels_of
from packstation.documents.papers.making import PaperAsked, make_paper
from packstation.documents.papers.sets import USUAL
from packstation.domain.labels import Media, ParcelPapers
from packstation.domain.orders import Order
from packstation.domain.records import decode_orders
from packstation.domain.templates import Template
from packstation.pdf_turn import PDF_TURN

DAY: Final = "2026-11-22"
A4: Final = (210.0, 297.0)
_DPI: Final = 300


@lru_cache(maxsize=1)
def sample_order() -> Order:
    """The sample order, with a number of an invoice so that every paper can be shown."""
    order = decode_orders(resource("samples", "order-with-parcel.json").read_bytes()).records[0]
    signer = {"name": order.ship_from.name, "authorised": True}
    invoice = {"no": "INV-0000", "date": DAY}
    return replace(order, invoice=invoice, signer=signer, category_text="does not fit")


def sample_parcels() -> tuple[ParcelPapers, ...]:
    """The parcels of the sample order."""
    return tuple(parcels_of(sample_order(), on=DAY))


def sample_asked(kind: str, template: Template | None, language: str = "en") -> PaperAsked:
    """A paper of the sample consignment, on the paper that it usually is on."""
    media = Media(*USUAL.get(kind, A4), _DPI)
    parcels = sample_parcels()
    return PaperAsked(kind, parcels, media, language=language, template=template, today=DAY)


def sample_picture(asked: PaperAsked, fonts: Fonts, dpi: int) -> tuple[bytes, int]:
    """The first page of a paper as PNG, as a printer would get it; how many pages there are.

    Raises as `make_paper`.
    """
    import pypdfium2

    pdf = make_paper(asked, fonts)
    target = io.BytesIO()
    with PDF_TURN, pypdfium2.PdfDocument(pdf) as document:
        page: Any = document[0]
        page.render(scale=dpi / 72).to_pil().save(target, "PNG")
        return target.getvalue(), len(document)
