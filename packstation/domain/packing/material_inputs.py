"""What the bench says of packing materials and instructions."""

from __future__ import annotations

from packstation.domain.packing.inputs import Input
from packstation.domain.packing.material_facts import Supply


class TaskShown(Input, frozen=True, kw_only=True):
    """A rule's wish came on the screen."""

    rule: str
    moment: str
    once: str
    line: int = 0


class TaskDone(Input, frozen=True, kw_only=True):
    """A rule's wish was done; ``how`` and ``value`` as in `material_facts.InstructionConfirmed`."""

    rule: str
    once: str
    how: str = "next"
    value: str = ""


class SuppliesTaken(Input, frozen=True, kw_only=True):
    """What the parcel on the bench is packed with."""

    supplies: tuple[Supply, ...]
