"""Reports of many threads reach the main thread, in order, and only there."""

from __future__ import annotations

import threading

from pytestqt.qtbot import QtBot

from packstation.station.ports import CodeScanned, Happening
from packstation.ui.bridge import Bridge


def test_reports_of_a_thread_are_handled_in_the_main_thread(qtbot: QtBot) -> None:
    bridge = Bridge()
    got: list[tuple[Happening, bool]] = []
    bridge.connect_to(
        lambda h: got.append((h, threading.current_thread() is threading.main_thread()))
    )
    sent = [CodeScanned(str(number)) for number in range(200)]

    def send_all() -> None:
        for happening in sent:
            bridge.post(happening)

    worker = threading.Thread(target=send_all)
    worker.start()
    worker.join()
    assert got == []
    qtbot.waitUntil(lambda: len(got) == len(sent))
    assert got == [(happening, True) for happening in sent]


def test_what_comes_before_the_station_is_there_waits_for_it(qtbot: QtBot) -> None:
    bridge = Bridge()
    bridge.post(CodeScanned("early"))
    qtbot.wait(1)
    got: list[Happening] = []
    bridge.connect_to(got.append)
    assert got == [CodeScanned("early")]
    bridge.post(CodeScanned("late"))
    qtbot.waitUntil(lambda: len(got) == 2)


def test_four_threads_at_once_lose_nothing(qtbot: QtBot) -> None:
    bridge = Bridge()
    got: list[Happening] = []
    bridge.connect_to(got.append)

    def send(name: int) -> None:
        for number in range(100):
            bridge.post(CodeScanned(f"{name}-{number}"))

    workers = [threading.Thread(target=send, args=(name,)) for name in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    qtbot.waitUntil(lambda: len(got) == 400)
    for name in range(4):
        texts = [
            h.text for h in got if isinstance(h, CodeScanned) and h.text.startswith(f"{name}-")
        ]
        assert texts == [f"{name}-{number}" for number in range(100)]
