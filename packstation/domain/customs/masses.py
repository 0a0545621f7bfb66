"""Net and gross weights: sums of the lines, beside what the scale says.

Reference: customs, section 2.8: whole grams, never nothing, net at most gross.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from packstation.domain.customs.case import Case, Item, at_path
from packstation.domain.customs.contents import contents, known, whole
from packstation.domain.customs.facts import Facts, fact
from packstation.domain.customs.money import quantity
from packstation.domain.customs.operators import HOLDS, Found, Look, Operators, Said, Wrong


def grams(value: Any) -> int | None:  # noqa: ANN401 - any JSON value
    """Whole grams above nothing, else None."""
    whole = isinstance(value, int) and not isinstance(value, bool)
    return value if whole and value > 0 else None


def _net(_: Case, line: Item) -> int | None:
    return grams(at_path(line.raw, "product.customs.net_g"))


def _line_net(case: Case, line: Item) -> int | None:
    net, pieces = fact(case, line, "net_g"), quantity(line)
    return None if net is None or pieces is None else net * pieces


def _sum(parts: Sequence[int | None]) -> int | None:
    told = [one for one in parts if one is not None]
    return sum(told) if told and len(told) == len(parts) else None


def _net_total(case: Case, _: Item) -> int | None:
    return _sum([fact(case, line, "line_net_g") for line in case.lines])


def _gross_total(case: Case, _: Item) -> int | None:
    return _sum([grams(parcel.raw.get("gross_g")) for parcel in case.parcels])


def _heaviest(case: Case, _: Item) -> int | None:
    """Gross weight of the heaviest parcel; of an order without parcels what is in it, net."""
    gross = [grams(parcel.raw.get("gross_g")) for parcel in case.parcels]
    told = [one for one in gross if one is not None]
    return max(told) if told else fact(case, case.order, "net_total_g")


def _net_in(case: Case, parcel: Item) -> int | None:
    """Net weight of what lies in a parcel."""
    said = contents(case, parcel)
    # A sole parcel that does not say holds all of the order.
    held = said if said or len(case.parcels) > 1 else whole(case)
    inside = known(held)
    if not inside:
        return None
    nets = [(fact(case, line, "net_g"), pieces) for line, pieces in inside]
    return _sum([None if net is None else net * pieces for net, pieces in nets])


def _spread_net(case: Case, _: Item) -> int | None:
    """Net weight of an order of several parcels that do not say what lies in which."""
    inside = [fact(case, parcel, "net_in_g") for parcel in case.parcels]
    return fact(case, case.order, "net_total_g") if len(inside) > 1 and None in inside else None


def _is_grams(value: object, _: object, __: Look) -> Found:
    return HOLDS if grams(value) is not None else (Wrong(),)


def _at_most(value: int, than: object, _: Look) -> Found:
    """Holds for a net weight of at most the gross weight ``than``, which may be unknown."""
    gross = grams(than)
    if gross is None or value <= gross:
        return HOLDS
    words = {"net": str(value), "gross": str(gross)}
    least = Said("money.least", {"least": f"{value} g"})
    return (Wrong(value=f"{gross} g", allowed=least, words=words),)


FACTS_ORDER: Final[Facts] = {
    "net_total_g": _net_total,
    "gross_total_g": _gross_total,
    "heaviest_g": _heaviest,
    "spread_net_g": _spread_net,
}
FACTS_LINE: Final[Facts] = {"net_g": _net, "line_net_g": _line_net}
FACTS_PARCEL: Final[Facts] = {"net_in_g": _net_in}
OPERATORS: Final[Operators] = {"grams": _is_grams, "at_most_g": _at_most}
