"""The server's side of a worker: started when first needed, killed when overdue, started anew.

A worker carries out one order at a time, and whoever waits for it waits within the deadline.
Its environment is bare: no settings of the server, an empty folder to work in (karrio imports
what lies in ``./plugins``), its accounts through the pipe only.
"""

from __future__ import annotations

import logging
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct, field

import packstation
from packstation.carriers.live.worker import PROTOCOL

_LOG = logging.getLogger(__name__)
START_S: Final = 20.0  # a cold start of karrio takes 0.4 to 4 s
_ITS_SHARE: Final = 0.8
_PASSED_ON: Final = ("PATH", "LANG", "SYSTEMROOT", "HTTPS_PROXY", "https_proxy", "NO_PROXY")
# The worker is of the server's own version, but nothing else of the server's Python is seen by it.
# Where this program is no folder of files (an installer's), karrio's Python must have it itself.
_BOOT: Final = """
import importlib.util, os, runpy, sys
folder = sys.argv.pop()
if os.path.isfile(os.path.join(folder, "__init__.py")):
    spec = importlib.util.spec_from_file_location(
        "packstation", os.path.join(folder, "__init__.py"), submodule_search_locations=[folder]
    )
    sys.modules["packstation"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sys.modules["packstation"])
runpy.run_module("packstation.carriers.live.worker", run_name="__main__")
"""

Lines = queue.Queue["_Line | None"]


class Sent(Struct, frozen=True):
    """A request as the worker tells of it; ``status`` of HTTP, or why there is none (outgoing)."""

    method: str
    host: str
    path: str
    status: int = 0


class Said(Struct, frozen=True):
    """A message of karrio: the carrier's own code and words."""

    code: str | None = None
    message: Any = None
    level: str | None = None
    details: Any = None


class Answer(Struct, frozen=True, kw_only=True):
    """What an order came to.

    ``sent``: a request that may buy left this machine (or may have); without it nothing was
    bought. ``error`` is why there is no ``result``: the worker's words, or ``overdue``, ``died``,
    ``not_started``, ``busy``.
    """

    ok: bool = False
    error: str = ""
    result: msgspec.Raw = msgspec.Raw(b"null")
    messages: tuple[Said, ...] = ()
    calls: tuple[Sent, ...] = ()
    sent: bool = False


class _Hello(Struct, frozen=True):
    protocol: int
    karrio: str
    python: str


class _Line(Struct, frozen=True):
    """Any line of the worker's."""

    id: int = 0
    hello: _Hello | None = None
    send: Sent | None = None
    ok: bool | None = None
    error: str = ""
    result: msgspec.Raw = field(default_factory=lambda: msgspec.Raw(b"null"))
    messages: tuple[Said, ...] = ()
    calls: tuple[Sent, ...] = ()


class Process:
    """One worker, by the Python that has karrio; ``python`` "" is this one."""

    def __init__(self, python: str = "", *, paths: Sequence[str] = ()) -> None:
        """``paths`` are looked through first for modules (tests put theirs there)."""
        self._python = python or sys.executable
        self._paths = tuple(paths)
        self._turn = threading.Lock()
        self._child: subprocess.Popen[str] | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._lines: Lines = queue.Queue()
        self._count = 0
        self.karrio = ""
        self.started = 0  # how many workers there have been

    @property
    def pid(self) -> int | None:
        """The worker's process id; None where none runs."""
        child = self._child
        return child.pid if child is not None and child.poll() is None else None

    def order(
        self,
        verb: str,
        carrier: str,
        *,
        settings: Mapping[str, Any],
        payload: Mapping[str, Any],
        deadline_s: float,
        before_sending: Callable[[], bool] = lambda: True,
        detours: Mapping[str, str] | None = None,
    ) -> Answer:
        """Carry out an order, or end the worker at the deadline.

        ``before_sending`` is asked before the first request that may buy leaves; what it writes
        down is on disk before the carrier hears anything.
        """
        until = time.monotonic() + deadline_s
        if not self._turn.acquire(timeout=deadline_s):
            return Answer(error="busy")
        try:
            failed = self._ready(until)
            if failed:
                return Answer(error=failed)
            self._count += 1
            # A little less than we wait, so that a carrier's silence does not cost the worker.
            left = max((until - time.monotonic()) * _ITS_SHARE, 0.05)
            self._write(
                id=self._count,
                verb=verb,
                carrier=carrier,
                settings=dict(settings),
                payload=dict(payload),
                deadline_s=left,
                detours=dict(detours or {}),
            )
            return self._answer(until, before_sending)
        except BaseException:
            # It waits for a word that nobody will say.
            self.close()
            raise
        finally:
            self._turn.release()

    def close(self) -> None:
        """End the worker, whatever it is doing."""
        child, self._child = self._child, None
        folder, self._folder = self._folder, None
        if child is not None:
            child.kill()
            child.wait()
            for pipe in (child.stdin, child.stdout):
                if pipe is not None:
                    _closed(pipe.close)
        if folder is not None:
            folder.cleanup()

    def _ready(self, until: float) -> str:
        """Why there is no worker; "" where there is one."""
        if self.pid is not None:
            return ""
        self.close()
        try:
            self._start()
        except OSError as exc:
            _LOG.warning("worker not started: %s", exc)
            self.close()
            return "not_started"
        line = self._next(min(until, time.monotonic() + START_S))
        if line is None or line.hello is None or line.hello.protocol != PROTOCOL:
            self.close()
            return "not_started"
        self.karrio = line.hello.karrio
        return ""

    def _start(self) -> None:
        folder = str(Path(packstation.__file__).parent)
        environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        environment |= {"PYTHONPATH": os.pathsep.join(self._paths), "KARRIO_LOG_LEVEL": "CRITICAL"}
        self._folder = tempfile.TemporaryDirectory(prefix="packstation-worker-")
        self._child = subprocess.Popen(  # noqa: S603 - a Python of the server's own settings
            [self._python, "-c", _BOOT, folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # Whatever libraries print is thrown away: it may hold a buyer's address.
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            cwd=self._folder.name,
            env=environment,
        )
        self.started += 1
        self._lines = queue.Queue()
        arguments = (self._child, self._lines)
        threading.Thread(target=_read, args=arguments, daemon=True).start()

    def _answer(self, until: float, before_sending: Callable[[], bool]) -> Answer:
        sent = False
        while True:
            line = self._next(until)
            if line is None:
                error = "died" if time.monotonic() < until else "overdue"
                self.close()
                return Answer(error=error, sent=sent)
            if line.id != self._count:
                continue
            if line.send is not None:
                sent = before_sending()
                self._write(id=self._count, go=sent)
                continue
            return Answer(
                ok=bool(line.ok),
                error=line.error,
                result=line.result,
                messages=line.messages,
                calls=line.calls,
                sent=sent,
            )

    def _next(self, until: float) -> _Line | None:
        try:
            return self._lines.get(timeout=max(until - time.monotonic(), 0))
        except queue.Empty:
            return None

    def _write(self, **members: object) -> None:
        """A line to the worker; one that is gone is noticed where its answer is awaited."""
        if self._child is not None and self._child.stdin is not None:
            try:
                self._child.stdin.write(msgspec.json.encode(members).decode() + "\n")
                self._child.stdin.flush()
            except OSError:
                _LOG.info("the worker is gone")


def _read(child: subprocess.Popen[str], lines: Lines) -> None:
    """Put the worker's lines into the queue, None at their end; a line that is none ends it too."""
    try:
        for text in child.stdout or ():
            lines.put(msgspec.json.decode(text, type=_Line))
    except (msgspec.MsgspecError, UnicodeError, ValueError):
        _LOG.warning("the worker does not speak its protocol")
        child.kill()
    lines.put(None)


def _closed(close: Callable[[], None]) -> None:
    """Close a pipe; what was still in it for a dead reader is lost with it."""
    try:
        close()
    except OSError:
        _LOG.debug("a pipe to a worker that is gone")
