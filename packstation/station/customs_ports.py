"""Where the customs rules come from; re-exported by ``ports``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from packstation.domain.customs.pack import Pack
from packstation.domain.customs.reference import Reference


class Rulebook(Protocol):
    """The rules that hold at this bench, and the tables they look things up in."""

    @property
    def ready(self) -> bool:
        """Whether they were read, or it is known that they cannot be."""

    @property
    def reference(self) -> Reference:
        """Published tables: addresses, telephones, the HS."""

    def pack(self) -> Pack | None:
        """The rules; None where they cannot be read: then nothing that needs papers leaves."""

    def take(self, bodies: Sequence[Mapping[str, object]]) -> None:
        """Read them, in a thread that has the time, and all rows ``customs-pack`` as pulled.

        The newest whose signature is good holds from now on, its own before. Never raises.
        """
