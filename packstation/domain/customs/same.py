"""A part of a pack as a cache's key: by what it is, not by what it holds.

Hashing a table takes longer than looking at an order; a pack never changes, so that the same table
always gives the same answer.
"""

from __future__ import annotations

from typing import Generic, TypeVar

T = TypeVar("T")


class Same(Generic[T]):
    """A value that is equal to itself alone; a cache that keeps it keeps the value alive."""

    __slots__ = ("value",)

    def __init__(self, value: T) -> None:
        self.value = value

    def __hash__(self) -> int:
        return id(self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and other.value is self.value
