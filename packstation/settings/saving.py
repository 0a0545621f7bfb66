"""Writing the user's own settings, and nothing else."""

from __future__ import annotations

import json
import string
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from packstation.settings.keys import (
    BY_NAME,
    LISTS,
    POLICY,
    USER,
    SettingInvalid,
    Values,
    read_value,
)
from packstation.settings.sections import DeviceSection, Settings
from packstation.settings.sources import Places, toml, upper

_BARE: Final = frozenset(string.ascii_letters + string.digits + "-_")


def save(changes: Values, settings: Settings, *, places: Places | None = None) -> None:
    """Change the user's file: values by key; None removes.

    ``DEVICES`` are `DeviceSection` rows, ``PRINT`` tables.

    Raises:
        SettingInvalid: a policy locks it, or the value or the file cannot be used.
    """
    path = (places or Places.here()).user
    kept = dict(toml(path, USER))
    for name, value in upper(changes).items():
        if name not in LISTS:
            if settings.explain(name).locked:
                raise SettingInvalid(name, value, "", POLICY)
            if value is not None:
                read_value(BY_NAME[name], value, USER)
        kept[name] = value
    _write(path, "".join(_lines({name: v for name, v in kept.items() if v is not None})))


def _lines(values: Values) -> Iterable[str]:
    for name in sorted(values.keys() - LISTS.keys()):
        yield f"{_key(name)} = {toml_value(values[name])}\n"
    for name in LISTS:
        rows = values.get(name, ())
        for row in rows if isinstance(rows, list | tuple) else ():
            shown = _row(row) if isinstance(row, DeviceSection) else row
            yield f"\n[[{name}]]\n"
            yield from (f"{_key(part)} = {toml_value(value)}\n" for part, value in shown.items())


def _row(device: DeviceSection) -> Values:
    row = {
        "kind": device.kind,
        "model": device.model,
        "address": device.address,
        "id": device.id,
        "options": dict(device.options),
    }
    return {name: value for name, value in row.items() if value}


def _key(name: str) -> str:
    bare = bool(name) and set(name) <= _BARE
    return name if bare else toml_value(name)


def toml_value(value: object) -> str:
    """A TOML value; JSON's strings are TOML's, but for DEL (TOML 1.0 section String)."""
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_key(name)} = {toml_value(held)}" for name, held in value.items())
        return f"{{{inner}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(toml_value, value))}]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _write(path: Path, text: str) -> None:
    torn = path.with_name(path.name + ".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        torn.write_text(text, "utf-8")
        torn.replace(path)
    except OSError as exc:
        raise SettingInvalid(str(path), "", str(exc), USER) from exc
