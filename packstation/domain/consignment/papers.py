"""What the marks of a consignment show: a carton's "n / N", a pallet's label."""

from __future__ import annotations

from msgspec import Struct

from packstation.domain import gs1
from packstation.domain.logistic import UnitKind
from packstation.domain.orders import Address

_SSCC = 18


class MarkPaper(Struct, frozen=True, kw_only=True):
    """The mark of a carton or pallet, the ``number``-th of ``count``, 0: not known yet.

    ``code`` is an SSCC, else the shop's own. ``gross_g`` 0 and ``size_mm`` () where not known.
    ``gtin`` and ``units`` where a carton holds one article only; ``cartons`` are a pallet's.
    """

    kind: UnitKind
    number: int
    code: str
    sender: Address
    to: Address
    count: int = 0
    gross_g: int = 0
    size_mm: tuple[int, ...] = ()
    reference: str = ""
    carrier: str = ""
    gtin: str = ""
    units: int = 0
    cartons: int = 0
    training: bool = False

    @property
    def has_sscc(self) -> bool:
        """Whether its code is an SSCC, rather than one of the shop's own."""
        return is_sscc(self.code)


def is_sscc(code: str) -> bool:
    """Whether ``code`` is the 18 digits of an SSCC, its check digit right."""
    digits = code.isascii() and code.isdigit() and len(code) == _SSCC
    return digits and not gs1.check_problem(code)
