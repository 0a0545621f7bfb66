"""Marks of a consignment: which carton of how many, whose, how heavy, and its code.

On stock that holds it a unit with an SSCC has the GS1 logistic label; all else has a plain mark,
on any stock, whose number is read from where a pallet is unloaded. It is in English: who reads it
works at the destination.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from packstation.documents.fonts import Fonts
from packstation.documents.label.logistic import LEAST_MM, logistic_label
from packstation.documents.layout import Box, Sheet, Style
from packstation.documents.papers import wording
from packstation.documents.papers.commercial import centimetres
from packstation.documents.papers.form import kilograms
from packstation.domain.consignment.papers import MarkPaper
from packstation.domain.labels import LEADING, Label, Media
from packstation.domain.logistic import Unit

# What a plain mark's parts have of its height: head, addressee, facts, bars with their code.
_SHARES: Final = (0.34, 0.26, 0.12, 0.28)
_SIZES: Final = (30.0, 26.0, 22.0, 19.0, 16.0, 14.0, 12.0, 10.0, 8.5, 7.0, 6.0, 5.0, 4.0, 3.4)
_WORDS: Final = (9.0, 8.0, 7.0, 6.0, 5.0, 4.2, 3.6, 3.2, 2.9, 2.6, 2.3, 2.12, 1.9, 1.7)
_MARGIN: Final = 2.0
_MODULE_MM: Final = 0.6


def mark_pages(papers: Sequence[MarkPaper], media: Media, fonts: Fonts) -> Sequence[Label]:
    """A label for each.

    Raises DocumentError naming the field that is missing, does not fit or has no glyph.
    """
    return [_mark(paper, media, fonts) for paper in papers]


def _mark(paper: MarkPaper, media: Media, fonts: Fonts) -> Label:
    holds = media.width_mm >= LEAST_MM[0] and media.height_mm >= LEAST_MM[1]
    if paper.has_sscc and holds:
        return logistic_label(_unit(paper), media, fonts)
    return _plain(paper, media, fonts)


def _reference(paper: MarkPaper) -> str:
    """In a lesson the mark of training stands in its place."""
    return wording.TRAINING if paper.training else paper.reference


def _unit(paper: MarkPaper) -> Unit:
    return Unit(
        sscc=paper.code,
        sender=paper.sender,
        to=paper.to,
        kind=paper.kind,
        number=paper.number,
        count=paper.count,
        gross_g=paper.gross_g,
        reference=_reference(paper),
        carrier=paper.carrier,
        gtin=paper.gtin,
        units=paper.units,
        cartons=paper.cartons,
    )


def _plain(paper: MarkPaper, media: Media, fonts: Fonts) -> Label:
    sheet = Sheet(media, fonts)
    page = Box(0, 0, media.width_mm, media.height_mm).inset(_MARGIN, _MARGIN)
    head, to, facts, low = _rows(page)
    # One line each: neither a word nor "n / N" is parted.
    kind = Box(head.x, head.y, head.width, head.height * 0.24)
    number = Box(head.x, kind.bottom, head.width, head.bottom - kind.bottom)
    sizes = tuple(size for size in _WORDS if size * LEADING <= kind.height)
    sheet.text("kind", kind, paper.kind.upper(), Style(sizes or _WORDS[-1:], bold=True))
    counted = f"{paper.number} / {paper.count}" if paper.count else f"{paper.number}"
    sizes = tuple(size for size in _SIZES if size * LEADING <= number.height)
    style = Style(sizes or _SIZES[-1:], bold=True, align="center", middle=True)
    sheet.text("number", number, counted, style)
    sheet.across(page, to.y, 0.4)
    where = paper.to
    town = " ".join(part for part in (where.postcode, where.city, where.country) if part)
    lines = [line for line in (where.company or where.name, town) if line]
    sheet.text("ship_to", to.inset(0, 0.6), lines, Style(_WORDS[2:], bold=True, middle=True))
    sheet.across(page, facts.y, 0.25)
    half = facts.height / 2
    _line(sheet, Box(facts.x, facts.y, facts.width, half), ("reference", _reference(paper)))
    _line(sheet, Box(facts.x, facts.y + half, facts.width, half), ("gross_g", _measures(paper)))
    sheet.across(page, low.y, 0.25)
    bars = Box(low.x, low.y + 1.0, low.width, low.height * 0.72 - 1.0)
    data = f"00{paper.code}" if paper.has_sscc else paper.code
    sheet.linear("code", bars, data, gs1=paper.has_sscc, most=_MODULE_MM)
    below = Box(low.x, bars.bottom + 0.3, low.width, low.bottom - bars.bottom - 0.3)
    shown = f"(00) {paper.code}" if paper.has_sscc else paper.code
    sheet.text("code", below, shown, Style(_WORDS[4:], align="center", middle=True))
    return sheet.label()


def _line(sheet: Sheet, box: Box, told: tuple[str, str]) -> None:
    """One line: a number and its unit are not parted."""
    role, text = told
    sizes = tuple(size for size in _WORDS if size * LEADING <= box.height) or _WORDS[-1:]
    if text:
        sheet.text(role, box, text, Style(sizes, middle=True))


def _measures(paper: MarkPaper) -> str:
    """Weight, sides, cartons: what is not known is left out."""
    return " · ".join(
        part
        for part in (
            f"{kilograms(paper.gross_g)} kg" if paper.gross_g else "",
            f"{centimetres(paper.size_mm)} cm" if len(paper.size_mm) == 3 else "",
            f"{paper.cartons} cartons" if paper.cartons else "",
        )
        if part
    )


def _rows(page: Box) -> list[Box]:
    rows, y = [], page.y
    for share in _SHARES:
        rows.append(Box(page.x, y, page.width, page.height * share))
        y += page.height * share
    return rows
