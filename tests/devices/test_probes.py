"""Questions of modem managers are told from codes and weights."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packstation.devices.framing import EndFramer
from packstation.devices.probes import is_modem_probe
from packstation.devices.sim.pan import Pan
from packstation.devices.sim.speeches import SPEECHES
from tests.devices.rigs import chance


@pytest.mark.parametrize(
    "probe",
    [
        b"AT\r",
        b"ATE0\r\n",
        b"AT+GCAP",
        b"AT+CGMI",
        b"AT+CPIN?",
        b"AT+CMEE=1",
        b"ATI",
        b"ATI1",
        b"ATZ E0 V1",
        b"AT&F &D0 &C1",
        b"ATQ0 V1 E1 S0=0",
        b"AT*CIND=?",
        b"AT^SYSINFO",
        b"AT+CREG=2;+CGREG=2",
        b"\x78\xf0\x7e",
        b"\x7e\x00\x78\xf0\x7e",
    ],
)
def test_probes(probe: bytes) -> None:
    assert is_modem_probe(probe)


@pytest.mark.parametrize(
    "code",
    [
        b"AT1234567",
        b"ATLAS-12",
        b"ATX-100-RED",
        b"ATE-4711",
        b"RR123456785AT",
        b"6901234567892",
        b"]C1AT+GCAP",
        b"%PB:17",
        b"~",
        b"",
        "~x中~".encode(),
    ],
)
def test_codes_are_none(code: bytes) -> None:
    assert not is_modem_probe(code)


@given(st.from_regex(r"[A-Z]{2}\d{9}[A-Z]{2}|\d{8,20}|[0-9A-Z]{6,12}-[0-9]{1,4}", fullmatch=True))
def test_waybills_and_numbers_of_goods_are_none(code: str) -> None:
    assert not is_modem_probe(code.encode())


@pytest.mark.parametrize("model", [name for name, one in SPEECHES.items() if one.frame])
def test_frames_of_streaming_scales_are_none(model: str) -> None:
    speech = SPEECHES[model]
    pan = Pan(speech.facts, chance(), lambda: False)
    assert speech.frame is not None
    for grams in (0, 1, 250, 1250, 4139):
        pan.place(grams)
        for frame in EndFramer(b"\n", limit=64, keep=True).feed(speech.frame(pan)):
            assert not is_modem_probe(frame.data)
