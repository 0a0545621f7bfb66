"""``station salvage``: what an old disk still holds is shown, and told to the server."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from packstation.cli.running import DONE, REFUSED, Out, Unreadable

if TYPE_CHECKING:
    from packstation.client.salvage import Tell, Told
    from packstation.client.wire import Answer
    from packstation.domain.psp import Push
    from packstation.storage.salvage import Found


def salvage(args: Namespace, out: Out) -> int:
    """Look at the file; with ``--send`` tell the server what it lacks; 1 where the disk is torn."""
    from msgspec import to_builtins

    from packstation.storage.salvage import look

    path = Path(args.file)
    found = look(path)
    document = {"found": to_builtins(found) | {"waiting": found.waiting}}
    lines = [_told(found)]
    if args.send:
        told = _sent(args, path, found)
        document["told"] = to_builtins(told)
        lines.append(f"told: {told.after - told.before} facts, {told.aside} of them put aside")
    out.show(document, "\n".join(lines))
    return REFUSED if found.sound < found.head else DONE


def _told(found: Found) -> str:
    whole = f"{found.head} facts of station {found.station}, {found.waiting} of them unsent"
    torn = f"; the chain breaks after {found.sound}" if found.sound < found.head else ""
    return f"{whole}{torn}"


def _sent(args: Namespace, path: Path, found: Found) -> Told:
    from packstation.bootstrap.clock import SystemClock
    from packstation.client.salvage import tell
    from packstation.station.sync import JournalPlace
    from packstation.storage.journal import SqliteJournalReader

    place = JournalPlace(found.station, found.epoch, found.sound)
    reader = SqliteJournalReader(path)
    try:
        with _way(args, path, found) as way:
            return tell(way, reader, place, SystemClock())
    finally:
        reader.close()


@contextmanager
def _way(args: Namespace, path: Path, found: Found) -> Iterator[Tell]:
    """By the bench's own key where it lies beside the file, else by the token of who runs it."""
    from packstation.bootstrap.clock import SystemClock
    from packstation.client.enrolment import ca_of, enrolment_of
    from packstation.client.keys import FILE, key_of
    from packstation.client.wire import Access, Who, Wire, open_http

    joined = enrolment_of(path.parent)
    args.server = args.server or (joined.server_url if joined else "")
    if not args.server:
        raise Unreadable("--server URL is wanted: no enrolment lies beside the file")
    if args.by_token or not (path.parent / FILE).is_file():
        yield _by_token(args, path, found)
        return
    ca = args.ca or ca_of(path.parent)
    wire = Wire(open_http(Access(args.server, ca_file=ca)), key_of(path.parent), SystemClock())
    try:
        wire.hello()
        who = Who(found.station, found.epoch, joined.gen if joined else 0)
        yield lambda push: wire.send("POST", "/v1/journal", who, push)
    finally:
        wire.close()


def _by_token(args: Namespace, path: Path, found: Found) -> Tell:
    from urllib.parse import quote, urlencode

    import msgspec

    from packstation.cli.wires import asked
    from packstation.client.wire import Answer as Made

    query = urlencode({"file": path.name} | ({"site": args.site} if args.site else {}))
    target = f"/v1/salvage/{quote(found.station, safe='')}/{quote(found.epoch, safe='')}?{query}"

    def send(push: Push) -> Answer:
        got = asked(args, "POST", target, msgspec.json.encode(push))
        return Made(got.status_code, got.content, dict(got.headers))

    return send
