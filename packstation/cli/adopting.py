"""``station adopt``: a new PC takes over name and devices of a bench whose own is no more."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from packstation.cli.files import data_folder, folder_at, read, settings
from packstation.cli.running import DONE, Out, Unreadable

if TYPE_CHECKING:
    from pathlib import Path

    from packstation.client.enrolment import Enrolment
    from packstation.domain.bench_profile import Profile


def adopt(args: Namespace, out: Out) -> int:
    """Join under the bench's name, take its devices into this user's settings."""
    from msgspec import to_builtins

    from packstation.bootstrap.profile import changes_of
    from packstation.settings import SettingInvalid
    from packstation.settings.saving import save

    if bool(args.token) == bool(args.file):
        raise Unreadable("either --token or --file is needed")
    folder = folder_at(data_folder(args.data))
    joined = _joined(args, folder)
    profile = _profile(args, joined, folder)
    try:
        save(changes_of(profile), settings())
    except SettingInvalid as exc:
        raise Unreadable(f"the settings were not changed: {exc}") from exc
    document = to_builtins(joined) | {"profile": to_builtins(profile)}
    parts = ("kind", "model", "address")
    rows = ["  " + " ".join(str(row.get(p, "")) for p in parts) for row in profile.devices]
    head = f"{joined.station_id} is bench {args.bench} of {joined.site}; its devices:"
    after = "revoke the old PC at the server; what its disk has unsent: packstation station salvage"
    out.show(document, "\n".join([head, *rows, after]))
    return DONE


def _joined(args: Namespace, folder: Path) -> Enrolment:
    """A new station of this name; asked again, the one that joined already."""
    from packstation import __version__
    from packstation.bootstrap.clock import SystemClock
    from packstation.bootstrap.command import station_id
    from packstation.client.enrol import enrol
    from packstation.client.enrolment import enrolment_of
    from packstation.client.wire import Access

    known = enrolment_of(folder)
    if known is not None and (known.server_url, known.name) == (args.server, args.bench):
        return known
    if known is not None:
        raise Unreadable(f"{folder}: this PC is bench {known.name} of {known.site} already")
    token = args.token or read(args.file).decode("ascii", "replace").strip()
    access = Access(args.server, ca_file=args.ca)
    here = settings().station.id or station_id(folder)
    return enrol(access, token, here, args.bench, folder, clock=SystemClock(), app=__version__)


def _profile(args: Namespace, joined: Enrolment, folder: Path) -> Profile:
    from packstation.bootstrap.clock import SystemClock
    from packstation.client.enrolment import ca_of
    from packstation.client.keys import key_of
    from packstation.client.wire import Access, Who, Wire, open_http
    from packstation.domain.bench_profile import Profile

    ca = args.ca or ca_of(folder)
    wire = Wire(open_http(Access(joined.server_url, ca_file=ca)), key_of(folder), SystemClock())
    try:
        wire.hello()
        who = Who(joined.station_id, "", joined.gen)
        answer = wire.send("GET", f"/v1/profile?{urlencode({'bench': args.bench})}", who, None)
    finally:
        wire.close()
    if answer.status == 404:
        raise Unreadable(f"no bench {args.bench} has told the server of its devices")
    return answer.read(Profile)
