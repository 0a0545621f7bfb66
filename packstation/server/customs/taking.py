"""A consignment's package on demand: gathered in one read, drawn one at a time.

Pages of 500 orders take a while. No more than `LIMIT` packages are drawn at once; others wait
without a thread, so that what else is asked of the server finds one.
"""

from __future__ import annotations

from asyncio import Semaphore
from typing import Final

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from packstation.server.customs import consignments
from packstation.server.customs.consignments import Consignment
from packstation.server.customs.package import gathered, package
from packstation.server.customs.showing import Place, read

LIMIT: Final = 1


def drawing() -> Semaphore:
    """How many packages are drawn at once; lies at ``app.state.drawing``."""
    return Semaphore(LIMIT)


async def taken(request: Request, place: Place, key: str) -> tuple[Consignment, bytes]:
    """A consignment that the caller may see, and its package.

    Raises:
        Problem: 404 there is none for them; see `package.gathered`.
    """
    given = await read(
        place,
        lambda connection: gathered(
            place.server,
            connection,
            place.code,
            consignments.need(connection, place.code, place.caller, key),
        ),
    )
    async with request.app.state.drawing:
        return given.consignment, await run_in_threadpool(package, given)
