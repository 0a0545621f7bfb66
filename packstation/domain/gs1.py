"""GS1 element strings and Digital Link: biip finds the elements, the checks here judge them.

biip accepts wrong check digits, unknown countries and elements that exclude each other
(reference/libraries.md section 9); a text is refused when any of them is wrong. The rules are
those of the GS1 General Specifications sections 3 and 4.13 as listed in the GS1 Syntax Dictionary.
One is left out: (37) beside (01) is printed on cartons in the field and accepted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import cycle
from typing import TYPE_CHECKING, Final

from packstation.domain.countries import ALPHA2, NUMERIC

if TYPE_CHECKING:
    from biip.gs1_element_strings import GS1ElementString

GS: Final = "\x1d"

# Leading digits of the value that end in a mod-10 check digit.
_CHECKED: Final[Mapping[str, int]] = {
    "00": 18,
    **dict.fromkeys(["01", "02", "03", "8006", "8026", "8003"], 14),
    **dict.fromkeys(["253", "255", *(f"41{n}" for n in range(8))], 13),
    "402": 17,
    **dict.fromkeys(["8017", "8018"], 18),
}
# The value starts with a GS1 company prefix: at least four digits.
_COMPANY: Final = frozenset(["401", "7023", "8004", "8010", "8013"])
_COUNTRY_LISTS: Final = frozenset(["422", "423", "424", "425", "426"])
_EXCLUSIVE: Final = (
    ("01", "02"),
    ("01", "03"),
    ("02", "03"),
    ("01", "255"),
    ("01", "8006"),
    ("02", "8026"),
    ("03", "37"),
    ("8006", "37"),
    ("21", "235"),
    ("420", "421"),
    ("421", "4307"),
    ("422", "426"),
    ("8017", "8018"),
)
_MEASURES: Final = frozenset(["31", "32", "33", "34", "35", "36"])


class Gs1Refused(ValueError):
    """The text is no valid GS1 data; says why in one line."""


def check_digit(digits: str) -> int:
    """The mod-10 check digit of ASCII ``digits``: weights 3, 1 from the right (7.9.1)."""
    total = sum(int(d) * w for d, w in zip(reversed(digits), cycle((3, 1)), strict=False))
    return -total % 10


def check_problem(digits: str) -> str:
    """What is wrong with the last of ``digits``, their check digit; "" where it is right."""
    expected, found = check_digit(digits[:-1]), digits[-1]
    return "" if str(expected) == found else f"check digit: {expected} expected, {found} found"


def element_string(text: str) -> dict[str, str]:
    """AI -> value of a GS1 message, variable fields ended by GS (0x1D).

    Dates are ISO (a day of 00 is the month's last), (31nn)..(36nn) decimals.

    Raises:
        Gs1Refused: the text is torn, or an element is wrong.
    """
    from biip import ParseError
    from biip.gs1_messages import GS1Message

    text = text.strip(GS)
    try:
        parts = GS1Message.parse(text).element_strings
    except (ParseError, ValueError) as exc:
        raise Gs1Refused(_first_line(exc)) from exc
    _refuse_lost_separators(text, parts)
    return _judged(parts)


def digital_link(text: str) -> dict[str, str]:
    """AI -> value of a GS1 Digital Link URI, on any host.

    Raises:
        Gs1Refused: the address is no Digital Link, or an element is wrong.
    """
    from biip import ParseError
    from biip.gs1_digital_link_uris import GS1DigitalLinkURI

    try:
        parsed = GS1DigitalLinkURI.parse(text)
    except (ParseError, ValueError) as exc:
        raise Gs1Refused(_first_line(exc)) from exc
    return _judged(parsed.element_strings)


def _refuse_lost_separators(text: str, parts: list[GS1ElementString]) -> None:
    """A variable field ends with GS or the text; biip would cut it where it is long enough."""
    for part in parts:
        text = text[len(part) :]
        if text and part.ai.separator_required and not text.startswith(GS):
            raise Gs1Refused(f"({part.ai.ai}) too long, or its separator is lost")
        text = text.lstrip(GS)


def _judged(parts: list[GS1ElementString]) -> dict[str, str]:
    elements: dict[str, str] = {}
    for part in parts:
        ai, value = part.ai.ai, _value(part)
        if elements.setdefault(ai, value) != value:
            raise Gs1Refused(f"({ai}) twice with different values")
        problem = _element_problem(ai, part.value)
        if problem:
            raise Gs1Refused(f"({ai}) {problem}")
    for problem in _pair_problems(elements):
        raise Gs1Refused(problem)
    return elements


def _value(part: GS1ElementString) -> str:
    if part.datetime is not None:
        return part.datetime.isoformat(timespec="minutes")
    if part.date is not None:
        return part.date.isoformat()
    if part.decimal is not None and part.ai.ai[:2] in _MEASURES:
        return f"{part.decimal:f}"
    return part.value


def _element_problem(ai: str, value: str) -> str:
    if ai in _CHECKED:
        return check_problem(value[: _CHECKED[ai]])
    if ai in _COMPANY and re.match(r"[0-9]{4}", value) is None:
        return "does not start with a company prefix"
    countries = _countries(ai, value)
    known = ALPHA2 if ai in {"4307", "4317"} else NUMERIC
    unknown = next((c for c in countries if c not in known), None)
    return f"country {unknown} is not in ISO 3166-1" if unknown else ""


def _countries(ai: str, value: str) -> list[str]:
    if ai in {"4307", "4317"}:
        return [value]
    if ai == "421":
        return [value[:3]]
    if ai in _COUNTRY_LISTS:
        return [value[i : i + 3] for i in range(0, len(value), 3)]
    return []


def _pair_problems(elements: Mapping[str, str]) -> Iterator[str]:
    for one, other in _EXCLUSIVE:
        if one in elements and other in elements:
            yield f"({one}) and ({other}) exclude each other"
    measures = [ai[:3] for ai in elements if len(ai) == 4 and ai[:2] in _MEASURES]
    for family in {f for f in measures if measures.count(f) > 1}:
        yield f"({family}n) twice"


def _first_line(exc: Exception) -> str:
    return (str(exc).splitlines() or ["not GS1"])[0][:200]
