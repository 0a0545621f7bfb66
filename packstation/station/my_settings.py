"""My settings: chosen by keys, touch or command, kept as facts of the person, at work at once."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from packstation.domain.packing.person_facts import PersonSettingChosen
from packstation.domain.person_settings import SETTINGS, Setting, allowed, changed, value_of
from packstation.station.core import Core
from packstation.station.own_views import MySettingsView, OptionView, SettingView
from packstation.station.ports import ChoiceMade
from packstation.station.words import Words

PAGE: Final = "my-settings"
# What is heard when a sound was changed: a good one, so that nobody looks for a mistake.
SAMPLE: Final = "line_complete"
_HEARD: Final = frozenset({"sounds", "volume"})


class MySettings:
    """The page of the person who is signed in."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def open(self, argument: str) -> None:
        """F11 opens the page, F11 on it gives the bench to another person.

        ``argument`` may be a choice at once: ``text_percent=130``.
        """
        desk = self._core.desk
        name, mark, value = argument.partition("=")
        if mark:
            self.choose(name, value)
        elif desk.page == PAGE:
            desk.page, desk.locked = "", True
        else:
            desk.page = PAGE

    def choice(self, choice: ChoiceMade) -> bool:
        """A digit goes to the setting's next value, a touch takes the value touched."""
        if self._core.desk.page != PAGE:
            return False
        name, mark, value = choice.value.partition("=")
        setting = next((s for s in SETTINGS if s.name == name), None)
        if mark:
            self.choose(name, value)
        elif setting is not None:
            self.choose(name, self._next(setting))
        return True

    def choose(self, name: str, value: str) -> None:
        """Kept first, then done: to the row in hand, which the journal's own row follows."""
        desk = self._core.desk
        person = desk.person
        if person is None or not allowed(name, value):
            self._core.refuse("settings.unknown", code_kind="command")
            return
        self._core.record(PersonSettingChosen(badge=person.badge, setting=name, value=value))
        language, prefs = changed(person.language, person.prefs, name, value)
        desk.person = replace(person, language=language, prefs=prefs)
        if name in _HEARD:
            desk.earcon = SAMPLE

    def view(self) -> MySettingsView:
        """All settings with what holds."""
        rows = tuple(self._row(place, setting) for place, setting in enumerate(SETTINGS, 1))
        return MySettingsView(rows, offline=not self._core.desk.online)

    def _row(self, place: int, setting: Setting) -> SettingView:
        values = _ordered(setting)
        options = tuple(OptionView(one, Words(f"mine.{setting.name}.{one}")) for one in values)
        words = Words(f"mine.{setting.name}")
        return SettingView(setting.name, words, options, self._value(setting), str(place))

    def _value(self, setting: Setting) -> str:
        person = self._core.desk.person
        if person is None:
            return setting.values[0]
        return value_of(setting, person.language, person.prefs)

    def _next(self, setting: Setting) -> str:
        values = _ordered(setting)
        return values[(values.index(self._value(setting)) + 1) % len(values)]


def _ordered(setting: Setting) -> tuple[str, ...]:
    """Numbers from small to large, words as they are."""
    if setting.values[0].isdecimal():
        return tuple(sorted(setting.values, key=int))
    return setting.values
