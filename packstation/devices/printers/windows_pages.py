"""PDF pages through a Windows printer's driver, as pictures in its own resolution.

Never run on Windows so far (see `windows`). The driver gets one bitmap a page at the paper's
true size, put where the printable area begins, so nothing is scaled to fit.
"""

from __future__ import annotations

import importlib
from typing import Any, Final

# GetDeviceCaps: dots an inch across, and the unprintable edge at left and top.
_DOTS: Final = 88
_EDGE_LEFT: Final = 112
_EDGE_TOP: Final = 113
_POINTS_PER_INCH: Final = 72


def print_pages(queue: str, name: str, pdf: bytes) -> int:
    """Draw every page; the number of the job that it made."""
    import pypdfium2

    ui: Any = importlib.import_module("win32ui")
    image: Any = importlib.import_module("PIL.ImageWin")
    canvas = ui.CreateDC()
    canvas.CreatePrinterDC(queue)
    document = pypdfium2.PdfDocument(pdf)
    try:
        dots = canvas.GetDeviceCaps(_DOTS)
        left, top = canvas.GetDeviceCaps(_EDGE_LEFT), canvas.GetDeviceCaps(_EDGE_TOP)
        number = int(canvas.StartDoc(name) or 0)
        for page in document:
            picture = page.render(scale=dots / _POINTS_PER_INCH).to_pil().convert("RGB")
            width, height = picture.size
            canvas.StartPage()
            place = (-left, -top, width - left, height - top)
            image.Dib(picture).draw(canvas.GetHandleOutput(), place)
            canvas.EndPage()
        canvas.EndDoc()
    finally:
        document.close()
        canvas.DeleteDC()
    return number
