"""Reading all sources once: the first that has a value wins."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

from msgspec.structs import replace

from packstation.settings.keys import (
    COMMAND,
    DEFAULT,
    ENVIRONMENT,
    HIDDEN,
    INSTALLER,
    KEYS,
    LISTS,
    POLICY,
    PROFILE,
    USER,
    Key,
    SettingInvalid,
    Values,
    nearest,
    read_value,
)
from packstation.settings.sections import (
    CustomsSection,
    DeviceSection,
    Explained,
    PrintSection,
    ServerSection,
    Settings,
    StationSection,
    SyncSection,
    UpdateSection,
)
from packstation.settings.sources import Places, policies, toml, unknown_in, upper


def load(
    command_line: Values | None = None,
    *,
    environ: Mapping[str, str] | None = None,
    profile: Values | None = None,
    places: Places | None = None,
) -> Settings:
    """Read all sources; ``profile`` is what the server pushed for this station.

    Raises:
        SettingInvalid: a file that cannot be read, or a value that cannot be used.
    """
    where = places or Places.here()
    env = os.environ if environ is None else environ
    named = {
        key.name: env[f"PACKSTATION_{key.name}"]
        for key in KEYS
        if env.get(f"PACKSTATION_{key.name}")
    }
    sources = [
        (POLICY, policies(where.policies)),
        (COMMAND, upper(command_line or {})),
        (ENVIRONMENT, named),
        (PROFILE, upper(profile or {})),
        (INSTALLER, toml(where.installer, INSTALLER)),
        (USER, toml(where.user, USER)),
    ]
    unknown = [one for source, values in sources for one in unknown_in(source, values)]
    said = {key.name: _said(key, sources) for key in KEYS}
    values = {name: found[0][1] for name, found in said.items()}
    explained = {key.name: _explained(key, said[key.name]) for key in KEYS}
    explained |= {name: _listed(name, sources) for name in LISTS}
    lists = (_rows("DEVICES", sources, _device), _rows("PRINT", sources, _print))
    return replace(_settings(values, explained, lists, where.data), unknown=tuple(unknown))


def _said(key: Key, sources: Iterable[tuple[str, Values]]) -> list[tuple[str, Any]]:
    """What each source says, the highest first, the default last."""
    found = [
        (name, read_value(key, values[key.name], name))
        for name, values in sources
        if key.name in values
    ]
    return [*found, (DEFAULT, key.default)]


def _explained(key: Key, said: Sequence[tuple[str, object]]) -> Explained:
    if key.hidden:
        said = [(source, HIDDEN if value else "") for source, value in said]
    (source, value), *rest = said
    return Explained(key.name, value, source, source == POLICY, key.about, tuple(rest))


def _listed(name: str, sources: Iterable[tuple[str, Values]]) -> Explained:
    said: list[tuple[str, object]] = [(DEFAULT, [])]
    said[:0] = [(source, values[name]) for source, values in sources if name in values]
    (source, value), *rest = said
    return Explained(name, value, source, source == POLICY, LISTS[name], tuple(rest))


def _settings(
    values: Mapping[str, Any],
    explained: Mapping[str, Explained],
    lists: tuple[tuple[DeviceSection, ...], tuple[PrintSection, ...]],
    data: Path,
) -> Settings:
    devices, prints = lists
    return Settings(
        station=StationSection(
            id=values["STATION_ID"],
            name=values["STATION_NAME"],
            site=values["SITE"],
            data=Path(values["DATADIR"]) if values["DATADIR"] else data,
            language=values["LANG"],
            kiosk=values["KIOSK"],
            autostart=values["AUTOSTART"],
        ),
        server=ServerSection(
            url=values["SERVER_URL"],
            ca_file=values["CA_FILE"],
            proxy=values["PROXY"],
            enroll_file=values["ENROLL_FILE"],
            enroll_token=values["ENROLL_TOKEN"],
        ),
        sync=SyncSection(values["OFFLINE_CLAIM"], values["OFFLINE_HOURS"]),
        update=UpdateSection(
            values["UPDATE_MODE"],
            values["UPDATE_RING"],
            values["UPDATE_URL"],
            values["PINNED_VERSION"],
        ),
        devices=devices,
        explained=explained,
        prints=prints,
        customs=CustomsSection(tuple(values["CUSTOMS_KEYS"].split())),
    )


_Section = TypeVar("_Section")


def _rows(
    name: str,
    sources: Iterable[tuple[str, Values]],
    read: Callable[[object, int, str], _Section],
) -> tuple[_Section, ...]:
    """The whole list of the highest source that has one; lists are not merged."""
    for source, values in sources:
        if name in values:
            rows = values[name]
            if not isinstance(rows, list):
                raise SettingInvalid(name, rows, "a list of tables", source)
            return tuple(read(row, number, source) for number, row in enumerate(rows))
    return ()


_DEVICE_FIELDS: Final = ("kind", "model", "address", "id", "options")


def _device(row: object, number: int, source: str) -> DeviceSection:
    name = f"DEVICES[{number}]"
    if not isinstance(row, dict):
        raise SettingInvalid(name, row, "a table with kind, model, address", source)
    for part in row:
        if part not in _DEVICE_FIELDS:
            raise _no_field(f"{name}.{part}", row[part], _DEVICE_FIELDS, source)
    texts = {part: row.get(part, "") for part in ("kind", "model", "address", "id")}
    for part, value in texts.items():
        if not isinstance(value, str) or (not value and part != "id"):
            raise SettingInvalid(f"{name}.{part}", value, "text", source)
    options = row.get("options", {})
    if not isinstance(options, dict):
        raise SettingInvalid(f"{name}.options", options, "a table", source)
    return DeviceSection(**texts, options=options)


def _no_field(name: str, value: object, fields: Sequence[str], source: str) -> SettingInvalid:
    near = nearest(name.rpartition(".")[2], fields)
    return SettingInvalid(name, value, ", ".join(fields), source, near)


def _print(row: object, number: int, source: str) -> PrintSection:
    name = f"PRINT[{number}]"
    fields = ("document", "printer", "stock", "language", "backup")
    if not isinstance(row, dict):
        raise SettingInvalid(name, row, f"a table with {', '.join(fields)}", source)
    for part in row:
        if part not in fields:
            raise _no_field(f"{name}.{part}", row[part], fields, source)
    texts = {part: row.get(part, "") for part in fields[:-1]}
    for part, value in texts.items():
        if not isinstance(value, str) or (not value and part == "document"):
            raise SettingInvalid(f"{name}.{part}", value, "text", source)
    return PrintSection(**texts, backup=_backup(name, row, source))


def _backup(name: str, row: Mapping[str, object], source: str) -> tuple[str, ...] | None:
    """Ids of printers, one or a list; None where nothing is said."""
    said = row.get("backup")
    if said is None:
        return None
    ids = [said] if isinstance(said, str) else said
    if not isinstance(ids, list) or not all(isinstance(one, str) and one for one in ids):
        raise SettingInvalid(f"{name}.backup", said, "ids of printers", source)
    return tuple(ids)
