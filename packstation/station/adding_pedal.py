"""Adds a pedal: it is pressed, its key is learned, a meaning is chosen, it is pressed again."""

from __future__ import annotations

from typing import Final

from packstation.station.core import Core
from packstation.station.device_state import Wizard
from packstation.station.pedal import LEARNED, MEANINGS, Pedals, meaning
from packstation.station.views import Fact, PickView, Words
from packstation.station.workshop import PortRow

PEDAL: Final = "pedal"
# All keys come through the window, so there is one address for them.
PORT: Final = PortRow("keyboard", "keyboard")
MODEL: Final = "keyboard"
MORE: Final = "more"
# With "more" eight rows: each has a number, and all stand on the smallest screen.
_ROWS: Final = 7
_LEAVES: Final = -(-len(MEANINGS) // _ROWS)


def keys_of(wizard: Wizard) -> dict[str, str]:
    """What the pedal's keys mean so far."""
    named = wizard.options.get("keys")
    if not isinstance(named, dict):
        return {}
    return {str(key): str(command) for key, command in named.items()}


def key_facts(keys: object) -> tuple[Fact, ...]:
    """A row a key: its name, and what it means."""
    named = keys if isinstance(keys, dict) else {}
    return tuple(
        (Words("dev.fact.key", (("key", str(key)),)), meaning(str(command)))
        for key, command in named.items()
    )


def meanings(wizard: Wizard) -> tuple[PickView, ...]:
    """The meanings of this turn, then a row for the next ones."""
    first = wizard.turn % _LEAVES * _ROWS
    rows = tuple(PickView(name, meaning(name)) for name in MEANINGS[first : first + _ROWS])
    return (*rows, PickView(MORE, Words("add.pedal.more"), icon="next"))


def listen(wizard: Wizard, pedals: Pedals) -> None:
    """From now on a step of any foot is only looked at."""
    wizard.turn = 0
    pedals.listening = True


def learn(wizard: Wizard, core: Core, key: str) -> bool:
    """Take a key for the pedal; False with the problem told where it cannot be."""
    other = _owner(wizard, core, key)
    if other or key not in LEARNED:
        named = (("key", key), ("d", other))
        wizard.problem = Words("add.pedal.used" if other else "add.pedal.taken", named)
        core.desk.earcon = "unknown_code"
        return False
    if wizard.key:
        # It was gone back to: the key that was learned before was not the one.
        wizard.options["keys"] = {k: does for k, does in keys_of(wizard).items() if k != wizard.key}
    wizard.key, core.desk.earcon = key, "ok"
    return True


def _owner(wizard: Wizard, core: Core, key: str) -> str:
    """Another pedal that has the key already."""
    for name, record in core.desk.devices.items():
        keys = record.info.options.get("keys") if record.info.kind == PEDAL else None
        if name != wizard.replaces and isinstance(keys, dict) and key in keys:
            return core.desk.device_name(name)
    return ""


def tried(wizard: Wizard, core: Core, key: str) -> None:
    """A step on trial: shown, and not done."""
    known = key in keys_of(wizard)
    wizard.proof = key
    wizard.problem = None if known else Words("add.pedal.other", (("key", key),))
    core.desk.earcon = "ok" if known else "unknown_code"
