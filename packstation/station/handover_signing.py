"""The driver signs: a name, a line drawn on the screen, and the parcels are the carrier's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from msgspec.structs import replace

from packstation.domain.handover import parcels as p
from packstation.domain.handover import signature as s
from packstation.domain.packing import handover_facts as h
from packstation.domain.packing.facts import Fact
from packstation.station.core import BENCH_STREAM
from packstation.station.handover_hand import DONE, SIGN, Hand, Now, SignatureDrawn
from packstation.station.views import EntryView, Words

DRIVER: Final = "driver"
# A signature is kept as long as a transport document has to be (ten years).
KEEP_DAYS: Final = 3660


class Signing:
    """The last step of a list."""

    def __init__(self, hand: Hand, keep: Callable[[bytes, int], None]) -> None:
        """``keep`` stores a signature's file for so many days."""
        self._hand, self._keep = hand, keep

    def load_more(self) -> None:
        """A counted list takes parcels again."""
        self._hand.core.record(h.ManifestOpenedAgain(manifest=self._hand.current.id))
        self._hand.back_to_load()

    def ask(self) -> None:
        words = Words("handover.ask.driver")
        self._hand.core.desk.entry = EntryView(DRIVER, words, value=self._hand.now.driver)

    def drawn(self, told: SignatureDrawn) -> None:
        """Name and strokes make the signature; its file is kept before the fact is."""
        if not self._hand.open or self._hand.now.step != SIGN or self._stopped():
            return
        why = s.problem(self._hand.now.driver, told.strokes)
        if why:
            self._hand.go(replace(self._hand.now, problem=f"handover.sign.{why}"))
            self._hand.core.desk.earcon = "wrong_item"
            return
        one = self._hand.current
        signed = s.Signature(
            schema=s.SCHEMA,
            manifest=one.id,
            driver=self._hand.now.driver,
            at=self._hand.core.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
            count=len(one.loaded),
            wide=told.wide,
            high=told.high,
            strokes=told.strokes,
        )
        data = s.encode(signed)
        self._keep(data, KEEP_DAYS)
        self._hand.prints.signed[one.id] = signed
        self.signed(s.digest(data))

    def on_paper(self) -> None:
        """The driver signs the printed list."""
        if not self._stopped():
            self.signed("")

    def _stopped(self) -> bool:
        """Whether something must come off first: news may come while the driver looks for a pen."""
        stopped = bool(self._hand.extras())
        if stopped:
            self._hand.go(replace(self._hand.now, problem="handover.extras"))
            self._hand.core.desk.earcon = "wrong_item"
        return stopped

    def signed(self, signature: str) -> None:
        """From now on the parcels are the carrier's."""
        one, core = self._hand.current, self._hand.core
        known = self._hand.parcels.known
        signed = h.ManifestSigned(manifest=one.id, count=len(one.loaded), signature=signature)
        rows: list[tuple[str, str, Fact]] = [("", "", signed)]
        for waybill in one.loaded:
            due = known.get(waybill, p.Due(waybill=waybill))
            fact = h.ParcelTendered(manifest=one.id, waybill=waybill)
            rows.append((due.parcel, due.order_id, fact))
        core.attach_all(BENCH_STREAM, rows)
        self._hand.go(Now(DONE, one.id))
        self._hand.say("parcel_complete", "handover.signed", n=len(one.loaded))
        self.print()

    def named(self, name: str) -> None:
        """Who signs."""
        self._hand.go(replace(self._hand.now, driver=name.strip()[: s.LONGEST_NAME], problem=""))

    def print(self) -> None:
        """The list, with the signature where there is one."""
        self._hand.prints.manifest(self._hand.current)
