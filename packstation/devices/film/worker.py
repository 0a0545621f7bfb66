"""A recorder seen from the bench: pictures go to it, and nobody ever waits for it.

One thread takes the camera's newest picture a few times a second and writes it down the recorder's
pipe. Is the recorder slow, this thread waits in its write and takes the next picture then: what is
lost are pictures. Is it dead, it is started again, saves what it had written, and films on.
"""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from packstation.devices.camera.pixels import opencv
from packstation.devices.film import wire
from packstation.devices.film.wire import Film, Terms, Told

if TYPE_CHECKING:
    from packstation.devices.camera.pixels import Pixels

_LOG = logging.getLogger(__name__)

WIDEST: Final = 1280
DIED, STUCK, STARTING = "video.died", "video.stuck", "video.starting"
_NS: Final = 1_000_000_000

Newest = Callable[[], "tuple[Pixels, int] | None"]
"""The camera's newest whole picture and its monotonic nanoseconds; None where there is none."""


class FilmTiming(Struct, frozen=True):
    """Seconds: until a dead recorder is started again, at most, until one that hangs is ended."""

    first_pause_s: float = 0.5
    longest_pause_s: float = 60.0
    stuck_s: float = 5.0
    join_s: float = 5.0


class FilmWorker:
    """Begin and end films from any thread; all that comes of it is told from its own threads."""

    def __init__(
        self,
        newest: Newest,
        told: Callable[[Told], None],
        terms: Terms | None = None,
        timing: FilmTiming | None = None,
        command: Sequence[str] = (),
    ) -> None:
        """``command`` starts a recorder; its terms are added. ``told`` must not block."""
        self._newest, self._told = newest, told
        self._terms, self._timing = terms or Terms(), timing or FilmTiming()
        self._command = tuple(command) or recorder_command()
        self._orders: deque[tuple[bytes, Film]] = deque()
        self._wake, self._closing = threading.Event(), threading.Event()
        self._film: Film | None = None
        self._part = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._ready = threading.Event()
        self._cause = STARTING
        self._writing_ns = 0
        self._thread = threading.Thread(target=self._run, name="film", daemon=True)

    # --- from any thread ------------------------------------------------------------------

    def start(self) -> None:
        """Start the recorder; it comes up by itself."""
        self._thread.start()

    def begin(self, film: Film) -> None:
        """A film from now on, and from the seconds before; ``path`` without its suffix."""
        self._order(wire.BEGIN, film)

    def words(self, film: Film) -> None:
        """Other words are burnt in from now on."""
        self._order(wire.WORDS, film)

    def end(self, film: Film) -> None:
        """The film ends; what became of it is told."""
        self._order(wire.END, film)

    def salvage(self, film: Film) -> None:
        """A file that an end of the program has left behind."""
        self._order(wire.SALVAGE, film)

    def _order(self, kind: bytes, film: Film) -> None:
        self._orders.append((kind, film))
        self._wake.set()

    @property
    def cause(self) -> str:
        """Why nothing is filmed, "" where the recorder is well."""
        return self._cause

    @property
    def process_id(self) -> int:
        """The recorder's, 0 where there is none."""
        return self._process.pid if self._process is not None else 0

    def look(self) -> None:
        """Called a few times a second: a recorder that takes nothing any more is ended."""
        since, process = self._writing_ns, self._process
        late = since and time.monotonic_ns() - since > self._timing.stuck_s * _NS
        if late and process is not None:
            self._cause = STUCK
            process.kill()

    def leave(self) -> None:
        """End as `close` does, without being waited for."""
        self._closing.set()
        self._wake.set()

    def close(self) -> None:
        """End the film that is on, and the recorder; waits a few seconds at most."""
        self._closing.set()
        self._wake.set()
        self._thread.join(self._timing.join_s)
        if self._process is not None:
            self._process.kill()

    # --- the thread -----------------------------------------------------------------------

    def _run(self) -> None:
        pause = self._timing.first_pause_s
        while not self._closing.is_set():
            begun = time.monotonic()
            self._once()
            if self._closing.is_set():
                return
            if time.monotonic() - begun > self._timing.longest_pause_s:
                pause = self._timing.first_pause_s
            self._idle_until(time.monotonic() + pause)
            pause = min(2 * pause, self._timing.longest_pause_s)

    def _once(self) -> None:
        """One recorder, from its start to its end."""
        self._ready.clear()
        try:
            process = self._process = self._spawn()
        except OSError as exc:
            self._lost("video.no_recorder", str(exc))
            return
        assert process.stdin is not None  # noqa: S101 - both are pipes
        assert process.stdout is not None  # noqa: S101
        listener = threading.Thread(target=self._listen, args=(process.stdout,), daemon=True)
        listener.start()
        try:
            self._feed(process.stdin)
        except OSError:
            _LOG.warning("the recorder is gone")
        finally:
            self._writing_ns = 0
            self._end_process(process, listener)

    def _spawn(self) -> subprocess.Popen[bytes]:
        terms = msgspec.json.encode(self._terms).decode()
        quiet = getattr(subprocess, "CREATE_NO_WINDOW", 0)
        below = getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0)
        return subprocess.Popen(  # noqa: S603 - this very program
            [*self._command, terms],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            creationflags=quiet | below,
        )

    def _end_process(self, process: subprocess.Popen[bytes], listener: threading.Thread) -> None:
        """Its input ends: it finishes its film and goes, or is made to."""
        if process.stdin is not None:
            try:
                process.stdin.close()
            except OSError:
                _LOG.debug("its pipe was broken already")
        try:
            process.wait(self._timing.join_s)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        listener.join(self._timing.join_s)
        if process.stdout is not None:
            process.stdout.close()
        self._process = None
        if not self._closing.is_set():
            self._lost(self._cause or DIED)

    def _lost(self, cause: str, detail: str = "") -> None:
        """Without a recorder: said once a film, at its beginning or where it breaks off."""
        changed, self._cause = self._cause != cause, cause
        if self._film is not None:
            self._told(Told("missed", self._film.token, cause=cause))
        elif changed or cause == DIED:
            self._told(Told("trouble", cause=cause, detail=detail))

    def _feed(self, pipe: IO[bytes]) -> None:
        """Orders at once, pictures at their pace; OSError where the recorder is gone."""
        while not self._ready.wait(0.05):
            if self._closing.is_set() or (self._process and self._process.poll() is not None):
                return
        self._again(pipe)
        due, seen = time.monotonic(), 0
        while not self._closing.is_set():
            self._wake.clear()
            while self._orders:
                self._obey(pipe, *self._orders.popleft())
            if time.monotonic() >= due:
                due = max(due + 1 / self._terms.fps, time.monotonic())
                seen = self._picture(pipe, seen)
            if not self._wake.wait(max(0.0, due - time.monotonic())):
                continue

    def _idle_until(self, when: float) -> None:
        """No recorder for now: films that are wanted are missed, and say so."""
        later: list[tuple[bytes, Film]] = []
        while not self._closing.is_set() and (left := when - time.monotonic()) > 0:
            self._wake.wait(left)
            self._wake.clear()
            while self._orders:
                kind, film = self._orders.popleft()
                if kind == wire.SALVAGE:
                    later.append((kind, film))
                elif kind == wire.BEGIN:
                    self._told(Told("missed", film.token, cause=self._cause))
                self._keep(kind, film)
        self._orders.extendleft(reversed(later))

    def _keep(self, kind: bytes, film: Film) -> None:
        """Which film is wanted, and its words; a film that ended leaves its torn file behind."""
        if kind == wire.END and self._film is not None:
            torn = self._part_of(self._film)
            if self._process is None and Path(torn.path).exists():
                self._orders.append((wire.SALVAGE, torn))
        if kind in {wire.BEGIN, wire.END}:
            self._film, self._part = film if kind == wire.BEGIN else None, 0
        elif kind == wire.WORDS and self._film is not None:
            self._film = replace(self._film, words=film.words)

    def _again(self, pipe: IO[bytes]) -> None:
        """After a recorder that died: save what it wrote, and film on in another file."""
        if self._film is None:
            return
        torn = self._part_of(self._film)
        if Path(torn.path).exists():
            self._write(pipe, wire.say(wire.SALVAGE, torn))
        if any(kind == wire.END for kind, _ in self._orders):
            return
        self._part += 1
        self._write(pipe, wire.say(wire.BEGIN, self._part_of(self._film)))

    def _obey(self, pipe: IO[bytes], kind: bytes, film: Film) -> None:
        self._keep(kind, film)
        if kind == wire.BEGIN:
            film = self._part_of(film)
        self._write(pipe, wire.say(kind, film))

    def _part_of(self, film: Film) -> Film:
        return replace(film, path=f"{film.path}-{self._part}.mp4")

    def _picture(self, pipe: IO[bytes], seen: int) -> int:
        """Hand the newest on, once; its monotonic time."""
        newest = self._newest()
        if newest is None or newest[1] == seen:
            return seen
        pixels, mono_ns = newest
        i420, width, height = i420_of(pixels)
        ms = round(time.time() * 1000 - (time.monotonic_ns() - mono_ns) / 1e6)
        start = wire.PICTURE.pack(ms, width, height)
        head = wire.HEAD.pack(wire.FRAME, len(start) + i420.nbytes)
        self._write(pipe, head + start)
        self._write(pipe, i420.data.cast("B"))
        return mono_ns

    def _write(self, pipe: IO[bytes], data: bytes | memoryview) -> None:
        """All of it; a raw pipe may take a part only."""
        left = memoryview(data)
        self._writing_ns = time.monotonic_ns()
        while left:
            left = left[pipe.write(left) :]
        self._writing_ns = 0

    def _listen(self, pipe: IO[bytes]) -> None:
        """The recorder's lines, until it ends."""
        for line in iter(pipe.readline, b""):
            try:
                told = msgspec.json.decode(line, type=Told)
            except msgspec.DecodeError:
                _LOG.warning("the recorder said something else")
                continue
            if told.kind == "ready":
                self._cause = ""
                self._ready.set()
            elif told.kind == "trouble":
                self._cause = told.cause
            else:
                self._told(told)
                continue
            if told.kind == "ready" or self._film is None:
                self._told(told)


def recorder_command() -> tuple[str, ...]:
    """What starts a recorder; an installed program carries no interpreter and starts itself."""
    if getattr(sys, "frozen", False):
        return (sys.executable, "film-recorder")
    return (sys.executable, "-m", "packstation.devices.film")


def i420_of(pixels: Pixels) -> tuple[Pixels, int, int]:
    """A picture as I420, at most `WIDEST` wide, its width and height even."""
    import numpy as np

    cv = opencv()
    height, width = pixels.shape[:2]
    share = min(1.0, WIDEST / width)
    size = (int(width * share) & ~1, int(height * share) & ~1)
    if size != (width, height):
        pixels = cv.resize(pixels, size, interpolation=cv.INTER_AREA)
    if pixels.ndim == 2:
        pixels = cv.cvtColor(pixels, cv.COLOR_GRAY2BGR)
    return np.ascontiguousarray(cv.cvtColor(pixels, cv.COLOR_BGR2YUV_I420)), *size
