"""Reading all sources once: the first that has a value wins."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from packstation.settings.keys import (
    COMMAND,
    DEFAULT,
    ENVIRONMENT,
    HIDDEN,
    INSTALLER,
    KEYS,
    POLICY,
    PROFILE,
    USER,
    Key,
    SettingInvalid,
    Values,
    read_value,
)
from packstation.settings.sections import (
    DeviceSection,
    Explained,
    ServerSection,
    Settings,
    StationSection,
    SyncSection,
    UpdateSection,
)
from packstation.settings.sources import Places, policies, toml, upper, warn_of_unknown


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
    for source, values in sources:
        warn_of_unknown(source, values)
    said = {key.name: _said(key, sources) for key in KEYS}
    values = {name: found[0][1] for name, found in said.items()}
    explained = {key.name: _explained(key, said[key.name]) for key in KEYS}
    return _settings(values, explained, _devices(sources), where.data)


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


def _settings(
    values: Mapping[str, Any],
    explained: Mapping[str, Explained],
    devices: tuple[DeviceSection, ...],
    data: Path,
) -> Settings:
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
    )


def _devices(sources: Iterable[tuple[str, Values]]) -> tuple[DeviceSection, ...]:
    """The whole list of the highest source that has one; lists are not merged."""
    for source, values in sources:
        if "DEVICES" in values:
            rows = values["DEVICES"]
            if not isinstance(rows, list):
                raise SettingInvalid("DEVICES", rows, "a list of tables", source)
            return tuple(_device(row, number, source) for number, row in enumerate(rows))
    return ()


def _device(row: object, number: int, source: str) -> DeviceSection:
    name = f"DEVICES[{number}]"
    if not isinstance(row, dict):
        raise SettingInvalid(name, row, "a table with kind, model, address", source)
    texts = {part: row.get(part, "") for part in ("kind", "model", "address", "id")}
    for part, value in texts.items():
        if not isinstance(value, str) or (not value and part != "id"):
            raise SettingInvalid(f"{name}.{part}", value, "text", source)
    options = row.get("options", {})
    if not isinstance(options, dict):
        raise SettingInvalid(f"{name}.options", options, "a table", source)
    return DeviceSection(**texts, options=options)
