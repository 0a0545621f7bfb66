"""What integrations and supervisors call: imports, holds, enrolment tokens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from fastapi import Request, Response
from msgspec import Struct
from msgspec.structs import replace
from starlette.concurrency import run_in_threadpool

from packstation.domain.packing import Session
from packstation.server import enrolment, folds, intake, shelves
from packstation.server.access import limited
from packstation.server.bodies import NOTHING, answer, gives, plain, read, uploads
from packstation.server.core import Server
from packstation.server.intake import Imported
from packstation.server.moments import stamp
from packstation.server.problems import Problem
from packstation.server.routing import Route, person_of, server_of
from packstation.server.sites import site_for
from packstation.server.words import language_of

MAX_FILE = 32 * 1024 * 1024


class Reason(Struct, frozen=True, kw_only=True):
    """Why."""

    reason: str


class Assignment(Struct, frozen=True, kw_only=True):
    """The bench that an order is given to; "" = any."""

    bench: str


class EnrolToken(Struct, frozen=True, kw_only=True):
    """A token for one bench."""

    token: str
    site: str
    expires: str


class SessionFold(Struct, frozen=True, kw_only=True):
    """A session as the server folds it from the journal."""

    session: str
    site: str
    fold: Session


async def _file(request: Request, site: str) -> intake.Parcel:
    sent = await limited(request, MAX_FILE)
    body = plain(sent, request.headers.get("content-encoding", ""), MAX_FILE)
    media = request.headers.get("content-type", "")
    return intake.Parcel(
        caller=person_of(request),
        site=site,
        body=body,
        media=media,
        language=language_of(request.headers.get("accept-language", "")),
        confirm=request.query_params.get("confirm", "") in {"1", "true"},
    )


Taker = Callable[[Server, intake.Parcel], Imported]
TAKERS: Final[dict[str, Taker]] = {
    "orders": intake.orders,
    "catalog": intake.catalog,
    "cartons": intake.cartons,
    "people": intake.staff,
    "packing": intake.packing,
    "pools": intake.pools,
    "site": intake.site,
    "rates": intake.rates,
    "choice": intake.choice,
    "lanes": intake.lanes,
    "calendars": intake.calendars,
}


# What shops send all day, and people, who are noted one by one.
QUIET: Final = frozenset({"orders", "catalog", "cartons", "people"})


def _import_route(name: str, taker: Taker) -> Route:
    async def take(request: Request, site: str = "") -> Response:
        given = replace(await _file(request, site), what="" if name in QUIET else name)
        done = await run_in_threadpool(taker, server_of(request), given)
        return answer(done.to_json())

    take.__doc__ = f"Import {name}: JSON as FORMATS.md, or text/csv."
    return Route(
        "POST", f"/v1/import/{name}", take, uploads(Imported, "application/json", "text/csv")
    )


async def order_state(request: Request, order: str, site: str = "") -> Response:
    """What the server knows of an order, without the buyer."""
    caller = person_of(request)
    return answer(await run_in_threadpool(shelves.state, server_of(request), caller, order, site))


async def hold(request: Request, order: str, site: str = "") -> Response:
    """Stop an order wherever it is."""
    why = read(await limited(request, 64 * 1024), Reason).reason
    server, caller = server_of(request), person_of(request)
    place = await run_in_threadpool(shelves.hold, server, caller, order, why, site)
    return answer(await run_in_threadpool(shelves.state, server, caller, order, place))


async def release(request: Request, order: str, site: str = "") -> Response:
    """Let a held order go on."""
    server, caller = server_of(request), person_of(request)
    place = await run_in_threadpool(shelves.release, server, caller, order, site)
    return answer(await run_in_threadpool(shelves.state, server, caller, order, place))


async def cancel(request: Request, order: str, site: str = "") -> Response:
    """The buyer does not want it any more."""
    server, caller = server_of(request), person_of(request)
    place = await run_in_threadpool(shelves.cancel, server, caller, order, site)
    return answer(await run_in_threadpool(shelves.state, server, caller, order, place))


async def assign(request: Request, order: str, site: str = "") -> Response:
    """Give an order to one bench beforehand."""
    bench = read(await limited(request, 64 * 1024), Assignment).bench
    server, caller = server_of(request), person_of(request)
    place = await run_in_threadpool(shelves.assign, server, caller, order, bench, site)
    return answer(await run_in_threadpool(shelves.state, server, caller, order, place))


async def session_fold(request: Request, session: str, site: str = "") -> Response:
    """A session folded anew from the journal, to compare with the bench's own."""
    server, caller = server_of(request), person_of(request)

    def look() -> SessionFold:
        with server.store.read() as connection:
            place = site_for(connection, caller, site)
            if folds.kept(connection, place, session) is None:
                raise Problem(404, "unknown_session")
            fold = folds.fold_of(connection, place, session)
        return SessionFold(session=session, site=place, fold=fold)

    return answer(await run_in_threadpool(look))


async def enrol_token(request: Request, site: str = "") -> Response:
    """A fresh token for one bench: 15 minutes, one use, this site."""
    server, caller = server_of(request), person_of(request)

    def make() -> EnrolToken:
        with server.store.read() as connection:
            place = site_for(connection, caller, site)
        token = enrolment.make_enrol_token(server, place, caller)
        expires: timedelta = enrolment.LIFETIME
        return EnrolToken(token=token, site=place, expires=stamp(server.clock.now() + expires))

    return answer(await run_in_threadpool(make), 201)


async def revoke(request: Request, station: str, site: str = "") -> Response:
    """From now on nothing that this bench signs is taken."""
    by = person_of(request)
    await _at_site(
        request, site, lambda server, place: enrolment.revoke(server, place, station, by)
    )
    return Response(status_code=204)


async def close_epoch(request: Request, station: str, epoch: str, site: str = "") -> Response:
    """No more events of this journal file."""
    by = person_of(request)
    await _at_site(
        request,
        site,
        lambda server, place: enrolment.close_epoch(server, place, station, epoch, by),
    )
    return Response(status_code=204)


async def _at_site(request: Request, site: str, act: Callable[[Server, str], None]) -> None:
    server, caller = server_of(request), person_of(request)

    def run() -> None:
        with server.store.read() as connection:
            place = site_for(connection, caller, site)
        act(server, place)

    await run_in_threadpool(run)


ROUTES: Final = (
    Route("GET", "/v1/orders/{order}", order_state, gives(shelves.OrderState)),
    Route("POST", "/v1/orders/{order}/hold", hold, gives(shelves.OrderState, Reason)),
    Route("POST", "/v1/orders/{order}/release", release, gives(shelves.OrderState)),
    Route("POST", "/v1/orders/{order}/cancel", cancel, gives(shelves.OrderState)),
    Route("POST", "/v1/orders/{order}/assign", assign, gives(shelves.OrderState, Assignment)),
    Route("GET", "/v1/sessions/{session}", session_fold, gives(SessionFold)),
    Route("POST", "/v1/enrol-tokens", enrol_token, gives(EnrolToken, status=201)),
    Route("POST", "/v1/stations/{station}/revoke", revoke, NOTHING),
    Route("POST", "/v1/stations/{station}/epochs/{epoch}/close", close_epoch, NOTHING),
    *(_import_route(name, taker) for name, taker in TAKERS.items()),
)
