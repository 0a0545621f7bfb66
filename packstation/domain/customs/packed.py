"""What is packed against what was ordered (R02): scans of the bench, contents of the parcels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from packstation.domain.customs.case import Case, Item, at_path, objects
from packstation.domain.customs.contents import contents
from packstation.domain.customs.facts import Facts
from packstation.domain.customs.operators import Found, Look, Operators, Wrong
from packstation.domain.customs.reading import count_of

Units = Mapping[str, int]
_KIT_DEPTH: Final = 5


def _units(case: Case, sku: str, count: int, depth: int = 0) -> Iterator[tuple[str, int]]:
    """What is scanned for so many of a SKU: its parts where it is a kit."""
    kit = objects(case.products.get(sku, {}).get("kit"))
    parts = [(one.get("sku"), count_of(one.get("quantity"))) for one in kit]
    if not parts or depth == _KIT_DEPTH or not all(s and n for s, n in parts):
        yield sku, count
        return
    for part, quantity in parts:
        yield from _units(case, str(part), count * (quantity or 0), depth + 1)


def _added(case: Case, pairs: Sequence[tuple[str, int | None]]) -> Units | None:
    if any(not sku or count is None for sku, count in pairs):
        return None
    total: Counter[str] = Counter()
    for sku, count in pairs:
        for part, units in _units(case, sku, count or 0):
            total[part] += units
    return total


def _ordered(case: Case, _: Item) -> Units | None:
    return _added(case, [(one.sku, count_of(one.raw.get("quantity"))) for one in case.lines])


def _scanned(case: Case, _: Item) -> Units | None:
    if not isinstance(at_path(case.raw, "bench.scanned"), list):
        return None
    rows = objects(at_path(case.raw, "bench.scanned"))
    return _added(
        case, [(str(one.get("sku") or ""), count_of(one.get("quantity"))) for one in rows]
    )


def _packed(case: Case, _: Item) -> Units | None:
    """What lies in all parcels; None where one does not say."""
    inside = [contents(case, one) for one in case.parcels]
    if not inside or not all(inside):
        return None
    return _added(case, [(one.sku, one.pieces) for held in inside for one in held])


def spare(case: Case) -> bool:
    """Whether less than was ordered may lie there: a part delivery, or more parcels follow."""
    return case.raw.get("allow_partial") is True or at_path(case.raw, "bench.more") is True


def as_ordered(value: Units, than: Units, look: Look) -> Found:
    """Each SKU of which there is another count than was ordered; substitutes stand for theirs."""
    found = dict(value)
    _substituted(look.case, found, than)
    wrong = []
    for sku in (*than, *(one for one in found if one not in than)):
        have, want = found.get(sku, 0), than.get(sku, 0)
        if have > want or (have < want and not spare(look.case)):
            words = {"sku": sku, "wanted": str(want)}
            wrong.append(Wrong(value=f"{sku} x {have}", allowed=f"{sku} x {want}", words=words))
    return tuple(wrong)


def _substituted(case: Case, found: dict[str, int], than: Units) -> None:
    """Count substitutes that are there too many as the thing that they stand for."""
    for line in case.lines:
        listed = line.raw.get("substitutes")
        for sku in listed if isinstance(listed, list) else ():
            if not isinstance(sku, str):
                continue
            over = found.get(sku, 0) - than.get(sku, 0)
            moved = max(0, min(over, than.get(line.sku, 0) - found.get(line.sku, 0)))
            found[sku] = found.get(sku, 0) - moved
            found[line.sku] = found.get(line.sku, 0) + moved


FACTS_ORDER: Final[Facts] = {"ordered": _ordered, "scanned": _scanned, "packed": _packed}
OPERATORS: Final[Operators] = {"as_ordered": as_ordered}
