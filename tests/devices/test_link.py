from __future__ import annotations

import logging
import threading
import time
from pathlib import Path

import pytest

from packstation.devices.health import Reporter
from packstation.devices.link import Line, Link, LinkTiming
from packstation.devices.opening import LineSettings, opener
from packstation.devices.ports import LINK_ERRORS, Port, PortLost
from packstation.devices.sim.faces import PtyFace, TcpFace
from packstation.station.ports import DeviceHealth, DeviceSeen, DeviceState
from tests.devices.rigs import LINK, Recorder, face_of, linked


class ScriptedPort:
    """A port whose receiving is a script; for failures that no real line makes on command."""

    def __init__(self, *script: bytes | Exception) -> None:
        self._script = list(script)
        self.closed = False
        self.refuses = False

    def receive(self, timeout: float) -> bytes:
        step = self._script.pop(0) if self._script else b""
        if isinstance(step, Exception):
            raise step
        return step

    def send(self, data: bytes, timeout: float) -> int:
        return 0 if self.refuses else len(data)

    def wake(self) -> None:
        pass

    def close(self) -> None:
        self.closed = True


class Pauses:
    """A clock's worth of waiting, written down instead of waited."""

    def __init__(self, link: Link, stop_after: int) -> None:
        self.waited: list[float] = []
        self._stop_after = stop_after
        self._link = link
        self._event = threading.Event()
        link._closing = link._nudge = self  # type: ignore[assignment]

    def is_set(self) -> bool:
        return self._event.is_set()

    def set(self) -> None:
        self._event.set()

    def clear(self) -> None:
        """Nothing nudges here."""

    def wait(self, pause: float) -> bool:
        self.waited.append(pause)
        if len(self.waited) >= self._stop_after:
            self._event.set()
        return False


def listen(line: Line) -> None:
    line.reporter.well()
    while line.alive():
        line.receive(5.0)


def failing(number: OSError) -> Port:
    raise number


def test_the_pause_doubles_to_its_longest_with_jitter() -> None:
    recorder = Recorder()
    timing = LinkTiming(drain_s=0.0, jitter=0.5)
    link = Link(
        Reporter("scanner", recorder),
        lambda: failing(FileNotFoundError(2, "gone")),
        listen,
        timing,
        lambda: 1.0,
    )
    pauses = Pauses(link, stop_after=8)
    link._run()
    assert pauses.waited == [pause * 1.5 for pause in (0.25, 0.5, 1, 2, 4, 8, 8, 8)]
    assert [one.cause for one in recorder.of(DeviceHealth)] == ["port.missing"]


def test_word_that_the_port_is_back_ends_the_pause_and_begins_the_pauses_anew() -> None:
    opened = threading.Semaphore(0)
    script: list[Exception | Port] = [FileNotFoundError(2, "gone")] * 4

    def opener() -> Port:
        step = script.pop(0)
        opened.release()
        if isinstance(step, Exception):
            raise step
        return step

    recorder = Recorder()
    timing = LinkTiming(first_pause_s=60.0, longest_pause_s=600.0, drain_s=0.0)
    link = Link(Reporter("scanner", recorder), opener, listen, timing)
    link.start()
    for _ in range(3):
        assert opened.acquire(timeout=5)
        link.retry_now()
    assert opened.acquire(timeout=5)
    script.append(ScriptedPort(b"x", PortLost()))
    link.retry_now()
    recorder.healthy()
    assert link._pause <= 120.0  # the first pause, or the next after it
    link.close()
    assert not link._thread.is_alive()


def test_a_silence_that_is_longer_than_expected_is_a_lost_port() -> None:
    line = Line(ScriptedPort(b"x"), Reporter("printer", Recorder()), threading.Event())
    line.expect(60.0)
    assert line.receive(0) == b"x"
    assert line.receive(0) == b""
    line.expect(0.0)
    with pytest.raises(PortLost) as lost:
        line.receive(0)
    assert lost.value.polite
    line.expect(None)
    assert line.receive(0) == b""


def test_a_port_that_spoke_starts_from_the_short_pause_again() -> None:
    link = Link(
        Reporter("scanner", Recorder()), lambda: ports.pop(0), listen, LinkTiming(drain_s=0)
    )
    pauses = Pauses(link, stop_after=3)
    link._chance = lambda: 0.0
    ports = [
        ScriptedPort(PortLost()),
        ScriptedPort(PortLost()),
        ScriptedPort(b"x", PortLost()),
    ]
    link._run()
    assert pauses.waited == [0.25, 0.5, 0.25]


def test_every_failure_of_the_system_is_a_lost_port() -> None:
    import termios

    assert set(LINK_ERRORS) >= {OSError, TypeError, ValueError, termios.error}
    for failure in (OSError(5, "io"), termios.error(5, "io"), TypeError("x"), ValueError("x")):
        recorder = Recorder()
        port = ScriptedPort(failure)
        link = Link(Reporter("scanner", recorder), [port].pop, listen, LinkTiming(drain_s=0.0))
        Pauses(link, stop_after=1)
        link._run()
        assert port.closed
        health = recorder.of(DeviceHealth)
        assert [one.state for one in health] == [DeviceState.OK, DeviceState.FAULT]


@pytest.mark.parametrize("kind", ["pty", "tcp"])
def test_an_outage_is_reported_and_logged_once_and_so_is_the_recovery(
    kind: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    face = face_of(kind, tmp_path)
    face.start(lambda _data: None)
    with (
        caplog.at_level(logging.INFO, "packstation.devices"),
        linked(face.address, listen) as heard,
    ):
        heard.healthy()
        face.unplug()
        heard.next(DeviceHealth, lambda one: one.state is DeviceState.FAULT)
        mark = heard.mark
        face.plug()
        heard.healthy(after=mark)
        face.send(b"x")
        heard.next(DeviceSeen)
    face.close()
    states = [one.state for one in heard.of(DeviceHealth)]
    assert states == [DeviceState.OK, DeviceState.FAULT, DeviceState.OK]
    levels = [one.levelno for one in caplog.records]
    assert levels == [logging.INFO, logging.WARNING, logging.INFO]


def test_an_unplugged_pty_was_unplugged_and_a_strange_one_is_missing(tmp_path: Path) -> None:
    with linked(str(tmp_path / "nothing"), listen) as heard:
        assert heard.next(DeviceHealth).cause == "port.missing"
    face = PtyFace(tmp_path / "port")
    face.start(lambda _data: None)
    with linked(face.address, listen) as heard:
        heard.healthy()
        face.unplug()
        fault = heard.next(DeviceHealth, lambda one: one.state is DeviceState.FAULT)
        assert fault.cause == "device.unplugged"
    face.close()


def test_a_port_in_use_is_busy(tmp_path: Path) -> None:
    face = PtyFace(tmp_path / "port")
    face.start(lambda _data: None)
    first = opener(face.address, LineSettings())()
    with linked(face.address, listen) as heard:
        assert heard.next(DeviceHealth).cause == "port.busy"
        first.close()
        assert heard.healthy(after=1).cause == ""
    face.close()


def test_a_server_that_hangs_up_after_a_while_is_called_again_without_a_word() -> None:
    face = TcpFace()
    opened = threading.Semaphore(0)
    face.start(lambda _data: opened.release())

    def converse(line: Line) -> None:
        line.command(b"?", 1.0)
        listen(line)

    with linked(face.address, converse, LinkTiming(drain_s=0.0, steady_s=0.0)) as heard:
        assert opened.acquire(timeout=5)
        heard.healthy()
        face.hang_up()
        assert opened.acquire(timeout=5)
        assert [one.state for one in heard.of(DeviceHealth)] == [DeviceState.OK]
    face.close()


def test_garbage_right_after_opening_is_thrown_away(tmp_path: Path) -> None:
    port = ScriptedPort(b"AT+GCAP\r", b"", b"T-1\r")
    heard = Recorder()
    got: list[bytes] = []

    def converse(line: Line) -> None:
        got.append(line.receive(0))
        raise PortLost

    link = Link(Reporter("scanner", heard), lambda: port, converse, LinkTiming(drain_s=0.01))
    Pauses(link, stop_after=1)
    link._run()
    assert b"AT+GCAP\r" not in got


@pytest.mark.parametrize("kind", ["pty", "tcp"])
def test_closing_wakes_a_waiting_port_at_once_and_silences_it(kind: str, tmp_path: Path) -> None:
    face = face_of(kind, tmp_path)
    face.start(lambda _data: None)

    def wait_long(line: Line) -> None:
        line.reporter.well()
        line.receive(60.0)

    recorder = Recorder()
    reporter = Reporter("scanner", recorder)
    link = Link(reporter, opener(face.address, LineSettings()), wait_long, LINK)
    link.start()
    recorder.healthy()
    start = time.monotonic()
    link.close()
    assert time.monotonic() - start < 2.0
    mark = recorder.mark
    reporter.health(DeviceState.FAULT, "late")
    assert recorder.mark == mark
    face.close()


def test_a_bug_in_a_conversation_is_a_fault_and_not_the_end(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    face = PtyFace(tmp_path / "port")
    face.start(lambda _data: None)
    tries = iter([KeyError("bug")])

    def converse(line: Line) -> None:
        for bug in tries:
            raise bug
        listen(line)

    with linked(face.address, converse) as heard:
        assert heard.next(DeviceHealth).cause == "device.internal"
        heard.healthy(after=1)
    face.close()
    assert "conversation failed" in caplog.text


def test_a_command_that_the_line_does_not_take_is_a_lost_port() -> None:
    port = ScriptedPort()
    port.refuses = True
    line = Line(port, Reporter("scale", Recorder()), threading.Event())
    with pytest.raises(PortLost):
        line.command(b"SI\r\n", 0.01)


def test_a_port_that_fails_while_closing_is_closed_all_the_same() -> None:
    class Stubborn(ScriptedPort):
        def close(self) -> None:
            raise OSError(5, "io")

    recorder = Recorder()
    link = Link(Reporter("scanner", recorder), lambda: Stubborn(PortLost()), listen, LINK)
    link._timing = LinkTiming(drain_s=0.0)
    Pauses(link, stop_after=2)
    link._run()
    assert recorder.of(DeviceHealth)[-1].state is DeviceState.FAULT
