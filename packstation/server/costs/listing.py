"""Charges as somebody asks for them: filtered, summed by cause, the largest difference first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

import msgspec
from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from packstation.domain.costs.charges import Charge
from packstation.domain.costs.explaining import KINDS, RIGHT, Beside, Cause, Verdict
from packstation.first_use import met
from packstation.server.costs.tables import CHARGE, IMPORT

PAGE: Final = 50
_FILES: Final = 10
# What a filter may ask for beside single kinds.
OFF: Final = "off"


class Filter(Struct, frozen=True, kw_only=True):
    """``kind`` of `KINDS`, "off" for all that are not right, "" for all; ``q`` is part of a number.

    ``since`` and ``until`` are days of the invoice, both included.
    """

    kind: str = ""
    carrier: str = ""
    invoice: str = ""
    q: str = ""
    since: str = ""
    until: str = ""


class Sums(Struct, frozen=True, kw_only=True):
    """Charges of a kind, and what they are off by currency."""

    kind: str
    charges: int
    off: Mapping[str, Decimal]


class Row(Struct, frozen=True, kw_only=True):
    """A charge beside its prediction.

    ``price`` was written down at the bench; ``predicted`` is what of it this charge could ask for:
    nothing where it was billed before, or the label was void. Without a parcel both are None.
    """

    carrier: str
    invoice: str
    waybill: str
    date: str
    order: str
    service: str
    kind: str
    billed: Decimal
    currency: str
    price: Decimal | None
    predicted: Decimal | None
    difference: Decimal | None
    home: str
    causes: tuple[Cause, ...] = ()
    lines: tuple[Beside, ...] = ()
    row: int = 0
    sheet: str = ""


class File(Struct, frozen=True, kw_only=True):
    """A file that was taken in, and the first of its bad cells."""

    at: str
    who: str
    carrier: str
    file: str
    accepted: int
    changed: int
    unchanged: int
    rejected: int
    cells: tuple[dict[str, Any], ...] = ()


class Listed(Struct, frozen=True, kw_only=True):
    """A page of charges; ``sums`` are of all that the filter takes, whatever its kind."""

    rows: tuple[Row, ...]
    charges: int
    page: int
    pages: int
    billed: Mapping[str, Decimal]
    predicted: Mapping[str, Decimal]
    off: Mapping[str, Decimal]
    sums: tuple[Sums, ...]
    total: int


def listed(connection: Connection, site: str, wanted: Filter, page: int = 1) -> Listed:
    """A page, from 1."""
    where = and_(CHARGE.c.site == site, *_but_kind(wanted), *_kind(wanted.kind))
    count = connection.scalar(select(func.count()).select_from(CHARGE).where(where)) or 0
    pages = max(1, -(-count // PAGE))
    page = max(1, min(page, pages))
    query = _ordered(where).limit(PAGE).offset((page - 1) * PAGE)
    sums = _sums(connection, site, wanted)
    whole = _Money(connection, where)
    return Listed(
        rows=tuple(map(_row, connection.execute(query))),
        charges=count,
        page=page,
        pages=pages,
        billed=whole.billed,
        predicted=whole.predicted,
        off=whole.off,
        sums=sums,
        total=sum(one.charges for one in sums),
    )


def every(connection: Connection, site: str, wanted: Filter) -> Iterator[Row]:
    """All rows of a filter."""
    where = and_(CHARGE.c.site == site, *_but_kind(wanted), *_kind(wanted.kind))
    return map(_row, connection.execute(_ordered(where)))


def _ordered(where: ColumnElement[bool]) -> Any:  # noqa: ANN401 - a statement
    by = (CHARGE.c.off.desc(), CHARGE.c.carrier, CHARGE.c.invoice, CHARGE.c.waybill, CHARGE.c.n)
    return select(CHARGE).where(where).order_by(*by)


def _kind(kind: str) -> Iterator[ColumnElement[bool]]:
    if kind == OFF:
        yield CHARGE.c.kind.not_in(RIGHT)
    elif kind:
        yield CHARGE.c.kind == kind


def _but_kind(wanted: Filter) -> Iterator[ColumnElement[bool]]:
    if wanted.carrier:
        yield CHARGE.c.carrier == wanted.carrier
    if wanted.invoice:
        yield CHARGE.c.invoice == wanted.invoice
    if wanted.q:
        part = wanted.q.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        like = f"%{part}%"
        yield or_(
            CHARGE.c.waybill.ilike(like, escape="\\"),
            CHARGE.c.order.ilike(like, escape="\\"),
        )
    if wanted.since:
        yield CHARGE.c.date >= wanted.since
    if wanted.until:
        yield CHARGE.c.date <= wanted.until


class _Money:
    """What was billed, predicted and is off, by currency; exact, whatever the amounts."""

    def __init__(self, connection: Connection, where: ColumnElement[bool]) -> None:
        c = CHARGE.c
        self.billed: dict[str, Decimal] = defaultdict(Decimal)
        self.predicted: dict[str, Decimal] = defaultdict(Decimal)
        self.off: dict[str, Decimal] = defaultdict(Decimal)
        query = select(c.total, c.currency, c.price, c.difference, c.home).where(where)
        for row in connection.execute(query):
            self.billed[row.currency] += Decimal(row.total)
            owed = _owed(row)
            if owed:
                self.predicted[row.home] += owed
            if row.difference:
                self.off[row.home] += Decimal(row.difference)


def _owed(row: Any) -> Decimal | None:  # noqa: ANN401 - a row of the table
    """What a charge could ask for, so that billed less owed is what it is off."""
    if not row.price:
        return None
    if row.currency == row.home and row.difference:
        return Decimal(row.total) - Decimal(row.difference)
    return Decimal(row.price)


def _sums(connection: Connection, site: str, wanted: Filter) -> tuple[Sums, ...]:
    """By kind, in the order of `KINDS`; kinds that nothing has are not there."""
    c = CHARGE.c
    counts: dict[str, int] = defaultdict(int)
    off: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    where = and_(c.site == site, *_but_kind(wanted))
    for kind, difference, home in connection.execute(
        select(c.kind, c.difference, c.home).where(where)
    ):
        counts[kind] += 1
        if difference:
            off[kind][home] += Decimal(difference)
    kinds = (kind for kind in KINDS if counts[kind])
    return tuple(Sums(kind=kind, charges=counts[kind], off=off[kind]) for kind in kinds)


def _row(row: Any) -> Row:  # noqa: ANN401 - a row of the table
    charge = msgspec.json.decode(row.body, type=met(Charge))
    verdict = msgspec.json.decode(row.verdict, type=met(Verdict)) if row.verdict else None
    return Row(
        carrier=row.carrier,
        invoice=row.invoice,
        waybill=row.waybill,
        date=row.date,
        order=row.order,
        service=row.service or charge.service,
        kind=row.kind,
        billed=charge.total,
        currency=charge.currency,
        price=Decimal(row.price) if row.price else None,
        predicted=_owed(row),
        difference=Decimal(row.difference) if row.difference else None,
        home=row.home,
        causes=verdict.causes if verdict else (),
        lines=verdict.lines if verdict else (),
        row=charge.row,
        sheet=charge.sheet,
    )


def files(connection: Connection, site: str) -> tuple[File, ...]:
    """The files that came last, the newest first."""
    last = (IMPORT.c.at.desc(), IMPORT.c.id.desc())
    newest = select(IMPORT).where(IMPORT.c.site == site).order_by(*last).limit(_FILES)
    names = File.__struct_fields__[:-1]
    return tuple(
        File(**{name: getattr(row, name) for name in names}, cells=msgspec.json.decode(row.body))
        for row in connection.execute(newest)
    )


def carriers(connection: Connection, site: str) -> tuple[str, ...]:
    """Those that have any charge here."""
    query = select(CHARGE.c.carrier).where(CHARGE.c.site == site).distinct()
    return tuple(sorted(connection.scalars(query)))
