"""Answers that are small on the line and huge unpacked, or packed as nobody asked."""

from __future__ import annotations

import gzip
import threading
import tracemalloc
import zlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from packstation.carriers.adapters.wire import MOST_BYTES, Wire
from packstation.domain.errors import LabelOutcomeUnknown

PLAIN = b'{"number":"ZZ000000014CN"}'
BOMB = gzip.compress(bytes(8 * MOST_BYTES))
ANSWERS = {
    "/plain": ("", PLAIN),
    "/gzip": ("gzip", gzip.compress(PLAIN)),
    "/deflate": ("deflate", zlib.compress(PLAIN)),
    "/bomb": ("gzip", BOMB),
    "/twice": ("gzip, gzip", gzip.compress(BOMB)),
    "/zstd": ("zstd", b"\x28\xb5\x2f\xfd"),
    "/lie": ("gzip", PLAIN),
    "/big": ("", bytes(MOST_BYTES + 1)),
}


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        packed, body = ANSWERS[self.path]
        self.send_response(200)
        if packed:
            self.send_header("Content-Encoding", packed)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


@pytest.fixture(scope="module")
def wire() -> Iterator[Wire]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    serving = threading.Thread(target=server.serve_forever, args=(0.05,))
    serving.start()
    made = Wire(f"http://127.0.0.1:{server.server_port}")
    yield made
    made.close()
    server.shutdown()
    serving.join()
    server.server_close()


@pytest.mark.parametrize("path", ["/plain", "/gzip", "/deflate"])
def test_an_answer_is_read_packed_or_not(wire: Wire, path: str) -> None:
    assert wire.send("p/1", "GET", path).body == PLAIN


@pytest.mark.parametrize(
    ("path", "cause"),
    [
        ("/bomb", f"more than {MOST_BYTES} bytes"),
        ("/big", f"more than {MOST_BYTES} bytes"),
        ("/twice", "Content-Encoding: 'gzip, gzip'; allowed: gzip"),
        ("/zstd", "Content-Encoding: 'zstd'; allowed: gzip"),
        ("/lie", "gzip: "),
    ],
)
def test_a_bomb_is_no_answer_and_takes_no_memory(wire: Wire, path: str, cause: str) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(LabelOutcomeUnknown) as caught:
            wire.send("p/1", "GET", path)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert str(caught.value.fields["cause"]).startswith(cause)
    assert most < 3 * MOST_BYTES
