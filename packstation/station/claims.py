"""Claims at the bench: asked for beside the packer, carried by facts, lost with words.

Nothing waits for an answer: an order is opened at once, and one that turns out to be another's
stops at the next scan (``elsewhere``). What may be opened without the server's word is the
shop's rule (``claim_ports.ClaimRules``). Rights live in ``core.rights``, from rows that are kept
over a restart.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final, TypeVar

import msgspec

from packstation.domain import claims as c
from packstation.domain.packing.facts import (
    Fact,
    SessionCancelled,
    SessionCompleted,
    SessionOpened,
    SessionParked,
    SessionReopened,
    SessionResumed,
)
from packstation.domain.packing.pass_facts import SessionTakenOver
from packstation.first_use import shaped
from packstation.station.claim_ports import ClaimsAsked, HeldRight, Lost
from packstation.station.core import Core
from packstation.station.ports import ClaimsAnswered, OrderRow, Row, RowsPulled, SyncChanged

# So many orders of the queue a bench claims ahead, where it may pack no others without a server.
AHEAD: Final = 10
# A third of what a claim lasts.
RENEW_NS: Final = 5 * 60 * 1_000_000_000
# What was not given, and what was never answered, is asked for again.
AGAIN_NS: Final = 60 * 1_000_000_000
# Until a bench that has just begun counts as one without its server.
SETTLES: Final = timedelta(seconds=15)
_BEGIN: Final = (SessionOpened, SessionTakenOver, SessionResumed, SessionReopened)
_END: Final = (SessionParked, SessionCancelled, SessionCompleted)
# Refusals that say that the order is another's; the rest the order's own row says.
_ANOTHER_S: Final = frozenset({"claimed", "at_bench", "packed", "taken"})

V = TypeVar("V")


class Claims:
    """Keeps ``core.rights`` and what is known of other benches' claims."""

    def __init__(self, core: Core, look: Callable[[], None]) -> None:
        """``look`` stops the open order where it is another's, and lets it go on again."""
        self._core, self._look = core, look
        self._renew_ns = self._ahead_ns = self._again_ns = 0

    @property
    def _open(self) -> str:
        """The order that is open."""
        session = self._core.session
        return session.order_id if session.live else ""

    def recover(self) -> None:
        """What was pulled before; whether it is still so is asked with the first renewal."""
        for body in self._core.cache.kept_all(c.ROW):
            claim = _read(body)
            if claim is not None:
                self._known(claim)
        if self._open:
            self._ask(self._open)

    # --- by the packer's hand ---------------------------------------------------------------

    def told(self, facts: tuple[Fact, ...]) -> None:
        """An order was begun: claim it; it rests, or is done: its right has ended with it."""
        for fact in facts:
            if isinstance(fact, _BEGIN) and self._open:
                self._ask(self._open)
            elif isinstance(fact, _END):
                self._forget(self._core.session.order_id)

    def _ask(self, *orders: str) -> None:
        self._again_ns = self._core.clock.mono_ns()
        self._core.sync.claims(ClaimsAsked(want=orders))

    def _forget(self, order: str) -> None:
        self._core.rights.pop(order, None)
        self._set_lost(order, None)

    # --- by the server's word ---------------------------------------------------------------

    def answered(self, report: ClaimsAnswered) -> None:
        """Given: facts carry it from now on. Refused: the open order stops."""
        for order, claim, fence in report.granted:
            self._core.rights[order] = c.Right(claim, fence)
            self._set_lost(order, None)
        for order, why, by in report.refused:
            self._core.rights.pop(order, None)
            if why in _ANOTHER_S and order == self._open:
                self._set_lost(order, Lost(by, taken=why == "taken"))
        self._look()

    def rows(self, report: RowsPulled) -> None:
        """Claims of all benches, this one's among them."""
        mine = [row for row in report.rows if row.t == c.ROW]
        for row in mine:
            self._row(row)
        if mine:
            self._look()

    def _row(self, row: Row) -> None:
        claim = _read(row.body) if row.op == "put" else None
        if claim is not None:
            self._known(claim)
            return
        self._set_other(row.id, None)
        self._set_lost(row.id, None)
        if row.id != self._open:
            self._core.rights.pop(row.id, None)

    def _known(self, claim: c.Claim) -> None:
        core, order = self._core, claim.order
        right = core.rights.get(order, c.NO_RIGHT)
        if claim.fence < right.fence:
            return  # an answer of the server was quicker than the row
        own = claim.station == core.store.head().station
        if own and claim.state == c.HELD:
            core.rights[order] = c.Right(claim.claim, claim.fence)
            self._set_other(order, None)
            self._set_lost(order, None)
            return
        core.rights.pop(order, None)
        if not own:
            self._set_other(order, claim)
        if order == self._open:
            taken = own or claim.state == c.TAKEN
            self._set_lost(order, Lost(claim.by if taken else claim.bench, taken=taken))

    def _set_other(self, order: str, claim: c.Claim | None) -> None:
        flow = self._core.desk.flow
        flow.claimed = _with(flow.claimed, order, claim)

    def _set_lost(self, order: str, lost: Lost | None) -> None:
        flow = self._core.desk.flow
        flow.lost = _with(flow.lost, order, lost)

    # --- by time ----------------------------------------------------------------------------

    def connected(self, report: SyncChanged) -> None:
        """Back at the server: what is held is renewed at once."""
        if report.online and not self._core.desk.online:
            self._renew_ns = self._again_ns = 0

    def tick(self) -> None:
        """Renew what is packed and, while somebody is there, what is claimed ahead."""
        core, now = self._core, self._core.clock.mono_ns()
        if not core.desk.online:
            return
        if now >= self._renew_ns:
            self._renew_ns = now + RENEW_NS
            held = self._held()
            if held:
                core.sync.claims(ClaimsAsked(renew=held))
        lost = core.desk.flow.lost.get(self._open)
        taken = lost is not None and lost.taken
        missing = self._open and self._open not in core.rights and not taken
        if missing and now - self._again_ns >= AGAIN_NS:
            self._ask(self._open)
        self._reserve(now)

    def _held(self) -> tuple[HeldRight, ...]:
        here = not self._core.desk.nobody
        rights = self._core.rights.items()
        return tuple(
            (order, one.claim, one.fence) for order, one in rights if here or order == self._open
        )

    def _reserve(self, now: int) -> None:
        """Orders for the time without a server."""
        core = self._core
        rules = core.desk.claiming
        if rules is None or rules.policy == "optimistic" or core.desk.nobody:
            return
        if now >= self._ahead_ns and len(core.rights) <= AHEAD // 2:
            self._ahead_ns = now + AGAIN_NS
            core.sync.claims(ClaimsAsked(ahead=AHEAD))


def _with(known: Mapping[str, V], key: str, value: V | None) -> Mapping[str, V]:
    """``known`` with another value at ``key``, or without it; itself where nothing changes."""
    if value is None and key not in known:
        return known
    rest = {name: one for name, one in known.items() if name != key}
    return rest if value is None else rest | {key: value}


def _read(body: object) -> c.Claim | None:
    try:
        return shaped(body, c.Claim)
    except msgspec.ValidationError:
        return None


def cut_off(core: Core) -> bool:
    """Whether the server is away, and not just not heard of yet."""
    desk, now = core.desk, core.clock.now()
    return not desk.online and (desk.offline_since is not None or now - core.begun >= SETTLES)


def refusal(core: Core, row: OrderRow) -> str:
    """Why an order cannot be begun without the server's word, as a message key; "" when it can."""
    rules, order = core.desk.claiming, row.order.order_id
    if rules is None or not cut_off(core) or core.store.last_session(order) is not None:
        return ""
    since = core.desk.offline_since or core.begun
    if order in core.rights and core.clock.now() - since <= timedelta(hours=rules.hours):
        return ""
    if order in core.desk.flow.claimed:
        return "order.at_bench"
    assigned = rules.policy == "partition" and row.bench == core.desk.bench
    return "" if assigned or rules.policy == "optimistic" else "order.unclaimed"


def unsure(core: Core) -> bool:
    """Whether the open order was begun without the server's word, as the shop allows."""
    alone = core.desk.claiming is not None and cut_off(core)
    return alone and core.session.live and core.session.order_id not in core.rights
