"""RFC 9457 problem documents: every refusal of the server has this shape."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

import msgspec
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from packstation.domain.errors import InputInvalid, StorageError

MEDIA = "application/problem+json"


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
            return Problem(422, "invalid", f"{path}: {first['msg']}")
        case StorageError():
            return Problem(503, "storage", exc.key, headers={"Retry-After": "5"})
        case InputInvalid():
            return Problem(422, "invalid", _refused(exc))
        case _:
            return Problem(422, "invalid", str(exc))


def _refused(exc: InputInvalid) -> str:
    """A refused value in words: where, what, and what is allowed."""
    fields = exc.fields
    where, value, allowed = (fields.get(name, "") for name in ("path", "value", "allowed"))
    if where == "file":  # all of it, no value in it
        return f"{value}; {allowed} is wanted"
    return f"{where}: {value} is not allowed; allowed: {allowed}"


def _code(status: int) -> str:
    return HTTPStatus(status).phrase.lower().replace(" ", "_").replace("-", "_")
