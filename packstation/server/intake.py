"""Documents on the way in: orders, catalog, cartons, people, the site, number pools.

Records are judged by ``domain.records`` and ``domain.sheets``; one bad record never loses
the others of its file. The answer is that of ``orders import`` (FORMATS.md).
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final, TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection

from packstation.domain import records, sheets
from packstation.domain.catalog import Product
from packstation.domain.choice.calendars import Calendars
from packstation.domain.choice.lanes import LaneRow, Lanes
from packstation.domain.choice.rules import ChoiceRules
from packstation.domain.customs.rate_checks import far_in_pack, plain
from packstation.domain.customs.rates import Way, rows_of
from packstation.domain.customs.reading import number_of
from packstation.domain.orders import Order, Rate
from packstation.domain.quantities import CURRENCIES
from packstation.domain.records import Decoded
from packstation.domain.rule_reading import read_rules
from packstation.i18n import FALLBACK, load
from packstation.server import audit, ozon_orders, people, shelves
from packstation.server.access import EVERY_SITE, PersonCaller
from packstation.server.core import Server
from packstation.server.customs import checks, due, fixes
from packstation.server.customs.cases import Desk, desk
from packstation.server.judging import judged
from packstation.server.people import PersonRecord
from packstation.server.pools import PoolRange, add_range
from packstation.server.problems import Problem
from packstation.server.roles import may_give
from packstation.server.rows import put_row, row_body
from packstation.server.sites import codes, found_site, put_site, read_site, site_for

T = TypeVar("T")
CSV: Final = "text/csv"
RATE: Final = "rate"
# Agreed rates compare prices; what customs declares by are published ones.
AGREED: Final = "contract-rate"
# Rules, lanes and calendars of the choice of services: one row each.
CHOICE: Final = "choice"
# A count of so many days ago weighs a four-thousandth.
FADED_DAYS: Final = 360
_DAY: Final = re.compile(r"20\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_RATE: Final = "allowed: two currencies of ISO 4217, a number above 0, a day (2026-12-01)"
_UNTIL: Final = "allowed: the last day of the contract (2026-12-31)"


class Rejected(Struct, frozen=True, kw_only=True):
    """A record that was not taken: its place in the file and what is wrong where."""

    record: int
    path: str
    message: str
    value: str = ""
    allowed: str = ""


class Imported(Struct, kw_only=True, omit_defaults=False):
    """What became of a file; ``orders``: the accepted, changed and unchanged as stored."""

    accepted: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: list[Rejected] = msgspec.field(default_factory=list)
    orders: list[Order] | None = None

    def count(self, verdict: str) -> None:
        """One record more that was accepted, changed or unchanged."""
        setattr(self, verdict, getattr(self, verdict) + 1)

    def to_json(self) -> dict[str, Any]:
        shape: dict[str, Any] = msgspec.to_builtins(self)
        if self.orders is None:
            del shape["orders"]
        return shape


class Parcel(Struct, frozen=True, kw_only=True):
    """A file that came in: who sent it, for which site ("" = their own), as what.

    ``what``: under which name the trail of office acts has it; "" where it is not noted.
    """

    caller: PersonCaller
    site: str
    body: bytes
    media: str
    language: str = FALLBACK
    confirm: bool = False
    what: str = ""


def orders(server: Server, given: Parcel) -> Imported:
    """Take orders in; each goes to the site that it names.

    Raises:
        Problem: 403, the file as a whole is for another site than the caller's.
    """
    if given.site and given.caller.site not in {EVERY_SITE, given.site}:
        raise Problem(403, "other_site", site=given.site)
    found = _decoded(given, records.decode_orders, sheets.decode_orders)
    done = _begun(found)
    done.orders = []
    looked: dict[str, list[str]] = defaultdict(list)
    known: dict[str, str] = {}
    with server.store.write() as connection:
        for place, order in found.good:
            try:
                site = known.get(order.site) or _site(server, connection, given, order.site)
                known[order.site] = site
            except Problem as problem:
                done.rejected.append(_refused(place, "site", order.site, problem))
                continue
            stored = ozon_orders.known(connection, site, replace(order, site=site))
            verdict = shelves.put_order(server, connection, site, stored)
            done.count(verdict)
            done.orders.append(stored)
            if verdict != "unchanged":
                looked[site].append(stored.order_id)
        for site, orders_of in looked.items():
            due.orders(connection, site, orders_of)
    return _told(server, done)


def catalog(server: Server, given: Parcel) -> Imported:
    """Take products in."""
    found = _decoded(given, records.decode_catalog, sheets.decode_catalog)

    def put(connection: Connection, site: str, product: Product) -> str:
        mended = fixes.carried(connection, site, "sku", product.sku, product)
        verdict = put_row(server, connection, site, "sku", product.sku, mended)[0]
        if verdict != "unchanged":
            due.sku(connection, site, product.sku)
        return verdict

    return _each(server, given, found, put)


def cartons(server: Server, given: Parcel) -> Imported:
    """Take packaging in."""
    found = _decoded(given, records.decode_cartons, sheets.decode_cartons)
    return _rows(server, given, found, "carton", lambda carton: carton.code)


def packing(server: Server, given: Parcel) -> Imported:
    """Take the site's packing rules in: one document, which takes the place of the one before."""
    found = Decoded(((0, read_rules(given.body)),), ())
    return _rows(server, given, found, "packing", lambda _: "packing")


def choice(server: Server, given: Parcel) -> Imported:
    """Take the site's rules of the choice of services in: one document in place of the last."""
    rules = records.decode_one(records.read_json(given.body), ChoiceRules)
    return _rows(server, given, Decoded(((0, rules),), ()), CHOICE, lambda _: "rules")


def calendars(server: Server, given: Parcel) -> Imported:
    """Take the site's calendars and cut-offs in: one document in place of the last."""
    found = records.decode_one(records.read_json(given.body), Calendars)
    return _rows(server, given, Decoded(((0, found),), ()), CHOICE, lambda _: "calendars")


def lanes(server: Server, given: Parcel) -> Imported:
    """Take counts of lanes in, beside those of other days; what faded is forgotten.

    A lane's count of the same day takes the place of the one before.
    """
    found = _decoded(given, lambda body: _listed(body, "lanes", LaneRow), _lane_sheet)
    done = _begun(found)
    oldest = server.clock.now().date() - timedelta(days=FADED_DAYS)
    with server.store.write() as connection:
        where = _site(server, connection, given)
        stored = row_body(connection, where, CHOICE, "lanes")
        before = msgspec.json.decode(stored, type=Lanes).lanes if stored else ()
        rows = {(row.key, row.on): row for row in before}
        for _, row in found.good:
            known = rows.get((row.key, row.on))
            done.count("accepted" if known is None else "unchanged" if known == row else "changed")
            rows[row.key, row.on] = row
        kept = sorted((row for row in rows.values() if row.on >= oldest), key=_lane_order)
        put_row(server, connection, where, CHOICE, "lanes", Lanes(lanes=tuple(kept)))
    return _told(server, done)


def _lane_order(row: LaneRow) -> tuple[Any, ...]:
    return row.key, row.on


def rates(server: Server, given: Parcel) -> Imported:
    """Take exchange rates in: one row a pair, which an older day does not take the place of.

    One far from what is known of its pair is taken only with ``confirm``.
    """
    found = _decoded(given, lambda body: _listed(body, "rates", Rate), _rate_sheet)
    told: set[str] = set()
    sure = given.confirm or _confirmed(given)

    def put(connection: Connection, place: str, rate: Rate) -> str:
        key = f"{rate.from_}/{rate.to}"
        if not _is_rate(rate):
            raise ValueError(f"rate: {key}: {rate.rate} on {rate.on!r} is not allowed; {_RATE}")
        if rate.kind == "contract" and not _DAY.fullmatch(rate.until):
            raise ValueError(f"until: {key}: {rate.until!r} is not allowed; {_UNTIL}")
        t = RATE if rate.kind == "mid" else AGREED
        known = row_body(connection, place, t, key)
        if known is not None and msgspec.json.decode(known, type=Rate).on > rate.on:
            return "unchanged"
        far = None if sure else _far(rate, desk(connection, place, server.clock.now()))
        if far:
            raise ValueError(f"rate: {_far_words(given.language, key, rate, far)}")
        verdict = put_row(server, connection, place, t, key, rate)[0]
        if verdict != "unchanged" and t == RATE and place not in told:
            told.add(place)
            due.everything(connection, place)
        return verdict

    return _each(server, given, found, put)


def _confirmed(given: Parcel) -> bool:
    """Whether the document itself says that its rates are as they should be."""
    if given.media.startswith(CSV):
        return False
    document = records.read_json(given.body)
    return isinstance(document, dict) and document.get("confirm") is True


def _far(rate: Rate, known: Desk) -> Way | None:
    """What is known of a rate's pair, the site's first, where the rate is far from it."""
    (row,) = rows_of([msgspec.to_builtins(rate)])
    return far_in_pack(row, known.pack, known.now.date(), rows_of(list(known.rates)))


def _far_words(language: str, pair: str, rate: Rate, known: Way) -> str:
    return load(language).say(
        "import.rate.far",
        pair=pair,
        rate=f"{rate.rate:f}",
        known=plain(known.rate),
        way="-".join(known.path),
        on=known.on.isoformat(),
    )


def _is_rate(rate: Rate) -> bool:
    pair = {rate.from_, rate.to}
    usable = number_of(rate.rate) is not None and rate.rate > 0  # 1e400 is above nothing too
    return len(pair) > 1 and pair <= CURRENCIES and usable and bool(_DAY.fullmatch(rate.on))


def staff(server: Server, given: Parcel) -> Imported:
    """Take people in: badge, name, role, PIN."""
    found = _decoded(given, people.decode, people.decode_sheet)

    def put(connection: Connection, site: str, record: PersonRecord) -> str:
        for role in {record.role, people.role_of(connection, site, record.badge)} - {""}:
            if not may_give(given.caller.role, role):
                raise ValueError(f"role: {given.caller.role} may not decide about {role}")
        return people.put(server, connection, site, record)

    return _each(server, given, found, put)


def pools(server: Server, given: Parcel) -> Imported:
    """Take ranges of waybill numbers in."""
    found = _decoded(given, lambda body: _listed(body, "pools", PoolRange), _pool_sheet)
    return _each(server, given, found, add_range)


def site(server: Server, given: Parcel) -> Imported:
    """Take the row of a site in; it makes the site where it is new."""
    body = read_site(given.body)
    if given.caller.site not in {EVERY_SITE, body.code}:
        raise Problem(403, "other_site", site=body.code)
    done = Imported()
    with server.store.write() as connection:
        if given.caller.site == EVERY_SITE and codes(connection):
            found_site(server, connection, body.code)
        verdict = put_site(server, connection, body)[0]
        done.count(verdict)
        if verdict != "unchanged":  # who sends, and how it leaves the country
            due.everything(connection, body.code)
        _noted(server, connection, given, body.code, done)
    return _told(server, done)


def _decoded(
    given: Parcel,
    from_json: Callable[[bytes], Decoded[T]],
    from_csv: Callable[[bytes], Decoded[T]],
) -> Decoded[T]:
    return (from_csv if given.media.startswith(CSV) else from_json)(given.body)


def _begun(found: Decoded[T]) -> Imported:
    refused = (
        Rejected(
            record=bad.record,
            path=bad.path,
            message=bad.message,
            value=bad.value,
            allowed=bad.allowed,
        )
        for bad in found.bad
    )
    return Imported(rejected=list(refused))


def _told(server: Server, done: Imported) -> Imported:
    done.rejected.sort(key=lambda bad: bad.record)
    if done.accepted or done.changed:
        server.bell.ring()
        checks.begin(server)
    return done


def _refused(place: int, path: str, value: str, problem: Problem) -> Rejected:
    known: Any = problem.members.get("known", ())
    words = f"{path}: {value!r} is not allowed; allowed: {', '.join(known) or problem.detail}"
    return Rejected(record=place, path=path, message=words, value=value)


def _site(server: Server, connection: Connection, given: Parcel, named: str = "") -> str:
    """The site of a record; a new server takes its first site from the imports."""
    asked = named or given.site
    if given.caller.site == EVERY_SITE:
        found_site(server, connection, asked)
    return site_for(connection, given.caller, asked)


def _rows(
    server: Server, given: Parcel, found: Decoded[T], t: str, key: Callable[[T], str]
) -> Imported:
    def put(connection: Connection, place: str, record: T) -> str:
        return put_row(server, connection, place, t, key(record), record)[0]

    return _each(server, given, found, put)


def _each(
    server: Server,
    given: Parcel,
    found: Decoded[T],
    put: Callable[[Connection, str, T], str],
) -> Imported:
    done = _begun(found)
    with server.store.write() as connection:
        where = _site(server, connection, given)
        for place, record in found.good:
            try:
                done.count(put(connection, where, record))
            except ValueError as exc:
                path, _, message = str(exc).partition(": ")
                done.rejected.append(Rejected(record=place, path=path, message=message))
        _noted(server, connection, given, where, done)
    return _told(server, done)


def _noted(
    server: Server, connection: Connection, given: Parcel, site: str, done: Imported
) -> None:
    """A file that changed something, in the trail of office acts."""
    if given.what and (done.accepted or done.changed):
        counts = {"accepted": done.accepted, "changed": done.changed}
        sent = (None, hashlib.sha256(given.body).hexdigest())
        what = f"import.{given.what}"
        audit.note(server, connection, given.caller, what, site, change=sent, site=site, **counts)


def _listed(body: bytes, name: str, shape: type[T]) -> Decoded[T]:
    document = records.read_json(body)
    inner = document.get(name, [document]) if isinstance(document, dict) else document
    return judged(inner if isinstance(inner, list) else [inner], shape)


def _rate_sheet(body: bytes) -> Decoded[Rate]:
    return judged(sheets.read_rows(body, ("from", "to", "rate", "on")), Rate, strict=False)


def _lane_sheet(body: bytes) -> Decoded[LaneRow]:
    return judged(sheets.read_rows(body, ("carrier", "on", "sent")), LaneRow, strict=False)


def _pool_sheet(body: bytes) -> Decoded[PoolRange]:
    rows = sheets.read_rows(body, PoolRange.__struct_fields__)
    return judged(rows, PoolRange, strict=False)
