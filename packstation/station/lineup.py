"""The queue in the order that the packer sees: ranked when it is entered, never under the hands.

What comes in meanwhile is added below, what is gone is left out, and a change of the order is
said; it is applied when the queue is entered again, or on Home.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from packstation.domain.events import decode
from packstation.domain.orders import Order
from packstation.domain.packing import State
from packstation.domain.packing.facts import (
    Fact,
    PersonSignedIn,
    SessionCancelled,
    SessionCompleted,
    SessionOpened,
    SessionParked,
    SessionResumed,
)
from packstation.domain.passing import OPEN, PACKED, PARKED, Work
from packstation.domain.queueing import (
    Standing,
    home_rates,
    matches,
    rank,
    reason,
    single_item,
)
from packstation.station.core import Core
from packstation.station.elsewhere import foreign
from packstation.station.flow_state import Lined, Parked
from packstation.station.planning import opening_refusal
from packstation.station.ports import OrderRow

# More than a bench packs in a shift; the ranking of so many takes a few milliseconds.
LIMIT: Final = 200
FILTERS: Final = ("all", "single", "parked", "late")
_ANEW: Final = (SessionOpened, SessionParked, SessionCancelled, SessionCompleted, PersonSignedIn)


class Lineup:
    """Keeps the desk's queue in step with the facts, and takes filters and searches."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def told(self, facts: tuple[Fact, ...]) -> None:
        """The queue is entered anew after these; goods lie elsewhere after some."""
        line = self._core.desk.line
        if any(isinstance(fact, _ANEW) for fact in facts):
            line.order, line.find, line.parked = (), "", None
        if any(isinstance(fact, SessionResumed) for fact in facts):
            line.parked = None

    def home(self) -> None:
        """Home: everything again, sorted as it is now."""
        line = self._core.desk.line
        line.order, line.filter, line.find = (), "all", ""

    def filter(self, name: str = "") -> None:
        """Show some of the rows: the next kind, or the one that is named."""
        line = self._core.desk.line
        after = FILTERS[(FILTERS.index(line.filter) + 1) % len(FILTERS)]
        line.filter = name if name in FILTERS else after

    def find(self, part: str) -> bool:
        """Show the rows that have this in their number, SKUs or totes; whether there are any."""
        line = self._core.desk.line
        line.find, line.filter = part.strip()[:64], "all"
        return bool(shown(self._core))

    def found(self, part: str) -> bool:
        """Whether a search for ``part`` would find something; nothing is shown yet."""
        one = lined(self._core)
        return any(matches(row.order, part) for row in (*one.rows, *one.held))


def lined(core: Core) -> Lined:
    """The queue as it is now; ranked again only where rows or the minute have changed."""
    line, bench = core.desk.line, core.desk.bench
    rows, held = core.cache.queue(bench, limit=LIMIT), core.cache.held(bench, limit=LIMIT)
    minute = core.clock.now().replace(second=0, microsecond=0)
    # The rows themselves are kept in the key: an id may come back for others.
    key = (rows, held, minute)
    if line.order and line.parked is not None and _same(line.key, key):
        return line.lined
    line.key, line.lined = key, _line_up(core, rows, held)
    return line.lined


def _same(before: tuple[object, ...], now: tuple[object, ...]) -> bool:
    return (
        len(before) == len(now)
        and before[2] == now[2]
        and all(a is b for a, b in zip(before[:2], now[:2], strict=True))
    )


def _line_up(core: Core, rows: tuple[OrderRow, ...], held: tuple[OrderRow, ...]) -> Lined:
    line = core.desk.line
    away = parked(core)
    others = {row.order.order_id: foreign(core, row.order.order_id) for row in rows}
    gone = {name for name, work in others.items() if work is not None and work.state == PACKED}
    taken = {name for name, work in others.items() if work is not None and work.state == OPEN}
    rows = tuple(row for row in rows if row.order.order_id not in gone)
    rates = home_rates(core.cache.rates(), str(core.cache.site().get("currency") or ""))
    by_id = {row.order.order_id: row for row in rows}
    ranked = rank([row.order for row in rows], core.clock.now(), rates)
    wanted = tuple(one.order_id for one in ranked)
    line.entered = line.entered if line.order else frozenset(wanted)
    kept = tuple(order_id for order_id in line.order if order_id in by_id)
    line.order = (*kept, *(order_id for order_id in wanted if order_id not in kept))
    passed = away.keys() | taken
    free = [one for one in ranked if one.order_id not in passed]
    first = next((order_id for order_id in line.order if order_id not in passed), "")
    ahead = free[0].order_id if free and free[0].order_id != first else ""
    waiting = rank([row.order for row in held], core.clock.now(), rates)
    return Lined(
        rows=tuple(by_id[order_id] for order_id in line.order),
        held=held,
        standing={one.order_id: one for one in (*ranked, *waiting)},
        first=first,
        why=reason(free) if not ahead else None,
        ahead=ahead,
        changed=line.order != wanted,
        new=len(by_id.keys() - line.entered),
        taken=frozenset(taken),
    )


def parked(core: Core) -> Mapping[str, Parked]:
    """Orders that were put aside: here, from the journal, and elsewhere, where they may go on."""
    line = core.desk.line
    if line.parked is None:
        line.parked = {}
        for session_id in core.store.open_sessions():
            _look(core, session_id, line.parked)
        for order_id, work in core.desk.flow.works.items():
            # Nearly all are packed: nothing is asked of the journal about those.
            if work.state == PARKED or order_id in line.parked:
                _look_there(core, order_id, work, line.parked)
    return line.parked


def _look_there(core: Core, order_id: str, work: Work, found: dict[str, Parked]) -> None:
    """Where another bench put an order of which this bench may be given the rest."""
    if foreign(core, order_id) is None:
        return
    found.pop(order_id, None)
    row = core.cache.order(order_id)
    if work.state == PARKED and row is not None and not opening_refusal(row, core.desk.bench):
        found[order_id] = Parked(work.place, instant(work.since, core.clock.now()), work.bench)


def instant(text: str, otherwise: datetime) -> datetime:
    """A moment that another bench wrote down; what it did not is ``otherwise``."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return otherwise
    return found if found.tzinfo is not None else otherwise


def _look(core: Core, session_id: str, found: dict[str, Parked]) -> None:
    events = core.store.session_events(session_id)
    last = next((one for one in reversed(events) if one.kind == SessionParked.__name__), None)
    session = core.load(session_id) if last is not None else None
    if last is None or session is None or session.state is not State.PARKED:
        return
    if core.store.last_session(session.order_id) != session_id:
        return  # went on elsewhere, and came back
    fact = decode(last.kind, last.v, last.body)
    place = fact.place if isinstance(fact, SessionParked) else ""
    found[session.order_id] = Parked(place, datetime.fromisoformat(last.at))


def shown(core: Core) -> tuple[OrderRow, ...]:
    """Rows that the filter and the search leave, in the order of the screen."""
    line, one = core.desk.line, lined(core)
    if line.find:
        return tuple(row for row in (*one.rows, *one.held) if matches(row.order, line.find))
    return tuple(row for row in (*one.rows, *one.held) if _passes(core, one, row))


def _passes(core: Core, one: Lined, row: OrderRow) -> bool:
    order_id = row.order.order_id
    match core.desk.line.filter:
        case "single":
            return single_item(row.order)
        case "parked":
            return order_id in parked(core)
        case "late":
            return order_id in one.standing and one.standing[order_id].late
    return True


def startable(core: Core, rows: Iterable[OrderRow]) -> OrderRow | None:
    """The first of ``rows`` that Enter opens: neither put aside nor waiting for others."""
    away, one = parked(core), lined(core)
    free = {row.order.order_id for row in one.rows} - one.taken
    ids = (row for row in rows if row.order.order_id in free)
    return next((row for row in ids if row.order.order_id not in away), None)


def late_orders(core: Core) -> tuple[tuple[Order, Standing], ...]:
    """What is late, the dearest first where that is known."""
    one = lined(core)
    late = [
        (row.order, one.standing[row.order.order_id])
        for row in one.rows
        if one.standing[row.order.order_id].late
    ]
    return tuple(sorted(late, key=lambda pair: _dearest(pair[1])))


def ranked_rows(core: Core, rows: Sequence[OrderRow]) -> tuple[OrderRow, ...]:
    """Rows by deadline and cost of lateness, as the queue would be sorted now."""
    rates = home_rates(core.cache.rates(), str(core.cache.site().get("currency") or ""))
    by_id = {row.order.order_id: row for row in rows}
    ranked = rank([row.order for row in rows], core.clock.now(), rates)
    return tuple(by_id[one.order_id] for one in ranked)


def _dearest(standing: Standing) -> tuple[object, ...]:
    stake = standing.stake
    return (stake.weight, stake.at) if stake else ()
