"""PSP/1, the protocol between station and server: messages, headers, what is signed.

Source: reference/sync.md section 1.1. Bodies are JSON. Errors are RFC 9457 problem
documents (``application/problem+json``) read as ``Conflict``.

=========================================  ====================  =======================
request                                    sends                 200 answers
=========================================  ====================  =======================
``GET  /v1/hello``                         (unsigned)            ``Hello``
``POST /v1/enrol``                         ``EnrolRequest``      ``EnrolAnswer``
``POST /v1/journal``                       ``Push``              ``PushAnswer``
``GET  /v1/changes?cursor=&limit=&wait=``                        ``ChangesAnswer``
``POST /v1/pools/lease``                   ``LeaseRequest``      ``LeaseAnswer``
``POST /v1/claims``                        ``ClaimRequest``      ``ClaimAnswer``
``POST /v1/claims/renew``                  ``ClaimsHeld``        ``ClaimAnswer``
``POST /v1/claims/release``                ``ClaimsHeld``        ``ClaimAnswer``
``POST /v1/orders/{id}/checkpoint``        ``Checkpoint``        ``CheckpointAnswer``
``POST /v1/labels``                        ``LabelRequest``      ``LabelAnswer``
``GET  /v1/labels/{parcel}/{attempt}``                           ``LabelAnswer``
``POST /v1/labels/{parcel}/{attempt}/void``                      ``LabelAnswer``
=========================================  ====================  =======================

Refusals of the journal: 409 ``gap`` (with ``hw``), ``fork`` (``at``, ``have_prev``) or
``epoch_closed``; 401 unknown station or bad signature, 403 ``revoked``, 413 batch too
large, 422 (``seq``, ``hw``) stored in quarantine and counted, 426 (``min_schema``),
429 and 503 with ``Retry-After``. ``GET /v1/changes`` answers 410 when the cursor is too
old: the station starts again with an empty one. Labels: 202 pending, 404 never bought,
409 refused. A checkpoint is refused by 409 ``changed`` with ``reason`` (changed, cancelled,
shipped, on_hold, claimed), ``rev`` and ``by``.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Annotated, Any, Final

from msgspec import Meta, Struct

from packstation.domain.catalog import Product
from packstation.domain.events import Event
from packstation.domain.orders import Address, Order
from packstation.domain.packing_rules import PackingRules
from packstation.domain.parcels import Carton

API: Final = 1
SCHEMA: Final = 1  # of the journal's envelope and facts, as counted by the server

STATION_HEADER: Final = "PS-Station"
EPOCH_HEADER: Final = "PS-Epoch"
GENERATION_HEADER: Final = "PS-Gen"
DATE_HEADER: Final = "PS-Date"
SIGNATURE_HEADER: Final = "PS-Sig"

MAX_BATCH: Final = 1000  # events of one push
MAX_PUSH_BYTES: Final = 4 * 1024 * 1024  # of one push, before any compression
MAX_WAIT_S: Final = 25  # of a long poll
MAX_ROWS: Final = 1000  # of one answer of changes
CLOCK_WINDOW_S: Final = 300  # how far PS-Date may be off the server's clock

Count = Annotated[int, Meta(ge=0)]
Name = Annotated[str, Meta(min_length=1, max_length=64)]


# --- hello and enrolment ------------------------------------------------------------------


class SchemaRange(Struct, frozen=True, kw_only=True):
    """Journal schemas that the server reads."""

    min: int = SCHEMA
    max: int = SCHEMA


class Hello(Struct, frozen=True, kw_only=True):
    """What the server is; ``now`` RFC 3339 UTC; ``encodings`` of request bodies (gzip)."""

    gen: int
    now: str
    api: tuple[int, ...] = (API,)
    schema: SchemaRange = SchemaRange()
    encodings: tuple[str, ...] = ()


class EnrolRequest(Struct, frozen=True, kw_only=True):
    """A bench joins: one-time ``token``; ``pubkey`` base64 of the raw Ed25519 key.

    Signed by that very key, so that nobody enrols another's.
    """

    token: Annotated[str, Meta(min_length=1, max_length=256)]
    station_id: Name
    pubkey: Annotated[str, Meta(min_length=1, max_length=64)]
    name: Name
    app: str = ""
    schema: int = SCHEMA


class EnrolAnswer(Struct, frozen=True, kw_only=True):
    """The server's key (base64, raw Ed25519), its CA certificate (PEM or "") and the site."""

    server_key: str = ""
    ca: str = ""
    gen: int = 1
    site: str = ""


# --- journal ------------------------------------------------------------------------------


class Push(Struct, frozen=True, kw_only=True, rename={"from_": "from"}):
    """Events ``from``, ``from`` + 1, ...; ``head`` is the journal's end; no events: a heartbeat."""

    from_: Annotated[int, Meta(ge=1)]
    sent_at: str
    mono_ns: str
    head: Count
    events: Annotated[tuple[Event, ...], Meta(max_length=MAX_BATCH)] = ()
    schema: int = SCHEMA


class ClockAnswer(Struct, frozen=True, kw_only=True):
    """The server's time, RFC 3339 UTC."""

    now: str


class Result(Struct, frozen=True, kw_only=True):
    """An event that the server holds but could not take as it is (quarantined)."""

    seq: int
    code: str


class PushAnswer(Struct, frozen=True, kw_only=True):
    """``hw``: the server holds everything up to it; ``durable``: it is backed up too.

    ``hints``: "pull" (changed rows wait), "version" (an update waits).
    """

    gen: int
    hw: Count
    durable: Count = 0
    clock: ClockAnswer | None = None
    results: tuple[Result, ...] = ()
    hints: tuple[str, ...] = ()


class Conflict(Struct, frozen=True, kw_only=True):
    """A refusal (RFC 9457 members and this protocol's); what is not given is None or ""."""

    code: str = ""
    hw: int | None = None
    at: int | None = None
    have_prev: str = ""
    seq: int | None = None
    min_schema: int | None = None
    gen: int | None = None
    rev: int | None = None
    reason: str = ""
    by: str = ""
    type: str = "about:blank"
    title: str = ""
    status: int = 0
    detail: str = ""


# --- changes ------------------------------------------------------------------------------


class ChangedRow(Struct, frozen=True, kw_only=True):
    """A full row image at ``rev``; ``op`` put or del (``body`` empty).

    ``t`` and its body: order ``OrderBody``, sku ``Product``, carton ``Carton``, site
    ``SiteBody``, user ``PersonBody``, packing ``PackingRules`` (one a
    site); others (tariff, rule, rate, pool, claim) as they are.
    """

    t: str
    id: str
    rev: int
    op: str = "put"
    body: dict[str, Any] = {}


class OrderBody(Struct, frozen=True, kw_only=True):
    """An order for the benches: ``bench`` it is assigned to ("" = any), ``hold`` why it waits."""

    order: Order
    bench: str = ""
    hold: str = ""


class PersonBody(Struct, frozen=True, kw_only=True):
    """Someone who may sign in: opaque badge id, argon2id hash of the PIN.

    ``temporary_hash``: of a second PIN, which counts until ``temporary_until`` (RFC 3339, UTC).
    """

    badge: Name
    name: str
    role: str
    pin_hash: str = ""
    language: str = "en"
    prefs: dict[str, Any] = {}
    temporary_hash: str = ""
    temporary_until: str = ""


class SiteBody(Struct, frozen=True, kw_only=True):
    """The site: IANA ``zone``, home ``currency``, the sender printed on labels.

    ``rules`` of its benches: manual_units, twice_ms, ungated (docs/verify.md). ``cn_export_mode``
    is that of its parcels from China whose order names none.
    """

    code: str
    zone: str = "UTC"
    currency: str = ""
    sender: Address = Address()
    cn_export_mode: str = ""
    sscc_prefix: str = ""
    name: str = ""
    rules: dict[str, Any] = {}


class RequirementAnswer(Struct, frozen=True, kw_only=True):
    """A marketplace's word about one value of a unit: ``status`` waiting, accepted or refused."""

    sku: str
    kind: str
    value: str
    status: str = ""
    reason: str = ""


class RequirementBody(Struct, frozen=True, kw_only=True):
    """Row ``requirement`` by order: what its marketplace said of what benches gave.

    ``asks``: "gate", or "nobody" where the server asks no marketplace by itself.
    """

    asks: str = ""
    answers: tuple[RequirementAnswer, ...] = ()


class UnitBody(Struct, frozen=True, kw_only=True):
    """Row ``unit`` by `plan.unit_codes` name: the session whose box that unit lies in."""

    session: str
    order: str = ""


ROW_BODIES: Final = {
    "order": OrderBody,
    "sku": Product,
    "carton": Carton,
    "site": SiteBody,
    "user": PersonBody,
    "packing": PackingRules,
}


class ChangesAnswer(Struct, frozen=True, kw_only=True):
    """Rows after the asked cursor; ``more``: ask again at once."""

    gen: int
    cursor: str
    more: bool = False
    rows: tuple[ChangedRow, ...] = ()


# --- claims -------------------------------------------------------------------------------

MAX_CLAIMS: Final = 200
Fence = Annotated[int, Meta(ge=0, le=2**53)]
OrderName = Annotated[str, Meta(min_length=1, max_length=128)]


class ClaimRequest(Struct, frozen=True, kw_only=True):
    """Claim the orders of ``want``, or with ``queue`` the next ``n`` that are due here.

    The same ``req_id`` gets the same answer.
    """

    req_id: Name
    want: Annotated[tuple[OrderName, ...], Meta(max_length=MAX_CLAIMS)] = ()
    queue: bool = False
    n: Annotated[int, Meta(ge=1, le=MAX_CLAIMS)] = 1


class GrantedClaim(Struct, frozen=True, kw_only=True):
    """``order`` is this bench's until ``until`` (RFC 3339); facts carry ``claim`` and ``fence``."""

    order: str
    claim: str
    fence: int
    until: str = ""


class RefusedClaim(Struct, frozen=True, kw_only=True):
    """``why``: unknown, cancelled, shipped, on_hold, other_bench, claimed, at_bench or packed.

    ``by`` is the bench that has it, or the person who took it away.
    """

    order: str
    why: str
    by: str = ""


class ClaimAnswer(Struct, frozen=True, kw_only=True):
    """What was given (or is free again, after a release) and what was not."""

    granted: tuple[GrantedClaim, ...] = ()
    refused: tuple[RefusedClaim, ...] = ()


class HeldClaim(Struct, frozen=True, kw_only=True):
    """A claim as its bench knows it."""

    order: OrderName
    claim: Name
    fence: Fence = 0


class ClaimsHeld(Struct, frozen=True, kw_only=True):
    """Claims to renew or to release."""

    claims: Annotated[tuple[HeldClaim, ...], Meta(max_length=MAX_CLAIMS)]


class Checkpoint(Struct, frozen=True, kw_only=True):
    """Asked before a label: whether the order is as at ``rev``, and this bench's by ``fence``."""

    rev: Annotated[int, Meta(ge=0, le=2**53)]
    fence: Fence = 0


class CheckpointAnswer(Struct, frozen=True, kw_only=True):
    """It is; ``rev`` is the order's newest."""

    order: str
    rev: int


# --- numbers and labels -------------------------------------------------------------------


class LeaseRequest(Struct, frozen=True, kw_only=True):
    """Lease ``n`` numbers; the same ``req_id`` gets the same lease."""

    req_id: Name
    carrier: Name
    service: Name
    n: Annotated[int, Meta(ge=1, le=100_000)]


class LeaseAnswer(Struct, frozen=True, kw_only=True):
    """Serials ``first``..``last`` of an S10 ``prefix`` and ``country``; ``expires`` RFC 3339."""

    lease: str
    prefix: str
    country: str
    first: int
    last: int
    expires: str = ""


class LabelRequest(Struct, frozen=True, kw_only=True):
    """Buy a label by ``key`` = parcel id/attempt at the order's revision ``rev``."""

    key: Annotated[str, Meta(min_length=3, max_length=128, pattern=r"^[^/]+/[0-9]+$")]
    parcel: Name
    carrier: str
    service: str
    rev: Annotated[int, Meta(ge=0, le=2**53)] = 0
    order: str = ""
    gross_g: Annotated[int, Meta(ge=0, le=100_000_000)] = 0
    size_mm: Annotated[tuple[Annotated[int, Meta(ge=0, le=100_000)], ...], Meta(max_length=3)] = ()
    details: dict[str, Any] = {}


class LabelAnswer(Struct, frozen=True, kw_only=True):
    """``status``: issued, pending, voided; ``blob``: SHA-256 of the label's file, if any."""

    key: str
    status: str
    waybill: str = ""
    blob: str = ""


# --- what is signed -----------------------------------------------------------------------


class Stamp(Struct, frozen=True, kw_only=True):
    """Who signs and when: the values of the ``PS-*`` headers beside the signature."""

    station: str
    epoch: str
    gen: int
    date: str


def signing_base(method: str, target: str, body: bytes, stamp: Stamp) -> bytes:
    """The bytes that Ed25519 signs, in the spirit of RFC 9421 section 2.5.

    ``target`` is path and query as sent ("/v1/changes?cursor="); ``body`` the content as
    sent (compressed, where it is). ``PS-Sig`` is the base64 of the signature.
    """
    path, mark, query = target.partition("?")
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
    lines = (
        ("@method", method.upper()),
        ("@path", path),
        ("@query", mark + query),
        ("content-digest", f"sha-256=:{digest}:"),
        ("ps-date", stamp.date),
        ("ps-station", stamp.station),
        ("ps-epoch", stamp.epoch),
        ("ps-gen", str(stamp.gen)),
    )
    return "\n".join(f'"{name}": {value}' for name, value in lines).encode()


def stamp_headers(stamp: Stamp, signature: bytes) -> dict[str, str]:
    """The five headers of a signed request."""
    return {
        STATION_HEADER: stamp.station,
        EPOCH_HEADER: stamp.epoch,
        GENERATION_HEADER: str(stamp.gen),
        DATE_HEADER: stamp.date,
        SIGNATURE_HEADER: base64.b64encode(signature).decode(),
    }
