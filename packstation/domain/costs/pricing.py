"""A parcel priced again as a carrier billed it: by the tariff, with another weight or zone."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from packstation.domain.rating.billing import billed, up_to_step
from packstation.domain.rating.measures import measured
from packstation.domain.rating.prices import Line, bill, fee_line, freight
from packstation.domain.shipments import Shipment
from packstation.domain.tariff_units import exact, mass
from packstation.domain.tariffs import Tariff, When

FREIGHT = "freight"
ROUNDING = "rounding"


class Rated(Struct, frozen=True):
    """A total and its lines by code; they add up. ``grams`` is what was billed."""

    total: Decimal
    lines: Mapping[str, Decimal]
    grams: Fraction


def weight_of(tariff: Tariff, shipment: Shipment) -> Fraction:
    """Grams (or pieces) that the tariff bills for the parcel as it was packed."""
    return billed(tariff, measured(shipment.parcels[0]), shipment)


def weight_as(tariff: Tariff, grams: Decimal) -> Fraction:
    """A weight of an invoice as the tariff counts it: its least weight, its steps."""
    least = exact(mass(tariff.billable, "min")) or Fraction(0)
    return up_to_step(max(Fraction(grams), least), tariff.step)


def rated(tariff: Tariff, shipment: Shipment, zone: str, grams: Fraction) -> Rated:
    """The price of the shipment's one parcel in a zone, had it billed ``grams``.

    Raises:
        NoBand: the zone has no price for that.
    """
    one = freight(tariff, zone, grams)
    lines = [Line(FREIGHT, [one.amount], one.note)]
    parcels = [(measured(shipment.parcels[0]), one.billed)]
    for fee in tariff.fees:
        line = fee_line(fee, lines, parcels, shipment)
        if line is not None:
            lines.append(line)
    total, told = bill(lines, tariff.rounding, tariff.currency)
    sums: dict[str, Decimal] = {}
    for code, amount, _ in told:
        sums[code] = sums.get(code, Decimal(0)) + amount
    return Rated(total, sums, one.billed)


def not_due(tariff: Tariff, shipment: Shipment, zone: str, found: Rated) -> Mapping[str, Decimal]:
    """What each fee of the tariff would come to whose condition did not hold, by its code."""
    amounts: dict[str, Decimal] = {}
    for at, fee in enumerate(tariff.fees):
        if fee.code in found.lines:
            continue
        fees = (*tariff.fees[:at], replace(fee, when=When()), *tariff.fees[at + 1 :])
        more = rated(replace(tariff, fees=fees), shipment, zone, found.grams)
        amounts.setdefault(fee.code, more.total - found.total)
    return amounts
