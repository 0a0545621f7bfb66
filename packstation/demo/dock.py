"""The end of the shift: what was packed goes to its carriers, bagged, weighed, signed for.

One list a service; the parcels go into a bag that is put on the scale, the list is counted, and a
driver signs on the pad. What a run that was killed has begun is gone on with.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct

from packstation.demo.eyes import Eyes
from packstation.demo.hands import Hands
from packstation.domain.handover import manifests as m
from packstation.domain.packing import Session
from packstation.station.handover_hand import SignatureDrawn
from packstation.station.handover_signing import DRIVER
from packstation.station.handover_units import KIND
from packstation.station.ports import (
    BenchControls,
    ChoiceMade,
    CommandGiven,
    Happening,
    TextEntered,
)
from packstation.station.views import Screen, StationView

log = logging.getLogger(__name__)

STEP_S: Final = 10.0
# A scale that is overloaded, or a bag that is off: it is tied as it is.
WEIGH_S: Final = 4.0
NAME: Final = "Wang Wei"
STROKES: Final = (
    tuple((1500 + n * 60, 2000 + n * n * 37 % 1700) for n in range(60)),
    ((5600, 1200), (6400, 2900), (7200, 1500)),
)


class Load(Struct, frozen=True):
    """What goes by one service: parcels with their grams, and the list that is begun, or ""."""

    carrier: str
    service: str
    parcels: Mapping[str, int]
    code: str = ""


def loads(sessions: Iterable[Session], lists: m.Manifests) -> tuple[Load, ...]:
    """Parcels with their labels on that no carrier has, by service."""
    gone = {name for one in lists.values() if one.state == m.SIGNED for name in one.loaded}
    begun = {(one.carrier, one.service): one.code for one in lists.values() if one.live}
    waits: dict[tuple[str, str], dict[str, int]] = {}
    for session in sessions:
        for parcel in session.parcels:
            label, by = parcel.label, parcel.service
            if parcel.applied and label and by and label.waybill not in gone:
                own = waits.setdefault((by.carrier, by.service), {})
                own[label.waybill] = parcel.gross_g or 0
    return tuple(
        Load(carrier, service, own, begun.get((carrier, service), ""))
        for (carrier, service), own in sorted(waits.items())
    )


def figures(lists: m.Manifests) -> Mapping[str, Any]:
    """What the summary says of the hand-over."""
    done = [one for one in lists.values() if one.state == m.SIGNED]
    return {
        "lists": len(done),
        "signed": sum(bool(one.signature) for one in done),
        "parcels": sum(len(one.loaded) for one in done),
        "bags": sum(len(one.units) for one in done),
        "weighed": sum(bool(unit.gross_g) for one in done for unit in one.units.values()),
        "services": sorted({f"{one.carrier}/{one.service}" for one in done}),
    }


class Dock(threading.Thread):
    """Hands over; ``failure`` tells why it gave up, "" when all went."""

    def __init__(
        self,
        bench: BenchControls,
        eyes: Eyes,
        say: Callable[[Happening], None],
        todo: Sequence[Load],
        badge: str,
    ) -> None:
        """``say`` is a key, a finger or a pen on the window; ``badge`` whose shift it is."""
        super().__init__(name="dock", daemon=True)
        self._hands, self._say, self._todo = Hands(bench, eyes), say, todo
        self._badge = badge
        self.failure = ""
        self.finished: Callable[[], None] = lambda: None

    def run(self) -> None:
        """Every service, one after the other."""
        try:
            for load in self._todo:
                self._hand_over(load)
        except Exception as exc:  # a thread that dies unheard would leave the window waiting
            log.exception("the dock gave up")
            self.failure = str(exc) or type(exc).__name__
        finally:
            self.finished()

    def _hand_over(self, load: Load) -> None:
        self._open(load)
        if self._step == "load":
            self._bagged(load)
            self._key("accept", "check")
        if self._step == "check":
            self._key("accept", "sign")
        self._until(lambda view: view.entry is not None and view.entry.kind == DRIVER, "driver")
        self._say(TextEntered(DRIVER, NAME))
        self._until(lambda view: view.entry is None, "named")
        self._say(SignatureDrawn(STROKES))
        self._until(lambda view: _step(view) == "done", "signed")
        self._key("accept", "")

    def _open(self, load: Load) -> None:
        """The list of the service, or a new one."""
        self._hands.bench.place(0)
        if self._hands.view.alert is not None:
            self._say(CommandGiven("accept"))
            self._until(lambda view: view.alert is None, "alert")
        if self._hands.view.screen is Screen.SIGN_IN:  # killed when all was packed
            self._hands.scan(f"%PB:{self._badge}")
            self._until(lambda view: view.screen is not Screen.SIGN_IN, "sign-in")
        if load.code:
            self._say(CommandGiven("handover", load.code))
        else:
            if self._hands.view.screen is not Screen.ROWS:
                self._hands.scan("%PS:handover")
            self._until(lambda view: view.screen is Screen.ROWS, "choice")
            self._say(ChoiceMade(0, f"new:{load.carrier}/{load.service}"))
        self._until(lambda view: view.screen is Screen.HANDOVER, "list")

    def _bagged(self, load: Load) -> None:
        """Every parcel into a bag, the bag onto the scale."""
        shown = self._hands.view.handover
        if shown is None or shown.unit is None:
            self._say(CommandGiven("bag"))
            self._until(lambda view: view.entry is not None and view.entry.kind == KIND, "bag")
            self._say(TextEntered(KIND, "bag"))
            self._until(lambda view: bool(view.handover and view.handover.unit), "open bag")
        for waybill in load.parcels:
            self._load(waybill)
        self._say(CommandGiven("close-bag"))
        self._until(lambda view: _step(view) == "weigh", "scale")
        self._hands.weigh(sum(load.parcels.values()))
        if not self._hands.until(lambda view: _step(view) == "load", WEIGH_S):
            self._key("accept", "load")
        self._hands.bench.place(0)

    def _load(self, waybill: str) -> None:
        shown = self._hands.scan(waybill)
        if shown.alert is None:
            return
        key = shown.alert.headline.key
        self._say(CommandGiven("accept"))
        self._until(lambda view: view.alert is None, key)
        if key != "handover.no.twice":  # a run that was killed had loaded it
            raise RuntimeError(f"{waybill}: {key}")

    # --- what the window shows --------------------------------------------------------------

    @property
    def _step(self) -> str:
        return _step(self._hands.view)

    def _key(self, command: str, step: str) -> None:
        """A key, and the step that it leads to."""
        self._say(CommandGiven(command))
        self._until(lambda view: _step(view) == step, step or "choice")

    def _until(self, seen: Callable[[StationView], bool], what: str) -> None:
        if not self._hands.until(seen, STEP_S):
            view = self._hands.view
            raise RuntimeError(f"hand-over: no {what} on {view.screen} {_step(view)}: {view.alert}")


def _step(view: StationView) -> str:
    shown = view.handover
    return shown.step if view.screen is Screen.HANDOVER and shown is not None else ""
