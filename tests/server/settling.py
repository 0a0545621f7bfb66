"""For clients of tests a push is over when the server has also projected it.

The server answers a push as soon as it is kept; its projector follows a moment later.
"""

from __future__ import annotations

from collections.abc import Callable

import httpx
from sqlalchemy import and_, select

from packstation.domain import psp
from packstation.server.run import Running
from packstation.server.tables import QUARANTINE

Hooks = dict[str, list[Callable[[httpx.Response], None]]]


def settled(running: Running) -> Hooks:
    """The event hooks of a client of this server."""

    def hook(response: httpx.Response) -> None:
        if response.request.url.path == "/v1/journal":
            running.settle()
            response.extensions["put_aside"] = _put_aside(running, response.request.headers)

    return {"response": [hook]}


def put_aside(answer: httpx.Response) -> list[int]:
    """Where in the bench's journal facts lie that the server put into its quarantine."""
    found: list[int] = answer.extensions["put_aside"]
    return found


def _put_aside(running: Running, headers: httpx.Headers) -> list[int]:
    station, epoch = (headers.get(name) for name in (psp.STATION_HEADER, psp.EPOCH_HEADER))
    mine = and_(QUARANTINE.c.station == station, QUARANTINE.c.epoch == epoch)
    with running.server.store.read() as connection:
        found = connection.scalars(select(QUARANTINE.c.seq).where(mine).order_by(QUARANTINE.c.seq))
        return list(found)
