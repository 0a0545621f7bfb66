"""A TCP proxy that mistreats HTTP requests one by one, as a test tells it to.

Faults of one request: ``pass``, ``refuse`` (reset before it arrives), ``lose`` (it arrives,
the answer is lost in a reset), ``half`` (half of the answer, then a reset), ``twice`` (it
arrives twice), ``late`` (answered after ``latency_s``), ``slice`` (a few bytes at a time),
``swallow`` (nothing ever comes back).
"""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

Choice = Callable[[], str]


def _read_message(conn: socket.socket) -> bytes:
    """One HTTP/1.1 message with a Content-Length, or b"" at the end."""
    data = b""
    while b"\r\n\r\n" not in data:
        chunk = conn.recv(65536)
        if not chunk:
            return b""
        data += chunk
    head, _, body = data.partition(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            length = int(value)
    while len(body) < length:
        chunk = conn.recv(65536)
        if not chunk:
            return b""
        body += chunk
    return head + b"\r\n\r\n" + body


class ChaosProxy:
    """Listens on loopback and forwards to ``upstream`` (host, port)."""

    def __init__(self, upstream: tuple[str, int], choose: Choice, latency_s: float = 0.05) -> None:
        self.upstream, self.choose, self.latency_s = upstream, choose, latency_s
        self.done: list[str] = []
        self._stopping = threading.Event()
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept)]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stopping.set()
        # A blocked accept wakes up by a connection, on every platform.
        socket.create_connection(("127.0.0.1", self.port)).close()
        self._threads[0].join()
        self._listening.close()
        with self._lock:
            for conn in self._open:
                conn.shutdown(socket.SHUT_RDWR)
        for thread in self._threads[1:]:
            thread.join()

    def _accept(self) -> None:
        while True:
            conn, _ = self._listening.accept()
            if self._stopping.is_set():
                conn.close()
                return
            with self._lock:
                self._open.add(conn)
            thread = threading.Thread(target=self._serve, args=(conn,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, conn: socket.socket) -> None:
        try:
            while message := _read_message(conn):
                fault = self.choose()
                self.done.append(fault)
                if not self._treat(conn, message, fault):
                    break
        except OSError:
            pass  # the bench hung up, or the test ended
        finally:
            with self._lock:
                self._open.discard(conn)
                conn.close()

    def _treat(self, conn: socket.socket, message: bytes, fault: str) -> bool:
        """Forward one request; whether the connection goes on."""
        if fault in {"refuse", "swallow"}:
            if fault == "swallow":
                self._stopping.wait(30)
            return self._reset(conn)
        answer = self._forward(message)
        if fault == "twice":
            answer = self._forward(message)
        if fault == "late":
            self._stopping.wait(self.latency_s)
        if fault in {"lose", "half"}:
            conn.sendall(answer[: len(answer) // 2] if fault == "half" else b"")
            return self._reset(conn)
        step = 7 if fault == "slice" else max(1, len(answer))
        for start in range(0, len(answer), step):
            conn.sendall(answer[start : start + step])
        return bool(answer)

    def _forward(self, message: bytes) -> bytes:
        try:
            with socket.create_connection(self.upstream, timeout=30) as upstream:
                upstream.sendall(message)
                return _read_message(upstream)
        except OSError:
            return b""  # the server is down

    @staticmethod
    def _reset(conn: socket.socket) -> bool:
        conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return False
