"""An order as it came, made harmless: nothing in it is too deep, too long or unwritable.

What is cut stays wrong and is found by the rules; nothing that is right is touched.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

DEPTH: Final = 24
CUT: Final = "…"
_LONGEST: Final = 20_000
_MOST: Final = 2**53 - 1  # RFC 8785 section 3.2.2.3: what a double holds exactly


def tamed(value: Any, depth: int = 0) -> Any:  # noqa: ANN401 - any JSON
    """JSON values with decimals exact; what lies deeper than 24 levels becomes "…"."""
    kind = type(value)
    if kind is str:
        return _text(value)
    if value is None or kind is bool or kind is Decimal:
        return value
    if kind is int:
        return value if -_MOST <= value <= _MOST else Decimal(value)
    if kind is float:
        return Decimal(repr(value))
    if depth == DEPTH:
        return CUT
    depth += 1
    if kind is list or kind is tuple:
        return [tamed(one, depth) for one in value]
    if kind is dict or isinstance(value, Mapping):
        # Texts and numbers without a call: that is what orders are full of.
        return {
            name if type(name) is str and name.isascii() else _text(str(name)): one
            if (type(one) is str and one.isascii() and len(one) <= _LONGEST)
            or (type(one) is int and -_MOST <= one <= _MOST)
            else tamed(one, depth)
            for name, one in value.items()
        }
    return _text(str(value))


def _text(text: str) -> str:
    """Half a surrogate pair is no text; a megabyte is none that anybody wrote."""
    text = text[:_LONGEST]
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
