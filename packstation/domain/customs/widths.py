"""Whether an address fits a carrier's label lines, and how it could be cut at its words.

Nothing is ever cut here: what does not fit is told with its length, what fits, and a proposal.
Limits are rows of the table ``carrier_lines`` (reference: customs names none that is verified).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from packstation.domain.customs.case import at_path
from packstation.domain.customs.operators import Found, Look, Operators, Said, Wrong

Row = Mapping[str, Any]
_CUT: Final = " / "


def cut(words: Iterable[str], width: int) -> tuple[str, ...]:
    """Words in lines of at most ``width`` characters; () where a word alone is longer.

    >>> cut("Unit 5 Long Acre Industrial Estate".split(), 16)
    ('Unit 5 Long Acre', 'Industrial', 'Estate')
    """
    lines: list[str] = []
    for word in words:
        if len(word) > width:
            return ()
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += " " + word
        else:
            lines.append(word)
    return tuple(lines)


def _fit(value: object, _: object, look: Look) -> Found:
    """``value``, a party, in the lines of the order's carrier; what does not fit is named."""
    rows = look.case.pack.tables.get("carrier_lines", ())
    carrier = at_path(look.case.raw, "carrier")
    limits = next((row for row in rows if row["carrier"] == carrier), None)
    return tuple(_too_long(value, limits)) if isinstance(value, Mapping) and limits else ()


def _too_long(party: Mapping[str, Any], row: Row) -> Iterator[Wrong]:
    for field, width in row["fields"].items():
        text = at_path(party, field)
        if isinstance(text, str) and len(text) > width:
            yield _wrong(field, text, width, _CUT.join(cut(text.split(), width)))
    lines = [one for one in _texts(party.get("lines")) if one.strip()]
    width, most = row["width"], row["lines"]
    long = [one for one in lines if len(one) > width]
    if long or len(lines) > most:
        again = cut(" ".join(lines).split(), width)
        proposal = _CUT.join(again) if len(again) <= most else ""
        shown = max(long, key=len, default=_CUT.join(lines))
        yield _wrong("lines", shown, width, proposal, f"{most}")


def _texts(lines: object) -> list[str]:
    listed = lines if isinstance(lines, list | tuple) else ()
    return [one for one in listed if isinstance(one, str)]


def _wrong(field: str, text: str, width: int, proposal: str, times: str = "") -> Wrong:
    fill = {"width": str(width), "most": times}
    return Wrong(
        value=text,
        allowed=Said("width.lines" if times else "width.line", fill),
        field=f"ship_to.{field}",
        suggestion=proposal,
        words={"length": str(len(text)), "suggestion": proposal},
        says="" if proposal else "width.no_proposal",
    )


OPERATORS: Final[Operators] = {"fits_carrier": _fit}
