"""What the bench knows beyond its facts: devices, person, alert, entry, prices.

Nothing here must survive a restart; what must is a fact.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct, field

from packstation.domain.catalog import Product
from packstation.domain.choice.choose import Choice
from packstation.domain.choice.rules import Rule
from packstation.domain.customs.findings import Checked
from packstation.domain.onelook import Look
from packstation.domain.packing.inputs import CartonChosen
from packstation.domain.services import Quoted, RefusedService
from packstation.domain.weights import Reading
from packstation.station.boxes import BoxPlan
from packstation.station.claim_ports import ClaimRules
from packstation.station.device_state import DevicePages
from packstation.station.flow_state import FlowState, LineState
from packstation.station.ports import Clock, DeviceState, PersonRow
from packstation.station.print_desk import PrintDesk
from packstation.station.views import AlertView, EntryView, VerdictView, Words


class DeviceInfo(Struct, frozen=True):
    """A device as configured; ``kind`` as in docs/devices.md; ``use`` of a camera."""

    id: str
    kind: str
    name: str
    detail: str = ""
    model: str = ""
    address: str = ""
    options: Mapping[str, object] = field(default_factory=dict)
    use: str = ""


class DeviceRecord(Struct):
    """A device as it is now; ``recorded`` is what the journal has of it."""

    info: DeviceInfo
    state: DeviceState = DeviceState.OFF
    cause: str = ""
    args: tuple[tuple[str, str], ...] = ()
    recorded: tuple[DeviceState, str] = (DeviceState.OFF, "")
    since: datetime | None = None
    raw: bytes = b""
    seen_ns: int = 0
    seen_at: datetime | None = None
    serial: str = ""
    actions: tuple[str, ...] = ()

    def heard(self, raw: bytes, mono_ns: int, clock: Clock) -> None:
        """Bytes came at that moment of the monotonic clock (0: now)."""
        age_ns = clock.mono_ns() - mono_ns if mono_ns else 0
        self.raw, self.seen_ns = raw[-48:], mono_ns
        self.seen_at = clock.now() - timedelta(microseconds=age_ns // 1000)


class ServiceProfile(Struct, frozen=True):
    """A service as this shop sells it: a row, not code.

    ``documents`` are printed in this order; ``numbers``: pool (leased S10 numbers) or online
    (asked of the server); ``names`` by language. ``carried``: the label that the carrier made is
    printed as it came, not ours.
    """

    carrier: str
    service: str
    channel: str
    names: dict[str, str]
    documents: tuple[str, ...] = ("label",)
    numbers: str = "pool"
    pool_low: int = 60
    pool_lease: int = 240
    carried: bool = False


class Approval(Struct, frozen=True):
    """A supervisor on the way to a release: badge known, PIN asked, then the reason.

    ``about`` names the session and its hold; ``proven`` that the PIN was right.
    """

    badge: str
    action: str
    since_ns: int
    about: tuple[str, str] = ("", "")
    proven: bool = False


class LookRecord(Struct, frozen=True):
    """A camera's look: what it remembers, its picture's size, what it has handed on as scans."""

    look: Look = Look()
    size: tuple[int, int] = (0, 0)
    taken: frozenset[int] = frozenset()


class Desk(Struct):
    """The transient state of one bench."""

    bench: str
    person: PersonRow | None = None
    devices: dict[str, DeviceRecord] = field(default_factory=dict)
    looks: dict[str, LookRecord] = field(default_factory=dict)
    reading: Reading | None = None
    reading_ns: int = 0
    # The weight on the pan is from before the box was assigned.
    stale: bool = False
    products: dict[str, Product] = field(default_factory=dict)
    boxes: dict[tuple[str, int], str] = field(default_factory=dict)
    plan: BoxPlan | None = None
    box: CartonChosen | None = None
    # What the rules of packing allow to box the open parcel in: codes or kinds, rule by rule.
    containers: Callable[[], Sequence[tuple[str, ...]]] = tuple
    quotes: tuple[Quoted, ...] = ()
    refusals: tuple[RefusedService, ...] = ()
    # How they were judged, and the service that a person wants instead, "carrier/service".
    choice: Choice | None = None
    overriding: str = ""
    # The shop's rules of the choice by id, for their names.
    rule_names: Mapping[str, Rule] = field(default_factory=dict)
    rating: str = ""
    alert: AlertView | None = None
    verdict: VerdictView | None = None
    entry: EntryView | None = None
    approval: Approval | None = None
    # Wrong PINs by badge: a right one forgives its own badge's only.
    pin_fails: dict[str, int] = field(default_factory=dict)
    pin_locked_ns: int = 0
    page: str = ""
    printing: PrintDesk = field(default_factory=PrintDesk)
    parking: bool = False
    sides_mm: tuple[int, ...] = ()
    listing: str = ""
    quantity: int = 1
    scanner: str = ""
    earcon: str = ""
    serial: int = 0
    online: bool = False
    offline_since: datetime | None = None
    waiting: int = 0
    muted: bool = False
    locked: bool = False
    active_ns: int = 0
    orders_today: int = 0
    units_today: int = 0
    pages: DevicePages = field(default_factory=DevicePages)
    barred: bool = False
    guard_note: Words | None = None
    line: LineState = field(default_factory=LineState)
    flow: FlowState = field(default_factory=FlowState)
    wish: tuple[str, ...] = ()
    film_wish_ns: int = 0
    photo_waits: bool = False
    photo_missed: tuple[str, str] = ("", "")
    training: bool = False
    # What the customs rules said last of the open order, and the finding on top.
    customs: Checked | None = None
    lack: int = 0
    # Why a paper cannot be made, by the field that its finding names.
    unmade: Mapping[str, Words] = field(default_factory=dict)
    # The hash of the open order, and what it was made of.
    hashed_order: tuple[tuple[object, ...], str] = ((), "")
    # What a supervisor released of the rules themselves: the day, and "RULE field".
    standing: tuple[str, tuple[str, ...]] = ("", ())
    # What may be opened without the server's word; None for a bench by itself.
    claiming: ClaimRules | None = None
    # Day and person that were told that the rules are old.
    said_old: str = ""

    @property
    def nobody(self) -> bool:
        """Whether no one is signed in, or the bench is locked."""
        return self.person is None or self.locked

    @property
    def scale_lost(self) -> bool:
        """Whether there is no scale to weigh with; a sleeping one is not lost."""
        if self.barred:
            return True
        states = [d.state for d in self.devices.values() if d.info.kind == "scale"]
        return not set(states) & {DeviceState.OK, DeviceState.ASLEEP}

    def device_name(self, device: str) -> str:
        """What people call a device."""
        record = self.devices.get(device)
        return (record.info.name if record else "") or device

    def forget_order(self) -> None:
        """Another order begins: what was asked, listed or counted for the one before is over."""
        self.entry, self.approval, self.wish = None, None, ()
        self.listing, self.parking, self.quantity, self.sides_mm = "", False, 1, ()
        self.customs, self.lack, self.unmade = None, 0, {}
