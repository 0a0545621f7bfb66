"""How a bench gets labels that exist online only; re-exported by ``ports``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class LabelSource(Protocol):
    """Asks the server for labels of services that exist online only; blocking, raises CarrierError.

    ``issue`` and ``find`` answer (waybill, blob); ``find`` answers None for never bought.
    """

    def issue(self, key: str, request: Mapping[str, object]) -> tuple[str, str]:
        """Buy by key."""

    def find(self, key: str) -> tuple[str, str] | None:
        """What the key bought, if anything."""

    def void(self, key: str) -> None:
        """Take it back."""

    def checkpoint(self, order: str, fence: int, rev: int) -> str:
        """Why no label may be made of an order now, "" where it may; answers within a moment."""
