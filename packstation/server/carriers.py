"""The seam to carriers that sell labels online; only the server calls them.

``key`` = parcel id/attempt names one purchase for ever: a carrier asked twice by one key
sells once (ARCHITECTURE "Money moves in two facts").
"""

from __future__ import annotations

from typing import Protocol

from msgspec import Struct

from packstation.domain.psp import LabelRequest


class Bought(Struct, frozen=True, kw_only=True):
    """A label that exists: its waybill and its file."""

    waybill: str
    content: bytes = b""
    media: str = "application/octet-stream"
    voided: bool = False


class CarrierGateway(Protocol):
    """A carrier's online service.

    Every method may raise ``LabelRefused`` (nothing was bought, or the void is refused) and
    ``LabelOutcomeUnknown`` (ask by key later) of ``domain.errors``.
    """

    def buy(self, request: LabelRequest) -> Bought:
        """Buy the label of ``request.key``."""

    def find(self, key: str) -> Bought | None:
        """What ``key`` bought; None when nothing was ever bought by it."""

    def void(self, key: str) -> None:
        """Take the label of ``key`` back."""
