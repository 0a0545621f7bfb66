"""What came back as a label: known by its bytes, whole, of the size that is in the printer.

A carrier's word (the content type) is not believed: portals answer HTML with 200, proxies cut
files, accounts are set to another paper. The file itself is never changed: it is kept byte for
byte, and what is said of its size is read from it.

Faults that asking again may cure: ``empty``, ``html``, ``json``, ``base64``, ``unknown``, ``cut``
(it ends too early), ``damaged``, ``huge``. Those that stay (``Checked.stays``): ``pages`` (none),
``size``, ``dpi``, ``media`` (another format than was asked for).
"""

from __future__ import annotations

import base64
import binascii
import re
import struct
import zlib
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from packstation.domain.carriers import LabelFile, LabelWanted
from packstation.domain.labels import MM_PER_INCH
from packstation.pdf_turn import PDF_TURN

PDF: Final = "application/pdf"
PNG: Final = "image/png"
ZPL: Final = "application/zpl"
TSPL: Final = "application/tspl"
MEDIA: Final = (PDF, PNG, ZPL, TSPL)

MOST_BYTES: Final = 10 * 1024 * 1024
# 4 x 6 in and 100 x 150 mm are 2.4 mm apart and are two stocks; printers' own margins are below 1.
TOLERANCE_MM: Final = 1.5
DPI_TOLERANCE: Final = 0.02
_POINT_MM: Final = MM_PER_INCH / 72
_DEFAULT_DPI: Final = 203
_PNG_HEAD: Final = b"\x89PNG\r\n\x1a\n"
_CHUNK: Final = 12  # length, type and checksum of a chunk of PNG
# Values of a dot by the picture's kind, and dots of a picture (A4 at 600 dpi has 35 million).
_CHANNELS: Final = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_MOST_DOTS: Final = 50_000_000
# Dots are counted piece by piece: 10 MiB of a file may unpack to 10 GiB.
_PIECE: Final = 1 << 20
_STAYS: Final = frozenset({"pages", "size", "dpi", "media"})


class Checked(Struct, frozen=True, kw_only=True):
    """The label, or what is wrong: ``fault`` of the module's list, ``detail`` with the figures.

    A file of the wrong size has both: it is what the carrier sold.
    """

    file: LabelFile | None = None
    fault: str = ""
    detail: str = ""

    @property
    def stays(self) -> bool:
        """Whether asking again gives the same."""
        return self.fault in _STAYS


class _Wrong(Exception):
    """``args``: fault, detail."""


def checked(content: bytes, wanted: LabelWanted | None = None) -> Checked:
    """What ``content`` is; ``wanted`` names stock and format, where they matter."""
    stock = wanted or LabelWanted()
    try:
        file = _read(content, stock)
    except _Wrong as exc:
        return Checked(fault=exc.args[0], detail=exc.args[1])
    fault, detail = _unfit(file, stock)
    return Checked(file=file, fault=fault, detail=detail)


def from_base64(text: object, wanted: LabelWanted | None = None) -> Checked:
    """As ``checked``, of Base64 (also URL-safe, in lines, or as a data URL) as JSON carries it."""
    if not isinstance(text, str) or not text.strip():
        return Checked(fault="empty", detail=f"label: {_shown(text)}; Base64 is wanted")
    plain = re.sub(r"\s+", "", text.partition(";base64,")[2] or text)
    plain = plain.translate(str.maketrans("-_", "+/"))
    try:
        content = base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError) as exc:
        return Checked(fault="base64", detail=f"label: {_shown(text)}: {exc}")
    return checked(content, wanted)


# --- what it is --------------------------------------------------------------------------------


def _read(content: bytes, stock: LabelWanted) -> LabelFile:
    if not content.strip():
        raise _Wrong("empty", f"{len(content)} bytes")
    if len(content) > MOST_BYTES:
        raise _Wrong("huge", f"{len(content)} bytes; at most {MOST_BYTES}")
    if b"%PDF-" in content[:1024]:
        return _pdf(content)
    if content.startswith(_PNG_HEAD):
        return _png(content, stock)
    start = content[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    if b"^XA" in start[:512].upper() and start[:1] in {b"^", b"~"}:
        return _zpl(content, stock)
    if re.match(rb"(?i)(SIZE|CLS|GAP|DENSITY|CODEPAGE)\b", start):
        return _tspl(content)
    if start[:1] == b"<":
        raise _Wrong("html", _shown(start))
    if start[:1] in {b"{", b"["}:
        raise _Wrong("json", _shown(start))
    raise _Wrong("unknown", _shown(start))


def _pdf(content: bytes) -> LabelFile:
    if b"%%EOF" not in content[-1024:]:
        raise _Wrong("cut", f"PDF of {len(content)} bytes without its end (%%EOF)")
    sizes = _pages(content)
    if not sizes:
        raise _Wrong("pages", "PDF without a page")
    first = sizes[0]
    for number, one in enumerate(sizes, 1):
        if any(abs(a - b) > TOLERANCE_MM for a, b in zip(one, first, strict=True)):
            raise _Wrong("size", f"page {number}: {_mm(*one)}; page 1: {_mm(*first)}")
    return LabelFile(content=content, media=PDF, width_mm=first[0], height_mm=first[1])


def _pages(content: bytes) -> list[tuple[float, float]]:
    import pypdfium2

    try:
        with PDF_TURN, pypdfium2.PdfDocument(content) as document:
            sizes = [document.get_page_size(at) for at in range(len(document))]
    except pypdfium2.PdfiumError as exc:
        raise _Wrong("damaged", f"PDF: {exc}") from exc
    return [(round(w * _POINT_MM, 2), round(h * _POINT_MM, 2)) for w, h in sizes]


def _png(content: bytes, stock: LabelWanted) -> LabelFile:
    width = height = 0
    dpi = 0
    ended = False
    head, data = b"", []
    for kind, body in _chunks(content):
        if kind == b"IHDR" and len(body) == 13:
            head = body
            width, height = struct.unpack(">II", body[:8])
        elif kind == b"IDAT":
            data.append(body)
        elif kind == b"pHYs" and len(body) == 9 and body[8] == 1:
            dpi = round(struct.unpack(">I", body[:4])[0] * MM_PER_INCH / 1000)
        ended = ended or kind == b"IEND"
    if not ended:
        raise _Wrong("cut", f"PNG of {len(content)} bytes without its end (IEND)")
    if not (width and height):
        raise _Wrong("damaged", "PNG without a size (IHDR)")
    _dots_of(head, b"".join(data))
    by = dpi or stock.dpi
    sides = (_side(width, by), _side(height, by))
    return LabelFile(content=content, media=PNG, width_mm=sides[0], height_mm=sides[1], dpi=dpi)


def _dots_of(head: bytes, data: bytes) -> None:
    """Refuse a picture whose dots are not there: nobody could print what was paid for."""
    wide, high, bits, kind, _, _, interlaced = struct.unpack(">IIBBBBB", head)
    if kind not in _CHANNELS:
        raise _Wrong("damaged", f"PNG of kind {kind}; known: {sorted(_CHANNELS)}")
    if wide * high > _MOST_DOTS:
        raise _Wrong("huge", f"{wide} x {high} dots; at most {_MOST_DOTS}")
    size = high * (1 + -(-wide * bits * _CHANNELS[kind] // 8))
    # Seven passes over the picture have more rows, each with its own first byte.
    most = size + 2 * high + 8 * wide if interlaced else size
    unpacking, found, rest = zlib.decompressobj(), 0, data
    try:
        while found <= most and (part := unpacking.decompress(rest, _PIECE)):
            found, rest = found + len(part), unpacking.unconsumed_tail
    except zlib.error as exc:
        raise _Wrong("damaged", f"PNG: {exc}") from exc
    if found > most:
        raise _Wrong("damaged", f"PNG: more than its {wide} x {high} dots")
    if found < size:
        raise _Wrong("cut", f"PNG of {found} bytes of dots; its {wide} x {high} have {size}")


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_PNG_HEAD)
    while at < len(content):
        if len(content) - at < _CHUNK:
            raise _Wrong("cut", f"PNG ends inside a chunk at byte {at}")
        length, kind = struct.unpack(">I4s", content[at : at + 8])
        body = content[at + 8 : at + 8 + length]
        check = content[at + 8 + length : at + _CHUNK + length]
        if len(body) < length or len(check) < 4:
            raise _Wrong("cut", f"PNG ends inside {_shown(kind)} at byte {at}")
        if struct.unpack(">I", check)[0] != zlib.crc32(kind + body):
            raise _Wrong("damaged", f"PNG: checksum of {_shown(kind)} at byte {at}")
        yield kind, body
        if kind == b"IEND":
            return
        at += _CHUNK + length


def _zpl(content: bytes, stock: LabelWanted) -> LabelFile:
    starts, ends = (len(re.findall(mark, content, re.IGNORECASE)) for mark in (rb"\^XA", rb"\^XZ"))
    if not content.rstrip().upper().endswith(b"^XZ") or starts != ends:
        raise _Wrong("cut", f"ZPL with {starts} ^XA and {ends} ^XZ")
    dpi = stock.dpi or _DEFAULT_DPI
    width, height = (_dots(content, mark) for mark in (rb"\^PW", rb"\^LL"))
    return LabelFile(
        content=content, media=ZPL, width_mm=_side(width, dpi), height_mm=_side(height, dpi)
    )


def _dots(content: bytes, mark: bytes) -> int:
    found = re.search(mark + rb"\s*([0-9]{1,5})", content, re.IGNORECASE)
    return int(found[1]) if found else 0


_SIZE: Final = re.compile(
    rb"(?im)^(?:\xef\xbb\xbf)?\s*SIZE\s+([0-9.]{1,8})\s*(mm|dot)?\s*,\s*([0-9.]{1,8})\s*(mm|dot)?"
)

_ANY_SIZE: Final = re.compile(rb"(?im)^(?:\xef\xbb\xbf)?\s*SIZE\b[^\r\n]*")


def _tspl(content: bytes) -> LabelFile:
    if not re.search(rb"(?im)^\s*PRINT\b[^\r\n]*\s*\Z", content.rstrip() + b"\n"):
        raise _Wrong("cut", f"TSPL of {len(content)} bytes without PRINT at its end")
    found = _SIZE.search(content)
    if found is None and (said := _ANY_SIZE.search(content)):
        raise _Wrong("damaged", f"TSPL: {_shown(said[0])}")
    sides = (_tspl_mm(found[1], found[2]), _tspl_mm(found[3], found[4])) if found else (0.0, 0.0)
    return LabelFile(content=content, media=TSPL, width_mm=sides[0], height_mm=sides[1])


def _tspl_mm(number: bytes, unit: bytes | None) -> float:
    """TSPL's sides are in inches where no unit stands; in dots nobody knows (0)."""
    try:
        value = float(number)
    except ValueError as exc:
        raise _Wrong("damaged", f"TSPL: SIZE {_shown(number)}") from exc
    by = {b"mm": 1.0, b"dot": 0.0}.get((unit or b"").lower(), MM_PER_INCH)
    return round(value * by, 2)


def _side(dots: int, dpi: int) -> float:
    return round(dots * MM_PER_INCH / dpi, 2) if dpi else 0.0


# --- whether it fits ---------------------------------------------------------------------------


def _unfit(file: LabelFile, stock: LabelWanted) -> tuple[str, str]:
    """What keeps the file from the printer; ("", "") for nothing. Unknown sides pass."""
    if stock.media and file.media != stock.media:
        return "media", f"{file.media}; wanted: {stock.media}"
    if stock.dpi and file.dpi and abs(file.dpi - stock.dpi) > DPI_TOLERANCE * stock.dpi:
        return "dpi", f"{file.dpi} dpi; wanted: {stock.dpi} dpi"
    sides = ((file.width_mm, stock.width_mm), (file.height_mm, stock.height_mm))
    if any(has and wants and abs(has - wants) > TOLERANCE_MM for has, wants in sides):
        there, asked = _mm(file.width_mm, file.height_mm), _mm(stock.width_mm, stock.height_mm)
        return "size", f"{there}; wanted: {asked}"
    return "", ""


def _mm(width: float, height: float) -> str:
    return f"{width:g} x {height:g} mm"


def _shown(value: object) -> str:
    text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
    return "".join(char if char.isprintable() else "·" for char in text[:60])
