"""A form of half a sheet on a printer that has whole ones only: on its upper half, as it is.

A CN 23 is 210 x 148 mm; an office printer often takes A4 and nothing smaller. The page gets the
sheet's box and is neither scaled nor moved off its upper left corner: what is below is cut off.
"""

from __future__ import annotations

import io

from packstation.devices.printers.spooling import QueueFacts

# Hundredths of a millimetre in a point.
_POINT = 2540 / 72


def on_sheet(
    payload: bytes, size: tuple[int, int], facts: QueueFacts
) -> tuple[bytes, tuple[int, int]]:
    """The PDF and its paper (hundredths of a mm) as the queue can print them.

    Unchanged where it takes the page, does not say what it takes, or has no such sheet.
    """
    sheet = None if facts.takes_paper(size) in {True, None} else facts.sheet_for(size)
    return (payload, size) if sheet is None else (_enlarged(payload, sheet), sheet)


def _enlarged(payload: bytes, sheet: tuple[int, int]) -> bytes:
    import pypdfium2

    width, height = (side / _POINT for side in sheet)
    document = pypdfium2.PdfDocument(payload)
    for number in range(len(document)):
        page = document[number]
        left, _, _, top = page.get_mediabox()
        page.set_mediabox(left, top - height, left + width, top)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()
