"""Whether what stands in an order can be printed: each character has a face on labels and papers.

What has none stops label and papers at the last moment, when the box is packed; asked here it is
known as soon as the order is. `Reference.unprintable` knows the fonts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from packstation.domain.customs.case import at_path
from packstation.domain.customs.operators import Found, Look, Operators, Wrong
from packstation.domain.one_line import LOST


def _printable(value: object, than: Sequence[str] | None, look: Look) -> Found:
    """``value``, or the order's fields at the paths ``than``: one character without a face each."""
    if than is None:
        return tuple(_lacking(value, "", look))
    return tuple(one for path in than for one in _lacking(at_path(look.case.raw, path), path, look))


def _lacking(value: object, path: str, look: Look) -> Iterator[Wrong]:
    """The first text of a field that cannot be printed."""
    texts = value if isinstance(value, list | tuple) else (value,)
    for text in texts:
        char = look.case.reference.unprintable(text) if isinstance(text, str) else ""
        if char:
            yield _wrong(text, path, char)
            return


def _wrong(text: str, path: str, char: str) -> Wrong:
    shown = "" if char == LOST else f"{char} "
    return Wrong(
        value=text,
        field=path,
        words={"char": f"{shown}U+{ord(char):04X}"},
        says="print.lost" if char == LOST else "",
    )


OPERATORS: Final[Operators] = {"printable": _printable}
