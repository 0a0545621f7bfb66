"""An invoice taken in: what is new is kept and judged, what is known is left as it is.

The same file again changes nothing. Another figure for a parcel of the same invoice is refused by
row and column, unless whoever sends it says that it takes the place of the one before.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from typing import Any, Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection, and_, insert, select, update

from packstation.carriers.invoices import Rejected, read
from packstation.carriers.tariff_sheets import Flaw
from packstation.domain.costs.charges import Charge
from packstation.domain.costs.maps import InvoiceMap
from packstation.server.access import PersonCaller
from packstation.server.core import Server
from packstation.server.costs import labels
from packstation.server.costs.judging import settle
from packstation.server.costs.maps import map_of
from packstation.server.costs.tables import CHARGE, IMPORT
from packstation.server.moments import stamp
from packstation.server.sites import need_site

_TOLD: Final = 200
Place = tuple[str, str, int]


class Given(Struct, frozen=True, kw_only=True):
    """A file and what is said with it; ``again``: other figures take the place of known ones."""

    carrier: str
    content: bytes
    name: str = ""
    invoice: str = ""
    currency: str = ""
    again: bool = False


class Taken(Struct, frozen=True, kw_only=True):
    """What came of it; ``rejected`` names each bad cell, ``kinds`` counts the verdicts."""

    accepted: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: tuple[dict[str, Any], ...] = ()
    kinds: dict[str, int] = {}


def take(server: Server, caller: PersonCaller, site: str, given: Given) -> Taken:
    """Read, keep and judge an invoice.

    Raises:
        InputInvalid: the file is no such table at all.
        Problem: 404 no such site, 422 no carrier.
    """
    with server.store.read() as connection:
        need_site(connection, site)
        rule = map_of(connection, site, given.carrier)
    found = read(given.content, rule, invoice=given.invoice, currency=given.currency)
    with server.store.write() as connection:
        keeper = _Keeper(server, connection, site, given)
        refused = keeper.keep(found.charges)
        rejected = [one.to_json() for one in (*found.rejected, *refused)]
        keeper.note(caller, rule, rejected)
    waybills = {one.waybill for one in found.charges}
    settle(server, site, waybills)
    with server.store.read() as connection:
        kinds = _kinds(connection, site, rule.carrier, found.charges)
    return Taken(
        accepted=keeper.counts["accepted"],
        changed=keeper.counts["changed"],
        unchanged=keeper.counts["unchanged"],
        rejected=tuple(rejected),
        kinds=kinds,
    )


def _kinds(
    connection: Connection, site: str, carrier: str, charges: Iterable[Charge]
) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for part in labels.chunks(sorted({one.invoice for one in charges})):
        same = and_(CHARGE.c.site == site, CHARGE.c.carrier == carrier)
        where = and_(same, CHARGE.c.invoice.in_(part))
        counts.update(connection.scalars(select(CHARGE.c.kind).where(where)))
    return dict(sorted(counts.items()))


class _Keeper:
    """Charges of one file beside those that are here."""

    def __init__(self, server: Server, connection: Connection, site: str, given: Given) -> None:
        self._server, self._connection, self._site = server, connection, site
        self._given = given
        self._now = stamp(server.clock.now())
        self._id = server.ids.new()
        self.counts: Counter[str] = Counter()

    def keep(self, charges: Iterable[Charge]) -> list[Rejected]:
        """Insert what is new; answers what says something else than is here."""
        placed = _placed(charges)
        carrier = self._carrier()
        known = self._known(carrier, {invoice for invoice, _, _ in placed})
        rows, refused = [], []
        for place, charge in placed.items():
            body = msgspec.json.encode(charge, order="deterministic").decode()
            before = known.get(place)
            if before is None:
                rows.append(self._row(carrier, place, charge, body))
                self.counts["accepted"] += 1
            elif _same(before, charge):
                self.counts["unchanged"] += 1
            elif self._given.again:
                self._change(carrier, place, charge, body)
                self.counts["changed"] += 1
            else:
                refused.append(_other(before, charge))
        if rows:
            self._connection.execute(insert(CHARGE), rows)
        return refused

    def _carrier(self) -> str:
        return map_of(self._connection, self._site, self._given.carrier).carrier

    def _known(self, carrier: str, invoices: set[str]) -> dict[Place, Charge]:
        found: dict[Place, Charge] = {}
        for part in labels.chunks(sorted(invoices)):
            same = and_(CHARGE.c.site == self._site, CHARGE.c.carrier == carrier)
            where = and_(same, CHARGE.c.invoice.in_(part))
            for row in self._connection.execute(select(CHARGE).where(where)):
                charge = msgspec.json.decode(row.body, type=Charge)
                found[row.invoice, row.waybill, row.n] = charge
        return found

    def _row(self, carrier: str, place: Place, charge: Charge, body: str) -> dict[str, Any]:
        invoice, waybill, n = place
        return {
            "site": self._site,
            "carrier": carrier,
            "invoice": invoice,
            "waybill": waybill,
            "n": n,
            "import": self._id,
            "taken": self._now,
            **_columns(charge, body),
        }

    def _change(self, carrier: str, place: Place, charge: Charge, body: str) -> None:
        invoice, waybill, n = place
        same = and_(CHARGE.c.site == self._site, CHARGE.c.carrier == carrier)
        key = and_(CHARGE.c.invoice == invoice, CHARGE.c.waybill == waybill, CHARGE.c.n == n)
        said = {**_columns(charge, body), "import": self._id, "kind": ""}
        self._connection.execute(update(CHARGE).where(and_(same, key)).values(**said))

    def note(self, caller: PersonCaller, rule: InvoiceMap, rejected: list[dict[str, Any]]) -> None:
        """Remember the file, once."""
        sha256 = hashlib.sha256(self._given.content).hexdigest()
        same = and_(IMPORT.c.site == self._site, IMPORT.c.sha256 == sha256)
        again = self._connection.scalar(select(IMPORT.c.id).where(same).limit(1))
        if again and not (self.counts["accepted"] or self.counts["changed"]):
            return
        parcels = {(one["sheet"], one["row"]) for one in rejected}
        self._connection.execute(
            insert(IMPORT).values(
                site=self._site,
                id=self._id,
                at=self._now,
                who=caller.name,
                carrier=rule.carrier,
                file=self._given.name[:200],
                sha256=sha256,
                accepted=self.counts["accepted"],
                changed=self.counts["changed"],
                unchanged=self.counts["unchanged"],
                rejected=len(parcels),
                body=msgspec.json.encode(rejected[:_TOLD]).decode(),
            )
        )


def _placed(charges: Iterable[Charge]) -> dict[Place, Charge]:
    """Each charge at its place: the n-th of its number on its invoice."""
    counts: Counter[tuple[str, str]] = Counter()
    placed = {}
    for one in charges:
        counts[one.invoice, one.waybill] += 1
        placed[one.invoice, one.waybill, counts[one.invoice, one.waybill]] = one
    return placed


def _columns(charge: Charge, body: str) -> dict[str, Any]:
    return {
        "date": charge.date,
        "total": f"{charge.total:f}",
        "currency": charge.currency,
        "body": body,
        # As long as it is not judged.
        "home": charge.currency,
    }


def _same(before: Charge, now: Charge) -> bool:
    """Whether both say the same, wherever it stands in the file."""
    return replace(before, row=0, sheet="") == replace(now, row=0, sheet="")


def _other(before: Charge, now: Charge) -> Rejected:
    """Which figure is another one than on the same invoice before."""
    names = ("total", "currency", "weight_g", "zone", "service", "country", "date", "lines")
    name = next((n for n in names if getattr(before, n) != getattr(now, n)), "total")
    was, given = getattr(before, name), getattr(now, name)
    flaw = Flaw(
        row=now.row,
        column=name,
        path=name,
        value=_said(given),
        allowed=f"{_said(was)}, as this invoice had it before, or a file that replaces it",
    )
    figure = _said(was)
    return Rejected(sheet=now.sheet, waybill=now.waybill, flaw=flaw, code="before", figure=figure)


def _said(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{code} {amount}" for code, amount in value.items()) or "nothing"
    return str(value or "nothing")
