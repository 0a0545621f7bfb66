"""A bench joins its server with a one-time token; what comes of it lies in the data folder."""

from __future__ import annotations

from pathlib import Path

from packstation.client.enrolment import Enrolment, keep
from packstation.client.keys import key_of
from packstation.client.wire import Access, Who, Wire, open_http
from packstation.domain.errors import NotAuthorised, ServerUnreachable
from packstation.domain.psp import EnrolAnswer, EnrolRequest
from packstation.station.ports import Clock


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
    keep(folder, enrolment, joined.ca)
    return enrolment
