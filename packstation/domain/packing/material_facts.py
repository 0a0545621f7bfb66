"""Facts of packing materials and instructions: shown, confirmed, used, decided.

Ids and codes only: what an instruction says stands in the rule, what was collected is a code.
"""

from __future__ import annotations

from msgspec import Struct

from packstation.domain.packing.facts import Fact


class Supply(Struct, frozen=True, kw_only=True):
    """``pieces`` of a material of ``kind``: container, infill, supply or insert."""

    code: str
    kind: str
    pieces: int = 1
    recycled: bool = False


class MaterialsShown(Fact, frozen=True, kw_only=True):
    """What rule ``task`` asks for stood on the screen at ``moment``: item, carton or closing."""

    task: str
    moment: str
    scope: str = ""
    line: int = 0


class InstructionConfirmed(Fact, frozen=True, kw_only=True):
    """What rule ``task`` asks for was done.

    ``how``: next (the next scan said so), enter, touch or data; ``scope`` is what it counts for,
    as `packing.material_rows.scope` writes it; ``value`` the code that was collected.
    """

    task: str
    scope: str
    how: str = "next"
    value: str = ""


class SuppliesUsed(Fact, frozen=True, kw_only=True):
    """What the open parcel was packed with; the last one of a parcel counts."""

    parcel: str
    supplies: tuple[Supply, ...]


class RuleDecided(Fact, frozen=True, kw_only=True):
    """Rules ``one`` and ``other`` ask for different things of ``subject``; ``by`` kept ``kept``."""

    subject: str
    one: str
    other: str
    kept: str
    by: str
