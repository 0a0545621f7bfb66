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
from packstation.domain.rating.prices import NoBand, band_price
from packstation.domain.records import decode_one, read_json
from packstation.domain.tariffs import Band, Tariff

_SOON: Final = timedelta(days=7)
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
        read_json(data)
        raw = json.loads(data.decode("utf-8-sig"), parse_float=Decimal, object_pairs_hook=_pairs)
    except InputInvalid as exc:
        return None, [("schema", str(exc.fields["path"]), f"{exc.fields['value']}")]
    faults = [*_repeated(raw, ""), *_unknown(raw, "")]
    try:
        tariff = decode_one(raw, Tariff)
    except InputInvalid as exc:
        path = str(exc.fields["path"])
        if path not in {where for _, where, _ in faults}:
            message = f"{exc.fields['value']} is not allowed; allowed: {exc.fields['allowed']}"
            faults.append(("schema", path, message))
        return None, faults
    return tariff, [*faults, *_bands(tariff), *_expiry(tariff, today)]


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


def _bands(tariff: Tariff) -> Iterator[Fault]:
    for at, zone in enumerate(tariff.zones):
        ours: list[Placed] = [
            (place, band) for place, band in enumerate(tariff.bands) if band.zone == zone.code
        ]
        if not ours:
            yield "gap", f"zones[{at}]", f"no band has zone {zone.code}"
            continue
        ours.sort(key=lambda placed: (placed[1].over_g, placed[1].up_to_g or Decimal("Infinity")))
        yield from _ends(tariff, ours)
        for before, after in pairwise(ours):
            yield from _edge(tariff, before, after)


def _ends(tariff: Tariff, ours: Sequence[Placed]) -> Iterator[Fault]:
    first, last = ours[0], ours[-1]
    least = tariff.limits.weight_min_g or Decimal(0)
    if first[1].over_g > least:
        yield "gap", f"bands[{first[0]}]", f"nothing from {least} g to {first[1].over_g} g"
    most, end = tariff.limits.weight_max_g, last[1].up_to_g
    if most is not None and end is not None and end < most:
        yield "gap", f"bands[{last[0]}]", f"nothing from {end} g to {most} g"
    top = end if most is None else most if end is None else min(end, most)
    if top is not None:
        try:
            band_price(last[1], Fraction(top))
        except NoBand as exc:
            yield "gap", f"bands[{last[0]}].price", str(exc)


def _edge(tariff: Tariff, before: Placed, after: Placed) -> Iterator[Fault]:
    (_, low), (at, high) = before, after
    where, end = f"bands[{at}]", low.up_to_g
    if (low.over_g, low.up_to_g) == (high.over_g, high.up_to_g):
        yield "duplicate", where, f"zone {high.zone} has this band twice"
    elif end is None or high.over_g < end:
        yield "overlap", where, f"from {high.over_g} g, but the band before ends at {end or 'no'} g"
    elif high.over_g > end:
        yield "gap", where, f"nothing from {end} g to {high.over_g} g"
    elif tariff.combine == "slab":
        yield from _price_drop(tariff, low, high, where)


def _price_drop(tariff: Tariff, low: Band, high: Band, where: str) -> Iterator[Fault]:
    edge = Fraction(high.over_g)
    above = edge + Fraction(tariff.billable.step_g or Decimal("0.001"))
    try:
        cheaper = band_price(high, max(above, Fraction(high.min_billable_g or 0)))[0]
        dearer = band_price(low, max(edge, Fraction(low.min_billable_g or 0)))[0]
    except NoBand as exc:
        yield "gap", where, str(exc)
        return
    if cheaper < dearer:
        message = f"{float(cheaper):.2f} above {high.over_g} g, {float(dearer):.2f} at it"
        yield "non_monotone", where, message


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
