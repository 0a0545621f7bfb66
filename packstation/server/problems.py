"""RFC 9457 problem documents: every refusal of the server has this shape."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, Final

import msgspec
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from packstation.domain.errors import InputInvalid, StorageError
from packstation.server import database_problems

MEDIA = "application/problem+json"
_FIELD: Final = re.compile(r"([A-Za-z_][\w.\[\]-]{0,79}): (.+)", re.DOTALL)
_WHOLE: Final = frozenset({"invalid", "torn_body", "signature", "lint", "other_hash"})
# What msgspec says: where, what is missing, what was expected.
_AT: Final = re.compile(r" - at `(?:key in )?\$\.?(.*?)`$")
_MISSING: Final = re.compile(r"missing required field `(.*?)`")
_WANTED: Final = re.compile(r"Expected (.*?)(?=, got|$| - at)")


class Problem(Exception):
    """A refusal: status, machine-readable ``code``, human ``detail``, more members."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str = "",
        *,
        headers: Mapping[str, str] | None = None,
        **members: object,
    ) -> None:
        """Keep what the answer shows."""
        self.status = status
        self.code = code
        self.detail = detail
        self.headers = dict(headers or {})
        self.members = members
        super().__init__(code)

    def response(self) -> Response:
        """The answer."""
        body = {
            **_named(self.status, self.code, self.detail),
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            **self.members,
        }
        return Response(
            msgspec.json.encode(body), self.status, headers=self.headers, media_type=MEDIA
        )


def _named(status: int, code: str, detail: str) -> dict[str, str]:
    """The field that is wrong, and what is allowed of it.

    A detail begins with the field ("kind: x; allowed: a, b"); else the code is its name, but for
    those of a body as a whole.
    """
    if status != HTTPStatus.UNPROCESSABLE_ENTITY:
        return {}
    found = _FIELD.match(detail)
    field, said = found.groups() if found else ("body" if code in _WHOLE else code, detail)
    return {"field": field, "allowed": said.partition("allowed: ")[2] or said or code}


AsPage = Callable[[Request, Problem], Response]


def install(app: FastAPI, as_page: AsPage) -> None:
    """Turn every known exception of ``app`` into a problem document; for a browser, a page."""

    async def problem(request: Request, exc: Exception) -> Response:
        found = as_problem(exc)
        browser = "text/html" in request.headers.get("accept", "")
        if browser and not request.url.path.startswith("/v1/") and found.status >= 400:
            return as_page(request, found)
        return found.response()

    for kind in (
        Problem,
        HTTPException,
        RequestValidationError,
        msgspec.ValidationError,
        msgspec.DecodeError,
        InputInvalid,
        StorageError,
        OverflowError,
        *database_problems.KINDS,
    ):
        app.add_exception_handler(kind, problem)


def as_problem(exc: Exception) -> Problem:
    """The problem that an exception means to a caller."""
    match exc:
        case Problem():
            return exc
        case HTTPException():
            headers: Any = exc.headers
            return Problem(
                exc.status_code, _code(exc.status_code), str(exc.detail), headers=headers
            )
        case RequestValidationError():
            first = exc.errors()[0]
            path = ".".join(str(part) for part in first["loc"])
            allowed = str(first["type"]).removesuffix("_parsing")
            detail = f"{path}: {first['msg']}"
            return Problem(422, "invalid", detail, field=str(first["loc"][-1]), allowed=allowed)
        case StorageError():
            return Problem(503, "storage", exc.key, headers={"Retry-After": "5"})
        case InputInvalid():
            field, allowed = (str(exc.fields.get(name, "")) for name in ("path", "allowed"))
            return Problem(422, "invalid", _refused(exc), field=field or "body", allowed=allowed)
        case msgspec.ValidationError():
            return _other_shape(str(exc))
        case DBAPIError() | PoolTimeout() if database_problems.is_away(exc):
            return Problem(503, "storage", "the database", headers=database_problems.LATER)
        case DBAPIError() | OverflowError():
            # What fits its shape and no column: a number beyond 64 bits, text with a NUL in it.
            allowed = "numbers of 64 bits, text without NUL, keys of up to 2,000 bytes"
            return Problem(422, "invalid", f"a value; allowed: {allowed}", allowed=allowed)
        case _:
            return Problem(422, "invalid", str(exc), field="body", allowed="JSON")


def _other_shape(said: str) -> Problem:
    """A body of another shape than is read: msgspec says where and what it wanted."""
    at = _AT.search(said)
    path = at.group(1) if at else ""
    if missing := _MISSING.search(said):
        path, allowed = f"{path}.{missing.group(1)}".strip("."), "it must be there"
    else:
        wanted = _WANTED.search(said)
        allowed = wanted.group(1).replace("`", "") if wanted else said
    return Problem(422, "invalid", said, field=path or "body", allowed=allowed)


def _refused(exc: InputInvalid) -> str:
    """A refused value in words: where, what, and what is allowed."""
    fields = exc.fields
    where, value, allowed = (fields.get(name, "") for name in ("path", "value", "allowed"))
    if where == "file":  # all of it, no value in it
        return f"{value}; {allowed} is wanted"
    return f"{where}: {value} is not allowed; allowed: {allowed}"


def _code(status: int) -> str:
    return HTTPStatus(status).phrase.lower().replace(" ", "_").replace("-", "_")
