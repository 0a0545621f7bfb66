"""A film of each stay of an order on the bench: from the seconds before its first scan to its end.

Filming is switched by a supervisor and shown all the while. The recorder is a process of its own,
here is only said what to film. What goes wrong with it is named and recorded, and stops nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final, Protocol

from msgspec import Struct
from msgspec.structs import replace

from packstation.domain.evidence import EvidenceRules, keep_days, order_value
from packstation.domain.packing.evidence_facts import (
    EvidenceDropped,
    EvidenceSent,
    VideoKept,
    VideoMissed,
    VideoSwitched,
)
from packstation.domain.packing.facts import (
    Fact,
    LabelIssued,
    LabelVoided,
    ParcelOpened,
    SessionCancelled,
    SessionCompleted,
    SessionOpened,
    SessionParked,
    SessionReopened,
    SessionResumed,
)
from packstation.station.core import Core
from packstation.station.ports import DeviceState, Happening
from packstation.station.views import VerdictView, Words

_BEGINS: Final = (SessionOpened, SessionResumed, SessionReopened)
_ENDS: Final = (SessionCompleted, SessionCancelled, SessionParked)
_NAMES: Final = (LabelIssued, LabelVoided, ParcelOpened)
# Said to whoever packs, as often as it happens; what is only late or short stays in the record.
_SAID: Final = frozenset({"video.died", "video.stuck", "video.disk", "video.no_encoder"})


class Reel(Struct, frozen=True):
    """A film that is wanted: of what, by which camera, what is burnt in, how long it is kept."""

    token: str
    session: str
    parcel: str
    order: str
    camera: str
    words: str = ""
    keep_days: int = 0


class Take(Struct, frozen=True):
    """A film on the disk, and what had to go for it: (hash, whether the server has it)."""

    sha256: str
    bytes: int
    begun_ms: int
    length_ms: int
    frames: int
    lost: int = 0
    dropped: tuple[tuple[str, bool], ...] = ()


class FilmMade(Happening, frozen=True):
    """A film, or a part of one, is on the disk; or ``cause`` says why there is none."""

    reel: Reel
    take: Take | None = None
    cause: str = ""
    # Told once before, by a program that ended: its fact may be in the journal already.
    again: bool = False


class FilmStood(Happening, frozen=True):
    """The recorder is well, or ``cause`` says why it is not."""

    cause: str = ""


class EvidenceMoved(Happening, frozen=True):
    """A photo or film is on the server now; or, ``gone``, is let go here, ``why`` says for what.

    ``sent``: the server has it, else it is lost.
    """

    sha256: str
    gone: bool = False
    why: str = "age"
    sent: bool = True


class Filmer(Protocol):
    """The recorder; nothing here blocks."""

    def cameras(self) -> tuple[str, ...]:
        """Those of the bench, the one over the box first."""

    def switch(self, *, on: bool) -> None:
        """Start the recorder, or end it."""

    def begin(self, reel: Reel) -> None:
        """A film from now on, and of the seconds before."""

    def words(self, reel: Reel) -> None:
        """Its words have changed."""

    def end(self, reel: Reel) -> None:
        """It ends; `FilmMade` says what became of it."""

    def look(self) -> None:
        """Called a few times a second; a recorder that hangs is ended."""

    def recorded(self, done: FilmMade) -> None:
        """What became of it is in the journal; until then it is told again at each start."""


def no_moves(_: EvidenceMoved) -> None:
    """A bench without files."""


class Filming:
    """When a film begins and ends, and what comes of it."""

    def __init__(
        self,
        core: Core,
        filmer: Filmer,
        rules: EvidenceRules,
        settled: Callable[[EvidenceMoved], None] = no_moves,
    ) -> None:
        """``settled`` hears of a move that is in the journal; until then no file is moved."""
        self._core, self._filmer, self._rules = core, filmer, rules
        self._settled = settled
        self._on = False
        self._reel: Reel | None = None
        self._cause = ""
        self._away = ""

    def recover(self) -> None:
        """As it was switched last, else as the rules say."""
        self._on = self._rules.video is not None and self._rules.video.on
        switched = self._core.facts_of([VideoSwitched.__name__])
        self._on = [self._on, *(fact.on for fact in switched if isinstance(fact, VideoSwitched))][
            -1
        ]
        self._filmer.switch(on=self._on)
        if self._core.session.live:
            self._begin()

    def switched(self, by: str) -> None:
        """A supervisor has proven who he is: on becomes off, off on."""
        self._on = not self._on
        self._core.record(VideoSwitched(on=self._on, by=by))
        if not self._on:
            self._end()
        self._filmer.switch(on=self._on)
        if self._core.session.live:
            self._begin()
        self._say("ok", Words("video.on" if self._on else "video.off"))

    def told(self, facts: tuple[Fact, ...]) -> None:
        """The order's stay on the bench begins, gets its number, ends."""
        for fact in facts:
            if isinstance(fact, _BEGINS):
                self._begin()
            elif isinstance(fact, _NAMES) and self._reel is not None:
                self._reel = replace(self._reel, words=self._words())
                self._filmer.words(self._reel)
            elif isinstance(fact, _ENDS):
                self._end()

    def _begin(self) -> None:
        core, cameras = self._core, self._filmer.cameras()
        if not self._on or (self._reel and self._reel.session == core.session_id):
            return
        self._end()
        camera = cameras[0] if cameras else ""
        reel = Reel(
            token=core.ids.new(),
            session=core.session_id,
            parcel=core.session.parcel.id,
            order=core.session.order_id,
            camera=camera,
            words=self._words(),
            keep_days=self._days(),
        )
        self._away = ""
        if not camera:
            self.made(FilmMade(reel, cause="photo.no_camera"))
            return
        self._reel = reel
        self._filmer.begin(reel)

    def _end(self) -> None:
        reel, self._reel = self._reel, None
        if reel is not None:
            self._filmer.end(reel)

    def _words(self) -> str:
        """The waybill, as soon as there is one; before that the order."""
        session = self._core.session
        label = session.parcel.label
        return f"{label.waybill}  {session.order_id}" if label else session.order_id

    def _days(self) -> int:
        row = self._core.cache.order(self._core.session.order_id)
        if row is None:
            return keep_days(self._rules, None)
        paid = row.order.payment.total if row.order.payment else None
        lines = ((line.unit_price, line.quantity) for line in row.order.lines)
        return keep_days(self._rules, order_value(paid, lines))

    # --- what came of it --------------------------------------------------------------------

    def made(self, done: FilmMade) -> None:
        """Record it for its parcel, whatever lies on the bench by now."""
        reel, take = done.reel, done.take
        place = (reel.session, reel.parcel, reel.order)
        if take is None:
            self._core.attach(*place, VideoMissed(cause=done.cause, camera=reel.camera))
            if done.cause in _SAID:
                self._say("warn", Words("video.missed"), Words(done.cause))
            return
        if done.again and self._known(reel.order, take.sha256):
            self._filmer.recorded(done)
            return
        begun = datetime.fromtimestamp(take.begun_ms / 1000, UTC)
        kept = VideoKept(
            sha256=take.sha256,
            bytes=take.bytes,
            begun=f"{begun:%Y-%m-%dT%H:%M:%S}.{begun.microsecond // 1000:03}Z",
            seconds=round(take.length_ms / 1000),
            frames=take.frames,
            lost=take.lost,
            camera=reel.camera,
            keep_days=reel.keep_days,
        )
        gone = (EvidenceDropped(sha256=one, why="room", sent=sent) for one, sent in take.dropped)
        self._core.attach(*place, kept, *gone)
        self._filmer.recorded(done)
        if any(not sent for _, sent in take.dropped):
            self._say("warn", Words("video.lost"))

    def _known(self, order: str, sha256: str) -> bool:
        kinds = [VideoKept.__name__]
        return bool(self._core.store.events_about(kinds, "sha256", [sha256], since=order))

    def moved(self, told: EvidenceMoved) -> None:
        """Where a file is now, for its history."""
        if told.gone:
            self._core.record(EvidenceDropped(sha256=told.sha256, why=told.why, sent=told.sent))
        else:
            self._core.record(EvidenceSent(sha256=told.sha256))
        self._settled(told)
        if not told.sent:
            self._say("warn", Words("photo.lost"))

    def stood(self, told: FilmStood) -> None:
        """The recorder came up, or went down."""
        self._cause = told.cause

    def tick(self) -> None:
        """A recorder that hangs is ended; a camera that goes away leaves a hole that is named."""
        self._filmer.look()
        reel, away = self._reel, self._camera_cause()
        if reel is not None and away and not self._away:
            self.made(FilmMade(reel, cause=away))
        self._away = away if reel is not None else ""

    def _camera_cause(self) -> str:
        names = self._filmer.cameras()
        record = self._core.desk.devices.get(names[0]) if names else None
        if record is None or record.state is DeviceState.OK:
            return ""
        return record.cause or "photo.no_camera"

    def sign(self) -> str:
        """What the recording sign shows: "" off, "film", "wait" between orders, or "fault"."""
        if not self._on:
            return ""
        if self._cause or not self._filmer.cameras() or self._camera_cause():
            return "fault"
        return "film" if self._reel is not None else "wait"

    def _say(self, tone: str, words: Words, detail: Words | None = None) -> None:
        self._core.desk.verdict = VerdictView(tone, words, detail)


class NoFilmer:
    """A bench that cannot film."""

    def cameras(self) -> tuple[str, ...]:
        """None."""
        return ()

    def switch(self, *, on: bool) -> None:
        """Nothing to start."""

    def begin(self, reel: Reel) -> None:
        """Never asked: there is no camera."""

    def words(self, reel: Reel) -> None:
        """Never asked."""

    def end(self, reel: Reel) -> None:
        """Never asked."""

    def look(self) -> None:
        """Nothing hangs."""

    def recorded(self, done: FilmMade) -> None:
        """Never told: no film is made."""
