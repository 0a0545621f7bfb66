"""What is wrong with a page of papers, and what stands on it, by programs that did not make it."""

from __future__ import annotations

import io
import itertools
import re
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import pdfplumber
import pypdfium2
from msgspec import Struct
from pdfminer.pdftypes import resolve1
from pdfplumber.page import Page
from PIL import Image

from tests.node.rendering import codes_in

MM: Final = 72 / 25.4
_SLACK: Final = 0.05 * MM
_SIZE_SLACK_MM: Final = 0.2
# Ink stands in the middle of an em: below accents of capitals, above descenders.
_INK: Final = 0.22
# A rectangle that is thinner is a line.
_THIN: Final = 0.7 * MM
# Nothing that is read is smaller (em, points): 1.5 mm; Han 2.12 mm.
_LEAST, _LEAST_HAN = 1.499 * MM, 2.119 * MM
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_SUBSET: Final = re.compile(r"[A-Z0-9]{6}\+.+")


class Ink(Struct, frozen=True):
    """A rectangle in points from the top left, and the words or lines it stands for."""

    x: float
    y: float
    right: float
    bottom: float
    what: str

    def meets(self, other: Ink) -> bool:
        """Whether the two lie over each other by more than a hair."""
        across = min(self.right, other.right) - max(self.x, other.x)
        down = min(self.bottom, other.bottom) - max(self.y, other.y)
        return across > _SLACK and down > _SLACK


def faults(pdf: bytes, sizes: Sequence[tuple[float, float]] = ()) -> list[str]:
    """All that is wrong with a paper, in words; [] where nothing is.

    Ink outside of the page, words over words, words over lines, fonts that are not embedded
    or not cut down, letters too small to read, words that run over a line between columns, and
    pages of another size than ``sizes`` (mm; the last holds for the rest).
    """
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        return [
            f"page {number}: {fault}"
            for number, page in enumerate(document.pages, start=1)
            for fault in _page_faults(page, sizes, number)
        ]


def _page_faults(page: Page, sizes: Sequence[tuple[float, float]], number: int) -> Iterator[str]:
    if sizes:
        yield from _size(page, sizes[min(number, len(sizes)) - 1])
    words = _words(page)
    lines = _lines(page)
    edge = Ink(0, 0, float(page.width), float(page.height), "")
    for ink in (*words, *lines):
        out = min(ink.x - edge.x, ink.y - edge.y, edge.right - ink.right, edge.bottom - ink.bottom)
        if out < -_SLACK:
            yield f"{ink.what!r} is outside of the page by {-out / MM:.2f} mm"
    for at, word in enumerate(words):
        for other in words[at + 1 :]:
            if word.meets(other):
                yield f"{word.what!r} and {other.what!r} overlap"
        for line in lines:
            if word.meets(line):
                yield f"{word.what!r} stands on {line.what}"
    yield from _small(page)
    yield from _fonts(page)


def _small(page: Page) -> Iterator[str]:
    """Letters that nobody reads."""
    for char in page.chars:
        least = _LEAST_HAN if _HAN.match(char["text"]) else _LEAST
        if char["text"].strip() and char["size"] < least:
            yield f"{char['text']!r} is {char['size'] / MM:.2f} mm high"
            return


def cells(pdf: bytes) -> list[str]:
    """Lines of text that cross a vertical line or end in the cell beside theirs."""
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        return [fault for page in document.pages for fault in _crossing(page)]


def _crossing(page: Page) -> Iterator[str]:
    upright = [one for one in _lines(page) if one.right - one.x < one.bottom - one.y]
    for line in page.extract_text_lines(x_tolerance=1.0, return_chars=True):
        chars = sorted((one for one in line["chars"]), key=lambda one: float(one["x0"]))
        for one, other in itertools.pairwise(chars):
            near = other["x0"] - one["x1"] < 0.12 * one["size"]
            middle = (one["top"] + one["bottom"]) / 2
            for edge in upright:
                between = one["x1"] <= edge.x + _SLACK and edge.right <= other["x0"] + _SLACK
                if near and between and edge.y < middle < edge.bottom:
                    yield f"{one['text'] + other['text']!r} has a line between"


def drawn_glyphs(pdf: bytes, dpi: int = 100) -> list[str]:
    """Words whose ink is cut at the edge of the page: black dots on its outermost row or column."""
    return [
        f"page {number}: ink at the edge"
        for number, picture in enumerate(pictures(pdf, dpi), start=1)
        if _edge_ink(picture)
    ]


def _edge_ink(picture: Image.Image) -> bool:
    width, height = picture.size
    edges = ((0, 0, width, 1), (0, height - 1, width, height))
    sides = ((0, 0, 1, height), (width - 1, 0, width, height))
    return any(min(picture.crop(box).tobytes()) < 128 for box in (*edges, *sides))


def _size(page: Page, wanted: tuple[float, float]) -> Iterator[str]:
    found = float(page.width) / MM, float(page.height) / MM
    if any(abs(one - other) > _SIZE_SLACK_MM for one, other in zip(found, wanted, strict=True)):
        yield f"is {found[0]:.1f} x {found[1]:.1f} mm, not {wanted[0]} x {wanted[1]}"


def _words(page: Page) -> list[Ink]:
    """Words as they were drawn: characters that follow one another on one line."""
    found: list[list[dict[str, Any]]] = []
    for char in page.chars:
        if char["text"].isspace():
            found.append([])
            continue
        last = found[-1][-1] if found and found[-1] else None
        follows = (
            last is not None
            and abs(char["x0"] - last["x1"]) < 0.05 * char["size"]
            and abs(char["bottom"] - last["bottom"]) < 0.4 * char["size"]
        )
        if not follows:
            found.append([])
        found[-1].append(char)
    return [_ink(word) for word in found if word]


def _ink(word: list[dict[str, Any]]) -> Ink:
    top, bottom = min(char["top"] for char in word), max(char["bottom"] for char in word)
    hem = _INK * (bottom - top)
    text = "".join(char["text"] for char in word)
    return Ink(word[0]["x0"], top + hem, word[-1]["x1"], bottom - hem, text)


def _lines(page: Page) -> list[Ink]:
    """Thin rectangles, and the four sides of outlines; bars of codes are paths, not these."""
    found = []
    for rect in page.rects:
        x, y, right, bottom = rect["x0"], rect["top"], rect["x1"], rect["bottom"]
        half = (rect["linewidth"] or 0) / 2
        if rect["fill"]:
            if min(right - x, bottom - y) < _THIN:
                found.append(Ink(x, y, right, bottom, "a line"))
            continue
        found += [
            Ink(x - half, y - half, right + half, y + half, "the top of a frame"),
            Ink(x - half, bottom - half, right + half, bottom + half, "the bottom of a frame"),
            Ink(x - half, y - half, x + half, bottom + half, "the left of a frame"),
            Ink(right - half, y - half, right + half, bottom + half, "the right of a frame"),
        ]
    return found


def _fonts(page: Page) -> Iterator[str]:
    resources = resolve1(page.page_obj.resources)
    for reference in resolve1(resources.get("Font") or {}).values():
        font = resolve1(reference)
        name = str(getattr(font["BaseFont"], "name", font["BaseFont"]))
        descriptor = resolve1(font.get("FontDescriptor")) or {}
        if not {"FontFile", "FontFile2", "FontFile3"} & set(descriptor):
            yield f"font {name} is not embedded"
        elif not _SUBSET.fullmatch(name):
            yield f"font {name} is not cut down"
        if "ToUnicode" not in font:
            yield f"font {name} does not say its characters"


def text(pdf: bytes) -> str:
    """All words in the order they were drawn, blanks collapsed."""
    document = pypdfium2.PdfDocument(pdf)
    pages = [document[at].get_textpage().get_text_range() for at in range(len(document))]
    return " ".join(" ".join(pages).split())


def missing(pdf: bytes, parts: Iterable[str]) -> list[str]:
    """Which of ``parts`` the text has not; line breaks and blanks do not count."""
    found = "".join(text(pdf).split())
    return [part for part in parts if "".join(part.split()) not in found]


def pictures(pdf: bytes, dpi: int = 300, *, grey: bool = True) -> list[Image.Image]:
    """Each page as poppler draws it."""
    with tempfile.TemporaryDirectory() as folder:
        colours = ["-gray"] if grey else []
        command = ["pdftoppm", "-r", str(dpi), *colours, "-png", "-", f"{folder}/page"]
        subprocess.run(command, input=pdf, check=True, timeout=60)
        drawn = [Image.open(path) for path in sorted(Path(folder).glob("*.png"))]
        for picture in drawn:
            picture.load()
    return list(drawn)


def decoded(pdf: bytes, dpi: int = 300) -> list[str]:
    """The text of every bar code of all pages, top to bottom."""
    return [code for picture in pictures(pdf, dpi) for code in codes_in(picture)]


def sizes(pdf: bytes) -> list[tuple[float, float]]:
    """Width and height of each page in mm."""
    document = pypdfium2.PdfDocument(pdf)
    return [(page.get_width() / MM, page.get_height() / MM) for page in document]
