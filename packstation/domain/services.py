"""What rating answers for a parcel: prices by rank, and refusals with their reason."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Literal

from msgspec import Struct


class Edge(Struct, frozen=True):
    """A cheaper price close by: ``grams`` less would save ``saves``, in the quote's currency."""

    grams: int
    saves: Decimal


class Quoted(Struct, frozen=True):
    """A price of one service for a parcel.

    ``lines`` are (code, amount, note) and add up to ``amount``; they may be worked out when they
    are first looked at. ``rank`` 1 is the cheapest; ``channel`` is the tariff's class (express,
    dedicated_line, postal, freight), ``tariff`` its version. A tariff in pounds has
    ``billable_lb``, one by pieces ``billable_units``, where ``billable_g`` is what the parcels
    weigh. ``days_in`` says what the days are; ``edge`` is set by the bench's book of tariffs alone.
    """

    carrier: str
    service: str
    amount: Decimal
    currency: str
    billable_g: int
    min_days: int | None
    max_days: int | None
    rank: int
    channel: str = "postal"
    tariff: str = ""
    lines: Sequence[tuple[str, Decimal, str]] = ()
    billable_lb: Decimal | None = None
    billable_units: int | None = None
    days_in: Literal["calendar", "business"] = "calendar"
    edge: Edge | None = None


class RefusedService(Struct, frozen=True):
    """A service that is not possible.

    ``reason`` is the first that applies of FORMATS.md: date, zone, option, weight, size, value,
    battery, goods, need, band, promise; ``detail`` tells it in one line.
    """

    carrier: str
    service: str
    reason: str
    detail: str
