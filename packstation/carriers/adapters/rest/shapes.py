"""packstation.carrier/1: an interface as data. Fields: docs/formats/carrier.md."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
Reason = Literal[
    "address",
    "weight",
    "size",
    "value",
    "goods",
    "service",
    "option",
    "documents",
    "credentials",
    "limit",
    "numbers",
    "duplicate",
    "tendered",
    "never_bought",
    "carrier",
]
Name = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[a-z0-9_.-]+(?!\n)$")]
Seconds = Annotated[float, Meta(gt=0, le=120)]


class When(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A condition on an answer.

    It holds where the status is one of ``status`` (if any are given) and the value at ``path``
    is one of ``values``, is there (``present``), or is not (``absent``).
    """

    status: tuple[int, ...] = ()
    path: str = ""
    values: tuple[str, ...] = ()
    present: bool = False
    absent: bool = False


class Refusal(When, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What it means when the carrier says so."""

    reason: Reason


class Operation(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One request: ``body`` is a template of JSON; ``answer`` says at which paths what stands.

    ``list`` is the path of a list of which the entry with our key counts; ``key`` its path in an
    entry. ``none``, ``pending`` and ``failed`` hold of whole answers.
    """

    method: Method
    path: Annotated[str, Meta(pattern=r"^/[^\s]*(?!\n)$", max_length=500)]
    query: dict[str, str] = {}
    headers: dict[str, str] = {}
    body: Any = None
    form: bool = False
    list: str = ""
    key: str = ""
    answer: dict[str, str] = {}
    none: When | None = None
    pending: When | None = None
    failed: When | None = None


class Operations(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What can be asked; ``buy`` and ``find`` there must be."""

    buy: Operation
    find: Operation
    label: Operation | None = None
    void: Operation | None = None
    track: Operation | None = None
    manifest: Operation | None = None
    quote: Operation | None = None
    token: Operation | None = None


class LabelForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a label comes: ``base64`` in JSON, ``url`` in JSON (of ``hosts`` only), or the body."""

    encoding: Literal["base64", "text", "url", "body"] = "base64"
    media: tuple[str, ...] = ("application/pdf",)
    hosts: tuple[str, ...] = ()


class Description(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """packstation.carrier/1."""

    schema: Literal["packstation.carrier/1"]
    carrier: Name
    base_url: Annotated[str, Meta(pattern=r"^https?://[^\s/?#@]+(/[^\s?#]*)?(?!\n)$")]
    source: str
    verified: str = ""
    services: dict[str, str]
    secrets: tuple[Name, ...] = ()
    timeout_s: Seconds = 20
    settle_s: Annotated[float, Meta(ge=0, le=3600)] = 60
    headers: dict[str, str] = {}
    query: dict[str, str] = {}
    operations: Operations
    refusals: tuple[Refusal, ...] = ()
    details: tuple[str, ...] = ()
    statuses: dict[str, str] = {}
    label: LabelForm = LabelForm()
