"""Gaps of the window's thread are felt."""

from __future__ import annotations

import threading
import time

import pytest
from pytestqt.qtbot import QtBot

from packstation.station.ports import Happening, Post, Ticked
from packstation.ui import pulse as pulses
from packstation.ui.app import quit_soon
from packstation.ui.pulse import Pulse, run_pulse, waited_ms


def test_the_longest_gap_is_kept_until_it_is_forgotten(qtbot: QtBot) -> None:
    pulse = Pulse()
    qtbot.waitUntil(lambda: pulse.longest_ms > 0)
    time.sleep(0.08)  # what is measured: the loop does not run
    qtbot.waitUntil(lambda: pulse.longest_ms >= 80)
    assert pulse.own_ms <= pulse.longest_ms
    pulse.forget()
    assert pulse.longest_ms == 0.0


def test_waiting_for_a_core_is_nothing_where_the_system_does_not_tell(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert waited_ms() >= 0
    monkeypatch.setattr(pulses, "SCHEDSTAT", pulses.SCHEDSTAT / "nowhere")
    assert waited_ms() == 0.0


@pytest.mark.usefixtures("qapp")
def test_what_is_posted_comes_to_the_thread_of_the_loop() -> None:
    heard: list[tuple[Happening, bool]] = []
    main = threading.current_thread()

    def handle(happening: Happening) -> None:
        heard.append((happening, threading.current_thread() is main))
        quit_soon()

    def ready(_: Pulse, post: Post) -> None:
        threading.Thread(target=post, args=(Ticked(),)).start()

    run_pulse(ready, handle)
    assert heard == [(Ticked(), True)]
