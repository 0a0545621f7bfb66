"""Verdicts on charges: made when they come, and anew when their parcel is heard of or voided."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, and_, select, update

from packstation.assets import resource
from packstation.carriers.tariffs import load_folder
from packstation.domain.costs.charges import Charge, Predicted
from packstation.domain.costs.explaining import Case, Verdict, explain
from packstation.domain.costs.maps import Tolerance
from packstation.domain.fx import row_of
from packstation.domain.orders import Order, Rate
from packstation.domain.psp import OrderBody
from packstation.domain.records import decode_one
from packstation.domain.shipments import Place, Shipment, ShipmentParcel
from packstation.domain.tariffs import Tariff
from packstation.first_use import met
from packstation.server.core import Server
from packstation.server.costs import labels
from packstation.server.costs.maps import map_of
from packstation.server.costs.tables import CHARGE
from packstation.server.intake import AGREED, RATE
from packstation.server.moments import moment
from packstation.server.rows import row_body
from packstation.server.sites import need_site, zone
from packstation.server.tables import ROW, TARIFF

_SIDES: Final = 3
_CENTS: Final = 10_000
_LARGEST: Final = 2**62
# Verdicts of one transaction: a push must not wait long for the database.
STEP: Final = 200


def settle(server: Server, site: str, waybills: Iterable[str] = ()) -> int:
    """Judge what is not judged yet, these numbers, and what the journal has news of.

    Answers how many charges got another verdict.
    """
    with server.store.read() as connection:
        if not waybills and _first(connection, site) is None:
            return 0
    with server.store.write() as connection:
        due = labels.index(connection, site) | set(waybills)
    with server.store.read() as connection:
        due = _charged(connection, site, due) | _unjudged(connection, site)
    changed = 0
    todo = sorted(due)
    for start in range(0, len(todo), STEP):
        with server.store.write() as connection:
            changed += Judge(connection, site).judge(todo[start : start + STEP])
    if changed:
        server.bell.ring()
    return changed


def _first(connection: Connection, site: str) -> str | None:
    return connection.scalar(select(CHARGE.c.waybill).where(CHARGE.c.site == site).limit(1))


def _charged(connection: Connection, site: str, waybills: set[str]) -> set[str]:
    """Those of the numbers that any invoice has."""
    have: set[str] = set()
    for part in labels.chunks(sorted(waybills)):
        where = and_(CHARGE.c.site == site, CHARGE.c.waybill.in_(part))
        have |= set(connection.scalars(select(CHARGE.c.waybill).where(where)))
    return have


def _unjudged(connection: Connection, site: str) -> set[str]:
    where = and_(CHARGE.c.site == site, CHARGE.c.kind == "")
    return set(connection.scalars(select(CHARGE.c.waybill).where(where)))


@cache
def _examples() -> dict[tuple[str, str, str], Tariff]:
    """Tariffs that come with the program, which benches price by where a site published none."""
    found = load_folder(resource("tariffs"))
    return {(one.carrier, one.service, one.version): one for one in found}


class Judge:
    """What is known at a site, read once for many charges."""

    def __init__(self, connection: Connection, site: str) -> None:
        self._connection, self._site = connection, site
        self._zone = zone(need_site(connection, site))
        self._rates = _rates(connection, site)
        self._tariffs: dict[tuple[str, str, str], Tariff | None] = {}
        self._tolerances: dict[str, Tolerance] = {}

    def judge(self, waybills: Sequence[str]) -> int:
        """Judge every charge of these numbers; answers how many verdicts are others than before."""
        where = and_(CHARGE.c.site == self._site, CHARGE.c.waybill.in_(waybills))
        order = (CHARGE.c.date, CHARGE.c.taken, CHARGE.c.invoice, CHARGE.c.n)
        rows: dict[str, list[Any]] = defaultdict(list)
        for row in self._connection.execute(select(CHARGE).where(where).order_by(*order)):
            rows[row.waybill].append(row)
        known: dict[str, list[Any]] = defaultdict(list)
        for label in labels.found(self._connection, self._site, waybills):
            known[label.waybill].append(label)
        return sum(self._parcel(own, known[waybill]) for waybill, own in rows.items())

    def _parcel(self, rows: Sequence[Any], known: Sequence[Any]) -> int:
        charges = [msgspec.json.decode(row.body, type=met(Charge)) for row in rows]
        changed = 0
        for at, (row, charge) in enumerate(zip(rows, charges, strict=True)):
            label = _label(charge, row.carrier, known)
            found = labels.predicted(self._connection, self._site, label) if label else None
            mine = found is not None and found.carrier == row.carrier
            case = Case(
                predicted=found if mine else None,
                earlier=tuple(
                    one
                    for one, other in zip(charges[:at], rows, strict=False)
                    if other.carrier == row.carrier and one.currency == charge.currency
                ),
                tariff=self._tariff(found) if found and mine else None,
                shipment=self._shipment(found) if found and mine else None,
                rates=self._rates,
                tolerance=self._tolerance(row.carrier),
                other=found.carrier if found and not mine else "",
            )
            changed += self._keep(row, found, explain(charge, case))
        return changed

    def _keep(self, row: Any, found: Predicted | None, verdict: Verdict) -> bool:  # noqa: ANN401 - a row
        off = verdict.difference
        said = {
            "kind": verdict.kind,
            "difference": "" if off is None else f"{off:f}",
            "home": verdict.currency,
            "price": f"{found.price.amount:f}" if found else "",
            "order": found.order if found else "",
            "service": found.service if found else "",
            "verdict": msgspec.json.encode(verdict, order="deterministic").decode(),
            "off": min(int(abs(off or Decimal(0)) * _CENTS), _LARGEST),
        }
        if all(getattr(row, name) == value for name, value in said.items()):
            return False
        key = ("site", "carrier", "invoice", "waybill", "n")
        where = and_(*(CHARGE.c[name] == getattr(row, name) for name in key))
        self._connection.execute(update(CHARGE).where(where).values(**said))
        return True

    def _tolerance(self, carrier: str) -> Tolerance:
        if carrier not in self._tolerances:
            rule = map_of(self._connection, self._site, carrier)
            self._tolerances[carrier] = rule.tolerance
        return self._tolerances[carrier]

    def _tariff(self, found: Predicted) -> Tariff | None:
        """The version that the bench priced by: the site's, else the program's."""
        key = (found.carrier, found.service, found.tariff)
        if key not in self._tariffs:
            names = zip(("carrier", "service", "version"), key, strict=True)
            same = and_(TARIFF.c.site == self._site, *(TARIFF.c[n] == one for n, one in names))
            text = self._connection.scalar(select(TARIFF.c.document).where(same))
            raw = msgspec.json.decode(text)["tariff"] if text else None
            self._tariffs[key] = decode_one(raw, Tariff) if raw else _examples().get(key)
        return self._tariffs[key]

    def _shipment(self, found: Predicted) -> Shipment | None:
        """The parcel as it was priced; None once the order's row is erased."""
        body = row_body(self._connection, self._site, "order", found.order)
        day = self._day(found.at)
        if body is None or day is None or not found.gross_g:
            return None
        try:
            order = msgspec.json.decode(body, type=met(OrderBody)).order
        except msgspec.ValidationError:
            return None
        return shipment_of(order, found, day)

    def _day(self, at: str) -> date | None:
        try:
            return moment(at).astimezone(self._zone).date()
        except (ValueError, OverflowError):
            return None


def shipment_of(order: Order, found: Predicted, day: date) -> Shipment:
    """What was priced, as far as a price depends on it."""
    whole = len(found.size_mm) == _SIDES and all(side > 0 for side in found.size_mm)
    length, width, height = (
        (Decimal(side) for side in found.size_mm) if whole else (None, None, None)
    )
    parcel = ShipmentParcel(
        weight_g=Decimal(found.gross_g or 0), length_mm=length, width_mm=width, height_mm=height
    )
    to = order.ship_to
    return Shipment(
        date=day,
        destination=Place(country=to.country, postcode=to.postcode),
        parcels=(parcel,),
        options=order.options,
    )


def _label(charge: Charge, carrier: str, known: Sequence[Any]) -> Any:  # noqa: ANN401 - a row
    """Whose charge it is: the carrier's latest label of that number before the invoice's day.

    Numbers come again after two years. A label that is not void stands before one that is.
    """
    own = [one for one in known if one.carrier == carrier] or list(known)
    in_time = [one for one in own if not charge.date or one.at[:10] <= charge.date] or own
    return max(in_time, key=lambda one: (not one.voided, one.at), default=None)


def _rates(connection: Connection, site: str) -> dict[tuple[str, str], Decimal]:
    """The site's exchange rates; one of a contract goes before a published one."""
    rates: dict[tuple[str, str], Decimal] = {}
    for t in (RATE, AGREED):
        where = and_(ROW.c.site == site, ROW.c.t == t, ROW.c.op == "put")
        for body in connection.scalars(select(ROW.c.body).where(where)):
            rate = msgspec.json.decode(body, type=met(Rate))
            if row_of(rate) is not None:
                rates[rate.from_, rate.to] = rate.rate
    return rates
