"""Views of the flow modes: rows on a page, the single-item fast lane, filters of the queue."""

from __future__ import annotations

from msgspec import Struct

from packstation.station.device_views import RungView
from packstation.station.words import Words


class FilterView(Struct, frozen=True):
    """A kind of rows to look at, how many there are, and whether it is the one in sight."""

    name: str
    words: Words
    count: int
    chosen: bool = False


class ListRow(Struct, frozen=True):
    """A row of a page: when, what, more of it, a note at the right.

    ``tone``: "", ok, warn, stop or now; ``icon`` a name of the icons; a row with an ``id`` can
    be picked. ``head`` rows begin a group and are text alone.
    """

    id: str = ""
    icon: str = ""
    at: str = ""
    words: Words | None = None
    text: str = ""
    detail: Words | None = None
    note: Words | None = None
    tone: str = ""
    head: bool = False


class ListView(Struct, frozen=True):
    """A page of rows: title, the one thing to do, rows from ``first`` on of ``total``.

    ``columns``: 2 where all rows must be in sight at once.
    """

    name: str
    title: Words
    todo: Words | None = None
    rows: tuple[ListRow, ...] = ()
    filters: tuple[FilterView, ...] = ()
    first: int = 0
    total: int = 0
    empty: Words | None = None
    tone: str = "now"
    columns: int = 1


class FastDone(Struct, frozen=True):
    """A closed parcel of the fast lane."""

    order_id: str
    sku: str
    image: str
    name: str
    country: str
    at: str


class FastView(Struct, frozen=True):
    """The fast lane: ``step`` scan, weigh, print, stick or hold; facts of the order at the side."""

    step: str = "scan"
    found: Words | None = None
    box_kind: str = ""
    facts: tuple[tuple[Words, str], ...] = ()
    last: tuple[FastDone, ...] = ()
    waiting: int = 0
    rungs: tuple[RungView, ...] = ()
