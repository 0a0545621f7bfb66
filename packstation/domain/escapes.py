"""Foreign text on its way to a terminal: what would steer it is shown as an escape instead.

Names of devices, addresses, recordings and settings come from whoever made them. ``ESC [ 31 m``
colours a terminal and worse, 9B does the same in one character (ECMA-48 section 5.3), and
bidirectional marks (Unicode annex 9) show text in another order than it has.
"""

from __future__ import annotations

import unicodedata
from typing import Final

# Controls, formats (bidirectional marks among them), halves of characters, ends of lines.
_STEERING: Final = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))


def escaped(text: str, *, keep: str = "") -> str:
    r"""``text`` without a character that steers: ``\x1b``, ``\u202e``; ``keep`` stay."""
    if text.isprintable():
        return text
    return "".join(one if one in keep else _escaped(one) for one in text)


def escaped_json(text: str) -> str:
    r"""A JSON document of one line that means the same: ``\u001b`` is JSON's own way."""
    if text.isprintable():
        return text
    return "".join(_json(one) for one in text)


def _escaped(one: str) -> str:
    if unicodedata.category(one) not in _STEERING:
        return one
    return one.encode("unicode_escape").decode("ascii")


def _json(one: str) -> str:
    if unicodedata.category(one) not in _STEERING:
        return one
    units = one.encode("utf-16-be", "surrogatepass")
    pairs = (units[at : at + 2].hex() for at in range(0, len(units), 2))
    return "".join(f"\\u{pair}" for pair in pairs)
