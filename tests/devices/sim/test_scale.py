from __future__ import annotations

from collections.abc import Iterator

import pytest

from packstation.devices.scales.mt_sics import decode
from packstation.devices.sim import mt_sics
from packstation.devices.sim.faces import TcpFace
from packstation.devices.sim.pan import ScaleFacts
from packstation.devices.sim.scale import ScaleSim
from packstation.domain.weights import ScaleState
from tests.devices.rigs import scale_sim


@pytest.fixture
def scale() -> Iterator[ScaleSim]:
    scale = scale_sim(TcpFace(), ScaleFacts(settle_s=0.0))
    yield scale
    scale.close()


def ask(scale: ScaleSim, command: str) -> str:
    return mt_sics.answer(command.encode() + b"\r", scale.pan).decode().removesuffix("\r\n")


def test_zero_and_tare(scale: ScaleSim) -> None:
    scale.place(100)
    assert ask(scale, "Z") == "Z A"
    assert ask(scale, "SI") == "S S      0.000 kg"
    scale.place(600)
    assert ask(scale, "T") == "T S      0.500 kg"
    assert ask(scale, "TA") == "TA A      0.500 kg"
    scale.place(1600)
    assert ask(scale, "S") == "S S      1.000 kg"
    assert ask(scale, "TAC") == "TAC A"
    assert ask(scale, "SI") == "S S      1.500 kg"
    assert ask(scale, "ZI") == "ZI +"


def test_while_it_moves_it_waits_or_says_so(scale: ScaleSim) -> None:
    scale.place(100)
    scale.set_fault("unstable", on=True)
    assert ask(scale, "S") == "S I"
    assert ask(scale, "Z") == "Z I"
    assert ask(scale, "T") == "T I"
    assert ask(scale, "TI").startswith("TI D")
    assert ask(scale, "ZI") == "ZI D"


def test_unknown_commands_are_a_syntax_error(scale: ScaleSim) -> None:
    assert ask(scale, "W") == "ES"


@pytest.mark.parametrize("command", ["S", "SI", "Z", "T", "TA", "TAC", "@", "I1", "I2", "I3", "I4"])
def test_every_answer_is_one_that_the_driver_knows(scale: ScaleSim, command: str) -> None:
    reading = decode(ask(scale, command).encode() + b"\r\n")
    assert reading.state is not ScaleState.FAULT
