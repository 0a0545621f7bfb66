"""Where values come from: policies, files, the registry."""

from __future__ import annotations

import json
import logging
import os
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from msgspec import Struct
from platformdirs import user_config_path, user_data_path

from packstation.settings.keys import (
    BY_NAME,
    INSTALLER,
    LISTS,
    POLICY,
    SettingInvalid,
    Values,
    nearest,
)
from packstation.settings.sections import Unknown

_LOG: Final = logging.getLogger(__name__)


class Places(Struct, frozen=True):
    """The files of this machine."""

    policies: Path
    installer: Path
    user: Path
    data: Path

    @staticmethod
    def here() -> Places:
        """As this platform has them; an installed program keeps its data with the machine."""
        installed = bool(getattr(sys, "frozen", False))
        user = user_config_path("packstation") / "config.toml"
        own = user_data_path("packstation")
        if sys.platform == "win32":
            root = Path(os.environ.get("PROGRAMDATA", "C:/ProgramData")) / "Packstation"
            return Places(
                root / "policy.d", root / "config.toml", user, root / "db" if installed else own
            )
        data = Path("/var/lib/packstation") if installed else own
        etc = Path("/etc/packstation")
        return Places(etc / "policy.d", etc / "config.toml", user, data)


def upper(values: Values) -> Values:
    """The same with their keys as the table has them."""
    return {name.upper(): value for name, value in values.items()}


def unknown_in(source: str, values: Values) -> Iterator[Unknown]:
    """A newer program's key, or a slip of the pen: named, and no reason not to start."""
    known = (*BY_NAME, *LISTS)
    for name in sorted(values.keys() - set(known)):
        near = nearest(name, known)
        meant = f"; did you mean {near}?" if near else ""
        _LOG.warning("unknown setting %s (%s)%s", name, source, meant)
        yield Unknown(name, source, near)


def policies(folder: Path) -> Values:
    """All policies of a folder, in the order of their names; the last word counts."""
    merged: dict[str, object] = _registry(r"Software\Policies\Packstation")
    for path in sorted(folder.glob("*.json")):
        try:
            found = json.loads(path.read_bytes())
        except (OSError, ValueError) as exc:
            raise SettingInvalid(str(path), "", str(exc), POLICY) from exc
        if not isinstance(found, dict):
            raise SettingInvalid(str(path), "", "a JSON object", POLICY)
        merged |= upper(found)
    return merged


def toml(path: Path, source: str) -> Values:
    """What a file says, and for the installer's the registry; nothing where there is none."""
    merged = _registry(r"Software\Packstation") if source == INSTALLER else {}
    try:
        return {**merged, **upper(tomllib.loads(path.read_text("utf-8")))}
    except FileNotFoundError:
        return merged
    except (OSError, ValueError) as exc:
        raise SettingInvalid(str(path), "", str(exc), source) from exc


if sys.platform == "win32":
    import winreg

    def _registry(path: str) -> dict[str, object]:
        """Values of a key below HKEY_LOCAL_MACHINE, where an MSI and group policies write."""
        try:
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, path) as key:
                count = winreg.QueryInfoKey(key)[1]
                values = [winreg.EnumValue(key, place)[:2] for place in range(count)]
        except OSError:
            return {}
        return {name.upper(): value for name, value in values}

else:

    def _registry(_path: str) -> dict[str, object]:
        """Only Windows has one."""
        return {}
