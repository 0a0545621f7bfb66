"""What the rules look up in tables: countries' addresses, telephones, the HS, the fonts.

`packstation.customs.tables` answers it from kept libraries; here is only what is asked.
"""

from __future__ import annotations

from typing import Protocol

from msgspec import Struct


class AddressRules(Struct, frozen=True):
    """How a country writes addresses.

    ``required`` are names of order/1: lines, city, region, postcode. ``postcode`` is a regular
    expression for the whole of it ("" where there is none), ``example`` one that fits.
    ``regions``: (code, name) where only these are known.
    """

    required: frozenset[str]
    postcode: str
    example: str
    regions: tuple[tuple[str, str], ...] = ()


class Party(Struct, frozen=True):
    """A name on a list; ``reference`` is the list's own number for it."""

    name: str
    listed: str = ""
    reference: str = ""


class Hit(Struct, frozen=True):
    """A party that a name may be; ``score`` is 1 for the same name."""

    party: Party
    score: float


class Reference(Protocol):
    """The tables."""

    def address(self, country: str) -> AddressRules | None:
        """Rules of a country (ISO 3166-1 alpha-2), None where it is not in the table."""
        ...

    def phone(self, text: str, country: str) -> str:
        """``text`` as E.164, read as dialled in ``country``; "" where it is no number."""
        ...

    def hs(self, code: str) -> str:
        """The English text of an HS 2022 code of 2, 4 or 6 digits, "" where there is none."""
        ...

    def parties(self, name: str, over: float) -> tuple[Hit, ...]:
        """Restricted parties on the imported lists that are alike by more than ``over``."""
        ...

    def unprintable(self, text: str) -> str:
        """The first character of ``text`` that labels and papers have no face for, else ""."""
        ...
