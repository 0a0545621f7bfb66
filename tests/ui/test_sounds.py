"""Earcons: good and bad never share a pitch; a mixer in samples; a player without a device."""

from __future__ import annotations

import struct
import subprocess
import sys
import threading
from itertools import pairwise

import pytest

from packstation.ui import tones
from packstation.ui.sounds import Mixer, NullPlayer, Read, ThreadPlayer, _miniaudio, _pull
from packstation.ui.tones import EARCONS, RATE, Earcon, Tone, length_s, pitches, render

GOOD = {name for name, earcon in EARCONS.items() if earcon.timbre == "good" and name != "key"}
BAD = {name for name, earcon in EARCONS.items() if earcon.timbre == "bad"}


def samples(pcm: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(pcm) // 2}h", pcm)


def all_pitches(names: set[str]) -> set[float]:
    return {hz for name in names for hz in pitches(EARCONS[name])}


def test_good_and_bad_news_share_no_pitch() -> None:
    good, bad = all_pitches(GOOD), all_pitches(BAD)
    assert not good & bad
    assert min(good) >= 880
    assert max(bad) < 420


@pytest.mark.parametrize("name", sorted(GOOD))
def test_good_news_never_falls(name: str) -> None:
    told = [tone.hz[0] for tone in EARCONS[name].tones if tone.hz]
    assert all(before <= after for before, after in pairwise(told))


@pytest.mark.parametrize("name", sorted(BAD))
def test_bad_news_ends_no_higher_than_it_began(name: str) -> None:
    told = [tone for tone in EARCONS[name].tones if tone.hz]
    assert (told[-1].to_hz or told[-1].hz[0]) <= told[0].hz[0]


@pytest.mark.parametrize("name", sorted(EARCONS))
def test_an_earcon_is_as_long_and_as_loud_as_the_table_says(name: str) -> None:
    earcon = EARCONS[name]
    found = samples(render(earcon))
    assert len(found) == pytest.approx(length_s(earcon) * RATE, abs=2)
    peak = 32767 * 10 ** (earcon.level_db / 20)
    assert max(map(abs, found)) == pytest.approx(peak, rel=0.01)


@pytest.mark.parametrize("name", sorted(EARCONS))
def test_no_earcon_clicks(name: str) -> None:
    found = samples(render(EARCONS[name]))
    assert abs(found[0]) < 400
    assert abs(found[-1]) < 400


@pytest.mark.parametrize(
    ("name", "every"),
    [
        ("wrong_item", 2.5),
        ("wrong_variant", 2.5),
        ("over_scan", 2.5),
        ("weight_off", 4.0),
        ("wrong_label", 2.0),
        ("order_stopped", 2.0),
        ("unknown_code", None),
        ("device_lost", None),
        ("ok", None),
    ],
)
def test_what_must_be_answered_repeats(name: str, every: float | None) -> None:
    assert EARCONS[name].every_s == every


def test_the_notation_is_that_of_the_design() -> None:
    assert EARCONS["weight_off"].tones == (Tone((277.0,), 500, 185.0),)
    assert EARCONS["wrong_label"].tones[:2] == (Tone((208.0, 220.0), 200), Tone((), 80))
    assert render(Earcon((Tone((), 10),), "good")) == bytes(480 * 2)


def test_a_sound_is_heard_once_and_then_silence() -> None:
    mixer = Mixer()
    mixer.play(b"\x01\x00" * 100)
    assert mixer.read(60) == b"\x01\x00" * 60
    assert mixer.read(60) == b"\x01\x00" * 40 + bytes(40)
    assert mixer.read(10) == bytes(20)


def test_the_newest_sound_takes_the_place_of_the_one_before() -> None:
    mixer = Mixer()
    mixer.play(b"\x01\x00" * 100)
    mixer.read(10)
    mixer.play(b"\x02\x00" * 5)
    assert mixer.read(6) == b"\x02\x00" * 5 + bytes(2)


def starts(mixer: Mixer, seconds: float, block: int = RATE // 100) -> list[float]:
    """When, in seconds, a sound starts after silence, read in blocks of 10 ms."""
    found, before = [], False
    for index in range(round(seconds * RATE / block)):
        sounds = mixer.read(block) != bytes(block * 2)
        if sounds and not before:
            found.append(index * block / RATE)
        before = sounds
    return found


def test_an_alarm_repeats_until_it_is_answered() -> None:
    mixer = Mixer()
    mixer.repeat(b"\x01\x00" * 480, 2.5)
    assert starts(mixer, 6.0) == pytest.approx([0.0, 2.5, 5.0], abs=0.02)
    mixer.stop()
    assert starts(mixer, 6.0) == []


def test_an_alarm_that_nobody_answers_ends_after_a_minute() -> None:
    mixer = Mixer()
    mixer.repeat(b"\x01\x00" * 480, 2.0)
    told = starts(mixer, 120.0, block=RATE // 20)
    assert told[-1] < tones.LONGEST_REPEAT_S
    assert len(told) == 30


def test_an_answer_cuts_the_alarm_but_not_the_good_news_after_it() -> None:
    mixer = Mixer()
    mixer.repeat(b"\x01\x00" * 480, 2.0)
    mixer.play(b"\x02\x00" * 10)
    mixer.stop()
    assert mixer.read(10) == b"\x02\x00" * 10
    mixer.repeat(b"\x01\x00" * 480, 2.0)
    mixer.read(5)
    mixer.stop()
    assert mixer.read(10) == bytes(20)


class FakeDevice:
    """Pulls when it is told to, as a driver would."""

    def __init__(self) -> None:
        self.read: Read | None = None
        self.closed = False
        self.opened = threading.Event()

    def open(self, read: Read) -> FakeDevice:
        self.read = read
        self.opened.set()
        return self

    def close(self) -> None:
        self.closed = True

    def pull_until_sound(self) -> bytes:
        """Blocks of 10 ms until one is not silent; at most 5 s of them."""
        assert self.opened.wait(5)
        assert self.read is not None
        pause = threading.Event()
        for _ in range(1000):
            block = self.read(480)
            if block.strip(b"\x00"):
                return block
            pause.wait(0.005)
        return b""


def test_the_thread_plays_what_it_is_asked() -> None:
    device = FakeDevice()
    player = ThreadPlayer(device.open)
    player.play("ok")
    assert device.pull_until_sound() == render(EARCONS["ok"])[:960]
    player.repeat("weight_off")
    assert device.pull_until_sound()
    player.stop()
    player.repeat("unknown_code")
    assert device.pull_until_sound()
    player.test()
    assert device.pull_until_sound()
    player.play("no such sound")
    player.close()
    assert device.closed


def test_another_set_and_volume_are_heard_from_the_next_sound_on() -> None:
    device = FakeDevice()
    player = ThreadPlayer(device.open)
    player.play("ok")
    loud = device.pull_until_sound()
    player.stop()
    player.tune("standard", 100)
    player.tune("standard", 30)
    player.play("ok")
    quiet = device.pull_until_sound()
    player.close()
    assert 0 < max(map(abs, samples(quiet))) < max(map(abs, samples(loud)))


def test_a_device_is_given_as_many_bytes_as_it_asks_for() -> None:
    source = _pull(lambda count: bytes(2 * count))
    assert next(source) == b""
    assert [len(source.send(count)) for count in (480, 1, 0)] == [960, 2, 0]


def test_without_a_device_packing_goes_on_in_silence(caplog: pytest.LogCaptureFixture) -> None:
    def nothing(_read: Read) -> FakeDevice:
        raise OSError("no device")

    player = ThreadPlayer(nothing)
    player.play("ok")
    player.close()
    assert [record.message for record in caplog.records] == ["sound.silent"]


def test_the_null_player_tells_what_it_was_asked() -> None:
    player = NullPlayer()
    player.play("ok")
    player.repeat("wrong_item")
    player.test()
    assert player.played == ["ok", "wrong_item", *tones.VOLUME_TEST]
    assert player.repeating == "wrong_item"
    player.close()
    assert player.repeating == ""


def test_sound_brings_no_numpy_and_keeps_none_away() -> None:
    code = (
        "import sys\n"
        "from packstation.ui.sounds import _miniaudio\n"
        "_miniaudio().PlaybackDevice\n"
        "assert 'numpy' not in sys.modules\n"
        "import numpy\n"
        "assert numpy.zeros(1)[0] == 0\n"
        "assert _miniaudio().PlaybackDevice\n"
        "assert sys.modules['numpy'] is numpy\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_numpy_is_as_it_was_after_sound_came_in(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _miniaudio().PlaybackDevice
    monkeypatch.delitem(sys.modules, "numpy", raising=False)
    assert _miniaudio().PlaybackDevice
    assert "numpy" not in sys.modules
