"""A small HTTP server on loopback that answers what a test tells it to."""

from __future__ import annotations

import gzip
import threading
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import msgspec

NOW = "2026-11-21T08:00:00Z"
HELLO = {"gen": 1, "now": NOW, "encodings": ["gzip"]}


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    method: str
    target: str
    headers: Mapping[str, str]
    content: bytes

    @property
    def body(self) -> dict[str, object]:
        zipped = self.headers.get("content-encoding") == "gzip"
        found: dict[str, object] = msgspec.json.decode(
            gzip.decompress(self.content) if zipped else self.content
        )
        return found


@dataclass
class Reply:
    """An answer; ``status`` 0 closes the connection without one."""

    body: object = field(default_factory=dict)
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    wait: threading.Event | None = None


class Script:
    """What is answered by path; the last reply of a path is repeated."""

    def __init__(self) -> None:
        self.url = ""
        self.asked: list[Asked] = []
        self.heard = threading.Condition()
        self._replies: dict[str, deque[Reply]] = {"/v1/hello": deque([Reply(HELLO)])}

    def on(self, path: str, *replies: Reply) -> None:
        self._replies[path] = deque(replies)

    def take(self, asked: Asked) -> Reply:
        with self.heard:
            self.asked.append(asked)
            self.heard.notify_all()
            queue = self._replies.get(asked.target.partition("?")[0], deque([Reply({}, 404)]))
            return queue.popleft() if len(queue) > 1 else queue[0]

    def of(self, path: str) -> list[Asked]:
        return [asked for asked in self.asked if asked.target.partition("?")[0] == path]

    def wait_for(self, path: str, count: int = 1, timeout: float = 10) -> list[Asked]:
        with self.heard:
            assert self.heard.wait_for(lambda: len(self.of(path)) >= count, timeout), path
        return self.of(path)


@contextmanager
def scripted() -> Iterator[Script]:
    script = Script()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(self.command, self.path, headers, self.rfile.read(length))
            reply = script.take(asked)
            if reply.wait is not None:
                reply.wait.wait(20)
            if reply.status == 0:
                self.close_connection = True
                return
            raw = reply.body if isinstance(reply.body, bytes) else msgspec.json.encode(reply.body)
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        do_GET = do_POST = do_PUT = answer  # noqa: N815 - names that http.server calls

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """A bench that hung up is what some tests are about."""

    server = Quiet(("127.0.0.1", 0), Handler)
    script.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield script
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
