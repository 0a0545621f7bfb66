"""A tariff out of its parts, each judged by itself: all that is wrong is named, not only the first.

A part (a band, a fee, a zone, the head) of which a value is refused is looked at again without
that value, so that what else is wrong with it comes to light too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from packstation.domain.errors import InputInvalid
from packstation.domain.records import decode_one, shown
from packstation.domain.tariffs import Band, Fee, Match, Tariff, Zone

Raw = dict[str, Any]
# Key of the tariff's file -> what each of its elements is.
PARTS: Final[Mapping[str, type[Struct]]] = {
    "zones": Zone,
    "not_served": Match,
    "bands": Band,
    "fees": Fee,
}
MISSING: Final = "a value (required)"
_STEP: Final = re.compile(r"([^.\[\]]+)|\[(\d+)\]")
# Stand for the parts while the head is looked at.
_ZONE: Final[Raw] = {"code": "-"}
_BAND: Final[Raw] = {"zone": "-", "price": {"kind": "flat", "amount": "1"}}
# More than a row can have wrong; each look takes one value away.
_LOOKS: Final = 64
# What a value that is missing or refused is replaced by, so that the rest can be looked at.
_STAND_INS: Final[Raw] = {
    "carrier": "-",
    "service": "-",
    "currency": "CNY",
    "valid_from": "0001-01-01",
    "zone": "-",
    "code": "-",
    "price": _BAND["price"],
    "amount": "1",
    "fee": "1",
    "first": "1",
    **dict.fromkeys("per_g per_kg per_lb step_g step_lb first_g first_lb unit_cm3".split(), "1"),
    "divisor_cm3_per_kg": "6000",
    "divisor_in3_per_lb": "139",
    "share": "0.5",
}
# What msgspec says of a text that is no number and no day.
_ALLOWED: Final = {
    "Invalid decimal string": "a decimal number",
    "decimal": "a decimal number",
    "decimal | null": "a decimal number",
    "Invalid RFC3339 encoded date": "a day (2026-12-01)",
    "Invalid RFC3339 encoded date string": "a day (2026-12-01)",
    "int": "a whole number",
    "int | null": "a whole number",
    "bool": "true or false",
}


class Fault(Struct, frozen=True):
    """What is wrong: the path in the tariff's file, the value there, what is allowed."""

    path: str
    value: str
    allowed: str

    @property
    def message(self) -> str:
        """In one line."""
        return f"{self.path}: {self.value} is not allowed; allowed: {self.allowed}"


def steps(path: str) -> list[str | int]:
    """A path in pieces: ``match[0].countries`` is match, 0, countries."""
    return [name or int(index) for name, index in _STEP.findall(path)]


def judged(raw: object) -> tuple[Tariff | None, tuple[Fault, ...]]:
    """The tariff of a plain value, or everything that is wrong with it."""
    if not isinstance(raw, dict):
        return None, (Fault("file", shown(raw), "an object"),)
    parts = {key: raw.get(key) or [] for key in PARTS}
    misshapen = [key for key, found in parts.items() if not isinstance(found, list)]
    faults = [Fault(key, shown(parts.pop(key)), "a list") for key in misshapen]
    faults += _head({key: one for key, one in raw.items() if key not in PARTS})
    for key, found in parts.items():
        for at, one in enumerate(found):
            faults += _faults(one, PARTS[key], f"{key}[{at}]")
    if not misshapen:
        faults += _zones(parts["zones"], parts["bands"])
    if faults:
        return None, tuple(faults)
    try:
        return decode_one(raw, Tariff), ()
    except InputInvalid as exc:
        return None, (_fault(exc),)


def _head(raw: Raw) -> Iterator[Fault]:
    """What is wrong with all but the parts."""
    return _faults({**raw, "zones": [_ZONE], "bands": [_BAND]}, Tariff, "")


def _faults(raw: object, shape: type[Struct], where: str) -> Iterator[Fault]:
    left, told = raw, set[str]()
    for _ in range(_LOOKS):
        try:
            decode_one(left, shape)
        except InputInvalid as exc:
            found = _fault(exc)
        else:
            return
        if found.path in told:
            return
        told.add(found.path)
        yield Fault(f"{where}.{found.path}".strip("."), found.value, found.allowed)
        left = _mended(left, steps(found.path))


def _fault(exc: InputInvalid) -> Fault:
    path, value, allowed = (str(exc.fields[name]) for name in ("path", "value", "allowed"))
    if allowed == MISSING:
        return Fault(path, "nothing", allowed)
    if allowed.startswith("str matching regex '^[A-Z]{2}"):
        return Fault(path, value, "a country of ISO 3166 (RU)")
    return Fault(path, value, _ALLOWED.get(allowed, allowed))


def _mended(value: Any, way: Sequence[str | int]) -> Any:  # noqa: ANN401 - any JSON
    """``value`` with what is at ``way`` taken away, or something that may stand there instead.

    Of a list of single values the whole is taken.
    """
    if not way or not isinstance(value, dict | list):
        return None
    key, rest = way[0], way[1:]
    if isinstance(value, list):
        if not isinstance(key, int) or key >= len(value) or not rest:
            return []
        return [_mended(one, rest) if at == key else one for at, one in enumerate(value)]
    inner = value.get(key)
    if key == "price" and rest[:1] == ["kind"]:
        rest = []  # which fields it may have is not known either
    others = {one: item for one, item in value.items() if one != key}
    mended = _mended(inner, rest) if rest else None
    mended = _STAND_INS.get(str(key)) if mended in (None, []) else mended
    return others if mended is None else {**others, key: mended}


def _zones(zones: Sequence[Any], bands: Sequence[Any]) -> Iterator[Fault]:
    """Zones without a row, given twice, and bands of zones that are not there."""
    for key, found in (("zones", zones), ("bands", bands)):
        if not found:
            yield Fault(key, "none", "at least one")
    codes = [zone.get("code") for zone in zones if isinstance(zone, dict)]
    for at, code in enumerate(codes):
        if code is not None and code in codes[:at]:
            yield Fault(f"zones[{at}].code", shown(code), "each zone once")
    known = ", ".join(str(code) for code in codes if code is not None)
    for at, band in enumerate(bands):
        zone = band.get("zone") if isinstance(band, dict) else None
        if zone is not None and zone not in codes:
            yield Fault(f"bands[{at}].zone", shown(zone), f"a zone of this tariff: {known}")
