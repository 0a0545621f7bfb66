"""Claims of orders: given, renewed, let go, taken away (rules: ``domain.claims``).

A claim is asked for by a bench before it packs and stands in its facts; row ``work`` is what
came of the facts (``server.passing``). All of it is decided inside one write transaction.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection, and_, case, delete, exists, func, insert, select, update

from packstation.domain import claims as c
from packstation.domain import passing
from packstation.domain.psp import (
    Checkpoint,
    CheckpointAnswer,
    ClaimAnswer,
    ClaimRequest,
    ClaimsHeld,
    GrantedClaim,
    HeldClaim,
    OrderBody,
    RefusedClaim,
)
from packstation.server import audit, rows
from packstation.server.access import PersonCaller, StationCaller
from packstation.server.claim_tables import CLAIM, CLAIM_ASKED
from packstation.server.core import Server
from packstation.server.moments import moment, stamp
from packstation.server.problems import Problem
from packstation.server.store import generation
from packstation.server.tables import ORDERS, STATION, STATUS, STREAM

log = logging.getLogger(__name__)

ANSWERS_KEPT: Final = timedelta(days=1)


class _At(Struct, frozen=True):
    """One transaction about a site's claims."""

    server: Server
    connection: Connection
    site: str
    now: datetime

    def row(self, order: str) -> Any:  # noqa: ANN401 - a row of the table, or None
        where = and_(CLAIM.c.site == self.site, CLAIM.c.order == order)
        return self.connection.execute(select(CLAIM).where(where)).one_or_none()

    def bench(self, station: str) -> tuple[str, bool]:
        """A bench's name, and whether it is revoked."""
        where = and_(STATION.c.site == self.site, STATION.c.station == station)
        found = self.connection.execute(select(STATION).where(where)).one_or_none()
        return (found.name, bool(found.revoked)) if found else ("", True)

    def tell(self, order: str, body: c.Claim) -> None:
        rows.put_row(self.server, self.connection, self.site, c.ROW, order, body)

    def untell(self, order: str) -> None:
        if rows.row_body(self.connection, self.site, c.ROW, order) is not None:
            rows.delete_row(self.server, self.connection, self.site, c.ROW, order)

    def work(self, order: str) -> passing.Work | None:
        body = rows.row_body(self.connection, self.site, passing.WORK, order)
        return msgspec.json.decode(body, type=passing.Work) if body is not None else None


def _begin(server: Server, connection: Connection, site: str) -> _At:
    return _At(server, connection, site, server.clock.now())


# --- asked by benches ----------------------------------------------------------------------


def claim(server: Server, caller: StationCaller, asked: ClaimRequest) -> ClaimAnswer:
    """Give a bench what it may have; the same ``req_id`` gets the same answer again."""
    mine = and_(
        CLAIM_ASKED.c.site == caller.site,
        CLAIM_ASKED.c.station == caller.station,
        CLAIM_ASKED.c.req_id == asked.req_id,
    )
    with server.store.write() as connection:
        known = connection.scalar(select(CLAIM_ASKED.c.answer).where(mine))
        if known is not None:
            return msgspec.json.decode(known, type=ClaimAnswer)
        at = _begin(server, connection, caller.site)
        answer = _given(at, caller.station, asked)
        old = stamp(at.now - ANSWERS_KEPT)
        connection.execute(delete(CLAIM_ASKED).where(CLAIM_ASKED.c.at < old))
        connection.execute(
            insert(CLAIM_ASKED).values(
                site=caller.site,
                station=caller.station,
                req_id=asked.req_id,
                answer=msgspec.json.encode(answer).decode(),
                at=stamp(at.now),
            )
        )
    if answer.granted:
        server.bell.ring()
    return answer


def _given(at: _At, station: str, asked: ClaimRequest) -> ClaimAnswer:
    name, _ = at.bench(station)
    granted: list[GrantedClaim] = []
    refused: list[RefusedClaim] = []
    for order in dict.fromkeys(asked.want):
        got = _one(at, station, name, order)
        (granted if isinstance(got, GrantedClaim) else refused).append(got)  # type: ignore[arg-type]
    if asked.queue:
        for order in _due(at, station, name, asked.n):
            got = _one(at, station, name, order, ahead=True)
            if isinstance(got, GrantedClaim):
                granted.append(got)
    return ClaimAnswer(granted=tuple(granted), refused=tuple(refused))


def _due(at: _At, station: str, bench: str, count: int) -> list[str]:
    """Orders that wait to be packed here, those with a hand-over first, by its time."""
    same = and_(CLAIM.c.site == ORDERS.c.site, CLAIM.c.order == ORDERS.c.order)
    others = and_(same, CLAIM.c.state == c.HELD, CLAIM.c.station != station)
    open_ = and_(
        ORDERS.c.site == at.site,
        ORDERS.c.outcome == "",
        ORDERS.c.session == "",
        ORDERS.c.hold == "",
        ORDERS.c.status == "ready",
        ORDERS.c.bench.in_(("", bench)),
        ~exists().where(others),
    )
    by_time = (case((ORDERS.c.handover == "", 1), else_=0), ORDERS.c.handover, ORDERS.c.order)
    found = select(ORDERS.c.order).where(open_).order_by(*by_time).limit(count)
    return list(at.connection.scalars(found))


def _known(at: _At, order: str, row: Any) -> c.Known:  # noqa: ANN401 - see _At.row
    image = rows.row_body(at.connection, at.site, "order", order)
    body = msgspec.json.decode(image, type=OrderBody) if image is not None else None
    work = at.work(order)
    gone = work is not None and work.state == passing.OPEN and at.bench(work.station)[1]
    return c.Known(
        status=body.order.status if body else "",
        hold=body.hold if body else "",
        assigned=body.bench if body else "",
        held=_held(at, row) if row is not None and row.state == c.HELD else None,
        work=work,
        gone=gone,
    )


def _held(at: _At, row: Any) -> c.Held:  # noqa: ANN401 - see _At.row
    name, revoked = at.bench(row.station)
    return c.Held(
        station=row.station,
        bench=name,
        until=moment(row.until),
        heard=_heard(at, row.station),
        revoked=revoked,
        ahead=row.ahead > 0,
    )


def _heard(at: _At, station: str) -> datetime | None:
    """When a bench last said anything."""
    times = [
        at.connection.scalar(
            select(func.max(column)).where(table.c.site == at.site, table.c.station == station)
        )
        for table, column in ((STREAM, STREAM.c.seen), (STATUS, STATUS.c.at))
    ]
    return max((moment(text) for text in times if text), default=None)


def _one(
    at: _At, station: str, name: str, order: str, *, ahead: bool = False
) -> GrantedClaim | RefusedClaim:
    row = at.row(order)
    known = _known(at, order, row)
    no = c.refusal(known, station, name, at.now, ahead=ahead)
    if no is not None:
        return RefusedClaim(order=order, why=no.why, by=no.by)
    until = stamp(at.now + c.TTL)
    if row is not None and row.state == c.HELD and row.station == station:
        _set(at, order, until=until, ahead=row.ahead if ahead else 0)
        return GrantedClaim(order=order, claim=row.claim, fence=row.fence, until=until)
    given = _grant(at, station, name, order, known.work, row)
    _set(at, order, ahead=int(ahead))
    return given


def _grant(
    at: _At,
    station: str,
    name: str,
    order: str,
    work: passing.Work | None,
    row: Any,  # noqa: ANN401 - see _At.row
) -> GrantedClaim:
    highest = max(row.fence if row is not None else 0, work.fence if work is not None else 0)
    given = GrantedClaim(
        order=order,
        claim=at.server.ids.new(),
        fence=c.next_fence(highest, generation(at.connection)),
        until=stamp(at.now + c.TTL),
    )
    if work is not None and work.state == passing.OPEN and work.station != station:
        _free_work(at, work, given.fence)
    columns = {
        "claim": given.claim,
        "station": station,
        "fence": given.fence,
        "state": c.HELD,
        "by": "",
        "since": stamp(at.now),
        "until": given.until,
    }
    if row is None:
        at.connection.execute(insert(CLAIM).values(site=at.site, order=order, **columns))
    else:
        _set(at, order, **columns)
    at.tell(
        order,
        c.Claim(order=order, claim=given.claim, fence=given.fence, station=station, bench=name),
    )
    return given


def _set(at: _At, order: str, **columns: object) -> None:
    where = and_(CLAIM.c.site == at.site, CLAIM.c.order == order)
    at.connection.execute(update(CLAIM).where(where).values(**columns))


def _free_work(at: _At, work: passing.Work, fence: int) -> None:
    """A bench lost its right to what it has begun: the order is anybody's again."""
    freed = replace(work, state=passing.CANCELLED, fence=fence, since=stamp(at.now))
    rows.put_row(at.server, at.connection, at.site, passing.WORK, work.order, freed)


def renew(server: Server, caller: StationCaller, told: ClaimsHeld) -> ClaimAnswer:
    """Keep claims alive; one that the server has forgotten, or let go, is given anew if it may be.

    Only that one gets another fence.
    """
    granted: list[GrantedClaim] = []
    refused: list[RefusedClaim] = []
    with server.store.write() as connection:
        at = _begin(server, connection, caller.site)
        name, _ = at.bench(caller.station)
        for held in told.claims:
            got = _kept(at, caller.station, name, held)
            (granted if isinstance(got, GrantedClaim) else refused).append(got)  # type: ignore[arg-type]
    return ClaimAnswer(granted=tuple(granted), refused=tuple(refused))


def _kept(at: _At, station: str, name: str, held: HeldClaim) -> GrantedClaim | RefusedClaim:
    order, row = held.order, at.row(held.order)
    if row is None or row.station != station or row.state == c.FREE:
        return _one(at, station, name, order)
    if row.state == c.TAKEN:
        return RefusedClaim(order=order, why="taken", by=row.by)
    # Whatever became of the order: what is held back is still at its bench.
    until = stamp(at.now + c.TTL)
    _set(at, order, until=until)
    return GrantedClaim(order=order, claim=row.claim, fence=row.fence, until=until)


def release(server: Server, caller: StationCaller, told: ClaimsHeld) -> ClaimAnswer:
    """Let claims go; those that are not this bench's are left alone and named."""
    granted: list[GrantedClaim] = []
    refused: list[RefusedClaim] = []
    with server.store.write() as connection:
        at = _begin(server, connection, caller.site)
        for held in told.claims:
            row = at.row(held.order)
            own = row is not None and row.state == c.HELD and row.station == caller.station
            if own and row.claim == held.claim:
                _free(at, held.order)
                granted.append(
                    GrantedClaim(order=held.order, claim=held.claim, fence=row.fence, until="")
                )
            else:
                refused.append(RefusedClaim(order=held.order, why="not_yours"))
    if granted:
        server.bell.ring()
    return ClaimAnswer(granted=tuple(granted), refused=tuple(refused))


def _free(at: _At, order: str) -> None:
    _set(at, order, state=c.FREE, until="")
    at.untell(order)


def checkpoint(
    server: Server, caller: StationCaller, order: str, asked: Checkpoint
) -> CheckpointAnswer:
    """Whether a label may be made of an order as its bench knows it.

    Raises:
        Problem: 404 no such order; 409 ``changed`` with ``reason``, ``rev`` and ``by``.
    """
    with server.store.read() as connection:
        at = _begin(server, connection, caller.site)
        image = rows.row_body(connection, caller.site, "order", order)
        if image is None:
            raise Problem(404, "unknown_order", order)
        body = msgspec.json.decode(image, type=OrderBody)
        rev = rows.row_rev(connection, caller.site, "order", order) or 0
        reason, by = _changed(at, caller.station, body, order, asked, rev)
    if reason:
        raise Problem(409, "changed", reason=reason, rev=rev, by=by)
    return CheckpointAnswer(order=order, rev=rev)


def _changed(
    at: _At, station: str, body: OrderBody, order: str, asked: Checkpoint, rev: int
) -> tuple[str, str]:
    """What happened to an order meanwhile, and through whom."""
    if body.order.status in {"cancelled", "shipped"}:
        return body.order.status, ""
    if body.hold:
        return "on_hold", ""
    row = at.row(order)
    newer = row is not None and row.fence > asked.fence and row.state != c.FREE
    if newer and (row.state == c.TAKEN or row.station != station):
        return "claimed", row.by or at.bench(row.station)[0]
    return ("changed", "") if asked.rev < rev else ("", "")


class RightOf(Struct, frozen=True):
    """Which bench has the claim on an order, "" for none, and its fence."""

    station: str = ""
    fence: int = 0


def right(connection: Connection, site: str, order: str) -> RightOf:
    """Who has it now; a claim that a bench let end counts until another has one."""
    where = and_(CLAIM.c.site == site, CLAIM.c.order == order, CLAIM.c.state == c.HELD)
    row = connection.execute(select(CLAIM.c.station, CLAIM.c.fence).where(where)).one_or_none()
    return RightOf(row.station, row.fence) if row is not None else RightOf()


# --- what facts and people do to claims ----------------------------------------------------


def note(
    server: Server, connection: Connection, caller: StationCaller, orders: Iterable[str]
) -> None:
    """The bench has put these orders aside, packed or cancelled them: its claims are over."""
    at = _begin(server, connection, caller.site)
    for order in orders:
        row = at.row(order)
        if row is not None and row.state != c.FREE and row.station == caller.station:
            _free(at, order)


def drop(server: Server, connection: Connection, site: str, station: str) -> None:
    """A bench is revoked: what it had is free."""
    at = _begin(server, connection, site)
    mine = and_(CLAIM.c.site == site, CLAIM.c.station == station, CLAIM.c.state != c.FREE)
    for order in list(connection.scalars(select(CLAIM.c.order).where(mine))):
        _free(at, order)


def take_away(server: Server, site: str, order: str, caller: PersonCaller) -> str:
    """A person takes an order away from its bench, which stops; answers the bench's name.

    What the bench packs of it all the same has the lower fence.

    Raises:
        Problem: 404 nobody has it.
    """
    with server.store.write() as connection:
        at = _begin(server, connection, site)
        row, work = at.row(order), at.work(order)
        begun = work if work is not None and work.state == passing.OPEN else None
        held = row if row is not None and row.state == c.HELD else None
        if held is None and begun is None:
            raise Problem(404, "not_claimed", order)
        station = held.station if held is not None else begun.station if begun is not None else ""
        given = _grant(at, station, at.bench(station)[0], order, None, row)
        _set(at, order, state=c.TAKEN, by=caller.name, until="")
        name = at.bench(station)[0]
        at.tell(
            order,
            c.Claim(
                order=order,
                claim=given.claim,
                fence=given.fence,
                station=station,
                bench=name,
                state=c.TAKEN,
                by=caller.name,
            ),
        )
        audit.note(server, connection, caller, "order.taken", order, site=site, bench=name)
        if begun is not None:
            _free_work(at, begun, given.fence)
    log.info("order taken away", extra={"order": order, "bench": name})
    server.bell.ring()
    return name
