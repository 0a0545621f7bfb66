"""The device's end of a cable: a pty behind a symlink, or a TCP server on the loopback.

Both can be unplugged and plugged in again. A pty then has a new path, as a real
adapter may have; the symlink stays, as a udev link does.
"""

from __future__ import annotations

import contextlib
import os
import select
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol

from packstation.devices.ports import CHUNK, Waker

_WINDOW: Final = 16_384

Hear = Callable[[bytes], None]


class Face(Protocol):
    """One end of a cable; ``address`` is where a host finds it."""

    @property
    def address(self) -> str:
        """Device path or ``tcp://host:port``."""

    def start(self, hear: Hear) -> None:
        """Plug in and begin to hand what comes to ``hear``, in a thread of its own."""

    def send(self, data: bytes) -> None:
        """Send; bytes to nobody are lost."""

    def hang_up(self) -> None:
        """Break the connection that stands; the host may make another at once."""

    def unplug(self) -> None:
        """Take the cable out."""

    def plug(self) -> None:
        """Put it in again."""

    def close(self) -> None:
        """Unplug for good."""


class StreamFace(Face, Protocol):
    """A face of a line that fills up where nobody reads."""

    def ignore(self, *, on: bool) -> None:
        """Read nothing any more, so that the line fills up; or go on reading."""


class _Face:
    """The thread and the lock that both kinds of face share."""

    def __init__(self) -> None:
        self._guard = threading.RLock()
        self._waker = Waker()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sim-face", daemon=True)
        self._hear: Hear = lambda _data: None
        self._ignoring = False

    def ignore(self, *, on: bool) -> None:
        self._ignoring = on
        self._waker.wake()

    def start(self, hear: Hear) -> None:
        self._hear = hear
        self.plug()
        self._thread.start()

    def plug(self) -> None:
        raise NotImplementedError

    def unplug(self) -> None:
        raise NotImplementedError

    def close(self) -> None:
        self._closing.set()
        self.unplug()
        if self._thread.is_alive():
            self._thread.join()
        self._waker.close()

    def _run(self) -> None:
        while not self._closing.is_set():
            # A descriptor may be closed by unplug() just before it is waited on.
            with contextlib.suppress(OSError, ValueError):
                waker = self._waker.fileno()
                ready, _, _ = select.select([*self._watched(), waker], [], [])
                if waker in ready:
                    self._waker.clear()
                data = self._take(ready)
                if data:
                    self._hear(data)

    def _watched(self) -> list[int]:
        raise NotImplementedError

    def _take(self, ready: list[int]) -> bytes:
        raise NotImplementedError


class PtyFace(_Face):
    """A pseudo-terminal whose slave a symlink at ``link`` points to."""

    def __init__(self, link: Path) -> None:
        super().__init__()
        self.address = str(link)
        self._link = link
        self._ends: tuple[int, int] | None = None

    def plug(self) -> None:
        import tty

        with self._guard:
            if self._ends is not None:
                return
            master, slave = os.openpty()
            tty.setraw(slave)
            os.set_blocking(master, False)
            self._ends = (master, slave)
            fresh = self._link.with_name(self._link.name + ".new")
            fresh.unlink(missing_ok=True)
            fresh.symlink_to(os.ttyname(slave))
            fresh.replace(self._link)
        self._waker.wake()

    def unplug(self) -> None:
        with self._guard:
            ends, self._ends = self._ends, None
            if ends is not None:
                self._link.unlink(missing_ok=True)
                for end in ends:
                    os.close(end)
        self._waker.wake()

    def hang_up(self) -> None:
        self.unplug()
        if not self._closing.is_set():
            self.plug()

    def send(self, data: bytes) -> None:
        with self._guard, contextlib.suppress(OSError):
            if self._ends is not None:
                # A full buffer means that nobody reads: the rest falls off the line.
                os.write(self._ends[0], data)

    def _watched(self) -> list[int]:
        with self._guard:
            return [] if self._ends is None or self._ignoring else [self._ends[0]]

    def _take(self, ready: list[int]) -> bytes:
        with self._guard:
            if self._ends is None or self._ignoring or self._ends[0] not in ready:
                return b""
            return os.read(self._ends[0], CHUNK)


class TcpFace(_Face):
    """A server on 127.0.0.1 that serves one client at a time, as most printers do."""

    def __init__(self) -> None:
        super().__init__()
        # The port number outlives an unplugged cable, as a printer's does.
        self._number = 0
        self._listener: socket.socket | None = None
        self._client: socket.socket | None = None
        self._bind()

    @property
    def address(self) -> str:
        """``tcp://127.0.0.1:port``."""
        return f"tcp://127.0.0.1:{self._number}"

    def plug(self) -> None:
        with self._guard:
            if self._listener is None:
                self._bind()
        self._waker.wake()

    def unplug(self) -> None:
        with self._guard:
            self._drop_client()
            listener, self._listener = self._listener, None
            if listener is not None:
                listener.close()
        self._waker.wake()

    def hang_up(self) -> None:
        with self._guard:
            self._drop_client()
        self._waker.wake()

    def send(self, data: bytes) -> None:
        with self._guard, contextlib.suppress(OSError):
            if self._client is not None:
                self._client.sendall(data)

    def _bind(self) -> None:
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # A printer's window is small: one that does not read is felt soon.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _WINDOW)
        listener.bind(("127.0.0.1", self._number))
        listener.listen(1)
        listener.settimeout(0)
        self._number = listener.getsockname()[1]
        self._listener = listener

    def _drop_client(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            with contextlib.suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)
            client.close()

    def _watched(self) -> list[int]:
        with self._guard:
            one = None if self._client and self._ignoring else self._client or self._listener
            return [] if one is None else [one.fileno()]

    def _take(self, ready: list[int]) -> bytes:
        with self._guard:
            if self._ignoring and self._client is not None:
                return b""
            if self._client is not None and self._client.fileno() in ready:
                return self._read(self._client)
            if self._client is None and self._listener is not None:
                self._client, _ = self._listener.accept()
                self._client.settimeout(0)
            return b""

    def _read(self, client: socket.socket) -> bytes:
        try:
            data = client.recv(CHUNK)
        except BlockingIOError:
            return b""
        except OSError:
            data = b""
        if not data:
            self._drop_client()
        return data


class Sender:
    """Writes chunks with pauses before them, in order, without holding up who sends."""

    def __init__(self, face: Face) -> None:
        self._face = face
        self._chunks: list[tuple[float, bytes]] = []
        self._change = threading.Condition()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="sim-sender", daemon=True)
        self._thread.start()

    def send(self, chunks: list[tuple[float, bytes]]) -> None:
        """Queue (pause in seconds, bytes) pairs."""
        with self._change:
            self._chunks.extend(chunks)
            self._change.notify_all()

    def close(self) -> None:
        """Stop; what is queued is not sent."""
        with self._change:
            self._closing = True
            self._change.notify_all()
        self._thread.join()

    def _run(self) -> None:
        while (chunk := self._next()) is not None:
            self._face.send(chunk)

    def _next(self) -> bytes | None:
        with self._change:
            self._change.wait_for(lambda: self._chunks or self._closing)
            if not self._closing:
                pause, chunk = self._chunks.pop(0)
                until = time.monotonic() + pause
                self._change.wait_for(lambda: self._closing, until - time.monotonic())
            return None if self._closing else chunk
