"""What a bench remembers of its queue and of the mode it works in; lost with a restart.

What must survive one is a fact.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct, field
from msgspec.structs import replace

from packstation.domain.claims import Claim
from packstation.domain.packing.task_facts import TaskRaised
from packstation.domain.passing import Work
from packstation.domain.queueing import Reason, Standing
from packstation.station.claim_ports import Lost
from packstation.station.flow_views import ListRow
from packstation.station.ports import OrderRow
from packstation.station.words import Words


class Parked(Struct, frozen=True):
    """Where an order's goods lie, and since when; ``bench`` where another one put them there."""

    place: str
    since: datetime
    bench: str = ""


class Lined(Struct, frozen=True):
    """The queue as shown: ``rows`` of this bench, then those ``held``; why the first is first.

    ``taken``: other benches are at these. ``ahead`` is the order that would stand first, were it
    sorted now, "" where it does; ``changed`` whether anything would stand elsewhere; ``new``
    rows came since the queue was entered.
    """

    rows: tuple[OrderRow, ...] = ()
    held: tuple[OrderRow, ...] = ()
    standing: Mapping[str, Standing] = field(default_factory=dict)
    first: str = ""
    why: Reason | None = None
    ahead: str = ""
    changed: bool = False
    new: int = 0
    taken: frozenset[str] = frozenset()


class LineState(Struct):
    """What the bench remembers of its queue; kept by the desk, lost with it."""

    order: tuple[str, ...] = ()
    entered: frozenset[str] = frozenset()
    filter: str = "all"
    find: str = ""
    parked: dict[str, Parked] | None = None
    key: tuple[object, ...] = ()
    lined: Lined = field(default_factory=Lined)


class Batch(Struct, frozen=True):
    """Identical orders, one after the other: what is in each, how many are done, of how many."""

    goods: tuple[tuple[str, int], ...]
    done: int = 0
    total: int = 0


class Done(Struct, frozen=True):
    """A parcel of the fast lane that is closed."""

    order_id: str
    sku: str
    country: str
    at: str


class Page(Struct, frozen=True):
    """A page of rows: its name, what it is about, the row on top and the kind of rows shown."""

    name: str = ""
    about: str = ""
    top: int = 0
    filter: str = "all"
    ids: tuple[str, ...] = ()

    def about_task(self, task: str) -> Page:
        """The same page, about another row."""
        return replace(self, about=task)


class FlowState(Struct):
    """The mode of work: fast lane, a batch, a tote's orders in turn; and the page of rows."""

    home: bool = False
    fast: bool = False
    undoing: str = ""
    last: tuple[Done, ...] = ()
    batch: Batch | None = None
    turn: tuple[str, ...] = ()
    page: Page = Page()
    hints: tuple[Words, ...] = ()
    tasks: Mapping[str, TaskRaised] = field(default_factory=dict)
    raised: frozenset[tuple[str, str]] = frozenset()
    history: tuple[tuple[str, ListRow], ...] = ()
    printed: int = 0
    pace_s: float | None = None
    # First days of the tariffs that the server has signed for this site.
    tariff_days: tuple[str, ...] = ()
    works: Mapping[str, Work] = field(default_factory=dict)
    # What other benches have claimed; why the open order is not this bench's any more.
    claimed: Mapping[str, Claim] = field(default_factory=dict)
    lost: Mapping[str, Lost] = field(default_factory=dict)
