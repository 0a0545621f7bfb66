"""Which patterns a rule may compare with: none that could go on for ever.

A repeated group in which something is repeated, or may be this or that, can try ever more ways
of the same text: (a+)+, (a|a)*. Some harmless ones are refused with them; they can be written
otherwise.
"""

from __future__ import annotations

import re
from typing import Final

_ESCAPED: Final = re.compile(r"\\.", re.DOTALL)
_CLASS: Final = re.compile(r"\[\^?\]?[^\]]*\]")
_HEAD: Final = re.compile(r"\((?:\?(?:P?<\w+>|<?[=!]|[:>]))?")
_INNERMOST: Final = re.compile(r"\(([^()]*)\)([*+{?]?)")
_WAYS: Final = frozenset("*+{?|")


def fault_of(pattern: str) -> str:
    """What is wrong with a pattern; "" for nothing."""
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as exc:
        return f"{pattern} is none: {exc}"
    return f"{pattern} repeats what repeats" if _nested(pattern) else ""


def _nested(pattern: str) -> bool:
    text = _HEAD.sub("(", _CLASS.sub("x", _ESCAPED.sub("x", pattern)))
    while found := _INNERMOST.search(text):
        inside, repeated = found.groups()
        ways = bool(_WAYS & {*inside})
        if ways and repeated in {"*", "+", "{"}:
            return True
        text = text[: found.start()] + ("x+" if ways else "x") + repeated + text[found.end() :]
    return False
