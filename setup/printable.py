"""Writes resources/papers/printable.json: what both weights of the fonts have.

Run after a change of the fonts (``setup/fonts.py``) or of what ``documents/fonts.py`` refuses; the
file is committed, so that rules know it without opening a font. A test refuses a file that differs.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import Final

from packstation.assets import resource
from packstation.documents.fonts import Fonts

TARGET: Final = Path(__file__).resolve().parent.parent / "resources" / "papers" / "printable.json"


def covered(fonts: Fonts) -> tuple[tuple[int, int], ...]:
    """First and last code point of each run of characters that can be printed."""
    return tuple(_runs(code for code in range(sys.maxunicode + 1) if fonts.has(chr(code))))


def _runs(codes: Iterable[int]) -> Iterable[tuple[int, int]]:
    for _, run in groupby(enumerate(codes), key=lambda place: place[1] - place[0]):
        found = [code for _, code in run]
        yield found[0], found[-1]


def written(runs: Iterable[tuple[int, int]]) -> str:
    """The file's text: a run a line."""
    return "[\n" + ",\n".join(json.dumps([*run]) for run in runs) + "\n]\n"


if __name__ == "__main__":
    TARGET.write_text(written(covered(Fonts(resource("fonts")))), "utf-8")
