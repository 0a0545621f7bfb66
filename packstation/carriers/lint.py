"""Faults of tariff files that would show as wrong prices (FORMATS.md "tariffs lint").

Seen in real tables: gaps between bands, overlapping edges, a heavier parcel that costs less,
rows given twice (reference/carriers.md section 3).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any, Final

from msgspec import Struct

from packstation.domain.countries import ALPHA2
from packstation.domain.errors import InputInvalid
from packstation.domain.quantities import CURRENCIES
from packstation.domain.rating.prices import NoBand, band_price, told
from packstation.domain.records import decode_one, read_json
from packstation.domain.tariff_units import exact, mass
from packstation.domain.tariffs import Band, Tariff

_SOON: Final = timedelta(days=7)
# Just above an edge, in grams, where a tariff has no step.
_LEAST: Final = Fraction(1, 1000)
Placed = tuple[int, Band]


class Finding(Struct, frozen=True):
    """One fault; ``where`` is its path in the file.

    ``kind``: gap, overlap, non_monotone, currency, country, duplicate, expiring or schema.
    """

    file: str
    kind: str
    where: str
    message: str


class _Pairs(dict[str, Any]):
    """An object of the file that remembers which of its keys stood there twice."""

    twice: tuple[str, ...] = ()


def lint(files: Iterable[tuple[str, bytes]], today: date) -> tuple[Finding, ...]:
    """All faults of the files (name, bytes), alone and together."""
    found: list[Finding] = []
    keys: dict[tuple[str, str, date], str] = {}
    for name, data in files:
        tariff, faults = _one(data, today)
        found += [Finding(name, *fault) for fault in faults]
        if tariff is None:
            continue
        key = (tariff.carrier, tariff.service, tariff.valid_from)
        other = keys.setdefault(key, name)
        if other != name:
            message = f"{tariff.carrier} {tariff.service} of {tariff.valid_from} is also in {other}"
            found.append(Finding(name, "duplicate", "valid_from", message))
    return tuple(found)


Fault = tuple[str, str, str]


def _one(data: bytes, today: date) -> tuple[Tariff | None, list[Fault]]:
    try:
        return _judged(data, today)
    except RecursionError:
        return None, [("schema", "file", "nested too deeply")]


def _judged(data: bytes, today: date) -> tuple[Tariff | None, list[Fault]]:
    try:
        read_json(data)
        raw = json.loads(data.decode("utf-8-sig"), parse_float=Decimal, object_pairs_hook=_pairs)
    except InputInvalid as exc:
        return None, [("schema", str(exc.fields["path"]), f"{exc.fields['value']}")]
    faults = [*_repeated(raw, ""), *_unknown(raw, ""), *_zones(raw)]
    try:
        tariff = decode_one(raw, Tariff)
    except InputInvalid as exc:
        path = str(exc.fields["path"])
        if path not in {where for _, where, _ in faults}:
            message = f"{exc.fields['value']} is not allowed; allowed: {exc.fields['allowed']}"
            faults.append(("schema", path, message))
        return None, faults
    return tariff, [*faults, *_bands(tariff), *_fees(tariff), *_expiry(tariff, today)]


def _pairs(pairs: list[tuple[str, Any]]) -> _Pairs:
    made = _Pairs(pairs)
    names = [name for name, _ in pairs]
    made.twice = tuple(sorted({name for name in names if names.count(name) > 1}))
    return made


def _children(value: object, path: str) -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        yield from ((f"{path}.{key}".removeprefix("."), item) for key, item in value.items())
    elif isinstance(value, list):
        yield from ((f"{path}[{at}]", item) for at, item in enumerate(value))


def _repeated(value: object, path: str) -> Iterator[Fault]:
    for key in value.twice if isinstance(value, _Pairs) else ():
        where = f"{path}.{key}".removeprefix(".")
        yield "duplicate", where, f"the key {key} stands here more than once"
    for where, child in _children(value, path):
        yield from _repeated(child, where)


def _unknown(value: object, path: str) -> Iterator[Fault]:
    """Currencies and countries that do not exist; the tariff's own currency when missing."""
    if not path and isinstance(value, dict) and not value.get("currency"):
        yield "currency", "currency", "the currency is missing"
    for where, child in _children(value, path):
        if where.endswith("currency") and child and str(child) not in CURRENCIES:
            yield "currency", where, f"{child} is not in ISO 4217"
        if where.endswith("countries") and isinstance(child, list):
            for at, code in enumerate(child):
                if str(code) not in ALPHA2:
                    yield "country", f"{where}[{at}]", f"{code} is not in ISO 3166-1"
        yield from _unknown(child, where)


def _zones(raw: object) -> Iterator[Fault]:
    """Zones that stand there twice; the reader refuses them too, by the same path."""
    zones = raw.get("zones") if isinstance(raw, dict) else None
    seen = []
    for at, zone in enumerate(zones if isinstance(zones, list) else ()):
        code = zone.get("code") if isinstance(zone, dict) else None
        if code is not None and code in seen:
            yield "duplicate", f"zones[{at}].code", f"zone {code} stands here more than once"
        seen.append(code)


def _bands(tariff: Tariff) -> Iterator[Fault]:
    for at, zone in enumerate(tariff.zones):
        ours: list[Placed] = [
            (place, band) for place, band in enumerate(tariff.bands) if band.zone == zone.code
        ]
        if not ours:
            yield "gap", f"zones[{at}]", f"no band has zone {zone.code}"
            continue
        ours.sort(key=lambda placed: (placed[1].over, _end(placed[1])))
        yield from _ends(tariff, ours)
        for before, after in pairwise(ours):
            yield from _edge(tariff, before, after)


def _end(band: Band) -> float | Fraction:
    return float("inf") if band.up_to is None else band.up_to


def _ends(tariff: Tariff, ours: Sequence[Placed]) -> Iterator[Fault]:
    first, last = ours[0], ours[-1]
    measure, limits = tariff.measure, tariff.limits
    by_weight = measure != "unit"
    least = (exact(mass(limits, "weight_min")) if by_weight else None) or Fraction(0)
    if first[1].over > least:
        missing = f"nothing from {told(least, measure)} to {told(first[1].over, measure)}"
        yield "gap", f"bands[{first[0]}]", missing
    most, end = exact(mass(limits, "weight_max")) if by_weight else None, last[1].up_to
    if most is not None and end is not None and end < most:
        missing = f"nothing from {told(end, measure)} to {told(most, measure)}"
        yield "gap", f"bands[{last[0]}]", missing
    top = end if most is None else most if end is None else min(end, most)
    if top is not None:
        try:
            band_price(last[1], top, measure)
        except NoBand as exc:
            yield "gap", f"bands[{last[0]}].price", str(exc)


def _edge(tariff: Tariff, before: Placed, after: Placed) -> Iterator[Fault]:
    (_, low), (at, high) = before, after
    where, end, measure = f"bands[{at}]", low.up_to, tariff.measure
    over = told(high.over, measure)
    if (low.over, low.up_to) == (high.over, high.up_to):
        yield "duplicate", where, f"zone {high.zone} has this band twice"
    elif end is None:
        yield "overlap", where, f"from {over}, but the band before has no end"
    elif high.over < end:
        yield "overlap", where, f"from {over}, but the band before ends at {told(end, measure)}"
    elif high.over > end:
        yield "gap", where, f"nothing from {told(end, measure)} to {over}"
    elif tariff.combine == "slab":
        yield from _price_drop(tariff, low, high, where)


def _price_drop(tariff: Tariff, low: Band, high: Band, where: str) -> Iterator[Fault]:
    measure = tariff.measure
    step = Fraction(1) if measure == "unit" else tariff.step or _LEAST
    try:
        cheaper = band_price(high, max(high.over + step, high.least), measure)[0]
        dearer = band_price(low, max(high.over, low.least), measure)[0]
    except NoBand as exc:
        yield "gap", where, str(exc)
        return
    if cheaper < dearer:
        edge = told(high.over, measure)
        message = f"{float(cheaper):.2f} above {edge}, {float(dearer):.2f} at it"
        yield "non_monotone", where, message


def _fees(tariff: Tariff) -> Iterator[Fault]:
    """Shares of lines that do not stand before them, which would be shares of nothing."""
    known = {"freight"}
    for at, fee in enumerate(tariff.fees):
        missing = sorted(set(fee.base) - known) if fee.kind == "percent" else []
        if missing:
            message = f"{fee.code} is a share of {', '.join(missing)}, which no line before it is"
            yield "schema", f"fees[{at}].base", message
        known.add(fee.code)


def _expiry(tariff: Tariff, today: date) -> Iterator[Fault]:
    end = tariff.valid_to
    if end is not None and end <= today + _SOON:
        yield "expiring", "valid_to", f"{end} is {'past' if end < today else 'within 7 days'}"


def to_json(findings: Sequence[Finding]) -> dict[str, Any]:
    """The answer of ``tariffs lint``."""
    return {
        "ok": not findings,
        "findings": [
            {"file": one.file, "kind": one.kind, "where": one.where, "message": one.message}
            for one in findings
        ],
    }
