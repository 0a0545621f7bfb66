"""The papers of a consignment as files: which pages, how often, on what paper.

Forms, marks and slips are made for each parcel, all else once. A CN 22 whose contents or people
find no room in any of its sizes becomes a CN 23 and an invoice (reference: customs, section 1.2).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from packstation.documents.fonts import Fonts
from packstation.documents.label.pdf import write_pdf
from packstation.documents.papers.making import PaperAsked, drawn
from packstation.documents.papers.words import language_of
from packstation.domain.customs.sender_references import by_pack
from packstation.domain.customs.wanted import PaperWanted, per_of
from packstation.domain.errors import DocumentError, FormOverflow, GlyphMissing
from packstation.domain.labels import Label, Media, ParcelPapers, media
from packstation.domain.one_line import clean
from packstation.domain.orders import Address, Order
from packstation.domain.templates import Template, choose

CN22, CN23, INVOICE, PROFORMA = "cn22", "cn23", "invoice", "proforma"
FORMS: Final = frozenset({CN22, CN23})
# Paper of kinds that were asked for by name and not by the rules, in mm; else A4.
_A4: Final = (210.0, 297.0)
USUAL: Final[Mapping[str, tuple[float, float]]] = {
    CN22: (74.0, 105.0),
    CN23: (210.0, 148.0),
    "battery": (100.0, 100.0),
    "battery-preprinted": (100.0, 100.0),
    "class-9": (100.0, 100.0),
    "cargo-only": (120.0, 110.0),
    "compliance": (100.0, 100.0),
}
_LABEL_DPI, _SHEET_DPI = 203, 300


class Asked(Struct, frozen=True):
    """One paper to make: ``dpi`` is of the printer, for bars of whole dots."""

    kind: str
    copies: int = 1
    size: tuple[float, float] = _A4
    dpi: int = _SHEET_DPI


class Paper(Struct, frozen=True):
    """A document that was made; ``parcel`` counts from 1, 0 is the whole consignment.

    ``template`` is the letterhead it has, or that it was to have: then ``plain`` says why not.
    """

    kind: str
    parcel: int
    pages: int
    copies: int
    media_mm: tuple[float, float]
    payload: bytes
    template: str = ""
    plain: DocumentError | None = None


class Consignment(Struct, frozen=True):
    """What the papers of one order are made from; ``language`` "" is the destination's.

    ``along`` are kinds that go with the goods, beside those that are made.
    """

    parcels: tuple[ParcelPapers, ...]
    today: str
    language: str = ""
    templates: Sequence[Template] = ()
    tables: Mapping[str, Sequence[Mapping[str, Any]]] = {}
    along: tuple[str, ...] = ()

    @property
    def order(self) -> Order:
        """Of all its parcels."""
        return self.parcels[0].order


def asked_by(wanted: Sequence[PaperWanted]) -> tuple[Asked, ...]:
    """The papers as the rules want them."""
    return tuple(
        Asked(
            one.kind,
            one.copies,
            (one.width_mm, one.height_mm),
            _LABEL_DPI if one.printer == "label" else _SHEET_DPI,
        )
        for one in wanted
    )


def named(kinds: Sequence[str], wanted: Sequence[PaperWanted]) -> tuple[Asked, ...]:
    """Exactly these kinds, on the paper that the rules or else custom give them."""
    known = {one.kind: one for one in asked_by(wanted)}
    return tuple(
        known.get(kind, Asked(kind, size=USUAL.get(kind, _A4))) for kind in dict.fromkeys(kinds)
    )


def make_set(
    consignment: Consignment, papers: Sequence[Asked], fonts: Fonts, *, larger: bool = True
) -> tuple[Paper, ...]:
    """All of ``papers``; with ``larger`` a CN 22 may become a CN 23 with an invoice.

    Raises:
        DocumentError: as `paper_pages`, for the first paper that cannot be made; ``kind`` names it.
    """
    require_faces(consignment.order, fonts)
    found: list[Paper] = []
    along = (*consignment.along, *(one.kind for one in papers))
    for paper in papers:
        try:
            found += _made(replace(consignment, along=along), paper, fonts)
        except DocumentError as refused:
            if not (larger and _too_much(refused, paper)):
                if not isinstance(refused, GlyphMissing):  # whose shape is fixed: no font has it
                    refused.fields.setdefault("kind", paper.kind)
                raise
            return make_set(consignment, _upward(papers, consignment.order), fonts, larger=False)
    return tuple(found)


def _too_much(refused: DocumentError, paper: Asked) -> bool:
    """Whether a CN 22 has no room: a CN 23 has more, for people too."""
    return isinstance(refused, FormOverflow) and paper.kind == CN22


def require_faces(order: Order, fonts: Fonts) -> None:
    """GlyphMissing where the label of these people could not be printed either."""
    sides = (("ship_from", order.ship_from), ("ship_to", order.ship_to))
    for side, address in sides:
        for name, text in _shown(address):
            fonts.require(clean(text), f"{side}.{name}")


def _shown(address: Address) -> Iterator[tuple[str, str]]:
    for name in ("name", "company", "city", "region", "postcode", "phone", "email"):
        yield name, getattr(address, name)
    for line in address.lines:
        yield "lines", line


def _upward(papers: Sequence[Asked], order: Order) -> tuple[Asked, ...]:
    """With a CN 23 in place of the CN 22, and an invoice."""
    changed = tuple(
        replace(one, kind=CN23, size=USUAL[CN23], dpi=_SHEET_DPI) if one.kind == CN22 else one
        for one in papers
    )
    if any(one.kind in {INVOICE, PROFORMA} for one in papers):
        return changed
    sold = order.category in {"sale_of_goods", "other"}
    return (*changed, Asked(INVOICE if sold else PROFORMA))


def _made(consignment: Consignment, paper: Asked, fonts: Fonts) -> Iterator[Paper]:
    each = per_of(consignment.tables, paper.kind) == "parcel"
    places = range(len(consignment.parcels) if each else 1)
    for at in places:
        template = _template(consignment, paper.kind)
        pages, refused = _pages(consignment, paper, at, fonts, template)
        if not pages:  # a mark that only other parcels bear
            continue
        stock = pages[0].media
        number = at + 1 if len(places) > 1 else 0
        title = f"{paper.kind} {consignment.order.order_id}"
        payload = write_pdf(pages, fonts, title=title)
        size = (stock.width_mm, stock.height_mm)
        named = template.id if template else ""
        yield Paper(paper.kind, number, len(pages), paper.copies, size, payload, named, refused)


def _template(consignment: Consignment, kind: str) -> Template | None:
    """Of a consignment without a day those letterheads that hold for ever."""
    order = consignment.order
    return choose(
        consignment.templates,
        site=order.site,
        store=order.store or "",
        destination=order.ship_to.country,
        kind=kind,
        on=date.fromisoformat(consignment.today) if consignment.today else date.min,
    )


def _pages(
    consignment: Consignment, paper: Asked, at: int, fonts: Fonts, template: Template | None
) -> tuple[Sequence[Label], DocumentError | None]:
    """A CN 22 is tried on A6 too."""
    asked = PaperAsked(
        paper.kind,
        tuple(by_pack(one, consignment.tables) for one in consignment.parcels),
        Media(*paper.size, paper.dpi),
        at=at,
        language=consignment.language or language_of(consignment.order.ship_to.country),
        template=template,
        today=consignment.today,
        tables=consignment.tables,
        along=consignment.along,
    )
    if paper.kind != CN22:
        return drawn(asked, fonts)
    try:
        return drawn(asked, fonts)
    except FormOverflow:
        return drawn(replace(asked, media=media("a6", paper.dpi)), fonts)
