"""Fonts in a PDF: the glyphs a document uses, as small TrueType programs of up to 255 each.

ReportLab reads a font's tables whole before it can embed a glyph: half a second and 17 MB for
one with Han. Here only the directory, metrics and places of glyphs are read, then each glyph
when a page first needs it. Instructions for hinting stay out: a page is drawn at the resolution
of a printer, and they are half of a Latin subset.

Formats: OpenType 1.9 (glyf, loca, head, hhea, hmtx, maxp, cmap format 6), PDF 1.7, 9.6.3 and
9.10.3 (a symbolic TrueType font without an encoding is looked up by its (1, 0) cmap).
"""

from __future__ import annotations

import struct
import sys
from array import array
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from packstation.documents.typeface import Typeface
from packstation.domain.errors import DocumentError

_TABLES: Final = (b"head", b"hhea", b"maxp", b"loca", b"hmtx", b"OS/2")
# Code 0 is the glyph of what is missing.
_CODES: Final = 255
_SYMBOLIC: Final = 4
# Flags of a composite glyph's parts.
_WORDS, _SCALE, _MORE, _XY_SCALE, _TWO_BY_TWO, _INSTRUCTED = 1, 8, 32, 64, 128, 256
_KEPT: Final = 8192


class Outlines:
    """The glyphs of one file, without instructions; each is read once."""

    def __init__(self, path: Path) -> None:
        """Reads metrics and places of glyphs; DocumentError where the file is none."""
        self.path, self.name = path, path.stem
        self.typeface = Typeface(path)
        try:
            self._open(path)
        except (OSError, KeyError, struct.error, ValueError) as error:
            raise DocumentError("error.document.font", field=path.name, cause=str(error)) from error
        self._kept: dict[int, tuple[bytes, tuple[int, ...]]] = {}

    def _open(self, path: Path) -> None:
        with path.open("rb") as file:
            count: int = struct.unpack(">4xH6x", file.read(12))[0]
            places = {
                tag: (offset, length)
                for tag, _, offset, length in struct.iter_unpack(">4sIII", file.read(16 * count))
            }
            found = {}
            for tag in _TABLES:
                offset, length = places[tag]
                file.seek(offset)
                found[tag] = file.read(length)
        self._glyf = places[b"glyf"][0]
        self.head, self.hhea, self.maxp = found[b"head"], found[b"hhea"], found[b"maxp"]
        self._hmtx = found[b"hmtx"]
        self._metrics: int = struct.unpack_from(">H", self.hhea, 34)[0]
        self._loca = _places(found[b"loca"], long=bool(struct.unpack_from(">h", self.head, 50)[0]))
        self.descriptor = _descriptor(self.head, self.hhea, found[b"OS/2"])

    def metric(self, glyph: int) -> tuple[int, int]:
        """Advance and left bearing in units of the font."""
        full = min(glyph, self._metrics - 1)
        advance, bearing = struct.unpack_from(">Hh", self._hmtx, 4 * full)
        if glyph >= self._metrics:
            at = 4 * self._metrics + 2 * (glyph - self._metrics)
            bearing = struct.unpack_from(">h", self._hmtx, at)[0]
        return advance, bearing

    def glyphs(self, wanted: Iterable[int]) -> dict[int, tuple[bytes, tuple[int, ...]]]:
        """Data and parts of each glyph, and of the glyphs that they are put together of."""
        found: dict[int, tuple[bytes, tuple[int, ...]]] = {}
        todo = list(wanted)
        if len(self._kept) > _KEPT:
            self._kept.clear()
        if all(glyph in self._kept for glyph in todo):
            return self._all(todo, found, None)
        with self.path.open("rb") as file:
            return self._all(todo, found, file)

    def _all(
        self,
        todo: list[int],
        found: dict[int, tuple[bytes, tuple[int, ...]]],
        file: Any,  # noqa: ANN401 - an open file, or None where all is kept
    ) -> dict[int, tuple[bytes, tuple[int, ...]]]:
        while todo:
            glyph = todo.pop()
            if glyph in found:
                continue
            if glyph not in self._kept:
                start, end = self._loca[glyph], self._loca[glyph + 1]
                file.seek(self._glyf + start)
                self._kept[glyph] = without_instructions(file.read(end - start))
            found[glyph] = self._kept[glyph]
            todo += found[glyph][1]
        return found


@lru_cache(maxsize=16)
def outlines(path: Path) -> Outlines:
    """The glyphs of a file, read once a process."""
    return Outlines(path)


def _places(table: bytes, *, long: bool) -> array[int]:
    """Where each glyph begins, in bytes; one more than there are glyphs."""
    if long:
        return array("I", (place for (place,) in struct.iter_unpack(">I", table)))
    return array("I", (2 * place for (place,) in struct.iter_unpack(">H", table)))


def _descriptor(head: bytes, hhea: bytes, os2: bytes) -> dict[str, Any]:
    """Entries of a font descriptor, in thousandths of an em."""
    units: int = struct.unpack_from(">H", head, 18)[0]
    box = struct.unpack_from(">4h", head, 36)
    ascent, descent = struct.unpack_from(">2h", hhea, 4)
    weight: int = struct.unpack_from(">H", os2, 4)[0]
    version: int = struct.unpack_from(">H", os2)[0]
    capital: int = struct.unpack_from(">h", os2, 88)[0] if version >= 2 else ascent
    scaled = [round(value * 1000 / units) for value in (*box, ascent, descent, capital)]
    return {
        "Type": "/FontDescriptor",
        "FontBBox": scaled[:4],
        "Ascent": scaled[4],
        "Descent": scaled[5],
        "CapHeight": scaled[6],
        "Flags": _SYMBOLIC,
        "ItalicAngle": 0,
        # As is customary where a file does not tell it.
        "StemV": 50 + int((weight / 65) ** 2),
    }


def without_instructions(data: bytes) -> tuple[bytes, tuple[int, ...]]:
    """A glyph's data without its instructions, and the glyphs that it is put together of."""
    if not data:
        return data, ()
    contours: int = struct.unpack_from(">h", data)[0]
    if contours < 0:
        return _composite(data)
    at = 10 + 2 * contours
    length: int = struct.unpack_from(">H", data, at)[0]
    return data[:at] + b"\x00\x00" + data[at + 2 + length :], ()


def _composite(data: bytes) -> tuple[bytes, tuple[int, ...]]:
    made, at, parts, flags = bytearray(data), 10, [], _MORE
    while flags & _MORE:
        flags, part = struct.unpack_from(">HH", data, at)
        struct.pack_into(">H", made, at, flags & ~_INSTRUCTED)
        parts.append(part)
        at += 4 + (4 if flags & _WORDS else 2)
        at += 2 if flags & _SCALE else 4 if flags & _XY_SCALE else 8 if flags & _TWO_BY_TWO else 0
    return bytes(made[:at]), tuple(parts)


def _renumbered(data: bytes, parts: Sequence[int], numbers: dict[int, int]) -> bytes:
    """A composite glyph whose parts have their numbers in the subset."""
    if not parts:
        return data
    made, at = bytearray(data), 10
    for part in parts:
        flags: int = struct.unpack_from(">H", data, at)[0]
        struct.pack_into(">H", made, at + 2, numbers[part])
        at += 4 + (4 if flags & _WORDS else 2)
        at += 2 if flags & _SCALE else 4 if flags & _XY_SCALE else 8 if flags & _TWO_BY_TWO else 0
    return bytes(made)


def font_program(source: Outlines, by_code: Sequence[int]) -> bytes:
    """A TrueType file whose code n shows the glyph ``by_code[n]``; code 0 is what is missing."""
    found = source.glyphs((0, *by_code))
    ordered = list(dict.fromkeys((0, *by_code, *sorted(found))))
    numbers = {glyph: at for at, glyph in enumerate(ordered)}
    data, places = [], [0]
    for glyph in ordered:
        one = _renumbered(*found[glyph], numbers)
        one += bytes(-len(one) % 4)
        data.append(one)
        places.append(places[-1] + len(one))
    count = len(ordered)
    codes = [numbers[glyph] for glyph in by_code]
    hmtx = b"".join(struct.pack(">Hh", *source.metric(glyph)) for glyph in ordered)
    cmap = struct.pack(">4HI", 0, 1, 1, 0, 12)
    cmap += struct.pack(f">5H{len(codes)}H", 6, 10 + 2 * len(codes), 0, 0, len(codes), *codes)
    return _file(
        {
            b"cmap": cmap,
            b"glyf": b"".join(data),
            # Long places of glyphs; the check sum is put in below.
            b"head": source.head[:8] + bytes(4) + source.head[12:50] + b"\x00\x01\x00\x00",
            b"hhea": source.hhea[:34] + struct.pack(">H", count),
            b"hmtx": hmtx,
            b"loca": struct.pack(f">{len(places)}I", *places),
            b"maxp": source.maxp[:4] + struct.pack(">H", count) + source.maxp[6:],
        }
    )


def _file(tables: dict[bytes, bytes]) -> bytes:
    """Tables put together, with their check sums."""
    power = len(tables).bit_length() - 1
    ranges = (16 << power, power, 16 * len(tables) - (16 << power))
    head = struct.pack(">4s4H", b"\x00\x01\x00\x00", len(tables), *ranges)
    offset, total, entries, body = 12 + 16 * len(tables), 0, [], []
    for tag, table in sorted(tables.items()):
        padded = table + bytes(-len(table) % 4)
        check = _sum(padded)
        total += check
        entries.append(struct.pack(">4sIII", tag, check, offset, len(table)))
        body.append(padded)
        offset += len(padded)
    first = b"".join((head, *entries))
    total += _sum(first)
    whole = bytearray(b"".join((first, *body)))
    at = whole.index(b"head")
    place: int = struct.unpack_from(">I", whole, at + 8)[0]
    struct.pack_into(">I", whole, place + 8, (0xB1B0AFBA - total) & 0xFFFFFFFF)
    return bytes(whole)


def _sum(data: bytes) -> int:
    words = array("I", data)
    if sys.byteorder == "little":
        words.byteswap()
    return sum(words) & 0xFFFFFFFF


class EmbeddedFont:
    """One face in one document: which code stands for which character, then its programs.

    Speaks ReportLab's protocol of a dynamic font: the document calls ``addObjects`` at its end.
    """

    def __init__(self, source: Outlines, name: str) -> None:
        """``name`` is its resource's, "F1"."""
        self._source, self._name = source, name
        self._codes: dict[str, tuple[int, int]] = {}
        self._first: dict[str, int] = {}
        self._subsets: list[list[str]] = []

    def encode(self, text: str) -> list[tuple[str, bytes]]:
        """``text`` as codes: (resource name, codes) a piece of one subset."""
        try:
            # Few documents use more than one subset of a face.
            return [(f"/{self._name}+0", bytes(map(self._first.__getitem__, text)))]
        except KeyError:
            return self._pieces(text)

    def _pieces(self, text: str) -> list[tuple[str, bytes]]:
        pieces: list[tuple[int, bytearray]] = []
        for char in text:
            subset, code = self._codes.get(char) or self._code(char)
            if not pieces or pieces[-1][0] != subset:
                pieces.append((subset, bytearray()))
            pieces[-1][1].append(code)
        return [(f"/{self._name}+{subset}", bytes(codes)) for subset, codes in pieces]

    def _code(self, char: str) -> tuple[int, int]:
        if not self._subsets or len(self._subsets[-1]) == _CODES:
            self._subsets.append([])
        self._subsets[-1].append(char)
        place = len(self._subsets) - 1, len(self._subsets[-1])
        self._codes[char] = place
        if place[0] == 0:
            self._first[char] = place[1]
        return place

    def addObjects(self, document: Any) -> None:  # noqa: N802, ANN401 - ReportLab's name and kind
        """The font's objects, one set for each 255 characters."""
        fonts = document.idToObject["BasicFonts"].dict
        for number, chars in enumerate(self._subsets):
            fonts[f"{self._name}+{number}"] = self._font(document, number, chars)

    def _font(self, document: Any, number: int, chars: list[str]) -> Any:  # noqa: ANN401 - an object of ReportLab
        from reportlab.pdfbase import pdfdoc

        source = self._source
        glyphs = [0, *(source.typeface.glyph(ord(char)) for char in chars)]
        name = f"{_tag(number)}+{source.name}"
        units: int = struct.unpack_from(">H", source.head, 18)[0]
        widths = [round(source.metric(glyph)[0] * 1000 / units) for glyph in glyphs]
        program = font_program(source, glyphs)
        entries = dict(source.descriptor)
        entries["FontBBox"] = pdfdoc.PDFArray(entries["FontBBox"])
        entries["FontName"] = pdfdoc.PDFName(name)
        entries["FontFile2"] = document.Reference(
            _stream(program, Length1=len(program)), f"fontFile:{name}"
        )
        font: Any = pdfdoc.PDFTrueTypeFont()
        font.Name, font.BaseFont = f"{self._name}+{number}", name
        font.FirstChar, font.LastChar = 0, len(chars)
        # Formatted here: ReportLab takes as long for it as for all else of the font.
        font.Widths = f"[{' '.join(map(str, widths))}]"
        font.ToUnicode = document.Reference(
            _stream(to_unicode(name, chars).encode("ascii")), f"toUnicodeCMap:{name}"
        )
        font.FontDescriptor = document.Reference(
            pdfdoc.PDFDictionary(entries), f"fontDescriptor:{name}"
        )
        document.Reference(font, font.Name)
        return font


def _stream(content: bytes, **entries: int) -> Any:  # noqa: ANN401 - an object of ReportLab
    from reportlab.pdfbase import pdfdoc

    made: Any = pdfdoc.PDFStream(content=content, filters=[pdfdoc.PDFZCompress])
    made.dictionary.dict.update(entries)
    return made


def _tag(number: int) -> str:
    """Six capitals that tell subsets apart (PDF 1.7, 9.6.4): AAAAAA, AAAAAB ..."""
    letters = ""
    for _ in range(6):
        number, letter = divmod(number, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


def to_unicode(name: str, chars: Sequence[str]) -> str:
    """Which character each code from 1 on stands for, so that text can be copied and searched."""
    pairs = [
        f"<{code:02X}> <{char.encode('utf-16-be').hex().upper()}>"
        for code, char in enumerate(chars, start=1)
    ]
    # A block holds at most a hundred (PDF 1.7, 9.10.3, after Adobe technical note 5014).
    blocks = [
        f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar"
        for block in (pairs[at : at + 100] for at in range(0, len(pairs), 100))
    ]
    return "\n".join(
        (
            "/CIDInit /ProcSet findresource begin",
            "12 dict begin",
            "begincmap",
            f"/CIDSystemInfo << /Registry ({name}) /Ordering ({name}) /Supplement 0 >> def",
            f"/CMapName /{name} def",
            "/CMapType 2 def",
            "1 begincodespacerange",
            "<00> <FF>",
            "endcodespacerange",
            *blocks,
            "endcmap",
            "CMapName currentdict /CMap defineresource pop",
            "end",
            "end",
        )
    )
