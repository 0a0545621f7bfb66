"""Orders and what a table makes of them: papers, regime, fees at the border.

``examples/outcomes/TABLE.json`` lists orders as examples of a rule are: a base and a merge patch.
Each says what is looked at, of a table that no rule needs to speak of: ``papers`` as
``cn23 x2 210x148 papers``, the ``regime``, ``fees`` by their codes, the sender's ``reference``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, Literal

from msgspec import Struct, field
from msgspec.structs import replace

from packstation.customs.examples import Patched, read_file
from packstation.domain.customs.case import Case
from packstation.domain.customs.landed import estimates
from packstation.domain.customs.regimes import regime_of
from packstation.domain.customs.sender_references import sender_reference
from packstation.domain.customs.wanted import PaperWanted, paper_set
from packstation.domain.orders import Order
from packstation.first_use import shaped

Table = Literal["forms", "regimes", "fees", "sender_references"]
TABLES: Final[tuple[Table, ...]] = ("forms", "regimes", "fees", "sender_references")
FOLDER: Final = "outcomes"


class Outcome(Patched, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An order and what comes of it; None is not looked at, regime and reference "" are none.

    ``entered`` are rows of tables that a site fills in itself.
    """

    entered: dict[str, tuple[dict[str, Any], ...]] = field(default_factory=dict)
    papers: tuple[str, ...] | None = None
    regime: str | None = None
    fees: dict[str, str] | None = None
    reference: str | None = None


class Outcomes(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Those of one table."""

    table: Table
    orders: tuple[Outcome, ...]


def read_outcomes(folder: Path) -> tuple[Outcomes, ...]:
    """Those of all tables, of the folder of the examples.

    Raises:
        InputInvalid: a file of another shape; ``path`` is its name.
    """
    return tuple(read_file(path, Outcomes) for path in sorted((folder / FOLDER).glob("*.json")))


def came_out(one: Outcome, case: Case) -> Outcome:
    """The same order with what really comes of it, as far as it is looked at."""
    case.pack = replace(case.pack, tables={**case.pack.tables, **one.entered})
    papers = None if one.papers is None else tuple(map(shown, paper_set(case)))
    regime = None if one.regime is None else _regime(case)
    fees = None if one.fees is None else _fees(case)
    reference = None if one.reference is None else _reference(case)
    return replace(one, papers=papers, regime=regime, fees=fees, reference=reference)


def shown(paper: PaperWanted) -> str:
    """One line: what, how many, how large, where from."""
    ways = (("confirm", paper.confirm), ("electronic", paper.electronic))
    words = [paper.printer, paper.tray, *(name for name, so in ways if so)]
    size = f"{paper.width_mm:g}x{paper.height_mm:g}"
    return " ".join(filter(None, (paper.kind, f"x{paper.copies}", size, *words)))


def _regime(case: Case) -> str:
    found = regime_of(case)
    return "" if found is None else found.id


def _reference(case: Case) -> str:
    order = shaped(case.raw, Order)
    return sender_reference(order, case.pack.tables, case.today)[0]


def _fees(case: Case) -> dict[str, str]:
    return {one.code: f"{one.amount.amount} {one.amount.currency}" for one in estimates(case)}
