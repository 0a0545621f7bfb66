"""A form of half a sheet on a printer with whole sheets: what was drawn, where it was drawn."""

from __future__ import annotations

import io

import pypdfium2
from reportlab.pdfgen.canvas import Canvas

from packstation.devices.printers.half_sheets import on_sheet
from packstation.devices.printers.pdf_size import page_size
from packstation.devices.printers.spooling import PaperSize, QueueFacts, QueueState

POINT = 72 / 25.4
A4, FORM = (21000, 29700), (21000, 14800)


def queue(*sizes: tuple[int, int]) -> QueueFacts:
    papers = tuple(PaperSize(one, one) for one in sizes)
    return QueueFacts(QueueState.IDLE, sizes=papers)


def form(pages: int = 2) -> bytes:
    written = io.BytesIO()
    canvas = Canvas(written, pagesize=(210 * POINT, 148 * POINT))
    for _ in range(pages):
        canvas.drawString(20 * POINT, 128 * POINT, "CN 23")
        canvas.showPage()
    canvas.save()
    return written.getvalue()


def test_a_form_across_lies_on_the_upper_half_of_a_sheet_as_large_as_before() -> None:
    payload, size = on_sheet(form(), FORM, queue((21590, 27940), A4))
    assert size == A4
    document = pypdfium2.PdfDocument(payload)
    assert len(document) == 2
    for page in document:
        box = [round(side / POINT) for side in page.get_mediabox()]
        assert box == [0, 148 - 297, 210, 148]
        left, bottom, *_ = page.get_textpage().get_charbox(0)
        assert (round(left / POINT), round(bottom / POINT)) == (20, 128)


def test_what_the_queue_takes_or_has_no_sheet_for_stays_as_it_is() -> None:
    payload = form()
    assert page_size(payload) == FORM
    for facts in (queue(), queue((14800, 21000)), queue((21590, 27940))):
        assert on_sheet(payload, FORM, facts) == (payload, FORM)
    assert on_sheet(payload, (10500, 14800), queue(A4)) == (payload, (10500, 14800))
