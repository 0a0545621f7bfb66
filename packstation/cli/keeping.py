"""``server audit``, ``backup``, ``restore``: chains that hold, copies that were verified."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from packstation.cli.files import read, write
from packstation.cli.running import DONE, REFUSED, Out, Unreadable
from packstation.cli.serving import database_of
from packstation.cli.starting import server_of

if TYPE_CHECKING:
    from packstation.server.keeping.backups import Taken
    from packstation.server.keeping.days import Exported, Report
    from packstation.server.keeping.restoring import Restored


_TOLD_EVERY = 500  # facts between two words of progress, at the least


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


@contextmanager
def _kept() -> Iterator[None]:
    """A copy that cannot be made or put back is told in words."""
    from packstation.server.keeping.stages import Unkept

    try:
        yield
    except Unkept as exc:
        raise Unreadable(str(exc)) from exc


def backup(args: Namespace, out: Out) -> int:
    """Copy the database, verify the copy; 1 where it does not hold what it should."""
    from msgspec import to_builtins

    from packstation.server.keeping import backups

    with server_of(args) as running, _kept():
        folder = Path(args.folder) if args.folder else backups.folder_of(running)
        if folder is None:
            raise Unreadable("FOLDER is wanted: this database is no file")
        taken = backups.take(running, folder)
    out.show(to_builtins(taken), _told_copy(taken))
    return REFUSED if taken.problem else DONE


def _told_copy(taken: Taken) -> str:
    held = f"{taken.events} facts, {taken.acts} acts, {taken.size} bytes"
    lines = [f"{taken.file}: {held}, verified in {taken.took_ms / 1000:.1f} s"]
    if taken.near:
        lines.append("it lies on the database's own disk: copy it to another one")
    if taken.problem:
        lines.append(f"it is not good: {taken.problem}")
    lines += [f"removed {name}" for name in taken.removed]
    return "\n".join(lines)


def restore(args: Namespace, out: Out) -> int:
    """Put a copy in the place of the database; benches then tell again what it lacks."""
    from msgspec import to_builtins

    from packstation.server.keeping.restoring import restore as put_back

    with _kept():
        done = put_back(Path(args.file), database_of(args))
    out.show(to_builtins(done), _told_restored(done))
    return REFUSED if done.findings else DONE


def _told_restored(done: Restored) -> str:
    held = f"{done.events} facts of {done.streams} streams, generation {done.gen}"
    lines = [f"{done.file} is the database now: {held}"]
    if done.aside:
        lines.append(f"what was there before: {done.aside}")
    lines.append("start the server: benches send again what this copy lacks")
    lines += [f"{one.code}: {one.place} at {one.at}: {one.what}" for one in done.findings]
    return "\n".join(lines)


def rebuild(args: Namespace, out: Out) -> int:
    """Fold the journal anew; 1 where only a look was wanted and something differs."""
    import logging

    from msgspec import to_builtins

    from packstation.server.keeping import rebuilding
    from packstation.server.sites import codes
    from packstation.server.weights_kept import rebuild as weights

    log = logging.getLogger(__name__)

    def progress(done: int, of: int) -> None:
        if done % 10_000 < _TOLD_EVERY or done == of:
            log.info("%d of %d facts folded", done, of)

    with server_of(args) as running:
        done = rebuilding.rebuild(running, keep=args.check, progress=progress)
        learned = {}
        if not args.check:
            with running.store.read() as connection:
                sites = codes(connection)
            learned = {site: weights(running, site) for site in sites}
    lines = [f"{one.table}: {one.rows} rows, {one.changed} changed" for one in done.tables]
    lines += [f"weights of {site}: {w.weights}, {w.changed} changed" for site, w in learned.items()]
    document = to_builtins(done) | {"weights": to_builtins(learned)}
    out.show(document, "\n".join([f"{done.events} facts folded", *lines]))
    return REFUSED if args.check and done.changed else DONE
