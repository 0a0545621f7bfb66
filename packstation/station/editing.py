"""Edits a device: its name and the options of its row, checked, saved, and taken back again.

A list of fields, then the values of one. What is wrong is told with what would be right, and
nothing is saved or opened anew before the person says so.
"""

from __future__ import annotations

from typing import Final

from packstation.domain.errors import PackstationError
from packstation.station import workshop as w
from packstation.station.core import Core
from packstation.station.device_state import Edit
from packstation.station.views import EntryView, PickView, Words

ENTRY: Final = "option"
SAVE, UNDO, MORE = "save", "undo", "more"
TYPED, UNSET = "typed", "unset"
_ROWS: Final = 6
_SWITCH: Final = ("true", "false")


class Editing:
    """The page "edit_device"; ``edit`` is None while it is closed."""

    def __init__(self, core: Core, workshop: w.DeviceWorkshop) -> None:
        self._core, self._workshop = core, workshop

    @property
    def edit(self) -> Edit | None:
        """What is being changed."""
        return self._core.desk.pages.edit

    @property
    def _now(self) -> Edit:
        found = self._core.desk.pages.edit
        assert found is not None  # noqa: S101 - every caller has asked for it
        return found

    def begin(self, device: str) -> None:
        """Open the page of a device of the bench."""
        info = self._core.desk.devices[device].info
        row = w.NewDevice(info.kind, info.model, info.address, info.id, dict(info.options))
        pages = self._core.desk.pages
        pages.edit, pages.selected = Edit(row, dict(info.options), self._workshop.fields(row)), 0

    def leave(self) -> None:
        """Close it; what was not saved is forgotten."""
        self._core.desk.pages.edit = None

    def back(self) -> bool:
        """From a field to the list; False on the list."""
        if not self._now.field:
            return False
        self._turn_to("")
        return True

    def _turn_to(self, field: str) -> None:
        edit = self._now
        edit.field, edit.problem = field, None
        self._core.desk.pages.selected = 0

    # --- rows -----------------------------------------------------------------------------

    def picks(self) -> tuple[PickView, ...]:
        """The rows of the page."""
        edit = self.edit
        if edit is None or edit.busy:
            return ()
        return values(edit) if edit.field else self._fields(edit)

    def _fields(self, edit: Edit) -> tuple[PickView, ...]:
        changed = edit.options != edit.device.options
        again = edit.device.id in self._core.desk.pages.before and not changed
        leaves = max(1, -(-len(edit.fields) // _ROWS))
        first = edit.turn % leaves * _ROWS
        return (
            *((PickView(SAVE, Words("edit.save"), icon="check"),) if changed else ()),
            *(_field(edit, one) for one in edit.fields[first : first + _ROWS]),
            *((PickView(UNDO, Words("edit.undo"), icon="undo"),) if again else ()),
            *((PickView(MORE, Words("edit.more"), icon="next"),) if leaves > 1 else ()),
        )

    def pick(self, name: str) -> None:
        """One of the rows was picked."""
        edit = self._now
        if edit.field:
            self._pick_value(name)
        elif name == SAVE:
            self._save(edit.options)
        elif name == UNDO:
            self._save(self._core.desk.pages.before[edit.device.id])
        elif name == MORE:
            edit.turn, self._core.desk.pages.selected = edit.turn + 1, 0
        else:
            self._turn_to(name)

    def _pick_value(self, name: str) -> None:
        edit = self._now
        if name == TYPED:
            words = Words(f"edit.{edit.field}")
            value = shown(edit.options.get(edit.field))
            self._core.desk.entry = EntryView(kind=ENTRY, words=words, value=value)
        elif name == UNSET:
            self._take({k: v for k, v in edit.options.items() if k != edit.field})
        else:
            self.entered(name)

    def entered(self, text: str) -> None:
        """A value was picked, typed or scanned."""
        edit = self._now
        row = next((one for one in edit.fields if one.name == edit.field), None)
        if row is not None and text:
            self._take(edit.options | {row.name: read(row, text)}, text)

    def _take(self, options: dict[str, object], text: str = "") -> None:
        """Keep the options if they could stand; else say what could."""
        edit, device = self._now, self._now.device
        row = w.NewDevice(device.kind, device.model, device.address, device.id, options)
        try:
            self._workshop.check(row)
        except PackstationError as exc:
            told = {"value": text, "allowed": ""} | {k: str(v) for k, v in exc.fields.items()}
            edit.problem = Words("edit.wrong", tuple((k, told[k]) for k in ("value", "allowed")))
            self._core.desk.earcon = "unknown_code"
            return
        edit.options = options
        self._turn_to("")

    # --- saving ---------------------------------------------------------------------------

    def _save(self, options: dict[str, object]) -> None:
        edit, workshop = self._now, self._workshop
        edit.busy = True
        one = edit.device
        device = w.NewDevice(one.kind, one.model, one.address, one.id, dict(options))

        def save() -> w.DeviceSaved:
            try:
                workshop.check(device)
                workshop.save("edited", device)
            except PackstationError as exc:
                return w.DeviceSaved("edited", device, exc.key)
            return w.DeviceSaved("edited", device)

        self._core.background.run(save)

    def saved(self, device: w.NewDevice) -> None:
        """It stands in the settings: opened anew, and what it was can be had back."""
        pages = self._core.desk.pages
        was = self._core.desk.devices[device.id].info.options
        pages.before[device.id], pages.edit = dict(was), None
        self._workshop.close(device.id)

    def not_saved(self, problem: str) -> None:
        """The settings could not be written."""
        if self.edit is not None:
            self._now.busy, self._now.problem = False, Words(problem)


def values(edit: Edit) -> tuple[PickView, ...]:
    """What a field may be: words to pick, a row to type another, and as the maker left it."""
    row = next(one for one in edit.fields if one.name == edit.field)
    if row.type == "switch":
        picks = tuple(PickView(one, Words(f"edit.{one}")) for one in _SWITCH)
    else:
        picks = tuple(PickView(one, text=one) for one in row.words[:_ROWS])
    typed, is_set = row.typed and row.type != "switch", row.name in edit.options
    return (
        *picks,
        *((PickView(TYPED, Words("edit.typed"), icon="keypad"),) if typed else ()),
        *((PickView(UNSET, Words("edit.unset"), icon="erase"),) if is_set else ()),
    )


def _field(edit: Edit, row: w.FieldRow) -> PickView:
    value = edit.options.get(row.name)
    changed = value != edit.device.options.get(row.name)
    return PickView(
        row.name,
        Words(f"edit.{row.name}"),
        detail=told(value),
        note=Words("edit.changed") if changed else None,
    )


def told(value: object) -> str | Words:
    """A value as a row shows it."""
    if isinstance(value, bool):
        return Words("edit.true" if value else "edit.false")
    return shown(value) or Words("edit.usual")


def shown(value: object) -> str:
    """A value as it would be typed; "" for none."""
    return "" if value is None or isinstance(value, bool) else str(value)


def read(row: w.FieldRow, text: str) -> object:
    """What was typed as a value of its kind; text that is none stays, for the check to refuse."""
    if row.type == "switch" and text in _SWITCH:
        return text == "true"
    if row.type not in {"whole", "number"}:
        return text
    try:
        return int(text) if text.lstrip("-").isdecimal() else float(text.replace(",", "."))
    except ValueError:
        return text
