"""Facts that rules name: worked out of a case once, by scope; a plain path otherwise.

A fact's function gets the case and the item, and answers None for what is not known. Here is what
any subject may use; those of a subject live in its module, and `registry` merges all of them, by
hand. A name without a row is read
as a path: of the order (``ship_to.name``), the line (``product.customs.hs``), the parcel
(``gross_g``). In a line or a parcel ``order:ship_to.name`` asks the order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from packstation.domain.customs.case import Case, Item, at_path

Fact = Callable[[Case, Item], Any]
Facts = Mapping[str, Fact]
OF_ORDER: Final = "order:"
_UNSEEN: Final = object()


def fact(case: Case, item: Item, name: str) -> Any:  # noqa: ANN401 - facts are of any kind
    """A fact of an item, None where it is not known."""
    found = item.known.get(name, _UNSEEN)
    if found is _UNSEEN:
        found = item.known[name] = _worked_out(case, item, name)
    return found


def _worked_out(case: Case, item: Item, name: str) -> Any:  # noqa: ANN401 - as above
    if item.scope != "order" and name.startswith(OF_ORDER):
        return fact(case, case.order, name.removeprefix(OF_ORDER))
    row = case.terms.facts[item.scope].get(name)
    return row(case, item) if row else at_path(item.raw, name)
