"""What is to be sent beside the journal, as the bench has it; nothing here needs HTTP."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from msgspec import Struct


class Outgoing(Struct, frozen=True):
    """A file that the server has not, and how many days it is to be kept."""

    path: Path
    sha256: str
    days: int


class Uploads(Protocol):
    """The bench's side; called by the sender's thread."""

    def idle(self) -> bool:
        """Whether nobody packs."""

    def waiting(self) -> tuple[Outgoing, ...]:
        """What the server has not, oldest first; OSError where the disk refuses."""

    def sent(self, sha256: str) -> None:
        """The server has it."""

    def tidy(self) -> None:
        """Let go what was kept long enough."""
