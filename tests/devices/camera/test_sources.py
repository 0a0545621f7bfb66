"""A network camera's stream, however it comes; and what is no stream of pictures."""

from __future__ import annotations

import errno
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager

import numpy as np
import pytest

from packstation.devices.camera import sources
from packstation.devices.camera.pixels import opencv
from packstation.devices.camera.sources import CameraLine, MjpegSource, source_opener
from packstation.devices.sim.optics import DEGRADATIONS
from tests.devices.camera.test_ladder import picture

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=b\r\n\r\n"


def jpeg(level: int) -> bytes:
    _, data = opencv().imencode(".jpg", np.full((8, 8), level, np.uint8))
    return bytes(data)


def part(data: bytes) -> bytes:
    head = f"--b\r\nContent-Type: image/jpeg\r\nContent-Length: {len(data)}\r\n\r\n"
    return head.encode() + data + b"\r\n"


class Caller:
    """The camera's side: sends what the test says, when it says so."""

    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener
        self._line: socket.socket | None = None
        self._there = threading.Event()
        self.port = int(listener.getsockname()[1])

    def close(self) -> None:
        assert self._there.wait(5)
        assert self._line
        self._line.close()

    def answer(self, head: bytes) -> None:
        def serve() -> None:
            line, _ = self._listener.accept()
            line.recv(4096)
            line.sendall(head)
            self._line = line
            self._there.set()

        threading.Thread(target=serve, daemon=True).start()

    def send(self, data: bytes) -> None:
        assert self._there.wait(5)
        assert self._line
        self._line.sendall(data)


@contextmanager
def camera(head: bytes = HEAD) -> Iterator[tuple[Caller, MjpegSource]]:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        caller = Caller(listener)
        caller.answer(head)
        with closing(caller), closing(MjpegSource("127.0.0.1", caller.port, "/x")) as source:
            yield caller, source


def test_pictures_come_in_turn_whatever_the_chunks() -> None:
    with camera() as (caller, source):
        whole = part(jpeg(40))
        caller.send(whole[:30])
        caller.send(whole[30:])
        image = source.read()
        assert image is not None
        assert image.shape == (8, 8, 3)
        assert abs(int(image.mean()) - 40) < 3


def test_a_reader_that_was_slow_gets_the_newest_picture() -> None:
    with camera() as (caller, source):
        # Each larger than what is looked ahead.
        noise = np.random.default_rng(1).integers(0, 255, (200, 200), np.uint8)
        _, data = opencv().imencode(".jpg", noise)
        caller.send(part(bytes(data)) * 3 + part(jpeg(200)))
        levels: list[int] = []
        while not levels or levels[-1] < 190:
            image = source.read()
            assert image is not None
            levels.append(int(image.mean()))
        assert len(levels) < 4


def test_silence_is_no_picture_and_what_came_before_it_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sources.MjpegSource, "WAIT_S", 0.05)
    with camera() as (caller, source):
        whole = part(jpeg(90))
        caller.send(whole[:80])
        assert source.read() is None
        caller.send(whole[80:])
        image = source.read()
        assert image is not None
        assert abs(int(image.mean()) - 90) < 3


@pytest.mark.parametrize(
    "sent",
    [
        b"--b\r\nContent-Type: image/jpeg\r\n\r\nxx",
        b"--b\r\nContent-Length: 999999999\r\n\r\nxx",
        part(b"no jpeg at all"),
        b"x" * 9000,
    ],
)
def test_a_torn_stream_is_a_lost_camera(sent: bytes) -> None:
    with camera() as (caller, source):
        caller.send(sent)
        with pytest.raises(OSError, match="picture") as lost:
            source.read()
        assert lost.value.errno == errno.EIO


def test_the_end_of_the_stream_is_the_end_of_the_cable() -> None:
    with camera() as (caller, source):
        caller.close()
        with pytest.raises(ConnectionResetError):
            source.read()


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 401 Unauthorized\r\nContent-Type: multipart/x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n",
    ],
)
def test_what_is_no_stream_of_pictures_is_refused(head: bytes) -> None:
    with pytest.raises(OSError, match="no stream") as refused, camera(head):
        pass
    assert refused.value.errno == errno.ENXIO


def test_a_camera_that_is_not_there_or_is_none_says_so() -> None:
    line = CameraLine(exposure=150)
    with pytest.raises(OSError, match="No such file") as gone:
        source_opener("uvc", "987", line)()
    assert gone.value.errno == errno.ENOENT
    with pytest.raises(OSError, match="does not open") as other:
        source_opener("uvc", "/dev/null", line)()
    assert other.value.errno == errno.EBUSY


@pytest.mark.parametrize("fault", DEGRADATIONS)
def test_every_fault_changes_the_picture_the_same_way_each_time(fault: str) -> None:
    clean = picture()
    one, two = (DEGRADATIONS[fault](clean, 0.5, np.random.default_rng(9)) for _ in range(2))
    assert one.shape == clean.shape
    assert one.dtype == np.uint8
    assert np.array_equal(one, two)
    assert not np.array_equal(one, clean)
