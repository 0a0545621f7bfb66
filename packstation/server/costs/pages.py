"""The page of carriers' invoices: what is off and why, files taken in, the table to take away."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final
from urllib.parse import urlencode

import msgspec
from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool

from packstation.domain.costs.explaining import RIGHT, Cause
from packstation.domain.errors import InputInvalid
from packstation.server.costs import export, listing, maps, taking
from packstation.server.costs.api import MOST, asked
from packstation.server.costs.judging import settle
from packstation.server.customs.showing import (
    Place,
    file_of,
    form_of,
    here,
    read,
    show,
    word,
    words_of,
)
from packstation.server.problems import Problem
from packstation.server.routing import Route
from packstation.server.words import Words

# Of cells that were wrong as many are shown.
_CELLS: Final = 20
_BAR: Final = 1000


async def page(request: Request, site: str = "", page: int = 1) -> Response:
    """What carriers billed, the largest difference first."""
    return await _shown(request, await here(request, site), page)


async def _shown(
    request: Request, place: Place, number: int = 1, status: int = 200, **told: object
) -> Response:
    try:
        wanted = asked(request)
    except Problem:  # an address that somebody typed: nothing is filtered by it
        wanted = listing.Filter()
    await run_in_threadpool(settle, place.server, place.code)
    found = await read(place, lambda one: listing.listed(one, place.code, wanted, number))
    known = await read(place, lambda one: maps.known(one, place.code))
    files = await read(place, lambda one: listing.files(one, place.code))
    carriers = await read(place, lambda one: listing.carriers(one, place.code))
    words = words_of(request, place)
    context: dict[str, Any] = {
        "found": found,
        "wanted": wanted,
        "kinds": _bars(found.sums, place.site.currency),
        "maps": known,
        "files": files,
        "carriers": carriers,
        "right": RIGHT,
        "ways": _Ways(place.code, wanted),
        "t": _Told(words),
        "taken": None,
        "wrong": "",
        "said": {},
        **told,
    }
    return show(request, place, "costs/page.html", here="costs", status=status, **context)


async def upload(request: Request, site: str = "") -> Response:
    """Take a file in, and say what came of it."""
    place = await here(request, site)
    form = await form_of(request)
    said = {name: word(form, name, 100) for name in ("carrier", "invoice", "currency", "replace")}
    try:
        name, content = await file_of(form, "file", MOST)
        given = taking.Given(
            carrier=said["carrier"],
            content=content,
            name=name,
            invoice=said["invoice"],
            currency=said["currency"].upper(),
            again=said["replace"] == "1",
        )
        taken = await run_in_threadpool(taking.take, place.server, place.caller, place.code, given)
    except InputInvalid as invalid:
        return await _shown(request, place, status=422, wrong=invalid.fields, said=said)
    except Problem as problem:
        fields = {"path": problem.code, "value": said["carrier"], "allowed": problem.detail}
        return await _shown(request, place, status=problem.status, wrong=fields, said=said)
    return await _shown(request, place, taken=taken, cells=taken.rejected[:_CELLS])


async def take_away(request: Request, site: str = "") -> Response:
    """All charges of a filter as a table."""
    place, wanted = await here(request, site), asked(request)
    words = words_of(request, place)
    await run_in_threadpool(settle, place.server, place.code)
    content = await read(
        place, lambda one: export.table(listing.every(one, place.code, wanted), words)
    )
    headers = {"Content-Disposition": 'attachment; filename="costs.csv"'}
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


class _Ways:
    """Addresses that keep the filter but for what they change."""

    def __init__(self, site: str, wanted: listing.Filter) -> None:
        self._said = {"site": site, **msgspec.to_builtins(wanted)}

    def to(self, path: str = "/costs", **changes: object) -> str:
        said = {**self._said, **changes}
        return f"{path}?{urlencode({name: one for name, one in said.items() if one})}"


class _Told:
    """Causes and amounts in the reader's words."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def why(self, cause: Cause, currency: str) -> str:
        return export.reason(cause, currency, self._words)

    def fee(self, code: str) -> str:
        return export.fee(code, self._words)

    def signed(self, amount: Decimal, currency: str) -> str:
        return export.signed(amount, currency, self._words)

    def sums(self, sums: dict[str, Decimal], home: str) -> str:
        """Signed sums of several currencies."""
        parts = [self.signed(one, currency) for currency, one in sorted(sums.items()) if one]
        return "  ".join(parts) or self._words.money({}, home)

    def cell(self, cell: dict[str, Any]) -> str:
        """What is allowed in a cell that was wrong."""
        code = cell.get("code", "")
        return self._words.say(f"costs.cell.{code}", f=cell["figure"]) if code else cell["allowed"]


def _bars(sums: tuple[listing.Sums, ...], home: str) -> list[dict[str, Any]]:
    """Each kind with the length of its bar, by what it is off in the currency most is off in."""
    totals: dict[str, Decimal] = {}
    for one in sums:
        for currency, amount in one.off.items():
            totals[currency] = totals.get(currency, Decimal(0)) + abs(amount)
    main = max(totals, key=lambda one: (totals[one], one == home), default=home)
    sizes = [abs(one.off.get(main, Decimal(0))) for one in sums]
    most = max(sizes, default=Decimal(0)) or Decimal(1)
    return [
        {"kind": one.kind, "charges": one.charges, "off": one.off, "bar": int(size / most * _BAR)}
        for one, size in zip(sums, sizes, strict=True)
    ]


ROUTES: Final = (
    Route("GET", "/costs", page),
    Route("POST", "/costs", upload),
    Route("GET", "/costs/export", take_away),
)
