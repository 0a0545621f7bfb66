"""Begin an order, or go on with one that was begun."""

from __future__ import annotations

from collections.abc import Callable

from packstation.domain.packing import Session, State
from packstation.domain.packing import inputs as i
from packstation.domain.packing.decide import outranks
from packstation.domain.passing import PACKED
from packstation.station import claims, elsewhere
from packstation.station.core import Core
from packstation.station.planning import changes_of, order_digest, order_prints
from packstation.station.plans import kit_troubles, line_plans
from packstation.station.ports import OrderRow


class Opening:
    """Opens orders on this bench; ``recover`` settles what a session left under way."""

    def __init__(
        self, core: Core, recover: Callable[[], None], look: Callable[[], None] = lambda: None
    ) -> None:
        """``look`` asks the customs rules about the order that was just opened."""
        self._core = core
        self._recover = recover
        self._look = look

    def begun(self, row: OrderRow) -> bool:
        """Whether its goods lie somewhere already: its tote or number goes on with it."""
        return last_state(self._core, row.order.order_id) == "begun"

    def _earlier(self, row: OrderRow) -> tuple[str, Session | None]:
        session_id = self._core.store.last_session(row.order.order_id)
        return (session_id, self._core.load(session_id)) if session_id else ("", None)

    def packed(self, row: OrderRow) -> bool:
        """Whether it was packed already."""
        return last_state(self._core, row.order.order_id) == "packed"

    def open(self, row: OrderRow, profile: str = "standard") -> None:
        """Open an order, or go on with its session: an order is never packed twice."""
        refusal = elsewhere.refusal(self._core, row)
        if elsewhere.foreign(self._core, row.order.order_id) is not None:
            self._from_elsewhere(row, refusal, profile)
            return
        session_id, earlier = self._earlier(row)
        if earlier is not None and earlier.live:
            # Left open by a restart that found two of them.
            self._core.resume(session_id, earlier)
            self._recover()
        elif earlier is not None and earlier.state is State.PARKED:
            self._core.resume(session_id, earlier)
            self._take_up(row, refusal)
        elif earlier is not None and (earlier.state is State.COMPLETED or earlier.labelled):
            self._begin(row, refusal or "order.packed", profile)
        else:
            self._unheard(row, refusal or claims.refusal(self._core, row), profile)

    def _unheard(self, row: OrderRow, refusal: str, profile: str) -> None:
        """A new order, where the shop lets it be begun without the server, or it is there."""
        if refusal in {"order.at_bench", "order.unclaimed"}:
            bench = elsewhere.bench_of(self._core, row)
            self._core.refuse(refusal, code_kind="order", text=bench)
        else:
            self._begin(row, refusal, profile)

    def _from_elsewhere(self, row: OrderRow, refusal: str, profile: str) -> None:
        """Another bench has it: what it parked goes on here, anything else is refused by name."""
        core = self._core
        asked = elsewhere.parked_there(core, row)
        if asked is not None and not refusal:
            core.submit(asked)
            self._take_up(row, "")
        elif refusal in {"", "order.at_bench"}:
            core.refuse("order.at_bench", code_kind="order", text=elsewhere.bench_of(core, row))
        else:
            self._begin(row, refusal, profile)

    def _take_up(self, row: OrderRow, refusal: str) -> None:
        """A parked order that changed meanwhile stops at once."""
        core = self._core
        core.submit(i.ResumeAsked(rev=row.rev, refusal=refusal))
        session = core.session
        changed = session.digest not in {"", order_digest(row.order)}
        if session.live and changed and outranks("changed", session.hold_reason):
            found = changes_of(session, row.order)
            core.submit(i.HoldRaised(reason="changed", by="server", rev=row.rev, changes=found))
        self._look()

    def _begin(self, row: OrderRow, refusal: str, profile: str) -> None:
        core = self._core
        products, parcel = core.products_of(row.order), core.ids.new()
        core.submit(
            i.OpenOrder(
                order_id=row.order.order_id,
                rev=row.rev,
                lines=line_plans(row.order, products),
                parcel_id=parcel,
                tote=row.order.totes[0] if row.order.totes else "",
                allow_partial=row.order.allow_partial,
                digest=order_digest(row.order),
                prints=order_prints(row.order, parcel),
                refusal=refusal,
                profile=profile,
            )
        )
        troubles = kit_troubles(row.order, products)
        if troubles and core.session.live:
            # A kit whose parts nobody knows is never packed on a guess.
            note = "\n".join(f"kit.{one.why}:{one.kit}:{one.part}" for one in troubles[:3])
            core.submit(i.HoldRaised(reason="missing_data", by="rule", note=note))
        if not refusal:
            self._look()


def last_state(core: Core, order_id: str) -> str:
    """What became of an order, here or elsewhere: "", begun (or put aside) or packed."""
    work = elsewhere.foreign(core, order_id)
    if work is not None:
        return "packed" if work.state == PACKED else "begun"
    session_id = core.store.last_session(order_id)
    session = core.load(session_id) if session_id else None
    if session is None:
        return ""
    if session.live or session.state is State.PARKED:
        return "begun"
    return "packed" if session.state is State.COMPLETED or session.labelled else ""
