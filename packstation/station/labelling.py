"""The label of a parcel: a number of the pool at once, else asked of the server by its key.

Bought once, right after the request was committed. Whatever is not known after that (a
timeout, a crash, a restart) is asked for by key, never bought again.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Final

from packstation.domain.errors import LabelRefused, PackstationError
from packstation.domain.packing import inputs as i
from packstation.domain.packing.facts import (
    Fact,
    LabelRequested,
    LabelVoidRequested,
    NumberUsed,
    NumberVoided,
)
from packstation.domain.packing.session import Label, Parcel
from packstation.station.checkpoint import Checkpoint
from packstation.station.core import Core
from packstation.station.desk import ServiceProfile
from packstation.station.ports import Happening, LabelSource

log = logging.getLogger(__name__)

Work = Callable[[], Happening]

# How often an unresolved label or void is asked about.
ASK_AGAIN_S: Final = 5
_OPEN: Final = frozenset({"requested", "unresolved"})


def carried_blob(core: Core, parcel: Parcel) -> str:
    """The hash of the label that the carrier made, where its service prints that; else ""."""
    service = parcel.service
    profile = core.profile(service.carrier, service.service) if service else None
    return parcel.label.blob if parcel.label and profile and profile.carried else ""


def _contents(parcel: Parcel) -> list[dict[str, object]]:
    """Units by SKU; ``each``: what was captured of single ones (serial, marks, declarations)."""
    inside: Counter[str] = Counter()
    each: dict[str, list[dict[str, str]]] = {}
    for one in parcel.contents:
        inside[one.sku] += one.units
        borne = {given.kind: given.value for given in one.given if given.status != "refused"}
        borne |= {"serial": one.serial} if one.serial else {}
        if borne:
            each.setdefault(one.sku, []).extend([borne] * one.units)
    return [
        {"sku": sku, "units": units, **({"each": each[sku]} if sku in each else {})}
        for sku, units in inside.items()
    ]


class LabelReplied(Happening, frozen=True):
    """The server's answer about a label; ``outcome`` as in LabelAnswered."""

    key: str
    outcome: str
    waybill: str = ""
    blob: str = ""
    source: str = "carrier"
    reason: str = ""
    detail: str = ""


class VoidReplied(Happening, frozen=True):
    """The server's answer to a void; ``outcome`` as in VoidAnswered."""

    key: str
    outcome: str
    reason: str = ""


class Labelling:
    """Asks for labels, for what became of them, and for their voids."""

    def __init__(self, core: Core, labels: LabelSource) -> None:
        self._core = core
        self._labels = labels
        # Keys of calls under way; "void:<key>" of voids.
        self._asking: set[str] = set()
        self._asked_ns = core.clock.mono_ns()
        self.checkpoint = Checkpoint(core, labels, self._make)

    @property
    def _label(self) -> Label | None:
        session = self._core.session
        return session.parcel.label if session.parcels else None

    def told(self, facts: tuple[Fact, ...]) -> None:
        """Only a request that was just committed buys; only one for a void asks for it."""
        for fact in facts:
            if isinstance(fact, LabelRequested):
                self._ask(fact.key)
            elif isinstance(fact, LabelVoidRequested):
                self._ask_void(fact.key)

    def settle(self) -> None:
        """After a restart, and every few seconds: what is open is asked for by its key."""
        label = self._label
        if label is None:
            return
        under_way = self._asking | {self.checkpoint.asking}
        if label.status == "requested" and label.key not in under_way:
            self._settle_request(label.key)
        elif label.status == "unresolved":
            self._find(label.key)
        elif label.status == "voiding":
            self._ask_void(label.key)

    def _settle_request(self, key: str) -> None:
        """A pooled number is burned in the commit of its issue, so this one still is to be."""
        if self._pooled() is not None:
            self._ask(key)
            return
        self._core.submit(i.LabelAnswered(key=key, outcome="unknown", reason="restart"))
        self._find(key)

    def ask_again(self) -> None:
        """Every few seconds: what is still open is asked for by its key, never done again."""
        now = self._core.clock.mono_ns()
        if self._label is not None and now - self._asked_ns >= ASK_AGAIN_S * 1_000_000_000:
            self._asked_ns = now
            self.settle()

    # --- asking -------------------------------------------------------------------------

    def _ask(self, key: str) -> None:
        self.checkpoint.ask(key)

    def _make(self, key: str) -> None:
        core, profile = self._core, self._pooled()
        if profile is None:
            request = self._request(core.session.parcel)
            self._run(key, LabelReplied(key, "unknown"), lambda: self._issue(key, request))
            return
        used = self._number(profile, key)
        if used is None:
            core.submit(i.LabelAnswered(key=key, outcome="refused", reason="numbers"))
            return
        core.submit(
            i.LabelAnswered(
                key=key,
                outcome="issued",
                waybill=used.number,
                used_before=self._used_before(used.number),
            ),
            along=used,
        )

    def next_number(self, profile: ServiceProfile) -> str:
        """The number that the next label of a service gets, not taken yet; "" where none is known.

        One that another parcel has is passed over (reference: customs, section 3, R40).
        """
        used = self._number(profile, "") if profile.numbers == "pool" else None
        return used.number if used is not None else ""

    def _number(self, profile: ServiceProfile, key: str) -> NumberUsed | None:
        core = self._core
        return core.pool.take(
            profile.carrier, profile.service, key, core.today(), self._used_before
        )

    def _run(self, call: str, lost: Happening, work: Work) -> None:
        """One call of a kind at a time: a slow server must not fill the pool of workers."""
        if call not in self._asking:
            self._asking.add(call)
            self._core.run(work, lost)

    def _pooled(self) -> ServiceProfile | None:
        """The parcel's service where its numbers are leased ahead."""
        service = self._core.session.parcel.service
        profile = self._core.profile(service.carrier, service.service) if service else None
        return profile if profile is not None and profile.numbers == "pool" else None

    def _request(self, parcel: Parcel) -> Mapping[str, object]:
        service, session = parcel.service, self._core.session
        return {
            "order": session.order_id,
            "rev": session.rev,
            "parcel": parcel.id,
            "carrier": service.carrier if service else "",
            "service": service.service if service else "",
            "gross_g": parcel.gross_g,
            "size_mm": list(parcel.size_mm),
            "details": self._details(parcel),
        }

    def _details(self, parcel: Parcel) -> Mapping[str, object]:
        """What lies inside, and the stock that a label from elsewhere must fit."""
        contents = _contents(parcel)
        printer = self._core.desk.printing.target("label")
        if printer is None:
            return {"contents": contents}
        stock = printer.stock
        wanted = {"width_mm": stock.width_mm, "height_mm": stock.height_mm, "dpi": stock.dpi}
        return {"contents": contents, "wanted": wanted}

    def _issue(self, key: str, request: Mapping[str, object]) -> LabelReplied:
        try:
            waybill, blob = self._labels.issue(key, request)
        except LabelRefused as exc:
            return LabelReplied(key, "refused", reason=str(exc.fields.get("reason", "")))
        except PackstationError as exc:
            return LabelReplied(key, "unknown", reason=exc.key)
        return LabelReplied(key, "issued", waybill, blob)

    def _find(self, key: str) -> None:
        self._run(key, LabelReplied(key, "unknown"), lambda: self._found(key))

    def _found(self, key: str) -> LabelReplied:
        try:
            found = self._labels.find(key)
        except PackstationError as exc:
            return LabelReplied(key, "unknown", reason=exc.key)
        if found is None:
            return LabelReplied(key, "never_bought")
        return LabelReplied(key, "issued", found[0], found[1], source="found")

    def _ask_void(self, key: str) -> None:
        if self._pooled() is not None:
            self.void_replied(VoidReplied(key, "voided"))
        else:
            self._run(f"void:{key}", VoidReplied(key, "unknown"), lambda: self._void(key))

    def _void(self, key: str) -> VoidReplied:
        try:
            self._labels.void(key)
        except LabelRefused as exc:
            return VoidReplied(key, "refused", str(exc.fields.get("reason", "")))
        except PackstationError as exc:
            return VoidReplied(key, "unknown", exc.key)
        return VoidReplied(key, "voided")

    # --- answers ------------------------------------------------------------------------

    def replied(self, reply: LabelReplied) -> None:
        """The server answered about a label; one that nobody waits for any more is let pass."""
        self._asking.discard(reply.key)
        label = self._label
        if label is None or label.key != reply.key or label.status not in _OPEN:
            log.warning("label %s: nobody waits for %r", reply.key, reply.outcome)
            return
        self._core.submit(
            i.LabelAnswered(
                key=reply.key,
                outcome=reply.outcome,
                waybill=reply.waybill,
                source=reply.source,
                blob=reply.blob,
                reason=reply.reason,
                detail=reply.detail,
                used_before=bool(reply.waybill) and self._used_before(reply.waybill),
            )
        )

    def _used_before(self, waybill: str) -> bool:
        """Whether a number is another parcel's: burned from the pool, or of an order here."""
        core, session = self._core, self._core.session
        closed = [parcel.label.waybill for parcel in session.parcels[:-1] if parcel.label]
        rows = core.cache.orders_of_code(waybill)
        others = any(row.order.order_id != session.order_id for row in rows)
        return core.pool.used(waybill) or waybill in closed or others

    def void_replied(self, reply: VoidReplied) -> None:
        """The carrier answered a void; a pooled number is void with it, for good."""
        core, label = self._core, self._label
        self._asking.discard(f"void:{reply.key}")
        if label is None or label.key != reply.key or label.status != "voiding":
            log.warning("void %s: nobody waits for %r", reply.key, reply.outcome)
            return
        number = core.pool.found(reply.key)
        lease = core.pool.lease_of(number)
        core.submit(
            i.VoidAnswered(key=reply.key, outcome=reply.outcome, reason=reply.reason),
            along=NumberVoided(lease=lease, number=number, key=reply.key) if number else None,
        )
