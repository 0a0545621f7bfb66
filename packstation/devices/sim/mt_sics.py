"""How a simulated scale speaks MT-SICS (reference/devices.md section 1.1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from packstation.devices.sim.pan import Pan


def answer(command: bytes, pan: Pan) -> bytes:
    """S, SI, Z, ZI, T, TI, TA, TAC, @ and I1 to I4; anything else is ``ES``."""
    say = _ANSWERS.get(command.decode("latin-1").strip("\r"))
    return (say(pan) if say else "ES").encode() + b"\r\n"


def _stable(pan: Pan) -> str:
    return "S I" if pan.moving else _weigh(pan)


def _weigh(pan: Pan) -> str:
    shown = pan.shown()
    if shown.beyond:
        return f"S {shown.beyond}"
    return f"S {'D' if shown.moving else 'S'} {shown.value:>10f} {pan.facts.unit}"


def _zero(pan: Pan, done: str, moving: str, *, at_once: bool = False) -> str:
    if not pan.can_zero():
        return f"{done.split(maxsplit=1)[0]} +"
    moves = pan.moving
    if moves and not at_once:
        return moving
    pan.zero()
    return moving if moves else done


def _tare(pan: Pan, done: str, moving: str, *, at_once: bool = False) -> str:
    moves = pan.moving
    if moves and not at_once:
        return moving
    pan.tare()
    return f"{moving if moves else done} {_tared(pan)}"


def _tared(pan: Pan) -> str:
    return f"{pan.sent(pan.tare_g):>10f} {pan.facts.unit}"


def _clear_tare(pan: Pan) -> str:
    pan.tare_g = 0
    return "TAC A"


_ANSWERS: Final[Mapping[str, Callable[[Pan], str]]] = {
    "S": _stable,
    "SI": _weigh,
    "Z": lambda pan: _zero(pan, "Z A", "Z I"),
    "ZI": lambda pan: _zero(pan, "ZI S", "ZI D", at_once=True),
    "T": lambda pan: _tare(pan, "T S", "T I"),
    "TI": lambda pan: _tare(pan, "TI S", "TI D", at_once=True),
    "TA": lambda pan: f"TA A {_tared(pan)}",
    "TAC": _clear_tare,
    "@": lambda pan: f'I4 A "{pan.facts.serial}"',
    "I1": lambda _: 'I1 A "0123" "2.30" "2.22" "2.33" "2.20"',
    "I2": lambda _: 'I2 A "Simulated bench scale 30 kg"',
    "I3": lambda _: 'I3 A "1.00"',
    "I4": lambda pan: f'I4 A "{pan.facts.serial}"',
}
