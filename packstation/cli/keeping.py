"""``server audit``: whether anybody changed what was written down; the server's signed word."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from packstation.cli.files import read, write
from packstation.cli.running import DONE, REFUSED, Out, Unreadable
from packstation.cli.starting import server_of

if TYPE_CHECKING:
    from packstation.server.keeping.days import Exported, Report


def verify(args: Namespace, out: Out) -> int:
    """Look at every chain; 1 where one does not hold."""
    from msgspec import to_builtins

    from packstation.server.keeping import days

    known = _exported(args.head) if args.head else None
    with server_of(args) as running, running.store.read() as connection:
        report = days.verify(connection, known)
    out.show(to_builtins(report), _told(report))
    return REFUSED if report.findings else DONE


def _exported(name: str) -> Exported:
    import msgspec

    from packstation.server.keeping.days import FORMAT, Exported

    try:
        found = msgspec.json.decode(read(name), type=Exported)
    except msgspec.DecodeError as exc:
        raise Unreadable(f"{name}: {exc}") from exc
    if found.format != FORMAT:
        raise Unreadable(f"{name}: {found.format[:60]}; {FORMAT} is wanted")
    return found


def _told(report: Report) -> str:
    lines = [f"{one.code}: {one.place} at {one.at}: {one.what}" for one in report.findings]
    counts = (
        f"{report.events} facts of {report.streams} streams, {report.acts} acts of the office,"
        f" {report.days} signed days"
    )
    lines.append(f"{counts}: {len(lines) or 'nothing'} found")
    return "\n".join(lines)


def export(args: Namespace, out: Out) -> int:
    """The head of every chain, signed, to be kept where the server cannot write."""
    import msgspec

    from packstation.server.keeping import days

    with server_of(args) as running:
        made = days.export(running)
    if args.out:
        write(args.out, msgspec.json.encode(made) + b"\n")
    out.show(msgspec.to_builtins(made), args.out or msgspec.json.encode(made).decode())
    return DONE


def listing(args: Namespace, out: Out) -> int:
    """The last acts of a site's office."""
    from msgspec import to_builtins

    from packstation.server import audit

    with server_of(args) as running, running.store.read() as connection:
        found = audit.latest(connection, args.site, args.last)
    rows = (f"{a.at}  {a.who} ({a.role}, {a.address})  {a.act}  {a.thing}  {a.more}" for a in found)
    out.show({"acts": to_builtins(found)}, "\n".join(rows))
    return DONE
