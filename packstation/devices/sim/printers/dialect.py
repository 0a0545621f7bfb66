"""What a simulated printer's language is made of: items out of a stream, answers out of a state."""

from __future__ import annotations

from typing import Final, Protocol

from msgspec import Struct

# A label without an end that is longer than this is none.
MOST: Final = 4_000_000


class Sheet(Struct, frozen=True):
    """A label as it was sent, and how often it comes out."""

    payload: bytes
    copies: int = 1


class Asked(Struct, frozen=True):
    """A question; with ``in_turn`` it is answered when all that came before it is done.

    With ``ready`` it waits also while something is wrong, whether or not there is a label.
    """

    question: bytes
    in_turn: bool = False
    ready: bool = False


class Forget(Struct, frozen=True):
    """Everything that has not come out is thrown away; what is being printed still ends."""


Item = Sheet | Asked | Forget


class PressState(Struct, frozen=True):
    """A printer as its language sees it when it answers.

    ``faults`` are the names of the catalogue; ``waiting``: labels that still have to come out,
    the one at the head included; ``sticking``: one waits at the peeler; ``partial``: half a
    label has come in.
    """

    faults: frozenset[str] = frozenset()
    waiting: int = 0
    working: bool = False
    printed: int = 0
    sticking: bool = False
    partial: bool = False

    def has(self, fault: str) -> bool:
        """Whether that is wrong with it."""
        return fault in self.faults


class Dialect(Protocol):
    """A language, with its half-read input; one printer owns one."""

    suffix: str

    @property
    def partial(self) -> bool:
        """Whether half a label has come in."""

    def feed(self, data: bytes) -> list[Item]:
        """What these bytes complete, in order."""

    def rest(self) -> list[Item]:
        """What is complete because nothing more came for a while."""

    def reset(self) -> None:
        """Forget what was half read: the cable is out."""

    def answer(self, question: bytes, state: PressState) -> bytes:
        """The bytes of an answer; empty for silence."""

    def began(self, state: PressState) -> bytes:
        """What it says by itself when it begins a label."""

    def ended(self, state: PressState) -> bytes:
        """What it says by itself when a label has come out."""

    def troubled(self, state: PressState) -> bytes:
        """What it says by itself when something goes wrong or gets well again."""


class Plain:
    """What most languages do: nothing is said unasked, nothing ends by waiting."""

    suffix = ""

    def rest(self) -> list[Item]:
        """Nothing."""
        return []

    def began(self, state: PressState) -> bytes:
        """Nothing."""
        del state
        return b""

    def ended(self, state: PressState) -> bytes:
        """Nothing."""
        del state
        return b""

    def troubled(self, state: PressState) -> bytes:
        """Nothing."""
        del state
        return b""
