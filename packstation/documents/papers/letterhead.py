"""A seller's letterhead and signature on papers; pictures from outside are checked before use.

A picture is untrusted: its format is one of two, its size is looked at before it is decoded, and
what is drawn is a new PNG of its dots without anything else that the file held.
"""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal

from msgspec import Struct

from packstation.documents.layout import Box, Sheet, Style
from packstation.domain.errors import DocumentError
from packstation.domain.labels import Image
from packstation.domain.templates import MOST_BYTES, Template

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

_FORMATS: Final = ("PNG", "JPEG")
_MOST_SIDE: Final = 6000
_MOST_PIXELS: Final = 8_000_000
# Dots that a page needs: 300 dpi over the widest place of a letterhead.
_KEPT: Final = (900, 360)
# What a row of a server carries of one: a hundred templates are pulled in a moment.
ROW_BYTES: Final = 60_000
_SMALLER: Final = 0.8
_LOGO_HIGH: Final = 18.0
_MM_PER_DOT: Final = 25.4 / 300


class Checked(Struct, frozen=True):
    """A picture that may be drawn: a PNG and its size in dots."""

    png: bytes
    width: int
    height: int


@lru_cache(maxsize=32)
def checked(data: bytes, role: str) -> Checked:
    """A picture from outside, encoded anew: at most 900 x 360 dots, on white.

    Raises DocumentError (``field`` = ``role``, ``reason``) for anything but a PNG or JPEG of
    at most 300,000 bytes and 8 million dots that can be decoded.
    """
    from PIL import Image as Pillow

    if len(data) > MOST_BYTES:
        raise _refused(role, f"more than {MOST_BYTES} bytes")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Pillow.DecompressionBombWarning)
            with Pillow.open(io.BytesIO(data), formats=_FORMATS) as opened:
                if max(opened.size) > _MOST_SIDE or opened.width * opened.height > _MOST_PIXELS:
                    raise _refused(role, f"{opened.width} x {opened.height}")
                flat = _on_white(opened)
    except (
        OSError,
        ValueError,
        SyntaxError,
        EOFError,
        struct.error,
        zlib.error,
        OverflowError,
        IndexError,
        TypeError,
        KeyError,
        MemoryError,
        Pillow.DecompressionBombError,
        Pillow.DecompressionBombWarning,
    ) as exc:
        raise _refused(role, type(exc).__name__) from exc
    flat.thumbnail(_KEPT, Pillow.Resampling.LANCZOS)
    target = io.BytesIO()
    flat.save(target, "PNG", optimize=True)
    return Checked(target.getvalue(), flat.width, flat.height)


def small(data: bytes, role: str) -> bytes:
    """A picture as a server keeps it: made anew, at most 60,000 bytes, of fewer dots if need be.

    Raises DocumentError as `checked`.
    """
    from PIL import Image as Pillow

    found = checked(data, role).png
    while len(found) > ROW_BYTES:
        with Pillow.open(io.BytesIO(found)) as opened:
            size = opened.width * _SMALLER, opened.height * _SMALLER
            opened.thumbnail(size, Pillow.Resampling.LANCZOS)
            target = io.BytesIO()
            opened.save(target, "PNG", optimize=True)
        found = target.getvalue()
    return found


def _on_white(opened: Picture) -> Picture:
    """Its first frame as grey or RGB, what shows through is white."""
    from PIL import Image as Pillow

    seen = opened.convert("RGBA")
    flat = Pillow.new("RGB", seen.size, "white")
    flat.paste(seen, mask=seen.getchannel("A"))
    bands = flat.split()
    grey = bands[0].tobytes() == bands[1].tobytes() == bands[2].tobytes()
    return bands[0] if grey else flat


def _refused(role: str, reason: str) -> DocumentError:
    return DocumentError("error.document.image", field=role, reason=reason)


def place(sheet: Sheet, role: str, data: bytes, box: Box, *, bottom: bool = False) -> float:
    """A picture in ``box`` at its left, as large as fits and not enlarged; answers its width."""
    picture = checked(data, role)
    scale = min(box.width / picture.width, box.height / picture.height, _MM_PER_DOT)
    width, height = picture.width * scale, picture.height * scale
    y = box.bottom - height if bottom else box.y
    sheet.elements.append(Image(role, box.x, y, width, height, picture.png))
    return width


def named(template: Template | None, name: Literal["logo", "signature"]) -> bytes:
    """A template's picture, b"" where it has none.

    Raises DocumentError: it names one that did not come with it.
    """
    asked = getattr(template, name) if template else ""
    data = template.image(asked) if template else b""
    if asked and not data:
        raise _refused(f"template.{name}", "missing")
    return data


def letterhead(sheet: Sheet, box: Box, template: Template | None, fallback: Sequence[str]) -> float:
    """Logo, and beside it the letterhead's lines, the first one large; answers the lower edge.

    Without a template ``fallback`` stands there (the sender's own name).
    """
    x, lower = box.x, box.y
    logo = named(template, "logo")
    if logo:
        high = min(_LOGO_HIGH, box.height)
        x += place(sheet, "template.logo", logo, Box(x, box.y, box.width * 0.5, high)) + 4.0
        lower = max(one.y + one.height for one in sheet.elements if isinstance(one, Image))
    lines = [line for line in (template.letterhead if template else ()) if line.strip()]
    name, *rest = lines or [line for line in fallback if line.strip()] or [""]
    wide = Box(x, box.y, box.x + box.width - x, box.height)
    used = sheet.text("template.letterhead", wide, name, Style((4.4, 3.8, 3.2, 2.8), bold=True))
    below = Box(wide.x, box.y + used + 0.6, wide.width, box.height - used - 0.6)
    used += 0.6 + sheet.text("template.letterhead", below, rest, Style((2.6, 2.4, 2.2, 2.0)))
    return max(lower, box.y + used)
