"""How simulated scales of every model speak (reference/devices.md section 1).

Written from the tables of the protocols and not from our decoders: the tests hold the two
against each other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from operator import xor
from typing import Final

from packstation.devices.framing import EndFramer, Framer, StartFramer
from packstation.devices.sim import mt_sics
from packstation.devices.sim.pan import Pan, ScaleFacts, Shown
from packstation.devices.sim.scale import Speech

# What a scale of 15 kg and 5 g sends; most of these protocols have three places of kilograms.
_KILO: Final = ScaleFacts(capacity_g=15_000, division_g=5, swing_g=40)
_TENTH: Final = ScaleFacts(capacity_g=15_000, division_g=10, decimals=2, swing_g=60)
_GRAMS: Final = ScaleFacts(capacity_g=6_000, unit="g", decimals=1)


def _digits(shown: Shown, width: int, fill: str = "0") -> str:
    return f"{abs(shown.value):f}".rjust(width, fill)


def _sign(shown: Shown, plus: str = "+") -> str:
    return "-" if shown.value < 0 else plus


def _when(command: bytes, say: Callable[[Pan], bytes]) -> Callable[[bytes, Pan], bytes]:
    """An answer to one command, silence to others."""
    return lambda heard, pan: say(pan) if heard.strip(b"\r\n") == command else b""


def _named(
    command: bytes, say: Callable[[Pan], bytes], who: bytes
) -> Callable[[bytes, Pan], bytes]:
    """As `_when`, and the serial number for another command."""
    plain = _when(command, say)

    def answer(heard: bytes, pan: Pan) -> bytes:
        if heard.strip(b"\r\n") == who:
            return pan.facts.serial.encode() + b"\r\n"
        return plain(heard, pan)

    return answer


def _every_byte() -> Framer:
    return EndFramer(bytes(range(256)), limit=1, keep=True)


def _lines() -> Framer:
    return EndFramer(b"\r\n", limit=64)


def _even(data: bytes) -> bytes:
    """As seven-bit bytes with even parity look through a port that is set to eight."""
    return bytes(byte | 0x80 if byte.bit_count() % 2 else byte for byte in data)


def _toledo(pan: Pan) -> bytes:
    shown = pan.shown()
    bits = 0x40 | (0x01 if shown.moving else 0) | {"+": 0x02, "-": 0x04, "": 0}[shown.beyond]
    if shown.value < 0:
        bits |= 0x04
    if bits != 0x40:
        return bytes((0x02, 0x3F, bits, 0x0D))
    net = b"N" if shown.net else b""
    return b"\x02" + _digits(shown, 6).encode() + net + b"\r"


def _nci(pan: Pan) -> bytes:
    shown = pan.shown()
    first = 0x30 | (0x01 if shown.moving else 0) | (0x02 if shown.zero else 0)
    second = 0x30 | {"+": 0x02, "-": 0x01, "": 0}[shown.beyond] | (0x40 if shown.net else 0)
    said = bytes((first, second)) + (b"4" if shown.net else b"") + b"\r\x03"
    if shown.moving or shown.beyond or shown.value < 0:
        return b"\n" + said
    return b"\n" + _digits(shown, 6).encode() + pan.facts.unit.encode() + b"\r\n" + said


def _sma(pan: Pan) -> bytes:
    shown = pan.shown()
    state = {"+": "O", "-": "U", "": "Z" if shown.zero else " "}[shown.beyond]
    value = "-" * 10 if shown.beyond else f"{shown.value:>10f}"
    moves = "M" if shown.moving else " "
    return f"\n{state}1{'N' if shown.net else 'G'}{moves} {value}{pan.facts.unit:<3}\r".encode()


def _sbi(pan: Pan) -> bytes:
    shown = pan.shown()
    if shown.beyond:
        word = "High" if shown.beyond == "+" else "Low"
        return f"Stat        {word:<8}\r\n".encode()
    unit = "" if shown.moving else pan.facts.unit
    name = "N" if shown.net else "G#"
    return f"{name:<6}{_sign(shown)} {_digits(shown, 8, ' ')} {unit:<3}\r\n".encode()


def _a_and_d(pan: Pan) -> bytes:
    shown = pan.shown()
    if shown.beyond:
        return f"OL,{shown.beyond}9999999E+19\r\n".encode()
    head = "US" if shown.moving else "ST"
    return f"{head},{_sign(shown)}{_digits(shown, 8)}{pan.facts.unit:>3}\r\n".encode()


def _st_gs(pan: Pan) -> bytes:
    shown = pan.shown()
    kind = "NT" if shown.net else "GS"
    if shown.beyond:
        return f"OL,{kind},{shown.beyond}{'':10}\r\n".encode()
    head = "US" if shown.moving else "ST"
    return f"{head},{kind},{_sign(shown)}{_digits(shown, 8)}{pan.facts.unit}\r\n".encode()


def _cas(pan: Pan) -> bytes:
    shown = pan.shown()
    head = "OL" if shown.beyond else "US" if shown.moving else "ST"
    lamps = 0x80 | (0 if shown.moving else 0x40) | (0x02 if shown.net else 0x04)
    lamps |= 0x01 if shown.zero else 0
    kind = "NT" if shown.net else "GS"
    field = f"{shown.beyond}{'':7}" if shown.beyond else f"{_sign(shown)}{_digits(shown, 7)}"
    start = f"{head},{kind},1".encode() + bytes((lamps,))
    return start + f",{field} {pan.facts.unit}\r\n".encode()


def _ohaus(pan: Pan) -> bytes:
    shown = pan.shown()
    if shown.beyond:
        return b"Err 8.3\r\n" if shown.beyond == "+" else b"Err 8.4\r\n"
    moves = "?" if shown.moving else " "
    kind = "NET" if shown.net else "B/G"
    value = _digits(shown, 7, " ")
    return f"{_sign(shown, ' ')}  {value} {pan.facts.unit} {moves} {kind}\r\n".encode()


def _adam(pan: Pan) -> bytes:
    shown = pan.shown()
    if shown.beyond or shown.zero:
        return b""
    return f"{_sign(shown, ' ')} {_digits(shown, 5)}{pan.facts.unit}\r\n".encode()


def _hex(total: int) -> bytes:
    return f"{total:02X}".encode()


def _a9(pan: Pan) -> bytes:
    shown = pan.shown()
    places = pan.facts.decimals
    whole = f"{abs(int(shown.value.scaleb(places))):06d}"
    body = f"{_sign(shown)}{whole}{places}".encode()
    return b"\x02" + body + _hex(reduce(xor, body)) + b"\x03"


def _a12(pan: Pan) -> bytes:
    shown = pan.shown()
    if shown.beyond:
        return f"{'':9}{'OL' if shown.beyond == '+' else 'LO'}23\r\n".encode()
    digits = f"{shown.value:07f}" if shown.value < 0 else _digits(shown, 7)
    body = f"W{'N' if shown.net else 'G'}{digits}kg".encode()
    return body + _hex(reduce(xor, body)) + b"\r\n"


def _reversed(pan: Pan) -> bytes:
    shown = pan.shown()
    return f"={_digits(shown, 7)[::-1]}{_sign(shown, '0')}".encode()


def _forward(pan: Pan) -> bytes:
    shown = pan.shown()
    digits = f"-{_digits(shown, 7)}" if shown.value < 0 else _digits(shown, 8)
    return f"={digits}".encode()


def _streamed(model: str, frame: Callable[[Pan], bytes], facts: ScaleFacts = _KILO) -> Speech:
    return Speech(model, heard=_lines, frame=frame, facts=facts)


SPEECHES: Final[Mapping[str, Speech]] = {
    speech.model: speech
    for speech in (
        Speech("mt-sics", heard=lambda: EndFramer(b"\n", limit=64), answer=mt_sics.answer),
        Speech(
            "toledo-8217",
            heard=_every_byte,
            answer=_when(b"W", lambda pan: _even(_toledo(pan))),
            facts=_KILO,
        ),
        Speech(
            "nci-scp01",
            heard=_lines,
            answer=_when(b"W", lambda pan: _even(_nci(pan))),
            facts=_TENTH,
        ),
        Speech("sma", heard=_lines, answer=_when(b"W", _sma), facts=_KILO),
        Speech(
            "sartorius-sbi",
            heard=lambda: StartFramer(0x1B, lambda held: len(held) == 2, limit=4),
            answer=_when(b"\x1bP", _sbi),
            facts=_GRAMS,
        ),
        Speech("and-standard", heard=_lines, answer=_named(b"Q", _a_and_d, b"?SN"), facts=_GRAMS),
        _streamed("st-gs", _st_gs),
        _streamed("cas-22", _cas),
        Speech("ohaus", heard=_lines, answer=_named(b"IP", _ohaus, b"PSN"), facts=_KILO),
        Speech("adam", heard=_lines, answer=_when(b"P", _adam), facts=_KILO, once=True),
        _streamed("yaohua-a9", _a9),
        _streamed("yaohua-a12", _a12),
        _streamed("yaohua-reversed", _reversed),
        _streamed("yaohua-forward", _forward),
    )
}
