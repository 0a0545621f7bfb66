"""A bench as the server sees it: a key, a journal, signed requests. Real protocol, no package."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, TypedDict, Unpack

import httpx
import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from packstation.domain import psp
from packstation.domain.events import GENESIS, Event, encode, record_hash
from packstation.domain.packing import facts as f
from packstation.domain.quantities import Money

NOON = datetime(2026, 11, 21, 6, 14, tzinfo=UTC)


class Clock:
    """A clock that a test sets."""

    def __init__(self, now: datetime = NOON) -> None:
        self.time = now

    def now(self) -> datetime:
        return self.time

    def forward(self, **by: float) -> None:
        self.time += timedelta(**by)


class Sent(TypedDict, total=False):
    """What a test changes of a signed request."""

    headers: dict[str, str]
    stamp: dict[str, Any]


@dataclass
class Bench:
    """A station with its own journal in memory."""

    http: httpx.Client
    clock: Clock
    station: str = "0190a0b0-0000-7000-8000-000000000001"
    epoch: str = "6d0a3b57-4f2a-4f4e-9d5e-0f6ed6c7d1aa"
    gen: int = 1
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    events: list[Event] = field(default_factory=list)
    hashes: list[str] = field(default_factory=list)

    @property
    def pubkey(self) -> str:
        return base64.b64encode(self.key.public_key().public_bytes_raw()).decode()

    def send(
        self,
        method: str,
        target: str,
        body: bytes = b"",
        *,
        headers: dict[str, str] | None = None,
        stamp: dict[str, Any] | None = None,
    ) -> httpx.Response:
        given = {
            "station": self.station,
            "epoch": self.epoch,
            "gen": self.gen,
            "date": self.clock.now().isoformat(),
        }
        signed = psp.Stamp(**{**given, **(stamp or {})})
        base = psp.signing_base(method, target, body, signed)
        marks = psp.stamp_headers(signed, self.key.sign(base))
        return self.http.request(method, target, content=body, headers={**marks, **(headers or {})})

    def post(self, target: str, body: object, **more: Unpack[Sent]) -> httpx.Response:
        return self.send("POST", target, msgspec.json.encode(body), **more)

    def get(self, target: str, **more: Unpack[Sent]) -> httpx.Response:
        return self.send("GET", target, **more)

    def enrol(self, token: str, name: str = "01") -> httpx.Response:
        return self.post(
            "/v1/enrol",
            psp.EnrolRequest(
                token=token, station_id=self.station, pubkey=self.pubkey, name=name, app="0.1.0"
            ),
        )

    def note(
        self,
        *facts: f.Fact,
        session: str = "s-1",
        order: str | None = "A-1",
        actor: str = "b-1",
        at: datetime | None = None,
        fence: int = 0,
    ) -> None:
        """Write facts to the journal."""
        for fact in facts:
            kind, v, body = encode(fact)
            self.raw(
                Event(
                    id=f"e-{len(self.events) + 1}",
                    kind=kind,
                    v=v,
                    session=session,
                    order=order,
                    actor=actor,
                    at=(at or self.clock.now()).isoformat(),
                    mono_ns=str(len(self.events)),
                    prev="",
                    body=body,
                    fence=fence,
                )
            )

    def raw(self, event: Event) -> None:
        """Write an event, chained to the last one."""
        prev = self.hashes[-1] if self.hashes else GENESIS
        event = msgspec.structs.replace(event, prev=prev)
        self.events.append(event)
        self.hashes.append(record_hash(self.station, self.epoch, len(self.events), event))

    def push_of(self, start: int = 1, end: int | None = None) -> psp.Push:
        return psp.Push(
            from_=start,
            sent_at=self.clock.now().isoformat(),
            mono_ns="0",
            head=len(self.events),
            events=tuple(self.events[start - 1 : end]),
        )

    def push(self, start: int = 1, end: int | None = None, **more: Unpack[Sent]) -> httpx.Response:
        return self.post("/v1/journal", self.push_of(start, end), **more)


def plan(line: int, sku: str, quantity: int) -> f.LinePlan:
    return f.LinePlan(line=line, sku=sku, quantity=quantity, unit_g=180)


def packed(order: str, waybill: str, parcel: str = "", units: int = 2) -> list[f.Fact]:
    """The facts of an order of one line that is packed without trouble."""
    parcel = parcel or f"p-{order}"
    key = f"{parcel}/1"
    label = {"carrier": "chinapost", "service": "e-packet"}
    return [
        f.SessionOpened(order_id=order, rev=1, lines=(plan(1, "TS", units),), parcel_id=parcel),
        *(f.ItemVerified(line=1, sku="TS", code="6901234567892") for _ in range(units)),
        f.ContentsVerified(),
        f.CartonAssigned(carton="C3", tare_g=95, outer_mm=(306, 206, 126)),
        f.ParcelWeighed(gross_g=95 + 180 * units, expected_g=95 + 180 * units),
        f.ServiceSelected(price=Money(Decimal("24.10"), "CNY"), **label),  # type: ignore[arg-type]
        f.LabelRequested(key=key, rev=1, attempt=1, **label),
        f.LabelIssued(key=key, waybill=waybill, **label),
        f.PrintStarted(job=f"{key}/label/1", document="label"),
        f.DocumentPrinted(job=f"{key}/label/1", document="label"),
        f.LabelApplied(waybill=waybill),
        f.SessionCompleted(),
    ]
