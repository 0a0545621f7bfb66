"""The state of one packing session, as folded from its facts."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from packstation.domain.packing.customs_facts import PapersChecked
from packstation.domain.packing.facts import LinePlan, ServiceSelected
from packstation.domain.packing.plan import Change, Given, unit_codes
from packstation.domain.packing.weight_facts import WeightJudged


class State(StrEnum):
    """Where a session is (ARCHITECTURE, state table)."""

    IDLE = "idle"
    SCANNING = "scanning"
    CARTONING = "cartoning"
    WEIGHING = "weighing"
    MEASURING = "measuring"
    RATING = "rating"
    LABELLING = "labelling"
    PRINTING = "printing"
    CONFIRMING = "confirming"
    COMPLETED = "completed"
    PARKED = "parked"
    HELD = "held"
    CANCELLED = "cancelled"


LIVE = frozenset(State) - {State.IDLE, State.COMPLETED, State.PARKED, State.CANCELLED}


class Line(Struct, frozen=True, kw_only=True):
    """An order line's progress over all parcels: quantity = done + shorted + due."""

    plan: LinePlan
    done: int = 0
    shorted: int = 0

    @property
    def due(self) -> int:
        """Units still to scan."""
        return self.plan.quantity - self.done - self.shorted


class Packed(Struct, frozen=True, kw_only=True):
    """One verified scan inside a parcel."""

    line: int
    sku: str
    units: int
    lot: str = ""
    serial: str = ""
    expiry: str = ""
    source: str = "device"
    given: tuple[Given, ...] = ()


class Label(Struct, frozen=True, kw_only=True):
    """The label of a parcel: requested, issued, unresolved, voiding, voided or refused."""

    key: str
    attempt: int
    status: str
    waybill: str = ""
    blob: str = ""
    source: str = ""

    @property
    def live(self) -> bool:
        """Whether it may exist at the carrier."""
        return self.status in {"requested", "issued", "unresolved", "voiding"}


class Paper(Struct, frozen=True, kw_only=True):
    """A document of the parcel.

    ``status``: due, started, failed, uncertain or printed; ``rung`` of the print ladder,
    ``rungs`` all that were reached and when. ``printer`` is where it went last, ``move`` how
    often this copy was moved; ``doubt``: nobody knows what that printer still holds of it.
    ``copies`` are needed at once; ``confirm``: a person must still say that they are in place;
    ``mark`` is what the rules call it then.
    """

    document: str
    status: str = "due"
    job: str = ""
    copy: int = 1
    rung: str = ""
    rungs: tuple[tuple[str, str], ...] = ()
    printer: str = ""
    move: int = 0
    doubt: bool = False
    labels: int = 1
    copies: int = 1
    tray: str = ""
    confirm: bool = False
    confirmed: bool = False
    mark: str = ""


class Parcel(Struct, frozen=True, kw_only=True):
    """One box: contents, packaging, weight, sides, service, label, papers.

    ``judged``: the band its weight met; ``released``: a supervisor let a disputed weight go;
    ``taught``: it was learned from; ``gained``: how many of its contents the scale has felt.
    """

    id: str
    contents: tuple[Packed, ...] = ()
    carton: str = ""
    carton_kind: str = ""
    tare_g: int = 0
    outer_mm: tuple[int, ...] = ()
    gross_g: int | None = None
    weight_source: str = ""
    size_mm: tuple[int, ...] = ()
    service: ServiceSelected | None = None
    label: Label | None = None
    papers: tuple[Paper, ...] = ()
    applied: bool = False
    judged: WeightJudged | None = None
    released: bool = False
    taught: bool = False
    gained: int = 0

    def units(self, line: int) -> int:
        """Units of an order line inside."""
        return sum(item.units for item in self.contents if item.line == line)


class Session(Struct, frozen=True, kw_only=True):
    """A session; ``parcels[-1]`` is the one on the bench."""

    state: State = State.IDLE
    order_id: str = ""
    rev: int = 0
    lines: tuple[Line, ...] = ()
    parcels: tuple[Parcel, ...] = ()
    tote: str = ""
    allow_partial: bool = False
    measure: bool = False
    profile: str = "standard"
    digest: str = ""
    prints: tuple[str, ...] = ()
    resume: State | None = None
    hold_reason: str = ""
    hold_by: str = ""
    hold_note: str = ""
    hold_changes: tuple[Change, ...] = ()
    hold_rev: int | None = None
    by_hand: int = 0
    short_line: int | None = None
    short_units: int | None = None
    dispute_g: int | None = None
    place: str = ""
    totes: tuple[str, ...] = ()
    # Materials and instructions: (rule, scope) shown and confirmed, decided contradictions.
    shown: tuple[tuple[str, str], ...] = ()
    confirmed: tuple[tuple[str, str], ...] = ()
    ruled: tuple[tuple[str, str, str, str], ...] = ()
    reopened: int = 0
    guard: bool = False
    # The session of another bench that this one went on with, and that bench's name.
    came_from: str = ""
    came_bench: str = ""
    # What the customs rules said last, "RULE field" of what a supervisor released, and the hash of
    # the order that it was released of ("" in a journal from before there was one).
    checked: PapersChecked | None = None
    released: tuple[str, ...] = ()
    released_of: str = ""

    @property
    def parcel(self) -> Parcel:
        """The parcel on the bench."""
        return self.parcels[-1]

    @property
    def due(self) -> int:
        """Units still to scan over all lines."""
        return sum(line.due for line in self.lines)

    @property
    def live(self) -> bool:
        """Whether the bench is busy with it."""
        return self.state in LIVE

    @property
    def current(self) -> Line | None:
        """The first line with something due, in the order's order."""
        return next((line for line in self.lines if line.due), None)

    def line_of(self, sku: str) -> Line | None:
        """The line to count a scan of ``sku`` on: the first still due, else the first.

        A line of its own comes before one that it may stand in for, and one whose turn it is
        before one that waits for another part of its kit.
        """
        own = [line for line in self.lines if line.plan.sku == sku]
        stands_in = [line for line in self.lines if line.plan.others and line.plan.takes(sku)]
        found = own + [line for line in stands_in if line.plan.sku != sku]
        due = [line for line in found if line.due]
        ready = (line for line in due if self.awaited(line) is None)
        return next(ready, due[0] if due else found[0] if found else None)

    def awaited(self, line: Line) -> Line | None:
        """The line that must be packed before ``line``, while it is not."""
        if not line.plan.after or not line.due:
            return None
        first = next((one for one in self.lines if one.plan.line == line.plan.after), None)
        return first if first is not None and first.due else None

    @property
    def unconfirmed(self) -> Paper | None:
        """The first printed paper of the bench's parcel that must be put in place first."""
        papers = self.parcel.papers if self.parcels else ()
        return next((one for one in papers if one.confirm and not one.confirmed), None)

    @property
    def label_live(self) -> bool:
        """Whether the bench's parcel has a label that may exist at the carrier."""
        return bool(self.parcels) and self.parcel.label is not None and self.parcel.label.live

    @property
    def labelled(self) -> bool:
        """Whether any parcel of it has a label that may exist at the carrier."""
        return any(parcel.label is not None and parcel.label.live for parcel in self.parcels)

    @property
    def packed(self) -> tuple[Packed, ...]:
        """Everything that lies in a box of this order."""
        return tuple(item for parcel in self.parcels for item in parcel.contents)

    @property
    def unit_codes(self) -> frozenset[str]:
        """Serials, marks and the like that are in a box of this order."""
        return frozenset(
            code for item in self.packed for code in unit_codes(item.sku, item.serial, item.given)
        )

    def holds(self, sku: str, serial: str) -> bool:
        """Whether the unit of this serial is in a box of this order; asked on every scan."""
        return any(
            item.serial == serial and item.sku == sku
            for parcel in self.parcels
            for item in parcel.contents
        )

    def given(self, status: str) -> tuple[tuple[Packed, Given], ...]:
        """What was given for units of the parcel on the bench and has this status."""
        return tuple(
            (item, one)
            for item in self.parcel.contents
            for one in item.given
            if one.status == status
        )

    def with_parcel(self, **changes: object) -> Session:
        """The same with the bench's parcel changed."""
        parcel = replace(self.parcel, **changes)
        return replace(self, parcels=(*self.parcels[:-1], parcel))


IDLE = Session()
