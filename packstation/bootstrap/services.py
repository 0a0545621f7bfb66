"""The shop's services, as rows of ``resources/services``; calendars that come with the program."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from packstation.assets import resource
from packstation.domain.choice.calendars import Calendars
from packstation.domain.errors import SettingsError
from packstation.first_use import met
from packstation.station.desk import ServiceProfile

log = logging.getLogger(__name__)


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


def calendars() -> Calendars:
    """Every calendar of ``resources/calendars``; a file that is none is logged and left out."""
    found = Calendars()
    for path in sorted(resource("calendars").glob("*.json")):
        try:
            found = found.over(msgspec.json.decode(path.read_bytes(), type=met(Calendars)))
        except (OSError, msgspec.DecodeError):
            log.exception("calendars of the program")
    return found
