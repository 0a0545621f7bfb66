"""The number of a tax scheme that stands on postal forms as the sender's customs reference.

Which scheme a destination reads there, by what name and in what shape, are dated rows of the table
``sender_references``. Source: reference: customs, 1.2 (CN 23) and 2.4. An IOSS number is never one
of them: it travels as data only, and no row can name it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final, Literal

from msgspec import Struct
from msgspec.structs import replace

from packstation.domain.customs.borders import with_border
from packstation.domain.customs.identifiers import SHAPES, compact
from packstation.domain.customs.latin import with_latin
from packstation.domain.labels import ParcelPapers
from packstation.domain.orders import Order
from packstation.first_use import shaped

TABLE: Final = "sender_references"
NumberField = Literal["voec", "vat", "tax_id"]
Tables = Mapping[str, Sequence[Mapping[str, Any]]]


class SenderReference(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What stands before which of the sender's numbers, for parcels to these countries.

    Of ``fields`` the first that the sender has counts; ``shape`` is a name of
    `identifiers.SHAPES`, "" for any; ``scheme``: only where the order's ``tax_scheme`` is that.
    """

    to: tuple[str, ...]
    caption: str
    fields: tuple[NumberField, ...]
    shape: str = ""
    scheme: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    source: str
    verified: bool = False


def sender_reference(order: Order, tables: Tables, on: date) -> tuple[str, str]:
    """The words with the number, and the field that it is from; two times "" where none is due."""
    for raw in tables.get(TABLE, ()):
        row = shaped(raw, SenderReference)
        field = _field(order, row, on)
        if field:
            return f"{row.caption} {getattr(order.ship_from, field)}", f"ship_from.{field}"
    return "", ""


def _field(order: Order, row: SenderReference, on: date) -> str:
    """The field of the number that a row asks for, "" where it does not hold."""
    within = (row.valid_from or on) <= on <= (row.valid_to or on)
    if not within or order.ship_to.country not in row.to or row.scheme not in _schemes(order):
        return ""
    field = next((one for one in row.fields if getattr(order.ship_from, one)), "")
    right = SHAPES.get(row.shape)
    if field and right is not None and not right(compact(getattr(order.ship_from, field))):
        return ""  # the sender's number at home, which is none of the destination's
    return field


def _schemes(order: Order) -> tuple[str, str]:
    return "", order.tax_scheme or ""


def by_pack(papers: ParcelPapers, tables: Tables) -> ParcelPapers:
    """A parcel with what the rule pack has to say of its papers and label.

    The sender's reference, a city's Latin line, and whether it crosses a customs border.
    """
    day = _day(papers.date)
    return replace(
        with_latin(papers, tables),
        reference=sender_reference(papers.order, tables, day),
        abroad=with_border(papers, tables, day),
    )


def _day(text: str) -> date:
    """The day of a parcel; one without a day gets rows that hold for ever."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date.min
