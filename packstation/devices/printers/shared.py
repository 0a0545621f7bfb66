"""A printer of this bench that others use too: one owner, one line, one job at a time.

The bytes of another bench's label stay with that bench until it is its turn, so they can be
taken back until then. From the turn on they are the owner's, who sends them once and tells
what became of them; a bench that was cut off may ask again (docs/decisions/021).
"""

from __future__ import annotations

import base64
import binascii
import logging
import socket
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Final, Protocol

from msgspec import Struct
from msgspec.structs import replace

from packstation.devices.health import Reporter
from packstation.devices.leaving import CLOSE_S, Leaver, joined
from packstation.devices.printers.share_wire import BEAT_S, Message, Wire, welcome
from packstation.devices.printers.turns import Ticket, Turns
from packstation.domain.errors import SettingsError
from packstation.station.ports import (
    DeviceHealth,
    DeviceState,
    Happening,
    Post,
    Printer,
    PrinterQueue,
    PrintJob,
    PrintProgress,
)

log = logging.getLogger(__name__)

ENDS: Final = frozenset({"printed", "failed", "uncertain"})
# How long a bench whose turn it is may take to hand its label over.
HAND_OVER_S: Final = 5.0
_REMEMBERED: Final = 500
# How long a guest may take to hear the end of its job when the owner ends.
LAST_WORD_S: Final = 1.0


class LeavingPrinter(Printer, Leaver, Protocol):
    """A printer of ours, which ends in two steps."""


class ShareConfig(Struct, frozen=True):
    """Where the owner listens, who may come, and the key they share.

    ``lies``: language and stock, by which both sides must go. ``one_way``: the printer tells
    nothing, so a job ends when its bytes are taken.
    """

    bench: str
    host: str
    port: int
    benches: tuple[str, ...]
    key: bytes
    lies: str = "zpl"
    one_way: bool = False


class SharedPrinter:
    """`packstation.station.ports.Printer` of the owner, and the door for the other benches."""

    def __init__(
        self,
        config: ShareConfig,
        reporter: Reporter,
        make: Callable[[], LeavingPrinter],
    ) -> None:
        """``make`` starts the printer's own worker, whose ``reporter`` we hear first.

        Raises SettingsError where the door's port cannot be had.
        """
        self._config, self._device = config, reporter.device
        self._guard = threading.RLock()
        self._turns = Turns()
        self._wires: dict[str, Wire] = {}
        self._ends: dict[tuple[str, str], PrintProgress] = {}
        self._taken: dict[tuple[str, str], str] = {}
        self._health: DeviceHealth | None = None
        self._called_at = 0.0
        self._shown: tuple[tuple[str, int], ...] = ()
        self._closing = threading.Event()
        self._listener = _listener(config)
        self._post: Post = reporter.take_over(self._hear)
        self._inner = make()
        # Whoever came in by the door: its thread, and the connection before it is a wire.
        self._guests: dict[threading.Thread, socket.socket] = {}
        self._door = threading.Thread(target=self._serve, name=f"share-{self._device}", daemon=True)
        self._door.start()

    @property
    def port(self) -> int:
        """The port that is listened on."""
        return int(self._listener.getsockname()[1])

    # --- this bench ---------------------------------------------------------------------

    def retry_now(self) -> None:
        """The port of the printer may be back."""
        retry = getattr(self._inner, "retry_now", None)
        if retry is not None:
            retry()

    def submit(self, job: PrintJob) -> None:
        self._post(PrintProgress(job.job, job.document, "spooled", self._device))
        with self._guard:
            self._turns.join(Ticket(self._config.bench, job.job, job))
            self._give_up(self._config.bench, doubtful=job.doubtful)
            self._advance()

    def withdraw(self, job: str) -> bool:
        """Take a job back of which no byte has left; False where it is too late."""
        with self._guard:
            current = self._turns.current
            if current is not None and current.made is not None and current.job == job:
                if not self._inner.withdraw(job):
                    return False
                self._turns.current = None
                self._advance()
                return True
            found = self._turns.leave(self._config.bench, job)
            self._tell_queues()
            return found

    def came_out(self, job: str) -> bool | None:
        return self._inner.came_out(job)

    def end(self) -> None:
        """Let it end: nobody is called or let in any more, and the door's port is free."""
        self._closing.set()
        self._inner.end()
        try:
            # It wakes whoever waits in it; the number it had is given back by the door itself.
            self._listener.shutdown(socket.SHUT_RDWR)
        except OSError:  # Windows
            self._listener.close()

    def join(self, timeout: float) -> bool:
        """Wait, seconds, until the printer is given back and every guest has been told and left."""
        until = time.monotonic() + timeout
        gone = self._inner.join(timeout)
        self._hang_up()
        with self._guard:
            guests = tuple(self._guests)
        ended = [joined(one, until - time.monotonic()) for one in (self._door, *guests)]
        return gone and all(ended)

    def _hang_up(self) -> None:
        """What was said last goes out before the wires end; who has not greeted yet is cut off.

        Another bench's label of which no byte has left is its own again.
        """
        with self._guard:
            current = self._turns.current
            if current is not None and current.made is None and self._take_back(current):
                self._turns.current = None
            wires, plugs = tuple(self._wires.values()), tuple(self._guests.values())
        for wire in wires:
            wire.finish()
        for plug in plugs:
            with suppress(OSError):
                plug.shutdown(socket.SHUT_RD)

    def close(self) -> None:
        """A job under way becomes uncertain, here and at whoever sent it."""
        self.end()
        self.join(CLOSE_S)

    # --- whose turn it is ---------------------------------------------------------------

    def _advance(self) -> None:
        """Call the next one; another bench only while the printer is well."""
        if self._closing.is_set():
            return  # a label that is handed over now would be lost
        while self._turns.current is None and (head := self._turns.head) is not None:
            if head.made is None and not self._well:
                break
            self._turns.call()
            if head.made is not None:
                self._inner.submit(head.made)
                continue
            self._called_at = time.monotonic()
            self._send(head.bench, go=head.job)
        self._tell_queues()

    @property
    def _well(self) -> bool:
        return self._health is not None and self._health.state is DeviceState.OK

    def _tell_queues(self) -> None:
        own = self._turns.before(self._config.bench)
        if own != self._shown:
            self._shown = own
            self._post(PrinterQueue(self._device, own))
        for bench in tuple(self._wires):
            self._send(bench, queue=self._turns.before(bench))

    def _hear(self, happening: Happening) -> None:
        """What the worker says: of our own jobs to the station, of others' to their bench."""
        with self._guard:
            if isinstance(happening, PrintProgress):
                self._progress(happening)
                return
            if isinstance(happening, DeviceHealth):
                self._health = happening
                for bench in tuple(self._wires):
                    self._send_health(bench)
                self._post(happening)
                self._advance()
                return
        self._post(happening)

    def _progress(self, said: PrintProgress) -> None:
        current = self._turns.current
        if current is None or said.outcome == "spooled":
            return
        ended = said.outcome in ENDS or (self._config.one_way and said.outcome == "accepted")
        if current.made is not None:
            self._post(said)
        else:
            said = replace(said, job=current.job)
            if said.outcome in ENDS:
                self._remember(current, said)
            self._send_progress(current.bench, said)
        if ended:
            self._turns.current = None
            self._advance()

    def _remember(self, ticket: Ticket, said: PrintProgress) -> None:
        while len(self._ends) >= _REMEMBERED:
            self._ends.pop(next(iter(self._ends)))
        self._ends[ticket.bench, ticket.job] = said

    # --- other benches ------------------------------------------------------------------

    def _serve(self) -> None:
        with self._listener:
            while not self._closing.is_set():
                self._hurry()
                try:
                    plug, _ = self._listener.accept()
                except TimeoutError:
                    continue
                except OSError:
                    return
                self._let_in(plug)

    def _let_in(self, plug: socket.socket) -> None:
        name = f"guest-{self._device}"
        guest = threading.Thread(target=self._guest, args=(plug,), name=name, daemon=True)
        with self._guard:
            if self._closing.is_set():
                plug.close()
                return
            self._guests[guest] = plug
            guest.start()

    def _hurry(self) -> None:
        """Beat to all; whoever was called and hands nothing over loses its turn."""
        with self._guard:
            for bench in tuple(self._wires):
                self._send(bench, beat=1)
            current = self._turns.current
            if current is None or current.made is not None:
                return
            late = time.monotonic() - self._called_at > HAND_OVER_S
            if late and (current.bench, current.job) not in self._taken:
                self._drop(current.bench)

    def _guest(self, plug: socket.socket) -> None:
        try:
            self._receive(plug)
        finally:
            with self._guard:
                self._guests.pop(threading.current_thread(), None)

    def _receive(self, plug: socket.socket) -> None:
        try:
            config = self._config
            wire, bench = welcome(plug, config.key, config.benches, config.lies)
        except OSError as exc:
            log.warning("a guest of %s was turned away: %s", self._device, exc)
            plug.close()
            return
        self._enter(bench, wire)
        try:
            # Until it leaves or is hung up on: an owner that ends has a last word for it.
            while True:
                self._take(bench, wire.receive())
        except (OSError, KeyError, TypeError, ValueError) as exc:
            log.info("bench %s left printer %s: %s", bench, self._device, type(exc).__name__)
        finally:
            if self._closing.is_set():
                wire.finish()
                wire.join(LAST_WORD_S)
            wire.close()
            wire.join(LAST_WORD_S)
            with self._guard:
                if self._wires.get(bench) is wire:
                    self._drop(bench)

    def _enter(self, bench: str, wire: Wire) -> None:
        with self._guard:
            if bench in self._wires:
                self._drop(bench)
            self._wires[bench] = wire
            self._send_health(bench)
            self._send(bench, queue=self._turns.before(bench))

    def _drop(self, bench: str) -> None:
        """A bench is gone; what it has handed over goes on, what it has not is not ours."""
        wire = self._wires.pop(bench, None)
        if wire is not None:
            wire.close()
        self._turns.forget(bench)
        current = self._turns.current
        if current is not None and current.bench == bench and self._take_back(current):
            self._turns.current = None
        self._advance()

    def _take_back(self, current: Ticket) -> bool:
        """Whether nothing of another bench's job has gone to the printer, and nothing will."""
        mark = (current.bench, current.job)
        if mark not in self._taken:
            return True
        if current.made is not None or not self._inner.withdraw(f"{current.bench}:{current.job}"):
            return False
        cause = "printer.given_back"
        said = PrintProgress(current.job, self._taken[mark], "failed", self._device, cause)
        self._remember(current, said)
        self._send_progress(current.bench, said)
        return True

    def _take(self, bench: str, message: Message) -> None:
        with self._guard:
            match message:
                case {"want": str(job)}:
                    self._turns.join(Ticket(bench, job))
                    self._give_up(bench, doubtful=message.get("doubtful") is True)
                    self._advance()
                case {"drop": str(job)}:
                    self._left(bench, job)
                case {"job": str(job)}:
                    self._print(bench, job, message)
                case {"ask": str(job)}:
                    self._ask(bench, job)

    def _give_up(self, bench: str, *, doubtful: bool) -> None:
        """Its copy waits for what the bench has at the printer: that need not come out."""
        current = self._turns.current
        abandon = getattr(self._inner, "abandon", None)
        if not doubtful or current is None or current.bench != bench or abandon is None:
            return
        abandon(current.job if current.made is not None else f"{bench}:{current.job}")

    def _left(self, bench: str, job: str) -> None:
        current = self._turns.current
        called = current is not None and (current.bench, current.job) == (bench, job)
        if called and current is not None and self._take_back(current):
            self._turns.current = None
        self._turns.leave(bench, job)
        self._advance()

    def _print(self, bench: str, job: str, message: Message) -> None:
        """A label of another bench, once, and only in its turn."""
        current = self._turns.current
        mine = current is not None and (current.bench, current.job) == (bench, job)
        if not mine or (bench, job) in self._taken:
            log.warning("bench %s sent a job out of turn", bench)
            return
        if self._closing.is_set():
            cause = "printer.given_back"
            document = str(message.get("document", ""))
            self._send(bench, progress=[job, document, "failed", cause])
            return
        try:
            made = _job_of(job, message, self._config.lies)
        except (KeyError, ValueError, TypeError, binascii.Error):
            self._left(bench, job)
            self._send(bench, progress=[job, str(message.get("document", "")), "failed", ""])
            return
        while len(self._taken) >= _REMEMBERED:
            self._taken.pop(next(iter(self._taken)))
        self._taken[bench, job] = made.document
        self._inner.submit(replace(made, job=f"{bench}:{job}"))

    def _ask(self, bench: str, job: str) -> None:
        end = self._ends.get((bench, job))
        if end is not None:
            self._send_progress(bench, end)

    def _send_health(self, bench: str) -> None:
        health = self._health
        if health is not None:
            self._send(bench, health=[health.state.value, health.cause])

    def _send_progress(self, bench: str, said: PrintProgress) -> None:
        self._send(bench, progress=[said.job, said.document, said.outcome, said.cause])

    def _send(self, bench: str, **message: object) -> None:
        wire = self._wires.get(bench)
        if wire is not None:
            with suppress(OSError):  # its own thread notices
                wire.send(**message)


def _listener(config: ShareConfig) -> socket.socket:
    try:
        listener = socket.create_server((config.host, config.port))
    except OSError as exc:
        where = f"{config.host}:{config.port}"
        allowed = f"a port that is free here ({exc.strerror})"
        raise SettingsError(name="share_port", value=where, allowed=allowed) from exc
    listener.settimeout(BEAT_S)
    return listener


def message_of(job: PrintJob) -> Mapping[str, object]:
    """A job on the wire."""
    return {
        "job": job.job,
        "document": job.document,
        "media": job.media,
        "labels": job.labels,
        "doubtful": job.doubtful,
        "payload": base64.b64encode(job.payload).decode("ascii"),
    }


def _job_of(job: str, message: Message, lies: str) -> PrintJob:
    payload = base64.b64decode(message["payload"], validate=True)
    document, media = str(message["document"]), str(message["media"])
    if not payload or media != lies.partition(" ")[0]:
        raise ValueError("nothing to print here")
    labels, doubtful = int(message["labels"]), bool(message.get("doubtful", False))
    return PrintJob(job, document, payload, media, labels=labels, doubtful=doubtful)
