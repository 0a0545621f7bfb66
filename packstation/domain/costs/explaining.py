"""Why a carrier bills what was not predicted: the price again, one thing after the other.

The parcel is priced by the tariff it was chosen by, first with the weight that the carrier billed,
then in its zone; what each step changes is that cause's part. Then the carrier's fees are held
against the tariff's. What is left over is `unexplained`, or the carrier's exchange rate. The parts
and the rest always add up to the difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from packstation.domain.costs.charges import Charge, Predicted
from packstation.domain.costs.maps import Tolerance
from packstation.domain.costs.pricing import (
    FREIGHT,
    ROUNDING,
    Rated,
    not_due,
    rated,
    weight_as,
    weight_of,
)
from packstation.domain.quantities import Money
from packstation.domain.rating.prices import NoBand
from packstation.domain.rating.quotes import Rates, converted
from packstation.domain.rating.zones import zone_of
from packstation.domain.shipments import Place, Shipment
from packstation.domain.tariffs import Tariff

# Whole bills that should not be there, causes of a difference, and bills that are right.
WRONG: Final = ("unknown", "voided", "twice")
CAUSES: Final = ("weight", "size", "zone", "fee", "price", "service", "currency", "unexplained")
RIGHT: Final = ("credit", "within", "match")
KINDS: Final = (*WRONG, *CAUSES, *RIGHT)
NOTHING: Final = Decimal(0)


class Cause(Struct, frozen=True, kw_only=True):
    """A part of a difference: ``ours`` and ``theirs`` are grams, sides, zones, rates or amounts.

    ``code``: which fee. ``likely``: it fits, but the invoice does not say so.
    """

    kind: str
    amount: Decimal
    code: str = ""
    ours: str = ""
    theirs: str = ""
    likely: bool = False


class Beside(Struct, frozen=True, kw_only=True):
    """A line of the bill: as predicted, as billed (None: not there)."""

    code: str
    ours: Decimal | None = None
    theirs: Decimal | None = None


class Verdict(Struct, frozen=True, kw_only=True):
    """What came of a charge: ``kind`` of `KINDS` is the cause with the largest part.

    ``difference`` is what was billed beyond the prediction in ``currency``; None where there is
    no exchange rate to tell it.
    """

    kind: str
    currency: str
    difference: Decimal | None
    causes: tuple[Cause, ...] = ()
    lines: tuple[Beside, ...] = ()


class Case(Struct, frozen=True, kw_only=True):
    """All that is known of a charge's parcel.

    ``earlier``: charges of the same parcel before this one. ``tariff`` and ``shipment`` are None
    where the version or the order's destination is not here any more. ``other``: the carrier
    whose label bears the number, where it is not the invoice's.
    """

    predicted: Predicted | None = None
    earlier: tuple[Charge, ...] = ()
    tariff: Tariff | None = None
    shipment: Shipment | None = None
    rates: Rates = {}
    tolerance: Tolerance = Tolerance()
    other: str = ""


def explain(charge: Charge, case: Case) -> Verdict:
    """The verdict on one charge."""
    found = case.predicted
    if found is None:
        return _whole("unknown", charge, theirs=case.other)
    if charge.total < 0:
        return _whole("credit", charge)
    if found.voided:
        return _whole("voided", charge)
    if sum((one.total for one in case.earlier), NOTHING) > 0:
        return _again(charge, case.earlier)
    return _compared(charge, case, found)


def _whole(kind: str, charge: Charge, theirs: str = "") -> Verdict:
    cause = Cause(kind=kind, amount=charge.total, theirs=theirs)
    lines = tuple(Beside(code=code, theirs=one) for code, one in charge.lines.items())
    return Verdict(
        kind=kind,
        currency=charge.currency,
        difference=charge.total,
        causes=(cause,),
        lines=lines,
    )


def _again(charge: Charge, earlier: Sequence[Charge]) -> Verdict:
    """A parcel that was billed before: the same carriage again, or an addition to it."""
    if charge.carries:
        return _whole("twice", charge, theirs=earlier[-1].invoice)
    causes = tuple(
        Cause(kind="fee", amount=amount, code=code, theirs=f"{amount:f}")
        for code, amount in charge.lines.items()
        if amount
    )
    rest = charge.total - sum((one.amount for one in causes), NOTHING)
    return _verdict(charge.currency, charge.total, causes, rest, Tolerance(), NOTHING)


def _compared(charge: Charge, case: Case, found: Predicted) -> Verdict:
    price = found.price
    total = _in(charge.total, charge.currency, price.currency, case.rates)
    if total is None:
        cause = Cause(kind="currency", amount=NOTHING, ours=price.currency, theirs=charge.currency)
        return Verdict(kind="currency", currency=price.currency, difference=None, causes=(cause,))
    difference = total - price.amount
    bill = _Bill(charge, case, found, total)
    if case.tolerance.takes(difference, price.amount):
        kind = "within" if difference else "match"
        return Verdict(
            kind=kind, currency=price.currency, difference=difference, lines=bill.beside()
        )
    causes = tuple(bill.causes())
    rest = difference - sum((one.amount for one in causes), NOTHING)
    if charge.currency != price.currency and bill.by_rate(rest):
        causes = (*causes, bill.rate_cause(rest))
        rest = NOTHING
    verdict = _verdict(price.currency, difference, causes, rest, case.tolerance, price.amount)
    return Verdict(
        kind=verdict.kind,
        currency=verdict.currency,
        difference=difference,
        causes=verdict.causes,
        lines=bill.beside(),
    )


def _verdict(
    currency: str,
    difference: Decimal,
    causes: tuple[Cause, ...],
    rest: Decimal,
    tolerance: Tolerance,
    price: Decimal,
) -> Verdict:
    """The largest part names it; a rest that nobody has to look at names nothing."""
    if rest and not (causes and tolerance.takes(rest, price)):
        causes = (*causes, Cause(kind="unexplained", amount=rest))
    main = max(causes, key=lambda one: abs(one.amount), default=None)
    kind = main.kind if main else "match"
    return Verdict(kind=kind, currency=currency, difference=difference, causes=causes)


def _in(amount: Decimal, currency: str, wanted: str, rates: Rates) -> Decimal | None:
    """An amount in another currency, rounded once to its minor units."""
    if currency == wanted:
        return amount
    found = converted(amount, currency, wanted, rates)
    if found is None:
        return None
    cents = round(found * 10_000)
    return Money(Decimal(cents) / 10_000, wanted).rounded().amount


class _Bill:
    """One charge beside the price of its parcel."""

    def __init__(self, charge: Charge, case: Case, found: Predicted, total: Decimal) -> None:
        self._charge, self._case, self._found, self._total = charge, case, found, total
        lines = {
            code: _in(amount, charge.currency, found.price.currency, case.rates) or NOTHING
            for code, amount in charge.lines.items()
        }
        self._theirs: Mapping[str, Decimal] = lines
        self._start = self._rated()

    def _rated(self) -> tuple[Tariff, Shipment, str, Rated] | None:
        """The parcel as it was priced; None where tariff or destination are gone."""
        tariff, shipment = self._case.tariff, self._case.shipment
        price = self._found.price
        if tariff is None or shipment is None or tariff.currency != price.currency:
            return None
        zone = zone_of(tariff, shipment.destination)
        if zone is None:
            return None
        tries = (replace(shipment, options=one) for one in _options(self._found, shipment))
        try:
            made = [(one, rated(tariff, one, zone, weight_of(tariff, one))) for one in tries]
        except NoBand:
            return None
        right = (one for one in made if one[1].total == price.amount)
        shipment, start = next(right, made[0])
        return tariff, shipment, zone, start

    def beside(self) -> tuple[Beside, ...]:
        """Every line of either."""
        ours = self._start[3].lines if self._start else {}
        codes = dict.fromkeys((*ours, *self._theirs))
        return tuple(
            Beside(code=code, ours=ours.get(code), theirs=self._theirs.get(code)) for code in codes
        )

    def causes(self) -> Iterator[Cause]:
        """Every part of the difference that is known."""
        charge, found = self._charge, self._found
        difference = self._total - found.price.amount
        if charge.service and charge.service != found.service:
            yield Cause(
                kind="service", amount=difference, ours=found.service, theirs=charge.service
            )
        elif self._start is None:
            yield from self._by_weight_alone(difference)
        else:
            yield from self._steps(*self._start)

    def _by_weight_alone(self, difference: Decimal) -> Iterator[Cause]:
        """Without the tariff only that a weight differs is known, the same way as the price."""
        theirs, ours = self._charge.weight_g, self._found.billable_g
        if theirs is not None and ours and (theirs - ours) * difference > 0:
            yield Cause(
                kind="weight",
                amount=difference,
                ours=str(ours),
                theirs=_grams(Fraction(theirs)),
                likely=True,
            )

    def _steps(
        self, tariff: Tariff, shipment: Shipment, zone: str, start: Rated
    ) -> Iterator[Cause]:
        now = start
        billed = self._weight(tariff, start)
        if billed is not None:
            kind = self._weight_kind(tariff, shipment, billed)
            ours, theirs = _grams(start.grams), _grams(billed)
            try:
                now = rated(tariff, shipment, zone, billed)
            except NoBand:
                yield self._beyond(kind, start, ours, theirs)
                return
            if now.total != start.total:
                amount = now.total - start.total
                yield Cause(kind=kind, amount=amount, ours=ours, theirs=theirs)
        other = self._zone(tariff, shipment, zone)
        if other:
            before = now
            try:
                now = rated(tariff, shipment, other, now.grams)
            except NoBand:
                yield self._beyond("zone", now, zone, other)
                return
            if now.total != before.total:
                amount = now.total - before.total
                yield Cause(kind="zone", amount=amount, ours=zone, theirs=other)
        if self._charge.itemised:
            yield from self._fees(now)
        else:
            yield from self._fitting_fee(tariff, shipment, other or zone, now)

    def _beyond(self, kind: str, now: Rated, ours: str, theirs: str) -> Cause:
        """The tariff has no price for what was billed: all the rest is of that."""
        return Cause(kind=kind, amount=self._total - now.total, ours=ours, theirs=theirs)

    def _weight(self, tariff: Tariff, start: Rated) -> Fraction | None:
        """What the carrier billed as the tariff counts it, where that is another weight."""
        theirs = self._charge.weight_g
        if theirs is None or tariff.measure == "unit":
            return None
        billed = weight_as(tariff, theirs)
        return None if billed == weight_as(tariff, Decimal(ceil(start.grams))) else billed

    def _weight_kind(self, tariff: Tariff, shipment: Shipment, billed: Fraction) -> str:
        """Whether it is the scale or the size that another weight came from."""
        charge = self._charge
        by_scale = charge.actual_g is not None and weight_as(tariff, charge.actual_g) == billed
        room = charge.volumetric_g
        by_room = room is not None and weight_as(tariff, room) == billed
        if by_scale:
            return "weight"
        if by_room or charge.actual_g is not None:
            return "size"
        if charge.sides_mm is None:
            return "weight"
        measured = _sized(shipment, charge.sides_mm)
        return "size" if weight_of(tariff, measured) == billed else "weight"

    def _zone(self, tariff: Tariff, shipment: Shipment, zone: str) -> str:
        """The zone that the carrier billed, where it is another one of the tariff."""
        charge = self._charge
        other = charge.zone if charge.zone in {one.code for one in tariff.zones} else ""
        if not other and charge.country and charge.country != shipment.destination.country:
            other = zone_of(tariff, Place(country=charge.country)) or ""
        return "" if other == zone else other

    def _fees(self, now: Rated) -> Iterator[Cause]:
        """Freight and fees of the invoice beside those of the tariff."""
        for code in dict.fromkeys((*now.lines, *self._theirs)):
            ours, theirs = now.lines.get(code, NOTHING), self._theirs.get(code, NOTHING)
            if code != ROUNDING and abs(theirs - ours) > self._case.tolerance.amount:
                yield Cause(
                    kind="price" if code == FREIGHT else "fee",
                    amount=theirs - ours,
                    code=code,
                    ours=f"{ours:f}",
                    theirs=f"{theirs:f}",
                )

    def _fitting_fee(
        self, tariff: Tariff, shipment: Shipment, zone: str, now: Rated
    ) -> Iterator[Cause]:
        """A fee of the tariff that was not due and comes to just what is left over."""
        rest = self._total - now.total
        least = max(self._case.tolerance.amount, Decimal("0.01"))
        for code, amount in not_due(tariff, shipment, zone, now).items():
            if amount > least and abs(rest - amount) <= least:
                yield Cause(kind="fee", amount=amount, code=code, theirs=f"{amount:f}", likely=True)
                return

    def by_rate(self, rest: Decimal) -> bool:
        """Whether what is left over may come of the carrier's own exchange rate."""
        most = abs(self._total) * self._case.tolerance.rate_percent / 100
        return bool(rest) and abs(rest) <= most

    def rate_cause(self, rest: Decimal) -> Cause:
        """The carrier's rate: what it billed beside what that should have been."""
        total = self._charge.total
        ours, theirs = (self._total / total, (self._total - rest) / total)
        return Cause(
            kind="currency", amount=rest, ours=f"{ours:.4f}", theirs=f"{theirs:.4f}", likely=True
        )


def _options(found: Predicted, shipment: Shipment) -> Iterator[tuple[str, ...]]:
    """With which options it may have been priced: those of the order, and those bought with it.

    What the shop itself says of a service, or insures besides, is bought and not in the tariff.
    """
    yield shipment.options
    if found.options:
        yield tuple(dict.fromkeys((*shipment.options, *found.options)))
        yield tuple(one for one in found.options if one != "insurance")


def _sized(shipment: Shipment, sides: Iterable[Decimal]) -> Shipment:
    length, width, height = sides
    parcel = replace(shipment.parcels[0], length_mm=length, width_mm=width, height_mm=height)
    return replace(shipment, parcels=(parcel,))


def _grams(grams: Fraction) -> str:
    return str(ceil(grams))
