"""The shipping label: service, country, number, addresses, and the CN 22 below.

The layout follows the postal packet labels that posts take in bulk (reference: carriers,
section 6; customs, section 4): the number as Code 128 on top, sender and addressee, the
parcel's facts, and the customs declaration in the lower third. Broad and small paper has
faces of its own (`faces`).
"""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from packstation.documents.fonts import Fonts
from packstation.documents.label.faces import face_of
from packstation.documents.layout import Sheet
from packstation.documents.papers import wording
from packstation.documents.papers.cn22 import MOST_LINES, cn22
from packstation.documents.papers.guard import refuse_ioss
from packstation.domain.declaration import Declaration, declare
from packstation.domain.errors import FormOverflow
from packstation.domain.labels import Label, Media, ParcelPapers

# Values of ``ParcelPapers.form``.
CN23, CN22, NO_FORM = "cn23", "cn22", "none"
# Of a label that has to carry its CN 22: nothing else goes with it.
ON_LABEL: Final = "label"


def shipping_labels(papers: ParcelPapers, media: Media, fonts: Fonts) -> tuple[Label, ...]:
    """The label of a parcel; a second one carries the CN 22 where the first has no room for it.

    Where a CN 23 is wanted, or no CN 22 holds the contents, the label says that one is attached.

    Raises DocumentError naming the field that is missing, does not fit or has no glyph.
    """
    try:
        labels = _labels(papers, media, fonts)
    except FormOverflow:
        if not papers.latin:
            raise
        # What the buyer wrote comes first: without the line in Latin letters it may fit.
        labels = _labels(replace(papers, latin=""), media, fonts)
    refuse_ioss(labels, papers.order)
    return labels


def _labels(papers: ParcelPapers, media: Media, fonts: Fonts) -> tuple[Label, ...]:
    if not _abroad(papers) or papers.form == NO_FORM:
        return (_label(papers, media, fonts, None),)
    declaration = declare(papers)
    if papers.form == ON_LABEL and len(declaration.lines) > MOST_LINES:
        raise FormOverflow(field="contents", limit=MOST_LINES)
    if papers.form == CN23 or len(declaration.lines) > MOST_LINES:
        return (_label(papers, media, fonts, None, wording.ATTACHED_23),)
    follows = face_of(media).follows
    if papers.form == ON_LABEL and not follows:
        raise FormOverflow(field="contents", limit=0)
    if papers.form == CN22 or not follows:
        return (_label(papers, media, fonts, None, wording.ATTACHED_22),)
    try:
        return (_label(papers, media, fonts, declaration),)
    except FormOverflow as overflow:
        if overflow.fields["field"] != "contents":
            raise
    try:
        return _label(papers, media, fonts, None, wording.ATTACHED), cn22(papers, media, fonts)
    except FormOverflow as overflow:
        if overflow.fields["field"] != "contents" or papers.form == ON_LABEL:
            raise
        return (_label(papers, media, fonts, None, wording.ATTACHED_23),)


def _abroad(papers: ParcelPapers) -> bool:
    """Whether it crosses a customs border: as its form says, else the rule pack, else by countries.

    Madrid and Las Palmas are of one country and have a form; Berlin and Paris have none.
    """
    order = papers.order
    if papers.form or papers.abroad is None:
        return bool(papers.form) or order.ship_from.country != order.ship_to.country
    return papers.abroad


def _label(
    papers: ParcelPapers,
    media: Media,
    fonts: Fonts,
    declaration: Declaration | None,
    note: str = "",
) -> Label:
    sheet = Sheet(media, fonts)
    face_of(media).draw(sheet, papers, declaration or note or None)
    return sheet.label()
