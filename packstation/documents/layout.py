"""Text into boxes: lines are broken and sizes chosen here, once, for every writer.

Nothing is ever cut: what does not fit its box at the smallest readable size is a
FormOverflow that names the field.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from packstation.documents.code128 import encode
from packstation.documents.fonts import Fonts
from packstation.domain.errors import FormOverflow
from packstation.domain.labels import (
    LEADING,
    QUIET_MODULES,
    Align,
    Barcode,
    CodeKind,
    Element,
    Fill,
    Frame,
    Label,
    Media,
    Polygon,
    Text,
)
from packstation.domain.one_line import clean

# What stays together on a line: a number and its unit, Han with the brackets and points around
# it, else a word.
_PIECE: Final = re.compile(
    r"\d{1,4} (?:%|ml|cm|mm|kg|g|мл|см|мм|кг|г)(?![\w])[^ \u2e80-\U0010ffff]* ?|"
    r"[(\[{<«“]*[\u2e80-\U0010ffff]+[)\]}>»”.,;:!?]* ?"
    r"|(?:(?![(\[{<«“]*[\u2e80-\U0010ffff])[^ ])+ ?"
)
_LONE: Final = re.compile(r"[\u2e80-\U0010ffff][)\].,;:!?]*")
_HAIR: Final = 1e-9
_NUMBER: Final = re.compile(r"[0-9A-Za-z]+$")
_HAN: Final = re.compile(r"[\u2e80-\U0010ffff]")
# What begins no line of Han, and what ends none (JIS X 4051, GB/T 15834).
_CLOSING: Final = frozenset("，。、；：！？）》」』】〕〉”’…·,.;:!?)]}%")
_OPENING: Final = frozenset("（《「『【〔〈“‘([{")
# Han that does not fit starts a new line up to this length (a name), else goes on where it is.
_NAME: Final = 5
# Narrower columns (em) break where they must.
_NARROW_EM: Final = 4.0
# Han below 7 pt fills in on a 203 dpi head (reference: customs, section 4); finer heads
# and pages keep its strokes apart at 6 pt.
_LEAST_HAN_MM: Final = 2.47
_LEAST_HAN_FINE_MM: Final = 2.12
_FINE_DPI: Final = 300
# The thinnest bar that bench scanners read from thermal paper: 2 dots at 203 dpi.
_LEAST_MODULE_MM: Final = 0.249


class Box(Struct, frozen=True):
    """A rectangle in mm from the top left of the paper."""

    x: float
    y: float
    width: float
    height: float

    def inset(self, across: float, down: float = 0.0) -> Box:
        """Smaller by ``across`` at left and right and by ``down`` at top and bottom."""
        return Box(self.x + across, self.y + down, self.width - 2 * across, self.height - 2 * down)

    @property
    def bottom(self) -> float:
        """Lower edge."""
        return self.y + self.height

    @property
    def right(self) -> float:
        """Right edge."""
        return self.x + self.width

    def split(self, *shares: float) -> list[Box]:
        """Columns whose widths are in proportion to ``shares``."""
        columns, x, total = [], self.x, sum(shares)
        for share in shares:
            width = self.width * share / total
            columns.append(Box(x, self.y, width, self.height))
            x += width
        return columns


class Style(Struct, frozen=True):
    """How a text is set; ``sizes`` are tried from the first, the last is the smallest allowed."""

    sizes: tuple[float, ...]
    bold: bool = False
    align: Align = "left"
    inverse: bool = False
    middle: bool = False


def least_size(texts: Iterable[str], dpi: int) -> float:
    """The smallest em (mm) at which ``texts`` stay readable, 0 where they have no Han."""
    if not any(map(_HAN.search, texts)):
        return 0.0
    return _LEAST_HAN_FINE_MM if dpi >= _FINE_DPI else _LEAST_HAN_MM


def wrap(text: str, width: float, size: float, fonts: Fonts, *, bold: bool = False) -> list[str]:
    """``text`` in lines no wider than ``width``; breaks at blanks and where a script changes.

    What is wider than a line is broken inside: Han from where it stands, words on a new line.
    Advances add up (nothing is kerned), so a line's width is the sum of its pieces'.
    """
    room = width / size
    # Most texts are one line; a hair less than it, as pieces add up in another order.
    if "  " not in text and fonts.em_width(text, bold=bold) <= room - _HAIR:
        return [text.strip()] if text.strip() else []
    lines: list[str] = []
    line, used = "", 0.0
    for piece in _PIECE.findall(text):
        em = fonts.em_width(piece, bold=bold)
        bare = fonts.em_width(piece[:-1], bold=bold) if piece[-1] == " " else em
        if used + bare <= room:
            line, used = line + piece, used + em
            continue
        if line and not _goes_on(piece, used, bare, room):
            carried = _counted(line, piece) if used > room / 2 else ""
            lines.append(line.removesuffix(carried).rstrip())
            line, used = carried, fonts.em_width(carried, bold=bold)
        *full, line = _broken(line, used, piece, room, fonts, bold=bold)
        lines += full
        used = fonts.em_width(line, bold=bold)
    return [*lines, line.rstrip()] if line.strip() else lines


def _counted(line: str, piece: str) -> str:
    """The number at the end of a line whose counter would stand alone on the next (2501室)."""
    if len(piece) > 1 or not _HAN.match(piece):
        return ""
    number = _NUMBER.search(line)
    return number[0] if number and number.start() and len(number[0]) <= _NAME else ""


def _goes_on(piece: str, used: float, bare: float, room: float) -> bool:
    """Whether a piece that does not fit is broken from where the line stands."""
    if not _HAN.search(piece):
        return False
    return bare > room or (len(piece) > _NAME and room > _NARROW_EM and used + 2 <= room)


def _broken(
    line: str, used: float, piece: str, room: float, fonts: Fonts, *, bold: bool
) -> list[str]:
    """``line`` and a word after it in lines of at most ``room`` (em); the last keeps its blank."""
    parts = [line]
    for char in piece:
        em = fonts.em_width(char, bold=bold)
        if used + em > room and parts[-1] and char != " ":
            taken = _taken(parts[-1], char) if room > _NARROW_EM else ""
            parts[-1] = parts[-1].removesuffix(taken).rstrip()
            parts.append(taken)
            used = fonts.em_width(taken, bold=bold)
        parts[-1] += char
        used += em
    if len(parts) > 1 and room > _NARROW_EM:
        parts[-2:] = _paired(*parts[-2:])
    return parts


def _paired(line: str, last: str) -> tuple[str, str]:
    """No sign of Han stands alone, or with a bracket, on the last line: the one before goes too."""
    lone = _LONE.fullmatch(last) and _HAN.match(line[-1:])
    if not lone or line[-1] in _CLOSING or len(line) < _NAME:
        return line, last
    return line[:-1], line[-1] + last


def _taken(line: str, char: str) -> str:
    """What of the end of a line of Han goes to the next one with ``char``."""
    at = len(line)
    if char in _CLOSING and _HAN.match(line[-1:]):
        at -= 1
    if at > 1 and line[at - 1] in _OPENING:
        at -= 1
    return line[at:] if at > 1 else ""


class Sheet(Struct):
    """A label under construction."""

    media: Media
    fonts: Fonts
    elements: list[Element] = field(default_factory=list)

    def label(self) -> Label:
        """What was put on it."""
        return Label(self.media, tuple(self.elements))

    def fill(self, box: Box) -> None:
        """A black rectangle."""
        self.elements.append(Fill(box.x, box.y, box.width, box.height))

    def across(self, box: Box, y: float, thickness: float = 0.25) -> None:
        """A horizontal line over the width of ``box``, from line to line or outline."""
        self.elements.append(Fill(box.x, y, box.width, thickness))

    def down(self, x: float, box: Box, thickness: float = 0.25) -> None:
        """A vertical line over the height of ``box``."""
        self.elements.append(Fill(x, box.y, thickness, box.height))

    def frame(self, box: Box, thickness: float = 0.25) -> None:
        """An outline."""
        self.elements.append(Frame(box.x, box.y, box.width, box.height, thickness))

    def cross(self, box: Box, thickness: float = 0.4) -> None:
        """A cross from corner to corner of ``box``: the mark in a box that is chosen."""
        half = thickness / 2**0.5
        x, y, right, bottom = box.x, box.y, box.x + box.width, box.bottom
        upper = ((x, y), (x + half, y), (right, bottom - half))
        falling = (*upper, (right, bottom), (right - half, bottom), (x, y + half))
        self.elements.append(Polygon(falling))
        self.elements.append(Polygon(tuple((x + right - across, down) for across, down in falling)))

    def words(self, text: str, role: str) -> str:
        """Untrusted text made printable; GlyphMissing names ``role``."""
        return self.fonts.require(clean(text), role)

    def text(self, role: str, box: Box, texts: str | Iterable[str], style: Style) -> float:
        """Paragraphs in the first size that fits ``box``; answers the height used.

        Raises FormOverflow (``field`` = ``role``, ``limit`` = lines that fit).
        """
        given = [texts] if isinstance(texts, str) else list(texts)
        paragraphs = [words for text in given if (words := self.words(text, role))]
        size, lines = self._fit(role, box, paragraphs, style)
        height = size * LEADING * len(lines)
        y = box.y + (box.height - height) / 2 if style.middle else box.y
        self.put(role, Box(box.x, y, box.width, height), lines, replace(style, sizes=(size,)))
        return height

    def put(self, role: str, box: Box, lines: Sequence[str], style: Style) -> None:
        """Lines that were broken and looked at before, from the top of ``box`` in one size."""
        if lines:
            self.elements.append(
                Text(
                    role=role,
                    x=box.x,
                    y=box.y,
                    width=box.width,
                    size=style.sizes[0],
                    lines=tuple(lines),
                    bold=style.bold,
                    align=style.align,
                    inverse=style.inverse,
                )
            )

    def _fit(
        self, role: str, box: Box, paragraphs: Sequence[str], style: Style
    ) -> tuple[float, list[str]]:
        least = least_size(paragraphs, self.media.dpi)
        size = least
        for wanted in style.sizes:
            size = max(wanted, least)
            lines = [
                line
                for paragraph in paragraphs
                for line in wrap(paragraph, box.width, size, self.fonts, bold=style.bold)
            ]
            # A hair of tolerance: heights are sums of binary fractions.
            if len(lines) * size * LEADING <= box.height + 1e-6:
                return size, lines
        limit = int(box.height / (size * LEADING) + 1e-6)
        raise FormOverflow(field=role, limit=limit)

    def linear(self, role: str, box: Box, data: str, *, gs1: bool = False, most: float) -> None:
        """A Code 128 centred in ``box`` with quiet zones inside it.

        The module is the largest whole number of dots that fits, at most ``most`` mm.
        Raises FormOverflow where not even two dots fit (one dot is no bar one can rely on).
        """
        modules = encode(data, gs1=gs1, field=role).modules
        room = box.width / (modules + 2 * QUIET_MODULES)
        dots = int(min(room, most) * self.media.dpi / 25.4 + 1e-6)
        if self.media.mm(dots) < _LEAST_MODULE_MM:
            raise FormOverflow(field=role, limit=len(data))
        width = self.media.mm(dots * modules)
        kind: CodeKind = "gs1" if gs1 else "code128"
        x = box.x + (box.width - width) / 2
        self.elements.append(Barcode(role, kind, data, x, box.y, dots, box.height))
