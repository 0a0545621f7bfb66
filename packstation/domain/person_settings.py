"""What a person may choose for themselves: names, allowed values, and where they are kept.

Language is a column of the person's row, all others stand in ``prefs``. Station and server
change a row with this same function, so that both tell the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from packstation.domain.psp import PersonBody


class Setting(Struct, frozen=True):
    """A setting and its values, the first of which holds until another is chosen."""

    name: str
    values: tuple[str, ...]


YES_NO: Final = ("no", "yes")
SETTINGS: Final = (
    Setting("language", ("en", "zh_Hans", "ru")),
    Setting("text_percent", ("100", "90", "115", "130")),
    Setting("theme", ("light", "dark")),
    Setting("left_handed", YES_NO),
    Setting("sounds", ("standard", "low")),
    Setting("volume", ("100", "70", "40", "15")),
    Setting("still", YES_NO),
)
_BY_NAME: Final[Mapping[str, Setting]] = {setting.name: setting for setting in SETTINGS}
_LANGUAGE: Final = "language"
# The names of what a person chose, in ``prefs``.
CHOSEN: Final = "chosen"


def allowed(setting: str, value: str) -> bool:
    """Whether a person may choose that."""
    known = _BY_NAME.get(setting)
    return known is not None and value in known.values


def value_of(setting: Setting, language: str, prefs: Mapping[str, object]) -> str:
    """What holds now; a value that is none of the allowed ones is the first."""
    kept = language if setting.name == _LANGUAGE else prefs.get(setting.name)
    if setting.values == YES_NO:
        kept = "yes" if kept is True or kept == "yes" else "no"
    return str(kept) if str(kept) in setting.values else setting.values[0]


def chosen_names(prefs: Mapping[str, Any]) -> set[str]:
    """What a person chose themselves; a row that says nonsense says nothing."""
    names = prefs.get(CHOSEN, ())
    return {name for name in _BY_NAME if isinstance(names, list | tuple) and name in names}


def chosen(person: PersonBody, setting: str, value: str) -> PersonBody:
    """Someone's row after a choice of theirs; nothing else of it can be chosen."""
    language, prefs = changed(person.language, person.prefs, setting, value)
    return replace(person, language=language, prefs=prefs)


def carried(person: PersonBody, before: PersonBody) -> PersonBody:
    """A row as imported with what the person had chosen for themselves: that is theirs."""
    theirs = chosen_names(before.prefs)
    kept = {s.name: s for s in SETTINGS if s.name in theirs}
    for name, setting in kept.items():
        person = chosen(person, name, value_of(setting, before.language, before.prefs))
    return person


def changed(
    language: str, prefs: Mapping[str, Any], setting: str, value: str
) -> tuple[str, dict[str, Any]]:
    """Language and ``prefs`` of a row after a choice; what is not allowed changes nothing."""
    if not allowed(setting, value):
        return language, dict(prefs)
    names = sorted({*chosen_names(prefs), setting})
    if setting == _LANGUAGE:
        return value, {**prefs, CHOSEN: names}
    kept: object = value
    if _BY_NAME[setting].values == YES_NO:
        kept = value == "yes"
    elif value.isdecimal():
        kept = int(value)
    return language, {**prefs, setting: kept, CHOSEN: names}
