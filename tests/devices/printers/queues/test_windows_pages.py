"""Pages of a PDF as a Windows driver gets them, drawn on a stand-in of its canvas."""

from __future__ import annotations

import io
import sys
from types import ModuleType
from typing import Any

import pytest
from reportlab.pdfgen.canvas import Canvas

from packstation.devices.printers.windows_pages import print_pages

# GetDeviceCaps of a printer with 300 dots an inch and edges of 50 and 70 dots.
CAPS = {88: 300, 112: 50, 113: 70}


class Paper:
    """win32ui's device context: what was drawn where, page by page."""

    def __init__(self) -> None:
        self.told: list[object] = []

    def CreatePrinterDC(self, queue: str) -> None:  # noqa: N802 - win32ui's own
        self.told.append(queue)

    def GetDeviceCaps(self, number: int) -> int:  # noqa: N802 - as above
        return CAPS[number]

    def StartDoc(self, name: str) -> int:  # noqa: N802 - as above
        self.told.append(name)
        return 12

    def StartPage(self) -> None:  # noqa: N802 - as above
        self.told.append("page")

    def EndPage(self) -> None:  # noqa: N802 - as above
        self.told.append("end")

    def EndDoc(self) -> None:  # noqa: N802 - as above
        self.told.append("done")

    def DeleteDC(self) -> None:  # noqa: N802 - as above
        self.told.append("deleted")

    def GetHandleOutput(self) -> Paper:  # noqa: N802 - as above
        return self


class Dib:
    """ImageWin's bitmap."""

    def __init__(self, picture: Any) -> None:  # noqa: ANN401 - a picture of Pillow
        self.size = picture.size

    def draw(self, paper: Paper, place: tuple[int, int, int, int]) -> None:
        paper.told.append((self.size, place))


def test_pages_keep_their_size_and_their_place(monkeypatch: pytest.MonkeyPatch) -> None:
    paper = Paper()
    for name, content in (("win32ui", {"CreateDC": lambda: paper}), ("PIL.ImageWin", {"Dib": Dib})):
        module = ModuleType(name)
        vars(module).update(content)
        monkeypatch.setitem(sys.modules, name, module)
    raw = io.BytesIO()
    canvas = Canvas(raw, pagesize=(72, 144))
    for word in ("one", "two"):
        canvas.drawString(10, 10, word)
        canvas.showPage()
    canvas.save()
    assert print_pages("Office", "p1/1/cn22/1", raw.getvalue()) == 12
    drawn = ((300, 600), (-50, -70, 250, 530))
    pages = ["page", drawn, "end"] * 2
    assert paper.told == ["Office", "p1/1/cn22/1", *pages, "done", "deleted"]
