"""How a carrier's own interface reads and writes: one small class for each, beside one server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Protocol

import msgspec
from msgspec import Struct

from packstation.carriers.sandbox.books import Sale
from packstation.carriers.sandbox.script import Op

Outcome = Literal[
    "sold", "duplicate", "found", "none", "file", "voided", "priced", "events", "handed", "refused"
]


class Call(Struct, frozen=True, kw_only=True):
    """A request as it came; header names in lower case."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:  # noqa: ANN401 - JSON
        """Its body; {} where it is none."""
        try:
            return msgspec.json.decode(self.body) if self.body else {}
        except msgspec.DecodeError:
            return {}


class Asked(Struct, frozen=True, kw_only=True):
    """What a request means; ``secret`` is what it was signed or sent with."""

    op: Op
    secret: str = ""
    key: str = ""
    service: str = ""
    name: str = ""
    country: str = ""
    postcode: str = ""
    gross_g: int = 0
    waybills: tuple[str, ...] = ()


class Told(Struct, frozen=True, kw_only=True):
    """What the carrier answers; ``label`` is the file where it is ready."""

    outcome: Outcome
    sale: Sale | None = None
    sales: tuple[Sale, ...] = ()
    label: bytes | None = None
    reason: str = ""
    missing: tuple[str, ...] = ()


class Answer(Struct, frozen=True, kw_only=True):
    """What goes out."""

    status: int = 200
    body: bytes = b""
    media: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()


class Dialect(Protocol):
    """One carrier's interface."""

    def read(self, call: Call) -> Asked | None:
        """What it asks; None for a page that there is not."""

    def write(self, asked: Asked, told: Told) -> Answer:
        """The answer in its words; ``told.reason`` denied and limit go out by it, too."""


def as_json(body: object, status: int = 200) -> Answer:
    """An answer of JSON."""
    return Answer(status=status, body=msgspec.json.encode(body))
