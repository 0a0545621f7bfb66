"""Text as papers and labels print it: one line of characters that can be seen."""

from __future__ import annotations

import unicodedata
from typing import Final

# What stands for a character that is lost; no face draws it.
LOST: Final = "\N{REPLACEMENT CHARACTER}"


def clean(text: str) -> str:
    """One line of printable text: composed, blanks collapsed, control and format characters out.

    Format characters (Cf) are invisible and can reverse what a reader sees;
    controls (Cc) steer printers. Line and paragraph separators become blanks. Half a surrogate
    pair (Cs) was a character that is lost: no face has what stands for it.
    """
    if not (text.isascii() and text.isprintable()):
        text = unicodedata.normalize("NFC", text).translate(_VISIBLE)
    return " ".join(text.split())


class _Visible(dict[int, str]):
    """What stands for a character, by its code point; worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        category = unicodedata.category(char)
        blank = category in {"Cc", "Zl", "Zp", "Zs"}
        stands = {"Cf": "", "Cs": LOST}.get(category, char)
        self[code] = " " if blank else stands
        return self[code]


_VISIBLE: Final = _Visible()
