"""Logistic units: what stands on the GS1 logistic label of a carton or a pallet; pure.

GS1 General Specifications, sections 3.2, 3.3 and 6.6 (reference/carriers.md section 6): the SSCC
in a symbol of its own, lowest on the label; what the unit holds, or where it goes, in one above.
"""

from __future__ import annotations

from typing import Final, Literal

from msgspec import Struct

from packstation.domain import gs1
from packstation.domain.countries import NUMERIC_OF
from packstation.domain.declaration import contents
from packstation.domain.errors import InputInvalid
from packstation.domain.item_labels import code_of, symbol_of
from packstation.domain.labels import ParcelPapers
from packstation.domain.orders import Address

UnitKind = Literal["carton", "pallet"]
_SSCC: Final = 18
# Digits that (37) may have; characters of (420) and, behind the country, of (421).
_MOST_UNITS: Final = 99_999_999
_POSTCODE: Final = 20
_FOREIGN_POSTCODE: Final = 9


class Unit(Struct, frozen=True, kw_only=True):
    """A carton or pallet on its way: ``number`` of ``count``, ``gross_g`` 0 where not weighed.

    ``count`` 0: how many there will be is not known yet. ``cartons``: how many a pallet holds.

    ``gtin`` and ``units`` where it holds one article only; ``reference`` is the order's or the
    consignment's. ``lot`` and ``expiry`` (ISO date) are for the eye.
    """

    sscc: str
    sender: Address
    to: Address
    kind: UnitKind = "carton"
    number: int = 1
    count: int = 1
    gross_g: int = 0
    reference: str = ""
    carrier: str = ""
    gtin: str = ""
    units: int = 0
    lot: str = ""
    expiry: str = ""
    cartons: int = 0

    def __post_init__(self) -> None:
        """Refuse an SSCC that is none.

        Raises:
            InputInvalid: ``path`` is sscc or units.
        """
        digits = self.sscc.isascii() and self.sscc.isdigit() and len(self.sscc) == _SSCC
        if not digits or gs1.check_problem(self.sscc):
            raise InputInvalid(path="sscc", value=self.sscc, allowed="18 digits, the last checks")
        if not 0 <= self.units <= _MOST_UNITS:
            raise InputInvalid(path="units", value=self.units, allowed=f"0..{_MOST_UNITS}")


def unit_of(papers: ParcelPapers, sscc: str, kind: UnitKind = "carton") -> Unit:
    """A parcel of an order as a logistic unit; the GTIN where it holds one article only.

    Raises:
        DocumentError: the parcel names a line or product that is not there.
        InputInvalid: ``sscc`` is none.
    """
    inside = contents(papers)
    skus = {product.sku for _line, product, _quantity in inside}
    code = code_of(inside[0][1]) if len(skus) == 1 else ""
    gtin = code.zfill(14) if code and symbol_of(code) != "code128" else ""
    return Unit(
        sscc=sscc,
        sender=papers.order.ship_from,
        to=papers.order.ship_to,
        kind=kind,
        number=papers.number,
        count=papers.count,
        gross_g=papers.gross_g,
        reference=papers.order.order_id,
        carrier=papers.carrier,
        gtin=gtin,
        units=sum(quantity for _line, _product, quantity in inside) if gtin else 0,
    )


def number_elements(unit: Unit) -> str:
    """The element string of the lowest symbol: the SSCC alone."""
    return f"00{unit.sscc}"


def other_elements(unit: Unit) -> str:
    """That of the symbol above it: contained article and count, else the ship-to postcode.

    "" where neither is known. A count has an even number of digits: pairs take half the room.
    """
    if unit.gtin and unit.units:
        count = str(unit.units)
        return f"02{unit.gtin}37{count.zfill(len(count) + len(count) % 2)}"
    postcode = "".join(unit.to.postcode.split()).upper()
    if not (postcode.isascii() and postcode.isalnum()):
        return ""
    if unit.to.country == unit.sender.country:
        return f"420{postcode}" if len(postcode) <= _POSTCODE else ""
    country = NUMERIC_OF.get(unit.to.country, "")
    fits = country and len(postcode) <= _FOREIGN_POSTCODE
    return f"421{country}{postcode}" if fits else ""


def facts(unit: Unit) -> tuple[tuple[str, str], ...]:
    """What stands in words: GS1 data title and value, the SSCC first."""
    told = [("SSCC", unit.sscc)]
    if unit.gtin and unit.units:
        told += [("CONTENT", unit.gtin), ("COUNT", str(unit.units))]
    elif unit.to.postcode:
        told.append(("SHIP TO POST", unit.to.postcode))
    told += [("BATCH/LOT", unit.lot)] if unit.lot else []
    told += [("USE BY OR EXPIRY", unit.expiry)] if unit.expiry else []
    return tuple(told)
