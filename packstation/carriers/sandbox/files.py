"""Label files that the scripted carrier makes: small, whole, of any size."""

from __future__ import annotations

from typing import Final

from packstation.domain.labels import MM_PER_INCH

_POINTS: Final = 72 / MM_PER_INCH


def pdf(
    text: str, width_mm: float, height_mm: float, second: tuple[float, float] | None = None
) -> bytes:
    """A page with one line of ASCII letters and digits, and a ``second`` of other sides in mm."""
    sizes = [(width_mm, height_mm), *([second] if second else [])]
    words = "".join(char for char in text if char.isascii() and (char.isalnum() or char in " -"))
    stream = f"BT /F1 14 Tf 20 40 Td ({words}) Tj ET".encode()
    kids = " ".join(f"{4 + at} 0 R" for at in range(len(sizes)))
    last = 4 + len(sizes)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(sizes)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        *(_page(*size, last) for size in sizes),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
    ]
    return _whole(objects)


def _page(width_mm: float, height_mm: float, content: int) -> bytes:
    box = f"0 0 {width_mm * _POINTS:.3f} {height_mm * _POINTS:.3f}"
    return (
        f"<< /Type /Page /Parent 2 0 R /MediaBox [{box}] /Contents {content} 0 R"
        " /Resources << /Font << /F1 3 0 R >> >> >>"
    ).encode()


def _whole(objects: list[bytes]) -> bytes:
    out = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    return (
        out
        + b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, table)
        + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (count, len(out))
    )


def zpl(text: str, width_dots: int = 799, height_dots: int = 1199) -> bytes:
    """The same as ZPL at 203 dpi."""
    words = "".join(char for char in text if char.isascii() and (char.isalnum() or char in " -"))
    return f"^XA^PW{width_dots}^LL{height_dots}^FO20,20^FD{words}^FS^XZ".encode()
