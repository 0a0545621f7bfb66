"""A printer's page memory, and the bar codes its firmware draws, encoded by zint."""

from __future__ import annotations

import re
import subprocess
from functools import lru_cache

from PIL import Image, ImageChops, ImageDraw

Cells = tuple[tuple[bool, ...], ...]
# GS1 application identifiers of the samples and how long their values are; 0 is open.
_ELEMENTS = {"02": 14, "00": 18, "01": 14, "17": 6, "10": 0, "21": 0, "37": 0}


class UnknownCommand(ValueError):
    """Bytes that this printer has no command for."""


class Page:
    """White paper of so many dots."""

    def __init__(self, width: int, height: int) -> None:
        self.image = Image.new("L", (width, height), 255)

    def black(self, x: int, y: int, width: int, height: int) -> None:
        """A black box; one that leaves the paper is a fault of whoever sent it."""
        assert width > 0
        assert height > 0
        assert 0 <= x <= x + width <= self.image.width, (x, width)
        assert 0 <= y <= y + height <= self.image.height, (y, height)
        ImageDraw.Draw(self.image).rectangle((x, y, x + width - 1, y + height - 1), fill=0)

    def bits(self, at: tuple[int, int], row_bytes: int, data: bytes, *, put: str) -> None:
        """Rows of bits, 1 is black; ``put``: "replace" what is there, or "add" ink."""
        height, odd = divmod(len(data), row_bytes)
        assert odd == 0
        picture = Image.frombytes("1", (8 * row_bytes, height), data).convert("L")
        picture = ImageChops.invert(picture)
        if put == "add":
            box = (*at, at[0] + picture.width, at[1] + height)
            picture = ImageChops.darker(picture, self.image.crop(box))
        self.image.paste(picture, at)

    def code(self, at: tuple[int, int], cells: Cells, module: int, height: int = 0) -> None:
        """A symbol; ``height`` is of linear ones."""
        for row, line in enumerate(cells):
            for column, dark in enumerate(line):
                if dark:
                    x, y = at[0] + column * module, at[1] + row * module
                    self.black(x, y, module, height or module)


def code128(text: str) -> Cells:
    """Code 128, subsets chosen by the encoder."""
    return _linear("20", text)


def gs1_128(elements: str) -> Cells:
    """GS1-128 of an element string with FNC1 (as GS) after open ones; FNC1 in front implied."""
    marked, rest = "", elements
    while rest:
        identifier, rest = rest[:2], rest[2:]
        length = _ELEMENTS[identifier]
        value = rest[:length] if length else rest.split("\x1d", 1)[0]
        rest = rest[len(value) :].removeprefix("\x1d")
        marked += f"[{identifier}]{value}"
    return _linear("16", marked)


def qr(text: str, level: str) -> Cells:
    """QR code of error correction level L, M, Q or H."""
    rows = _zint("58", text, f"--secure={'LMQH'.index(level) + 1}")
    return tuple(line[: len(rows)] for line in rows)


def _linear(kind: str, text: str) -> Cells:
    (row, *others) = _zint(kind, text)
    assert all(other == row for other in others)
    last = max(at for at, dark in enumerate(row) if dark)
    return (row[: last + 1],)


@lru_cache(maxsize=256)
def _zint(kind: str, text: str, *options: str) -> Cells:
    done = subprocess.run(
        ["zint", "--dump", "-b", kind, *options, "-d", text],
        capture_output=True,
        check=True,
        text=True,
        timeout=20,
    )
    return tuple(
        tuple(bit == "1" for digit in re.sub(r"\s", "", line) for bit in f"{int(digit, 16):04b}")
        for line in done.stdout.splitlines()
    )
