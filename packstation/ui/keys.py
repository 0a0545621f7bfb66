"""Keys as the mirrors of command codes (design/UI_DESIGN.md "Keys"); no widget, no focus."""

from __future__ import annotations

from types import MappingProxyType

from msgspec import Struct
from PySide6.QtCore import Qt

from packstation.station.ports import ChoiceMade, CommandGiven, Happening
from packstation.station.views import CommandView, Screen, StationView

_K = Qt.Key
FIXED = MappingProxyType(
    {
        "Enter": "accept",
        "Esc": "back",
        "F1": "help",
        "F2": "manual",
        "F3": "carton",
        "F4": "undo",
        "F5": "next-parcel",
        "F6": "short",
        "F7": "service",
        "F8": "hold",
        "F9": "reprint",
        "F10": "void",
        "F11": "my-settings",
        "F12": "supervisor",
        "Home": "queue",
        "End": "training",
    }
)
# These mean the same everywhere, whatever a foot says.
_SAME = frozenset({"F1", "F8", "F11", "F12", "Esc"})
_NAMES = MappingProxyType(
    {
        int(_K.Key_Return): "Enter",
        int(_K.Key_Enter): "Enter",
        int(_K.Key_Escape): "Esc",
        int(_K.Key_Backspace): "Backspace",
        int(_K.Key_Home): "Home",
        int(_K.Key_End): "End",
        int(_K.Key_Up): "Up",
        int(_K.Key_Left): "Left",
        int(_K.Key_Down): "Down",
        int(_K.Key_Right): "Right",
        **{int(_K.Key_F1) + step: f"F{step + 1}" for step in range(12)},
    }
)
# With Ctrl+Alt.
_CHORDS = MappingProxyType(
    {
        int(_K.Key_M): CommandGiven("mute"),
        int(_K.Key_P): CommandGiven("photo"),
        int(_K.Key_V): CommandGiven("video"),
    }
)
_MOST_DIGITS = 4
# Rows by their digits: as on a keyboard the 0 stands after the 9.
ROW_DIGITS = "1234567890"
_ARROWS = MappingProxyType(
    {"Up": "previous-row", "Left": "previous-row", "Down": "next-row", "Right": "next-row"}
)
# Screens of rows: arrows choose, and ten keys pick.
_PAGED = frozenset({Screen.ROWS})
_LISTS = frozenset({Screen.MY_SETTINGS, Screen.HELP})
_ROWS = frozenset(
    {Screen.DEVICES, Screen.DEVICE, Screen.ADD_DEVICE, Screen.EDIT_DEVICE, Screen.TRAINING}
)


class Stroke(Struct, frozen=True):
    """A key press: Qt's key number, the text it writes, and what is held with it."""

    key: int
    text: str = ""
    control: bool = False
    alt: bool = False
    repeat: bool = False

    @property
    def name(self) -> str:
        """The key cap's name: Enter, Esc, F1.., or the text."""
        return _NAMES.get(self.key, self.text)


class Keys:
    """Turns strokes into inputs; keeps the digits before a `*`."""

    def __init__(self) -> None:
        self._digits = ""

    def read(self, view: StationView, stroke: Stroke) -> Happening | None:
        """What a stroke means on this view; None for none."""
        digits, self._digits = self._digits, ""
        if stroke.repeat:
            return None
        if stroke.control and stroke.alt:
            return _CHORDS.get(stroke.key)
        name = stroke.name
        if name in _ARROWS:
            moves = view.screen in (_ROWS | _PAGED) or bool(view.alert and view.alert.lacks)
            return CommandGiven(_ARROWS[name]) if moves else None
        if view.screen is Screen.HELP and view.entry is None and _searches(name):
            erase = name == "Backspace"
            return CommandGiven("help-erase") if erase else CommandGiven("help-type", name)
        if name in FIXED:
            return CommandGiven(self._command(view, name))
        if len(name) == 1 and name.isascii() and name.isdigit():
            return self._digit(view, digits, name)
        if name == "*" and digits:
            return CommandGiven("quantity", digits)
        return self._lent(view, name)

    def _command(self, view: StationView, name: str) -> str:
        """A screen's foot, or the alert over it, may lend a key to another command."""
        if name not in _SAME:
            for command in shown_commands(view):
                if command.key == name:
                    return command.command
        return FIXED[name]

    def _lent(self, view: StationView, name: str) -> CommandGiven | None:
        for command in shown_commands(view):
            if name and command.key == name:
                return CommandGiven(command.command)
        return None

    def _digit(self, view: StationView, digits: str, name: str) -> Happening | None:
        """A pick where there is a list or an answer to give, else the start of a quantity."""
        # A list that is asked for comes before the answers of the stage under it.
        lent = self._lent(view, name) if view.entry is None else None
        if lent is not None:
            return lent
        rows = view.screen in (_ROWS | _PAGED | _LISTS) and view.entry is None
        place = (ROW_DIGITS if rows else ROW_DIGITS[:4]).find(name)
        # A list of nine leaves the 0 to quantities.
        if picks(view) and 0 <= place < max(9, len(picks(view))):
            return choice_of(view, place)
        self._digits = (digits + name)[-_MOST_DIGITS:]
        return None


def _searches(name: str) -> bool:
    """A key that writes into a search: letters, blanks, points; digits pick from the list."""
    if name == "Backspace":
        return True
    return len(name) == 1 and name.isprintable() and not name.isdigit() and name != "*"


def shown_commands(view: StationView) -> tuple[CommandView, ...]:
    """What the foot in sight offers: the alert's answers while one covers the stage."""
    return view.alert.answers if view.alert else view.commands


def picks(view: StationView) -> tuple[str, ...]:
    """Ids of the list that 1-4 pick from, in the order shown; empty where there is none."""
    if view.entry is not None:
        return tuple(name for name, _ in view.entry.choices)
    if view.alert is not None or view.locked:
        return ()
    if view.screen in _ROWS:
        return _rows(view)
    if view.screen is Screen.ROWS and view.page_rows:
        return tuple(row.id for row in view.page_rows.rows if row.id)
    if view.screen is Screen.MY_SETTINGS and view.mine:
        return tuple(row.name for row in view.mine.rows)
    if view.screen is Screen.HELP and view.help:
        return tuple(hit.id for hit in view.help.hits)
    if view.screen is Screen.QUEUE and view.queue:
        return tuple(row.order_id for row in view.queue.rows)
    if view.screen is Screen.CARTONING:
        return tuple(carton.code for carton in view.other_cartons)
    if view.screen is Screen.RATING:
        rows = (row for row in view.services if row.state != "refused")
        return tuple(f"{row.carrier}/{row.service}" for row in rows)
    return ()


def _rows(view: StationView) -> tuple[str, ...]:
    """Rows of the Devices pages."""
    if view.screen is Screen.DEVICES:
        return tuple(device.id for device in view.devices)
    if view.screen is Screen.DEVICE:
        return tuple(test.id for test in view.page.tests) if view.page else ()
    return tuple(row.id for row in view.adding.picks) if view.adding else ()


def choice_of(view: StationView, index: int) -> ChoiceMade | None:
    """The pick of row ``index``; None past the list's end."""
    ids = picks(view)
    return ChoiceMade(index, ids[index]) if index < len(ids) else None
