"""A photo of the open box before it is sealed: by rule, or asked for.

Taken when the parcel was weighed, for then the last item is in and the box stands still. The main
thread only asks: encoding and writing are done in the background and come back as `PhotoMade`. A
camera that is away, frozen or dark is named and stops no parcel, unless the rule says that it must.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

from msgspec import Struct

from packstation.domain.errors import DeviceFaulty
from packstation.domain.evidence import (
    EvidenceRules,
    PhotoRule,
    Subject,
    keep_days,
    order_value,
    photo_due,
)
from packstation.domain.packing import State
from packstation.domain.packing import inputs as i
from packstation.domain.packing.evidence_facts import EvidenceDropped, PhotoMissed, PhotoTaken
from packstation.domain.packing.facts import Fact, ParcelWeighed, SessionCompleted
from packstation.station.core import Core
from packstation.station.ports import DeviceState, Happening
from packstation.station.views import VerdictView, Words

ASKED: Final = "asked"
HOLD: Final = "photo"


class Shot(Struct, frozen=True):
    """A photo on the disk, and what had to go for it: (hash, whether the server has it)."""

    sha256: str
    bytes: int
    width: int
    height: int
    dropped: tuple[tuple[str, bool], ...] = ()


class Photographer(Protocol):
    """Cameras and the disk behind them."""

    def cameras(self) -> tuple[str, ...]:
        """Those of the bench, the one over the box first."""

    def shoot(self, camera: str, days: int) -> Shot:
        """Take, encode and keep the newest picture for so many days; blocking.

        Raises:
            DeviceFaulty: ``fault`` says why there is none.
        """


class About(Struct, frozen=True):
    """Which parcel a photo is of, and why."""

    session: str
    parcel: str
    order: str
    why: str
    must: bool = False
    days: int = 0


class PhotoMade(Happening, frozen=True):
    """A photo is on the disk, or ``cause`` says why it is not."""

    about: About
    camera: str
    shot: Shot | None = None
    cause: str = ""


class Photographing:
    """When a photo is due, and what comes of it."""

    def __init__(self, core: Core, photographer: Photographer, rules: EvidenceRules) -> None:
        self._core, self._photographer, self._rules = core, photographer, rules
        self._closed = 0

    def told(self, facts: tuple[Fact, ...]) -> None:
        """A parcel was weighed: a rule may want its photo."""
        for fact in facts:
            if isinstance(fact, SessionCompleted):
                self._closed += 1
            elif isinstance(fact, ParcelWeighed):
                rule = photo_due(self._rules, self._subject())
                if rule is not None:
                    self._take(rule)

    def asked(self, _: str) -> None:
        """The packer wants one."""
        if not self._core.session.live:
            self._core.refuse("photo.nothing", code_kind="command")
        else:
            self._take(PhotoRule(why=ASKED))

    def _subject(self) -> Subject:
        core = self._core
        row = core.cache.order(core.session.order_id)
        plans = [line.plan for line in core.session.lines]
        tracked = {name for name in ("serial", "lot") if any(getattr(p, name) for p in plans)}
        classes = frozenset(one for plan in plans for one in plan.classes)
        if row is None:
            return Subject(classes=classes | tracked, ordinal=self._closed + 1)
        paid = row.order.payment.total if row.order.payment else None
        lines = ((line.unit_price, line.quantity) for line in row.order.lines)
        return Subject(
            value=order_value(paid, lines),
            country=row.order.ship_to.country,
            classes=classes | tracked,
            ordinal=self._closed + 1,
        )

    def _take(self, rule: PhotoRule) -> None:
        core = self._core
        about = About(
            core.session_id,
            core.session.parcel.id,
            core.session.order_id,
            rule.why,
            rule.must,
            keep_days(self._rules, self._subject().value),
        )
        camera, cause = self._camera()
        if cause:
            self.made(PhotoMade(about, camera, cause=cause))
            return
        if rule.must:
            # No label before it is on the disk: released by `made`, a blink later.
            core.desk.photo_waits = True
            core.submit(i.HoldRaised(reason=HOLD, by="rule"))
        work = _shooting(self._photographer, about, camera)
        core.run(work, PhotoMade(about, camera, cause="photo.failed"))

    def _camera(self) -> tuple[str, str]:
        """The camera to use and "", or what is wrong with it."""
        names = self._photographer.cameras()
        if not names:
            return "", "photo.no_camera"
        record = self._core.desk.devices.get(names[0])
        if record is not None and record.state is not DeviceState.OK:
            return names[0], record.cause or "photo.no_camera"
        return names[0], ""

    # --- what came of it --------------------------------------------------------------------

    def made(self, done: PhotoMade) -> None:
        """Record it for its parcel, whatever lies on the bench by now; show it."""
        about, shot, core = done.about, done.shot, self._core
        core.desk.photo_waits = False
        place = (about.session, about.parcel, about.order)
        if shot is None:
            core.attach(
                *place,
                PhotoMissed(why=about.why, cause=done.cause, camera=done.camera, must=about.must),
            )
            self._missed(done)
            return
        taken = PhotoTaken(
            sha256=shot.sha256,
            bytes=shot.bytes,
            why=about.why,
            camera=done.camera,
            width=shot.width,
            height=shot.height,
        )
        gone = (EvidenceDropped(sha256=one, why="room", sent=sent) for one, sent in shot.dropped)
        core.attach(*place, taken, *gone)
        if core.desk.photo_missed[0] == about.parcel:
            core.desk.photo_missed = ("", "")
        lost = any(not sent for _, sent in shot.dropped)
        self._say("warn" if lost else "ok", Words("photo.lost" if lost else "photo.taken"))
        if self._held(about):
            core.submit(i.HoldReleased(cause=HOLD))

    def _missed(self, done: PhotoMade) -> None:
        core, about = self._core, done.about
        self._say("warn", Words("photo.missed"), Words(done.cause))
        core.desk.photo_missed = (about.parcel, done.cause)
        core.desk.earcon = "device_lost"
        same = core.session_id == about.session and core.session.live
        if about.must and same and not self._held(about):
            core.submit(i.HoldRaised(reason=HOLD, by="rule", note=done.cause))

    def _held(self, about: About) -> bool:
        session = self._core.session
        same = self._core.session_id == about.session
        return same and session.state is State.HELD and session.hold_reason == HOLD

    def _say(self, tone: str, words: Words, detail: Words | None = None) -> None:
        self._core.desk.verdict = VerdictView(tone, words, detail)


def _shooting(photographer: Photographer, about: About, camera: str) -> Callable[[], Happening]:
    def work() -> Happening:
        try:
            return PhotoMade(about, camera, photographer.shoot(camera, about.days))
        except DeviceFaulty as exc:
            return PhotoMade(about, camera, cause=str(exc.fields.get("fault", exc.key)))

    return work


class NoPhotographer:
    """A bench without cameras or a place for photos."""

    def cameras(self) -> tuple[str, ...]:
        """None."""
        return ()

    def shoot(self, camera: str, days: int) -> Shot:
        """There is none.

        Raises:
            DeviceFaulty: always.
        """
        raise DeviceFaulty(fault="photo.no_camera", device=camera, days=days)
