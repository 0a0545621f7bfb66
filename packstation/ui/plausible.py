"""Whether a typed value can be right, judged while it is typed; the station decides."""

from __future__ import annotations

from types import MappingProxyType

from packstation.domain import s10
from packstation.domain.errors import InputInvalid
from packstation.domain.requirements import KINDS, check

_SHORTEST = MappingProxyType({"pin": 4, "sign_in": 4})
_MOST_UNITS = 9999
# Entries about one unit, and the kind of value that is asked for.
_UNIT_DATA = MappingProxyType(
    {kind: kind for kind in ("serial", "lot", "expiry", *KINDS) if kind != "weight"}
    | {"unit_weight": "weight"}
)


def judge(kind: str, value: str) -> str:
    """The key of what is missing; an empty text where the value may be confirmed."""
    text = value.strip()
    if not text:
        return "frame.entry.empty"
    if kind == "quantity":
        good = text.isascii() and text.isdigit() and 0 < int(text) <= _MOST_UNITS
        return "" if good else "frame.entry.number"
    if kind in _UNIT_DATA:
        return check(_UNIT_DATA[kind], text).problem
    if len(text) < _SHORTEST.get(kind, 1):
        return "frame.entry.short"
    if kind in {"number", "waybill"} and s10.looks_like(text):
        return _check(text)
    return ""


def _check(text: str) -> str:
    try:
        s10.parse(text)
    except InputInvalid:
        return "frame.entry.check"
    return ""
