"""A bench that has no server: nothing is sent, and every label must come from its own pool."""

from __future__ import annotations

from collections.abc import Mapping

from packstation.domain.errors import LabelOutcomeUnknown, LabelRefused, ServerUnreachable
from packstation.station.claim_ports import ClaimsAsked


class NoSync:
    """``station.ports.Sync`` of a bench that is not enrolled."""

    def wake(self, *, urgent: bool = False) -> None:
        """Facts wait in the journal until the bench joins a server."""

    def want_numbers(self, carrier: str, service: str, count: int, after: str = "") -> None:
        """Nobody leases numbers."""

    def claims(self, asked: ClaimsAsked) -> None:
        """Nobody else packs."""

    def report(self, status: Mapping[str, object]) -> None:
        """Nobody asks."""

    def close(self) -> None:
        """Nothing runs."""


class NoLabels:
    """``station.ports.LabelSource`` of a bench that is not enrolled."""

    def issue(self, key: str, request: Mapping[str, object]) -> tuple[str, str]:
        """Refuse: only the server speaks to carriers."""
        raise LabelRefused(reason="no_server", label_key=key, parcel=request.get("parcel"))

    def find(self, key: str) -> tuple[str, str] | None:
        """Unknown while there is nobody to ask."""
        raise LabelOutcomeUnknown(label_key=key)

    def void(self, key: str) -> None:
        """Unknown while there is nobody to ask."""
        raise LabelOutcomeUnknown(label_key=key)

    def checkpoint(self, order: str, fence: int, rev: int) -> str:
        """Nobody knows better than this bench."""
        del order, fence, rev
        return ""

    def file(self, sha256: str) -> bytes:
        """Nobody to ask."""
        raise ServerUnreachable(cause=f"no server: {sha256[:12]}")

    def close(self) -> None:
        """Nothing is open."""
