"""The shop's services, as rows of ``resources/services``."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from packstation.domain.errors import SettingsError
from packstation.first_use import met
from packstation.station.desk import ServiceProfile


class Services(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """packstation.services/1."""

    schema: Literal["packstation.services/1"]
    services: tuple[ServiceProfile, ...]


def load_services(folder: Path) -> tuple[ServiceProfile, ...]:
    """All rows of all files, in the files' order.

    Raises:
        SettingsError: a file is no services/1; the message says where.
    """
    rows: list[ServiceProfile] = []
    for path in sorted(folder.glob("*.json")):
        try:
            rows.extend(msgspec.json.decode(path.read_bytes(), type=met(Services)).services)
        except msgspec.DecodeError as exc:
            raise SettingsError(name=path.name, value=str(exc), allowed="services/1") from exc
    return tuple(rows)
