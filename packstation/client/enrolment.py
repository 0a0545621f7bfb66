"""What a bench keeps of having joined its server: read at every start, so without any HTTP."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from packstation.domain.errors import StorageError
from packstation.first_use import met

FILE: Final = "enrolment.json"
CA_FILE: Final = "server-ca.pem"


class Enrolment(Struct, frozen=True, kw_only=True):
    """Which server this station belongs to. The key lies beside it, the token nowhere."""

    server_url: str
    station_id: str
    name: str
    site: str
    server_key: str = ""
    gen: int = 1


def keep(folder: Path, enrolment: Enrolment, ca: str) -> None:
    """Write the enrolment, and the server's CA certificate where it sent one.

    Raises:
        StorageError: the data folder cannot be written.
    """
    try:
        if ca:
            (folder / CA_FILE).write_text(ca, encoding="ascii")
        torn = folder / (FILE + ".new")
        torn.write_bytes(msgspec.json.format(msgspec.json.encode(enrolment)))
        torn.replace(folder / FILE)
    except (OSError, UnicodeEncodeError) as exc:
        raise StorageError(path=str(folder), cause=str(exc)) from exc


def enrolment_of(folder: Path) -> Enrolment | None:
    """The enrolment kept in ``folder``, if the station has joined a server.

    Raises:
        StorageError: the file is damaged.
    """
    path = folder / FILE
    if not path.is_file():
        return None
    try:
        return msgspec.json.decode(path.read_bytes(), type=met(Enrolment))
    except (OSError, msgspec.DecodeError) as exc:
        raise StorageError(path=str(path), cause=str(exc)) from exc


def ca_of(folder: Path) -> str:
    """The server's CA certificate kept in ``folder``, "" when there is none."""
    path = folder / CA_FILE
    return str(path) if path.is_file() else ""
