"""What the station needs from the world; devices, storage and client implement it.

Reports of devices and of work done off the main thread arrive as ``Happening``
objects through ``Post``; ``Station.handle`` takes them on the main thread only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from msgspec import Struct

from packstation.domain.claims import NO_RIGHT, Right
from packstation.domain.events import Event, Record
from packstation.domain.item_labels import ItemLabel
from packstation.domain.labels import ParcelPapers as ParcelPapers  # noqa: PLC0414 - as below
from packstation.domain.labels import PrintJob as PrintJob  # noqa: PLC0414 - as below
from packstation.domain.packing.facts import Fact
from packstation.domain.printers import Stock
from packstation.domain.reading import CodeRead
from packstation.domain.services import Quoted as Quoted  # noqa: PLC0414 - part of these ports
from packstation.domain.services import RefusedService as RefusedService  # noqa: PLC0414 - as above
from packstation.domain.sizes import SizeReading
from packstation.domain.weights import Reading
from packstation.station.claim_ports import ClaimsAsked, HeldRight
from packstation.station.consignment_ports import ConsignmentMaker
from packstation.station.customs_ports import Rulebook as Rulebook  # noqa: PLC0414 - as above
from packstation.station.handover_ports import HandoverMaker
from packstation.station.label_ports import LabelSource as LabelSource  # noqa: PLC0414 - as above
from packstation.station.order_ports import OrderCache as OrderCache  # noqa: PLC0414 - as above
from packstation.station.order_ports import OrderRow as OrderRow  # noqa: PLC0414 - as above
from packstation.station.order_ports import PersonRow as PersonRow  # noqa: PLC0414 - as above
from packstation.station.order_ports import Unread as Unread  # noqa: PLC0414 - as above
from packstation.station.rating_ports import Rater as Rater  # noqa: PLC0414 - as above
from packstation.station.virtual import BenchControls as BenchControls  # noqa: PLC0414 - as above
from packstation.station.virtual import PrintedPaper as PrintedPaper  # noqa: PLC0414 - as above
from packstation.station.virtual import SimulatedDevice as SimulatedDevice  # noqa: PLC0414
from packstation.station.virtual import VirtualBenchView as VirtualBenchView  # noqa: PLC0414

# --- what happened (posted from any thread, handled on the main thread) -------------------


class Happening(Struct, frozen=True):
    """Base of all that devices, tasks and the window report to the station."""


class CodeScanned(Happening, frozen=True):
    """A scanner's text. ``aim`` is the AIM identifier ("]C1") or ""; ``source`` its device id.

    ``error`` is "too_long" or "torn" where the frame was malformed: never a code to act on.
    ``ended`` is "silence" where a keyboard scanner sent no end key.
    """

    text: str
    aim: str = ""
    source: str = "scanner"
    raw: bytes = b""
    received_ns: int = 0
    error: str = ""
    ended: str = ""


class ScaleRead(Happening, frozen=True):
    """A scale's reading; ``mono_ns`` when its frame was complete."""

    device: str
    reading: Reading
    mono_ns: int


class SizeMeasured(Happening, frozen=True):
    """A dimensioner's reading; ``mono_ns`` when its frame was complete."""

    device: str
    reading: SizeReading
    mono_ns: int


class CodesSeen(Happening, frozen=True):
    """All codes in one picture of a camera; ``frame`` counts pictures, ``size`` is in pixels.

    Said for every picture with codes, and once when none is seen any more.
    """

    device: str
    reads: tuple[CodeRead, ...]
    frame: int
    mono_ns: int
    size: tuple[int, int] = (0, 0)


class DeviceState(StrEnum):
    """How a device is: the lamp's shapes (UI_DESIGN "State shapes")."""

    OK = "ok"
    ASLEEP = "asleep"
    FAULT = "fault"
    OFF = "off"


class DeviceHealth(Happening, frozen=True):
    """Reported once per change.

    ``cause`` is a message key such as device.unplugged, printer.paper_out or port.busy; ``args``
    are the placeholders of its words.
    """

    device: str
    state: DeviceState
    cause: str = ""
    detail: str = ""
    args: tuple[tuple[str, str], ...] = ()


class DeviceSeen(Happening, frozen=True):
    """The last raw bytes of a device, at most a few times a second; for the Devices screen."""

    device: str
    raw: bytes
    mono_ns: int


class PrintProgress(Happening, frozen=True):
    """``outcome`` is a rung, or printed, failed, uncertain.

    Rungs: spooled, accepted (all bytes taken), idle (done, as far as the printer can tell),
    counted (an odometer counted the labels) or fed (paper moved: a weaker proof), taken (off
    the peeler). A printer that never answers ends at accepted, without a last word.
    """

    job: str
    document: str
    outcome: str
    printer: str = ""
    cause: str = ""


class PrinterTold(Happening, frozen=True):
    """What a printer says of what lies in it: the length of a label in dots, 0 for not known."""

    device: str
    label_dots: int = 0


class PrinterQueue(Happening, frozen=True):
    """Who prints before this bench at a shared printer: (bench, jobs), the next one first."""

    device: str
    waiting: tuple[tuple[str, int], ...] = ()


class SyncChanged(Happening, frozen=True):
    """The syncer's word: reachable or not, facts waiting, server's high-water mark.

    ``cause`` is "" or a message key such as sync.unreachable, sync.fork, sync.revoked;
    ``at`` the seq where the server's copy of the journal forks, 0 for none; ``epoch`` the
    journal's epoch that all of this is said of.
    """

    online: bool
    waiting: int
    hw: int = 0
    cause: str = ""
    at: int = 0
    epoch: str = ""


class CursorMoved(Happening, frozen=True):
    """The server holds everything up to ``seq``; lower than before after a gap or a restore."""

    seq: int
    generation: int


class JournalSecured(Happening, frozen=True):
    """A verified copy of the server holds everything of ``epoch`` up to ``seq``."""

    seq: int
    epoch: str


class NumbersLeased(Happening, frozen=True):
    """The server leased numbers: serials ``first``..``last`` of S10 ``prefix`` and ``country``."""

    lease: str
    carrier: str
    service: str
    prefix: str
    country: str
    first: int
    last: int
    expires: str = ""


class ClaimsAnswered(Happening, frozen=True):
    """The server's word on claims: given (order, claim, fence), refused (order, why, by)."""

    granted: tuple[HeldRight, ...] = ()
    refused: tuple[tuple[str, str, str], ...] = ()


class RowsPulled(Happening, frozen=True):
    """Changed rows from the server: (table, id, rev, op, body) and the cursor after them."""

    rows: tuple[Row, ...]
    cursor: str
    generation: int


class Row(Struct, frozen=True):
    """A full row image: ``t`` is order, sku, carton, site, user, tariff or pool; op put or del."""

    t: str
    id: str
    rev: int
    op: str
    body: Mapping[str, object]


class Ticked(Happening, frozen=True):
    """A quarter of a second passed: ages, clocks and the idle lock move on."""


class WorkFailed(Happening, frozen=True):
    """Work in the background ended with an error nobody expected; ``cause`` is its type."""

    cause: str


# --- what the person did at the window (keys, touch, entry fields; no scans) ----------------


class CommandGiven(Happening, frozen=True):
    """A key or a touched key cap: the word after `%PS:`, as if its code had been scanned.

    Beside those of FORMATS.md "Scanned codes": back (Esc), my-settings (F11), mute (Ctrl+Alt+M),
    devices (a lamp, ``argument`` its id), queue (Home). ``argument``: what it is about.
    """

    command: str
    argument: str = ""
    source: str = "key"


class TextEntered(Happening, frozen=True):
    """An entry was confirmed: ``kind`` is that of the EntryView (pin, reason, serial, ...)."""

    kind: str
    value: str


class ChoiceMade(Happening, frozen=True):
    """Keys 1-4 or a touched row: ``index`` from 0 into the list that the screen shows.

    ``value`` is the row's own id where it has one (service, carton, order, reason), else "".
    """

    index: int
    value: str = ""
    source: str = "key"


class AnswerGiven(Happening, frozen=True):
    """A question with two answers ("Did a label come out?"); ``about`` names the question."""

    yes: bool
    about: str = ""


# --- ports --------------------------------------------------------------------------------

Post = Callable[[Happening], None]


class Clock(Protocol):
    """Time, injected."""

    def now(self) -> datetime:
        """UTC."""

    def mono_ns(self) -> int:
        """Monotonic nanoseconds."""


class Ids(Protocol):
    """Fresh identifiers, injected."""

    def new(self) -> str:
        """A UUIDv7 as text."""


class Draft(Struct, frozen=True):
    """A fact on its way into the journal, with what it belongs to."""

    fact: Fact
    session: str
    actor: str
    parcel: str | None = None
    order: str | None = None
    right: Right = NO_RIGHT


class Head(Struct, frozen=True):
    """The journal's end: ``seq`` 0 and 64 zeros when empty."""

    station: str
    epoch: str
    seq: int
    hash: str


class EventStore(Protocol):
    """The append-only journal of one station (the only writer)."""

    def append(self, drafts: Sequence[Draft]) -> tuple[Record, ...]:
        """Write all drafts in one durable transaction, in order, or none."""

    def head(self) -> Head:
        """Where the journal ends."""

    def session_events(self, session: str) -> tuple[Event, ...]:
        """All events of a session, oldest first."""

    def open_sessions(self) -> tuple[str, ...]:
        """Sessions that are neither completed nor cancelled, oldest first."""

    def bench_events(self, kinds: Iterable[str], limit: int | None = None) -> tuple[Event, ...]:
        """Events of these kinds over all sessions (pool, person), or the last ``limit`` of them.

        Oldest first.
        """

    def events_about(
        self, kinds: Iterable[str], name: str, values: Iterable[str], since: str = ""
    ) -> tuple[Event, ...]:
        """Events of these kinds whose body has one of ``values`` as ``name``, oldest first.

        ``since``: an order before whose first event none of them can be; spares the search of a
        whole journal.
        """

    def count_since(self, kind: str, since: str) -> int:
        """How many events of ``kind`` came after the last of kind ``since``; all without one."""

    def seen_elsewhere(self, codes: Iterable[str], session: str) -> str:
        """The first of these codes of a unit (`plan.unit_codes`) in a box of another session.

        "" where none is; cancelled sessions and units that were taken out do not count.
        """

    def last_session(self, order_id: str) -> str | None:
        """The newest session of an order, if any."""

    def order_events(self, order_id: str) -> tuple[Event, ...]:
        """All events of an order over all its sessions, oldest first."""

    def begin_epoch(self, at: int) -> Head:
        """Start anew where the server's copy forked at ``at``: the facts from there go on."""

    def compact(self, durable: int) -> int:
        """Let go of a few old facts up to seq ``durable``; answer how many."""

    def acknowledged(self) -> int:
        """Highest seq the server has, for this epoch."""

    def acknowledge(self, seq: int) -> None:
        """Move the server's cursor."""

    def rewind(self, seq: int) -> None:
        """Move the server's cursor back (gap, or a restored server)."""


class DeviceCare(Protocol):
    """What a person may decide of the devices."""

    def accept(self, device: str) -> tuple[str, str] | None:
        """The other device on that port belongs there from now on: serials expected and found.

        None where no other is there.
        """

    def record(self, device: str, minutes: int) -> str | None:
        """Record what passes for so long, 0 ends it; the file, or None where that cannot be."""


class Measurer(Protocol):
    """A dimensioner that can be asked."""

    def measure(self) -> None:
        """Measure what lies there now; the answer comes as `SizeMeasured`."""


class Printer(Protocol):
    """A FIFO worker of one printer: bytes, status and ladder, reports by ``Post``."""

    def submit(self, job: PrintJob) -> None:
        """Queue it; reports spooled, accepted, idle/printed, failed or uncertain."""

    def came_out(self, job: str) -> bool | None:
        """What the printer itself knows of a job after a restart; None for nothing."""

    def withdraw(self, job: str) -> bool:
        """Take a job back of which no byte has left; False where it is too late."""

    def close(self) -> None:
        """Stop the worker; a job under way becomes uncertain."""


class DocumentMaker(HandoverMaker, ConsignmentMaker, Protocol):
    """Draws what is printed; raises DocumentError."""

    def make(
        self,
        document: str,
        parcel: ParcelPapers,
        stock: Stock,
        consignment: Sequence[ParcelPapers] = (),
    ) -> PrintJob:
        """The document's bytes for what lies in its printer; ``job`` is left "".

        ``consignment`` are all parcels so far, for papers that speak of all.
        """

    def lay(
        self,
        document: str,
        parcel: ParcelPapers,
        stock: Stock,
        consignment: Sequence[ParcelPapers] = (),
    ) -> None:
        """See that `make` can make it; what is laid out is kept for the next `make` of the same."""

    def test_label(self, bench: str, language: str, stock: Stock, code: str) -> PrintJob:
        """A printer's test label, which carries ``code``; ``job`` is left ""."""

    def codes(self, language: str, printers: Sequence[tuple[str, str]], stock: Stock) -> PrintJob:
        """A sheet of ``%PS:printer:`` codes, by id and name; ``job`` is left ""."""

    def goods(self, labels: Sequence[ItemLabel], language: str, stock: Stock) -> PrintJob:
        """Labels for goods, several a sheet where there is room; ``job`` is left ""."""

    def goods_preview(self, labels: Sequence[ItemLabel], language: str, stock: Stock) -> bytes:
        """The first sheet of them as a PNG for a screen, its codes hatched."""

    def preview(self, document: str, parcel: ParcelPapers, stock: Stock) -> bytes:
        """A small PNG of its first page for a screen, on which no code can be read."""

    def test_preview(self, bench: str, language: str, stock: Stock, code: str) -> bytes:
        """The same of a test label."""

    def letterheads(self, rows: Sequence[Mapping[str, object]]) -> None:
        """All rows ``templates`` of the site, read here: papers drawn after it have them.

        Slow; never on the main thread. A paper that is drawn meanwhile has those before.
        """


class Sync(Protocol):
    """The syncer's handle, called from the main thread; never blocks."""

    def wake(self, *, urgent: bool = False) -> None:
        """New facts are in the journal; ``urgent`` sends them at once."""

    def want_numbers(self, carrier: str, service: str, count: int, after: str = "") -> None:
        """Lease ``count`` numbers at the next chance; answered by NumbersLeased.

        ``after`` is the newest lease that was counted: one that is answered and not counted yet
        is what was asked for, so that nothing more is leased before it is.
        """

    def claims(self, asked: ClaimsAsked) -> None:
        """Claims at the next chance; answered by ClaimsAnswered."""

    def report(self, status: Mapping[str, object]) -> None:
        """What the bench says of itself (PUT /v1/status); the last one counts."""

    def close(self) -> None:
        """Stop the thread."""


PinCheck = Callable[[str, str], bool]
"""Compares an argon2 hash with a typed PIN; slow by design, so never on the main thread."""


class Background(Protocol):
    """Runs work longer than 16 ms off the main thread; its result comes back as a Happening."""

    def run(self, work: Callable[[], Happening]) -> None:
        """Queue ``work``; what it returns is posted."""
