"""What the floor page shows: one frozen picture of a site, decided already.

Times are UTC; the page writes them in the site's zone and in the reader's language.
``level``: ok, warn, stop or hold (design/UI_DESIGN.md, state colours).
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from msgspec import Struct

from packstation.domain.throughput import Tally


class Figures(Struct, frozen=True, kw_only=True):
    """The five figures. ``pace`` and ``expected`` are orders an hour, None where not known."""

    done: Tally = Tally()
    pace: float | None = None
    expected: float | None = None
    due: int = 0
    may_miss: int = 0
    risk: dict[str, Decimal] = {}
    risk_at: datetime | None = None
    risk_elsewhere: bool = False


class CutOff(Struct, frozen=True, kw_only=True):
    """A hand-over of today; ``chance`` 0..1 that all its orders make it, None without a pace."""

    at: datetime
    channel: str
    to_go: int
    chance: float | None
    may_miss: int
    risk: dict[str, Decimal]
    past: bool

    @property
    def level(self) -> str:
        """Ok from 90 %, stop under 50 %, calm where it cannot be told."""
        if self.past or (self.chance is not None and self.chance < 0.5):
            return "stop"
        if self.chance is None:
            return "calm"
        return "ok" if self.chance >= 0.9 else "warn"


class Device(Struct, frozen=True, kw_only=True):
    """A lamp."""

    kind: str
    state: str
    cause: str = ""
    since: datetime | None = None


class BenchCard(Struct, frozen=True, kw_only=True):
    """A bench. ``mode``: idle, working, held, fault, offline or new (never heard of).

    ``rung``: 1..5 of the five steps, 0 without an order. ``since`` of the mode.
    """

    station: str
    name: str
    mode: str
    person: str = ""
    order: str = ""
    step: str = ""
    rung: int = 0
    units: int = 0
    units_total: int = 0
    reason: str = ""
    since: datetime | None = None
    heard: datetime | None = None
    waiting: int = 0
    labels_left: int | None = None
    devices: tuple[Device, ...] = ()
    done: Tally = Tally()

    @property
    def level(self) -> str:
        """The colour of its outline and chip."""
        return {"working": "now", "held": "hold", "fault": "stop", "offline": "warn"}.get(
            self.mode, "calm"
        )


class Need(Struct, frozen=True, kw_only=True):
    """Something that waits for a person; ``release``: an order that may be released here.

    ``session`` of a parcel that must not leave; ``voided``: whether its label is, asked, yes or no.
    """

    kind: str
    level: str
    since: datetime | None = None
    bench: str = ""
    order: str = ""
    reason: str = ""
    by: str = ""
    count: int = 0
    waiting: int = 0
    labels_left: int | None = None
    channel: str = ""
    at: datetime | None = None
    release: bool = False
    session: str = ""
    voided: str = ""


class Hour(Struct, frozen=True, kw_only=True):
    """Orders packed in an hour of the site's day, and how many are usual by now."""

    hour: int
    orders: int
    expected: float | None
    running: bool


class PersonRow(Struct, frozen=True, kw_only=True):
    """What someone did today; listed by name, never ranked."""

    name: str
    done: Tally


class Customs(Struct, frozen=True, kw_only=True):
    """Open orders that the customs rules stop, and the rule that stopped most today."""

    stopped: int = 0
    rule: str = ""
    by_rule: int = 0


class Floor(Struct, frozen=True, kw_only=True):
    """A site now."""

    site: str
    name: str
    now: datetime
    zone: ZoneInfo
    currency: str
    figures: Figures
    cutoffs: tuple[CutOff, ...] = ()
    benches: tuple[BenchCard, ...] = ()
    needs: tuple[Need, ...] = ()
    hours: tuple[Hour, ...] = ()
    people: tuple[PersonRow, ...] = ()
    customs: Customs = Customs()
    days_known: int = 0
    ever_imported: bool = False
