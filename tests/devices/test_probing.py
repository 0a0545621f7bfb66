"""Probing over real ptys and sockets: found, settled by a weight, given up, cancelled."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from packstation.devices.opening import LineSettings
from packstation.devices.probing import ASKS, LINES, ProbeTiming, ScaleProbe, line_text
from packstation.devices.recognise import line_models
from packstation.devices.sim.faces import Face, PtyFace, TcpFace
from packstation.devices.sim.scale import ScaleSim
from packstation.devices.sim.speeches import SPEECHES
from packstation.domain.errors import SettingsError
from packstation.domain.recognition import Finding, Recognition
from packstation.station.workshop import ProbeEnded, ProbeHeard, ProbeSettled, ProbeStepped
from tests.devices.rigs import Recorder, chance

QUICK = ProbeTiming(
    listen_s=0.25, longer_s=0.7, answer_s=0.25, rest_s=0.04, drain_s=0.02, weigh_s=0.8, gap_s=0.02
)
TWO = LINES[:2]
ASKED = sorted({model.id for model in line_models()} - {"adam"})


@contextmanager
def scale(model: str, face: Face, grams: int) -> Iterator[ScaleSim]:
    sim = ScaleSim(face, chance(), SPEECHES[model])
    sim.place(grams)
    try:
        yield sim
    finally:
        sim.close()


@contextmanager
def probing(address: str, said: Recorder, timing: ProbeTiming = QUICK) -> Iterator[ScaleProbe]:
    probe = ScaleProbe(address, said, timing=timing, lines=TWO)
    try:
        yield probe
    finally:
        probe.close()


def ended(said: Recorder) -> Recognition:
    done = said.next(ProbeEnded, timeout=20)
    assert not done.cause, done.cause
    return done.recognition


@pytest.mark.parametrize("model", ASKED)
def test_every_model_is_recognised_and_weighed_over_a_pty(tmp_path: Path, model: str) -> None:
    said = Recorder()
    with (
        scale(model, PtyFace(tmp_path / "scale"), 1_000) as sim,
        probing(sim.address, said) as probe,
    ):
        found = ended(said)
        assert found.first is not None
        assert model in {one.model for one in found.candidates}
        if found.finding is Finding.FOUND:
            assert found.first.model == model

        sim.place(500)
        mark = said.mark
        probe.settle(500)
        settled = said.next(ProbeSettled, after=mark, timeout=20).recognition

    assert settled.finding is Finding.FOUND
    assert settled.first is not None
    assert (settled.first.model, settled.first.unit or "kg") == (model, "kg")
    assert said.of(ProbeHeard)


def test_a_scale_behind_a_network_socket_has_no_line_to_try() -> None:
    said = Recorder()
    with scale("mt-sics", TcpFace(), 750) as sim, probing(sim.address, said):
        found = ended(said)

    assert found.finding is Finding.FOUND
    assert found.first is not None
    assert (found.first.model, found.first.baud) == ("mt-sics", 0)
    assert {step.line for step in said.of(ProbeStepped)} == {""}


def test_adam_is_recognised_once_its_own_key_makes_it_speak(tmp_path: Path) -> None:
    said = Recorder()
    with scale("adam", PtyFace(tmp_path / "scale"), 640) as sim:
        frame = SPEECHES["adam"].answer(b"P", sim.pan)
        with probing(sim.address, said, ProbeTiming(listen_s=0.8, drain_s=0.02)):
            while not said.of(ProbeEnded):  # somebody presses the key again and again
                sim.say(frame)
                threading.Event().wait(0.1)
            found = ended(said)

    assert found.finding is Finding.AMBIGUOUS
    assert found.first is not None
    assert found.first.model == "adam"


def test_another_weight_than_was_said_is_told_and_can_be_put_right(tmp_path: Path) -> None:
    said = Recorder()
    with (
        scale("st-gs", PtyFace(tmp_path / "scale"), 1_000) as sim,
        probing(sim.address, said) as probe,
    ):
        ended(said)
        probe.settle(500)
        wrong = said.next(ProbeSettled, timeout=20).recognition
        mark = said.mark
        probe.settle(1_000)
        right = said.next(ProbeSettled, after=mark, timeout=20).recognition

    assert wrong.finding is Finding.DISAGREE
    assert wrong.candidates[0].shown == "1.000 kg"
    assert right.finding is Finding.FOUND


def test_a_silent_port_ends_with_nothing_and_steps_are_counted(tmp_path: Path) -> None:
    said = Recorder()
    with scale("mt-sics", PtyFace(tmp_path / "scale"), 0) as sim:
        sim.set_fault("stale", on=True)
        with probing(sim.address, said, ProbeTiming(listen_s=0.05, answer_s=0.02, drain_s=0.01)):
            found = ended(said)

    steps = said.of(ProbeStepped)
    assert found == Recognition(Finding.NOTHING)
    assert [step.step for step in steps[:3]] == [1, 2, 3]
    assert {step.steps for step in steps} == {4}
    assert {step.ask for step in steps} == {b"", *ASKS}
    assert steps[1].line == "9600 7E1"


def test_a_port_that_is_not_there_says_so(tmp_path: Path) -> None:
    said = Recorder()
    with probing(str(tmp_path / "none"), said):
        assert said.next(ProbeEnded).cause == "port.missing"
    with pytest.raises(SettingsError):
        ScaleProbe("tcp://", said)


def test_a_cable_pulled_while_weighing_ends_it(tmp_path: Path) -> None:
    said = Recorder()
    with scale("st-gs", PtyFace(tmp_path / "scale"), 1_000) as sim, probing(sim.address, said):
        ended(said)
        mark = said.mark
        sim.set_fault("unplug", on=True)
        assert said.next(ProbeEnded, after=mark).cause in {"port.missing", "device.unplugged"}


def test_closing_ends_at_once_and_nothing_is_said_afterwards(tmp_path: Path) -> None:
    said = Recorder()
    with scale("mt-sics", PtyFace(tmp_path / "scale"), 0) as sim:
        with probing(sim.address, said, ProbeTiming(listen_s=30)):
            said.next(ProbeStepped)
        mark = said.mark
        sim.say(b"S S      0.000 kg\r\n")
    assert said.happenings[mark:] == []


def test_a_bug_ends_the_probe_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object) -> Recognition:
        raise RuntimeError("decoder")

    monkeypatch.setattr("packstation.devices.probing.recognise", broken)
    said = Recorder()
    with scale("st-gs", PtyFace(tmp_path / "scale"), 0) as sim, probing(sim.address, said):
        assert said.next(ProbeEnded).cause == "device.internal"


def test_no_question_holds_a_letter_that_zeroes_tares_or_clears() -> None:
    assert not set(b"".join(ASKS)) & set(b"ZTC@")
    assert all(ask[-1:] in {b"\r", b"\n"} for ask in ASKS[:-2])
    assert {model.ask for model in line_models() if model.ask} - set(ASKS) == {b"P\r\n"}


def test_settings_are_written_as_people_write_them() -> None:
    assert line_text(LineSettings(1200, 7, "O")) == "1200 7O1"
    assert line_text(None) == ""
