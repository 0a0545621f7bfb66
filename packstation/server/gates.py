"""The seam to marketplaces that judge what benches give of single units; only the server asks."""

from __future__ import annotations

import re
from typing import Protocol

from msgspec import Struct


class Asked(Struct, frozen=True, kw_only=True):
    """A value of a unit of an order."""

    order: str
    sku: str
    kind: str
    value: str


class Verdict(Struct, frozen=True, kw_only=True):
    """Accepted, or refused with a reason for people."""

    accepted: bool
    reason: str = ""


class RequirementGate(Protocol):
    """A marketplace that judges values; may be slow, may raise, may not know yet (None)."""

    def judge(self, asked: Asked) -> Verdict | None:
        """Its word about one value; asking twice does no harm."""


class SandboxGate:
    """Accepts; refuses values that match ``refuse``, is silent on those that match ``silent``."""

    def __init__(self, refuse: str = r"(?!)", silent: str = r"(?!)") -> None:
        """Patterns are searched for in the value; by default nothing matches."""
        self.refuse, self.silent = refuse, silent

    def judge(self, asked: Asked) -> Verdict | None:
        if re.search(self.silent, asked.value):
            return None
        if re.search(self.refuse, asked.value):
            return Verdict(accepted=False, reason="not in circulation")
        return Verdict(accepted=True)
