"""What ``bench ingest`` sends: signed pushes of many benches, made ahead, and who sends them."""

from __future__ import annotations

import base64
import selectors
import socket
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import insert

from packstation.domain import psp
from packstation.domain.errors import PackstationError
from packstation.domain.events import GENESIS, Event, encode, record_hash
from packstation.domain.packing import facts as f
from packstation.domain.psp import SiteBody
from packstation.server.access import StationCaller
from packstation.server.core import Server
from packstation.server.ingest.envelopes import read_push
from packstation.server.moments import stamp
from packstation.server.sites import put_site
from packstation.server.store import Store, open_engine
from packstation.server.tables import STATION

SITE: Final = "GZ-1"
_PLAN: Final = f.LinePlan(line=1, sku="TS-0001", quantity=4, unit_g=180)
_WHERE: Final = {"carrier": "chinapost", "service": "e-packet"}


class Sender:
    """A bench: its journal so far and its key; pushes are made ahead."""

    def __init__(self, number: int) -> None:
        """Its journal is empty."""
        self.station = f"0190a0b0-0000-7000-8000-{number:012d}"
        self.epoch = f"6d0a3b57-4f2a-4f4e-9d5e-{number:012d}"
        self._key = Ed25519PrivateKey.generate()
        self._seq, self._prev, self._order = 0, GENESIS, 0
        self._left: list[Event] = []

    @property
    def pubkey(self) -> str:
        """As enrolment keeps it."""
        return base64.b64encode(self._key.public_key().public_bytes_raw()).decode()

    def push(self, events: int) -> psp.Push:
        """The next ``events`` of its journal."""
        made = tuple(self._next() for _ in range(events))
        return psp.Push(
            from_=self._seq - events + 1,
            sent_at=datetime.now(UTC).isoformat(),
            mono_ns="0",
            head=self._seq,
            events=made,
        )

    def request(self, push: psp.Push) -> bytes:
        """The bytes of its signed request."""
        body = msgspec.json.encode(push)
        given = psp.Stamp(
            station=self.station, epoch=self.epoch, gen=1, date=datetime.now(UTC).isoformat()
        )
        marks = psp.stamp_headers(
            given, self._key.sign(psp.signing_base("POST", "/v1/journal", body, given))
        )
        head = {"Host": "localhost", "Content-Length": str(len(body)), **marks}
        lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
        return f"POST /v1/journal HTTP/1.1\r\n{lines}\r\n".encode() + body

    def rows(self, push: psp.Push) -> list[tuple[Any, ...]]:
        """The rows of a push (`writing.ROW`), for who writes them directly."""
        caller = StationCaller(site=SITE, station=self.station, epoch=self.epoch, gen=1)
        read = read_push(caller, msgspec.json.encode(push))
        now = stamp(datetime.now(UTC))
        place = (SITE, self.station, self.epoch)
        return [(*place, e.seq, *(e.columns or ()), e.hash, now, 0) for e in read.entries]

    def _next(self) -> Event:
        if not self._left:
            self._order += 1
            self._left = _packed(f"{self.station[-4:]}-{self._order}")
        self._seq += 1
        event = msgspec.structs.replace(self._left.pop(0), prev=self._prev)
        self._prev = record_hash(self.station, self.epoch, self._seq, event)
        return event


def enrol(url: str, senders: Sequence[Sender]) -> None:
    """Make the site and pin the benches' keys."""
    store = Store(open_engine(url))
    server = Server(store)
    now = stamp(datetime.now(UTC))
    with store.write() as connection:
        put_site(server, connection, SiteBody(code=SITE, zone="Asia/Shanghai", currency="CNY"))
        rows = [
            {
                "site": SITE,
                "station": one.station,
                "name": one.station[-4:],
                "pubkey": one.pubkey,
                "enrolled": now,
            }
            for one in senders
        ]
        connection.execute(insert(STATION), rows)
    store.close()


def send(port: int, lines: Sequence[Sequence[bytes]]) -> None:
    """Send each line's requests over a connection of its own, the next when one is answered.

    Raises:
        PackstationError: a push was refused.
    """
    with selectors.DefaultSelector() as ready:
        for line in lines:
            made = socket.create_connection(("127.0.0.1", port))
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            requests = iter(line)
            made.sendall(next(requests))
            ready.register(made, selectors.EVENT_READ, requests)
        open_ = len(lines)
        while open_:
            for key, _ in ready.select():
                open_ -= _go_on(ready, key)


def _go_on(ready: selectors.DefaultSelector, key: selectors.SelectorKey) -> bool:
    """Take an answer and send the next request of its line; whether there was none."""
    made = key.fileobj
    assert isinstance(made, socket.socket)  # noqa: S101 - registered by `send`
    _answered(made)
    following = next(key.data, None)
    if following is not None:
        made.sendall(following)
        return False
    ready.unregister(made)
    made.close()
    return True


def _answered(made: socket.socket) -> None:
    text = b""
    while True:
        chunk = made.recv(65536)
        text += chunk
        head, end, body = text.partition(b"\r\n\r\n")
        if end:
            length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
            if len(body) >= length:
                break
        if not chunk:
            raise PackstationError("error.benchmark.failed", why="the server hung up")
    if b" 200 " not in head.partition(b"\r\n")[0]:
        raise PackstationError("error.benchmark.failed", why=text.decode(errors="replace"))


def _packed(order: str) -> list[Event]:
    parcel, key = f"p-{order}", f"p-{order}/1"
    facts: list[f.Fact] = [
        f.SessionOpened(order_id=order, rev=1, lines=(_PLAN,), parcel_id=parcel),
        *(f.ItemVerified(line=1, sku="TS-0001", code="6901234567892") for _ in range(4)),
        f.ContentsVerified(),
        f.CartonAssigned(carton="C3", tare_g=95, outer_mm=(306, 206, 126)),
        f.ParcelWeighed(gross_g=815, expected_g=815),
        f.LabelRequested(key=key, rev=1, attempt=1, **_WHERE),
        f.LabelIssued(key=key, waybill=f"W{order}", **_WHERE),
        f.PrintStarted(job=f"{key}/label/1", document="label"),
        f.DocumentPrinted(job=f"{key}/label/1", document="label"),
        f.LabelApplied(waybill=f"W{order}"),
        f.SessionCompleted(),
    ]
    return [_event(order, place, fact) for place, fact in enumerate(facts)]


def _event(order: str, place: int, fact: f.Fact) -> Event:
    kind, v, body = encode(fact)
    return Event(
        id=f"0190a0b1-0000-7000-{place:04d}-{order}",
        kind=kind,
        v=v,
        session=f"s-{order}",
        order=order,
        actor="b-1",
        at=datetime.now(UTC).isoformat(timespec="milliseconds"),
        mono_ns=str(10**12 + place),
        prev="",
        body=body,
    )
