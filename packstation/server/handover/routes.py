"""Hand-overs for the office: a page of all, one of each list, its papers, and the same as JSON."""

from __future__ import annotations

from functools import cache
from typing import Final
from urllib.parse import quote, urlencode

from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse

from packstation.assets import resource
from packstation.documents.maker import Documents
from packstation.domain.carriers import CarrierGateway, ManifestAsked
from packstation.domain.errors import CarrierError
from packstation.domain.handover.manifests import CLOSED, SIGNED
from packstation.domain.printers import PAPER_STOCK, PDF, SHEET, Stock
from packstation.server import accounts, blobs
from packstation.server.bodies import answer, gives
from packstation.server.customs.showing import Place, file_of, form_of, here, read, show
from packstation.server.handover import lists
from packstation.server.pages import look_of
from packstation.server.problems import Problem
from packstation.server.roles import LEADS
from packstation.server.routing import Route

MOST: Final = 10 * 1024 * 1024
SHEETS: Final = Stock(PAPER_STOCK, 210.0, 297.0, 300, PDF, SHEET)


async def page(request: Request, site: str = "") -> Response:
    """What waits, and the lists of the last days."""
    place = await here(request, site)
    now = place.server.clock.now()
    found = await read(place, lambda connection: lists.page(connection, place.code, now))
    return show(request, place, "handover.html", here="handover", found=found)


async def page_data(request: Request, site: str = "") -> Response:
    """The same as JSON."""
    place = await here(request, site)
    now = place.server.clock.now()
    return answer(await read(place, lambda connection: lists.page(connection, place.code, now)))


async def list_page(request: Request, manifest: str, site: str = "", told: str = "") -> Response:
    """One list: parcels, bags, who is missing, the signature, papers."""
    place = await here(request, site)
    found = await _whole(place, manifest)
    names = {unit.id: unit.code for unit in found.manifest.units.values()}
    asks = _may(place) and found.manifest.state in {CLOSED, SIGNED}
    offers = asks and await run_in_threadpool(_offers, place, found)
    return show(
        request,
        place,
        "handover_list.html",
        here="handover",
        one=found,
        units=names,
        may=asks,
        offers=offers,
        told=told if told in {"kept", "partly", "refused", "unanswered"} else "",
    )


async def list_data(request: Request, manifest: str, site: str = "") -> Response:
    """One list as JSON."""
    place = await here(request, site)
    return answer(await _whole(place, manifest))


async def _whole(place: Place, manifest: str) -> lists.Whole:
    return await read(
        place, lambda connection: lists.whole(place.server, connection, place.code, manifest)
    )


def _may(place: Place) -> bool:
    return place.caller.visit is not None and place.caller.role in LEADS


async def list_pdf(request: Request, manifest: str, site: str = "") -> Response:
    """The list as it is printed, in the reader's language."""
    place = await here(request, site)
    found = await _whole(place, manifest)
    paper = await read(place, lambda connection: lists.paper(connection, place.code, found))
    language = look_of(request, place.caller.visit).language
    made = await run_in_threadpool(lambda: _documents().manifest(paper, language, SHEETS))
    return _file(made.payload, "application/pdf", f"{paper.code}.pdf")


@cache
def _documents() -> Documents:
    """Fonts are read once."""
    return Documents(resource("fonts"))


def _file(content: bytes, media: str, name: str) -> Response:
    headers = {"content-disposition": f"inline; filename*=UTF-8''{quote(name)}"}
    return Response(content, media_type=media, headers=headers)


# --- what a carrier gives ----------------------------------------------------------------------


async def paper_file(request: Request, manifest: str, sha256: str, site: str = "") -> Response:
    """A paper of a list."""
    place = await here(request, site)
    found = await _whole(place, manifest)
    one = next((paper for paper in found.papers if paper.sha256 == sha256), None)
    if one is None:
        raise Problem(404, "unknown_blob")
    blob = await run_in_threadpool(blobs.get, place.server, place.code, sha256)
    return _file(blob.content, blob.media, one.name)


async def keep_paper(request: Request, manifest: str, site: str = "") -> Response:
    """A SCAN form or manifest that came another way: PDF or a picture, up to 10 MiB."""
    place = await here(request, site)
    name, content = await file_of(await form_of(request), "file", MOST)

    def run() -> None:
        with place.server.store.write() as connection:
            lists.keep_paper(place.server, connection, place.code, manifest, name, content)

    try:
        await run_in_threadpool(run)
    except Problem as problem:
        if problem.code != "media":
            raise
        return _back(place, manifest, "refused")
    return _back(place, manifest, "kept")


async def ask_carrier(request: Request, manifest: str, site: str = "") -> Response:
    """The carrier's own manifest, by the list's id: asked twice it is the same one."""
    place = await here(request, site)
    found = await _whole(place, manifest)
    return _back(place, manifest, await run_in_threadpool(_asked, place, found))


def _offers(place: Place, found: lists.Whole) -> bool:
    gateway = _gateway(place, found)
    return gateway is not None and gateway.capabilities.manifest


def _gateway(place: Place, found: lists.Whole) -> CarrierGateway | None:
    carrier = found.manifest.carrier
    own = accounts.gateway(place.server, place.code, carrier)
    return own or place.server.carriers.get(carrier)


def _asked(place: Place, found: lists.Whole) -> str:
    one, gateway = found.manifest, _gateway(place, found)
    if gateway is None or not gateway.capabilities.manifest:
        return "refused"
    asked = ManifestAsked(
        key=one.id,
        service=one.service,
        waybills=tuple(one.loaded),
        day=found.listed.changed[:10],
        containers=sum(bool(one.inside(unit)) for unit in one.units),
    )
    try:
        done = gateway.manifest(asked)
    except CarrierError:
        return "unanswered"
    if done.file is None:
        return "refused"
    with place.server.store.write() as connection:
        name = f"{one.carrier} {done.ref}".strip()
        papers = ((name, done.file), *((f"{name} {kind}", file) for kind, file in done.papers))
        for paper, file in papers:
            lists.keep_paper(place.server, connection, place.code, one.id, paper, file.content)
    return "partly" if done.missing else "kept"


def _back(place: Place, manifest: str, told: str) -> Response:
    query = urlencode({"site": place.code, "told": told})
    return RedirectResponse(f"/handover/{quote(manifest, safe='')}?{query}", 303)


PAGES: Final = (
    Route("GET", "/handover", page),
    Route("GET", "/handover/{manifest}", list_page),
    Route("GET", "/handover/{manifest}/pdf", list_pdf),
    Route("GET", "/handover/{manifest}/papers/{sha256}", paper_file),
    Route("POST", "/handover/{manifest}/papers", keep_paper),
    Route("POST", "/handover/{manifest}/carrier", ask_carrier),
)
ROUTES: Final = (
    Route("GET", "/v1/handover", page_data, gives(lists.Page)),
    Route("GET", "/v1/handover/{manifest}", list_data, gives(lists.Whole)),
)
