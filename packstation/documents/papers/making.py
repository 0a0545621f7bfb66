"""Every paper by its kind: what is asked of it, who makes it, and its pages as PDF.

A maker lays a consignment out into ``Label`` pages; the same pages go to a sheet printer as
PDF and to a label printer in its language.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from packstation.documents.fonts import Fonts
from packstation.documents.label.pdf import write_pdf
from packstation.documents.papers.battery import battery_mark, class_9_label
from packstation.documents.papers.cargo import cargo_label
from packstation.documents.papers.cn22 import cn22
from packstation.documents.papers.cn23 import cn23
from packstation.documents.papers.compliance import compliance
from packstation.documents.papers.guard import refuse_ioss
from packstation.documents.papers.invoice import invoice
from packstation.documents.papers.origin import origin, origin_request
from packstation.documents.papers.packing_list import packing_list
from packstation.documents.papers.returns import returns
from packstation.documents.papers.sli import sli
from packstation.documents.papers.slip import packing_slip
from packstation.domain.errors import DocumentError, FormOverflow
from packstation.domain.labels import Label, Media, ParcelPapers
from packstation.domain.templates import Template


class PaperAsked(Struct, frozen=True):
    """A paper of one consignment.

    ``parcels`` are all of it, ``at`` is the one in question of forms that are made for each
    parcel. ``language`` is the second language of the form's words, in brackets: that of the
    destination, "en" for none. ``template`` holds letterhead and texts of a seller,
    ``today`` is the site's day (ISO 8601). ``tables`` are the rule pack's, for papers whose
    words or limits are law (battery mark, compliance labels,
    statements on origin). ``along`` are the kinds of all papers that go with the goods.
    """

    kind: str
    parcels: tuple[ParcelPapers, ...]
    media: Media
    at: int = 0
    language: str = "en"
    template: Template | None = None
    today: str = ""
    tables: Mapping[str, Sequence[Mapping[str, Any]]] = {}
    along: tuple[str, ...] = ()

    @property
    def parcel(self) -> ParcelPapers:
        """The parcel in question."""
        return self.parcels[self.at]


Maker = Callable[[PaperAsked, Fonts], Sequence[Label]]


def _cn22(asked: PaperAsked, fonts: Fonts) -> Sequence[Label]:
    return (cn22(asked.parcel, asked.media, fonts, asked.language),)


def _cn23(asked: PaperAsked, fonts: Fonts) -> Sequence[Label]:
    return (cn23(asked.parcel, asked.media, fonts, asked.language),)


PAPERS: Final[Mapping[str, Maker]] = {
    # forms
    "cn22": _cn22,
    "cn23": _cn23,
    # commerce
    "invoice": invoice,
    "proforma": invoice,
    "packing-list": packing_list,
    "origin": origin,
    "origin-request": origin_request,
    "sli": sli,
    # goods
    "battery": battery_mark,
    "battery-preprinted": battery_mark,
    "class-9": class_9_label,
    "cargo-only": cargo_label,
    "slip": packing_slip,
    "compliance": compliance,
    "returns": returns,
}


def paper_pages(asked: PaperAsked, fonts: Fonts) -> Sequence[Label]:
    """The pages of a paper; a city's Latin line is left out where there is no room for it.

    Raises:
        DocumentError: no such paper (``field`` "document"), or a field that is missing, does
            not fit (FormOverflow), has no glyph (GlyphMissing) or shows the IOSS number.
    """
    maker = PAPERS.get(asked.kind)
    if maker is None:
        raise DocumentError("error.document.unknown", field="document", value=asked.kind)
    try:
        pages = maker(asked, fonts)
    except FormOverflow:
        if not any(one.latin for one in asked.parcels):
            raise
        bare = tuple(replace(one, latin="") for one in asked.parcels)
        pages = maker(replace(asked, parcels=bare), fonts)
    refuse_ioss(pages, asked.parcel.order)
    return pages


def drawn(asked: PaperAsked, fonts: Fonts) -> tuple[Sequence[Label], DocumentError | None]:
    """The pages; the plain form where the template cannot be used, with what is wrong with it.

    Raises as `paper_pages`: what the plain form lacks too.
    """
    try:
        return paper_pages(asked, fonts), None
    except DocumentError as refused:
        if asked.template is None:
            raise
        return paper_pages(replace(asked, template=None), fonts), refused


def make_paper(asked: PaperAsked, fonts: Fonts) -> bytes:
    """The paper as PDF; the same question gives the same bytes. Raises as `paper_pages`."""
    title = f"{asked.kind} {asked.parcel.order.order_id}"
    return write_pdf(paper_pages(asked, fonts), fonts, title=title)
