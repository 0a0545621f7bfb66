"""What a letterhead's page shows and gives out: papers and pictures as PNG, a version as a file."""

from __future__ import annotations

from typing import Final

import msgspec
from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool

from packstation.documents.papers.sample import sample_asked, sample_picture
from packstation.domain.errors import DocumentError
from packstation.domain.templates import Template, Templates
from packstation.server.customs import templates
from packstation.server.customs.showing import Place, here, read
from packstation.server.problems import Problem
from packstation.server.routing import Route

# What can be looked at before a version is used; a CN 23 has no letterhead, and shows that.
SHOWN: Final = (
    *("invoice", "proforma", "packing-list", "origin-request", "sli", "returns", "slip"),
    "cn23",
)
SHOWN_IN: Final = ("en", "zh", "ru")
_DPI: Final = 110


async def picture(
    request: Request,
    id: str,  # noqa: A002 - as it stands in the address
    version: int = 0,
    site: str = "",
    kind: str = "invoice",
    language: str = "en",
) -> Response:
    """A paper of the sample consignment with a version, as a printer would get it."""
    if kind not in SHOWN or language not in SHOWN_IN:
        raise Problem(404, "unknown_paper", kind)
    template = await _version(await here(request, site), id, version)
    try:
        png = await run_in_threadpool(_drawn, template, kind, language)
    except DocumentError as refused:
        raise Problem(422, "invalid", str(refused.fields.get("field", ""))) from refused
    return Response(png, media_type="image/png")


def _drawn(template: Template, kind: str, language: str) -> bytes:
    with templates.DRAWING:
        return sample_picture(sample_asked(kind, template, language), templates.fonts(), _DPI)[0]


async def image(
    request: Request,
    id: str,  # noqa: A002 - as it stands in the address
    role: str,
    version: int = 0,
    site: str = "",
) -> Response:
    """Logo or signature as it is kept: made anew of its dots when it came."""
    template = await _version(await here(request, site), id, version)
    name = {"logo": template.logo, "signature": template.signature}.get(role, "")
    if not template.image(name):
        raise Problem(404, "no_image", role)
    return Response(template.image(name), media_type="image/png")


async def file(
    request: Request,
    id: str,  # noqa: A002 - as it stands in the address
    version: int = 0,
    site: str = "",
) -> Response:
    """A version as a file of templates/1."""
    template = await _version(await here(request, site), id, version)
    content = msgspec.json.format(msgspec.json.encode(Templates(templates=(template,))), indent=1)
    # An id has letters, digits, points and lines only.
    named = f'attachment; filename="{template.id}-{template.version}.json"'
    return Response(content, media_type="application/json", headers={"content-disposition": named})


async def _version(place: Place, name: str, version: int) -> Template:
    kept = await read(
        place, lambda connection: templates.version_of(connection, place.code, name, version)
    )
    return kept.template


ROUTES: Final = (
    Route("GET", "/customs/template/picture", picture),
    Route("GET", "/customs/template/image", image),
    Route("GET", "/customs/template/file", file),
)
