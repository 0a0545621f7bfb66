"""The OpenAPI page: what the routes say of themselves, made whole.

FastAPI describes parameters; each route its bodies. What holds for all of them is added here: who
may call, refusals as problem documents, 503 with ``Retry-After`` while the database is away.
"""

from __future__ import annotations

from typing import Any, Final

from fastapi import FastAPI

from packstation.server.bodies import PROBLEM
from packstation.server.roles import PUBLIC, RULES, STATION_ONLY

_UNSAID: Final = "Successful Response"  # FastAPI's own word for a 200 that nobody described
_SCHEMES: Final = {
    "bench": {
        "type": "apiKey",
        "in": "header",
        "name": "PS-Sig",
        "description": "Ed25519 over method, path, query, body and the PS-* headers (docs/sync.md)",
    },
    "token": {"type": "http", "scheme": "bearer"},
}
_AWAY: Final = {
    **PROBLEM,
    "description": "the database is away, or too much waits",
    "headers": {"Retry-After": {"schema": {"type": "string"}}},
}
_LEFT_OUT: Final = frozenset({"/healthz"})


def described(app: FastAPI) -> dict[str, Any]:
    """The document, as it is served."""
    document = app.openapi()
    document.setdefault("components", {})["securitySchemes"] = _SCHEMES
    document["components"].pop("schemas", None)  # FastAPI's shapes of its own refusals
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            _complete(path, method.upper(), operation)
    return document


def _complete(path: str, method: str, operation: dict[str, Any]) -> None:
    responses = operation["responses"]
    said = responses.get("200", {})
    if said.get("description") == _UNSAID and len(_good(responses)) > 1:
        del responses["200"]  # another success was described
    responses.pop("422", None)
    responses["4XX"] = PROBLEM
    if path not in _LEFT_OUT:
        responses.setdefault("503", _AWAY)
    rule = RULES.get((method, path))
    if rule is None or rule is PUBLIC:
        return
    if rule is STATION_ONLY:
        operation["security"] = [{"bench": []}]
    else:
        operation["security"] = [{"token": []}]
        operation["x-roles"] = sorted(rule.roles)


def _good(responses: dict[str, Any]) -> list[str]:
    return [status for status in responses if status.startswith("2")]
