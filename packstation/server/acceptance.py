"""Answers of people and integrations to what marketplaces want of units.

Where no gate asks a marketplace, whoever does so otherwise lists what waits and says what came
of it. The answers go to benches as a gate's do.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

from fastapi import Request, Response
from msgspec import Meta, Struct
from starlette.concurrency import run_in_threadpool

from packstation.server import requirements
from packstation.server.access import limited
from packstation.server.bodies import answer, gives, read
from packstation.server.gates import LONGEST_REASON, Asked, Verdict
from packstation.server.routing import Route, person_of, server_of
from packstation.server.sites import site_for

MAX_ANSWERS: Final = 1024 * 1024


class WaitingValues(Struct, frozen=True, kw_only=True):
    """Values that no marketplace has judged, by order; at most `requirements.TOGETHER`."""

    waiting: tuple[Asked, ...] = ()


class ValueAnswer(Struct, frozen=True, kw_only=True):
    """What a marketplace said of one value."""

    order: str
    sku: str
    kind: str
    value: str
    status: Literal["accepted", "refused"]
    reason: Annotated[str, Meta(max_length=LONGEST_REASON)] = ""


class ValueAnswers(Struct, frozen=True, kw_only=True):
    """Many of them."""

    answers: Annotated[tuple[ValueAnswer, ...], Meta(max_length=1000)]


class ValuesTaken(Struct, frozen=True, kw_only=True):
    """``taken`` were known; ``unknown`` are values that no bench of the site has given."""

    taken: int
    unknown: tuple[Asked, ...] = ()


async def waiting(request: Request, site: str = "") -> Response:
    """What waits for a marketplace's word."""
    server, caller = server_of(request), person_of(request)

    def look() -> WaitingValues:
        with server.store.read() as connection:
            place = site_for(connection, caller, site)
            return WaitingValues(waiting=requirements.waiting(connection, place))

    return answer(await run_in_threadpool(look))


async def answered(request: Request, site: str = "") -> Response:
    """Take a marketplace's words; a later one replaces an earlier one."""
    told = read(await limited(request, MAX_ANSWERS), ValueAnswers).answers
    server, caller = server_of(request), person_of(request)

    def take() -> ValuesTaken:
        with server.store.read() as connection:
            place = site_for(connection, caller, site)
        given = [(_asked(one), _verdict(one)) for one in told]
        unknown = requirements.take(server, place, given)
        return ValuesTaken(taken=len(given) - len(unknown), unknown=unknown)

    return answer(await run_in_threadpool(take))


def _asked(one: ValueAnswer) -> Asked:
    return Asked(order=one.order, sku=one.sku, kind=one.kind, value=one.value)


def _verdict(one: ValueAnswer) -> Verdict:
    return Verdict(accepted=one.status == "accepted", reason=one.reason)


ROUTES: Final = (
    Route("GET", "/v1/requirements", waiting, gives(WaitingValues)),
    Route("POST", "/v1/requirements", answered, gives(ValuesTaken, ValueAnswers)),
)
