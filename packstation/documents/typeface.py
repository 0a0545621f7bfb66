"""What a TrueType file covers and how wide its characters are, read from its tables.

Only the tables that answer that are read (head, hhea, hmtx, cmap; OpenType
specification 1.9, chapters of those names): a label's first line must not wait
for a font library to load ten megabytes of outlines.
"""

from __future__ import annotations

import struct
from bisect import bisect_left
from collections.abc import Callable
from pathlib import Path
from typing import Final

from packstation.domain.errors import DocumentError

Lookup = Callable[[int], int]
# (platform, encoding) of the Unicode cmaps, the fuller repertoire first.
_UNICODE_CMAPS: Final = ((3, 10), (0, 4), (3, 1), (0, 3))


class Typeface:
    """One font file: ``glyph`` and ``advance`` of a code point."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            tables = _read_tables(path, {b"head", b"hhea", b"hmtx", b"cmap"})
            self._units: int = struct.unpack_from(">H", tables[b"head"], 18)[0]
            self._widths: int = struct.unpack_from(">H", tables[b"hhea"], 34)[0]
            self._hmtx = tables[b"hmtx"]
            self.glyph: Lookup = _unicode_cmap(tables[b"cmap"])
        except (OSError, KeyError, struct.error) as error:
            raise DocumentError("error.document.font", field=path.name, cause=str(error)) from error

    def advance(self, codepoint: int) -> float:
        """Width of a character in em."""
        index = min(self.glyph(codepoint), self._widths - 1)
        units: int = struct.unpack_from(">H", self._hmtx, 4 * index)[0]
        return units / self._units


def _read_tables(path: Path, wanted: set[bytes]) -> dict[bytes, bytes]:
    with path.open("rb") as file:
        count: int = struct.unpack(">4xH6x", file.read(12))[0]
        directory = file.read(16 * count)
        found: dict[bytes, bytes] = {}
        for tag, _checksum, offset, length in struct.iter_unpack(">4sIII", directory):
            if tag in wanted:
                file.seek(offset)
                found[tag] = file.read(length)
    return found


def _unicode_cmap(table: bytes) -> Lookup:
    count: int = struct.unpack_from(">H", table, 2)[0]
    offsets = {
        (platform, encoding): offset
        for platform, encoding, offset in struct.iter_unpack(">HHI", table[4 : 4 + 8 * count])
    }
    for kind in _UNICODE_CMAPS:
        if kind in offsets:
            subtable = table[offsets[kind] :]
            form: int = struct.unpack_from(">H", subtable)[0]
            if form in _FORMATS:
                return _FORMATS[form](subtable)
    raise KeyError("cmap 4 or 12")


def _format_4(table: bytes) -> Lookup:
    """Segments of 16-bit codes, with a delta or an array of glyphs each."""
    doubled: int = struct.unpack_from(">H", table, 6)[0]
    columns = f">{doubled // 2}H"
    ends = struct.unpack_from(columns, table, 14)
    starts = struct.unpack_from(columns, table, 16 + doubled)
    deltas = struct.unpack_from(columns, table, 16 + 2 * doubled)
    offsets_at = 16 + 3 * doubled
    offsets = struct.unpack_from(columns, table, offsets_at)

    def glyph(codepoint: int) -> int:
        segment = bisect_left(ends, codepoint)
        if segment == len(ends) or starts[segment] > codepoint:
            return 0
        if not offsets[segment]:
            return int(codepoint + deltas[segment]) & 0xFFFF
        within = offsets[segment] + 2 * (codepoint - starts[segment])
        index: int = struct.unpack_from(">H", table, offsets_at + 2 * segment + within)[0]
        return int(index + deltas[segment]) & 0xFFFF if index else 0

    return glyph


def _format_12(table: bytes) -> Lookup:
    """Groups of 32-bit codes with consecutive glyphs."""
    count: int = struct.unpack_from(">I", table, 12)[0]
    groups = tuple(struct.iter_unpack(">III", table[16 : 16 + 12 * count]))
    ends = [end for _start, end, _glyph in groups]

    def glyph(codepoint: int) -> int:
        at = bisect_left(ends, codepoint)
        if at == len(groups) or groups[at][0] > codepoint:
            return 0
        start, _end, first = groups[at]
        return int(first + codepoint - start)

    return glyph


_FORMATS: Final[dict[int, Callable[[bytes], Lookup]]] = {4: _format_4, 12: _format_12}
