"""A bench joins its server with a one-time token; what comes of it lies in the data folder."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from packstation.client.keys import key_of
from packstation.client.wire import Access, Who, Wire, open_http
from packstation.domain.errors import NotAuthorised, ServerUnreachable, StorageError
from packstation.domain.psp import EnrolAnswer, EnrolRequest
from packstation.station.ports import Clock

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


def enrol(
    access: Access,
    token: str,
    station_id: str,
    name: str,
    folder: Path,
    *,
    clock: Clock,
    app: str = "",
) -> Enrolment:
    """Join the server of ``access``; the same call again after a lost answer needs a fresh token.

    Raises:
        ServerUnreachable: no answer.
        NotAuthorised: the token is unknown, spent or too old, or the station id is taken;
            field ``code``.
        StorageError: the data folder cannot be written.
    """
    key = key_of(folder)
    wire = Wire(open_http(access), key, clock)
    asked = EnrolRequest(
        token=token.strip(), station_id=station_id, pubkey=key.public, name=name, app=app
    )
    try:
        wire.hello()
        answer = wire.send("POST", "/v1/enrol", Who(station_id), asked)
    finally:
        wire.close()
    if answer.status != 200:
        conflict = answer.conflict()
        if answer.status >= 500:
            raise ServerUnreachable(cause=f"{answer.status} {conflict.code}")
        raise NotAuthorised("error.enrol", code=conflict.code or str(answer.status))
    joined = answer.read(EnrolAnswer)
    enrolment = Enrolment(
        server_url=access.url,
        station_id=station_id,
        name=name,
        site=joined.site,
        server_key=joined.server_key,
        gen=joined.gen,
    )
    _keep(folder, enrolment, joined.ca)
    return enrolment


def _keep(folder: Path, enrolment: Enrolment, ca: str) -> None:
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
        return msgspec.json.decode(path.read_bytes(), type=Enrolment)
    except (OSError, msgspec.DecodeError) as exc:
        raise StorageError(path=str(path), cause=str(exc)) from exc


def ca_of(folder: Path) -> str:
    """The server's CA certificate kept in ``folder``, "" when there is none."""
    path = folder / CA_FILE
    return str(path) if path.is_file() else ""
