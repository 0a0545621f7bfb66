"""``packing``: what the bench's journal says of packing materials and boxes."""

from __future__ import annotations

import re
from argparse import Namespace
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from packstation.cli.files import data_folder, place_in
from packstation.cli.running import DONE, Out, Unreadable

if TYPE_CHECKING:
    from pathlib import Path

    from packstation.domain.packing.facts import Fact

_PAGE = 500
# As the journal writes its times, or their beginning: text is compared with text.
_SINCE: Final = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?)?)?)?")
_FIRST: Final = "0001-01-01"


def share(args: Namespace, out: Out) -> int:
    """How much of what parcels were packed with here is recycled, since a day where given."""
    from packstation.domain.recycling import recycled_share

    found = recycled_share(_facts(_journal(args), "SuppliesUsed", _since(args)))
    document: dict[str, Any] = {
        "parcels": found.parcels,
        "pieces": found.pieces,
        "recycled": found.recycled,
        "percent": found.percent,
        "by_kind": {
            kind: {"pieces": pieces, "recycled": recycled}
            for kind, (pieces, recycled) in found.by_kind.items()
        },
    }
    percent = "-" if found.percent is None else f"{found.percent} %"
    told = f"{percent} recycled: {found.recycled} of {found.pieces} pieces, {found.parcels} parcels"
    out.show(document, told)
    return DONE


def boxes(args: Namespace, out: Out) -> int:
    """Which proposed cartons were not taken here, how often, why, and what was taken instead."""
    import msgspec

    from packstation.domain.cartons.overrides import overrides

    found = overrides(_facts(_journal(args), "CartonAssigned", _since(args)))
    rows = [f"{sum(one.times for one in found.overridden)} of {found.assigned} boxes overridden"]
    rows += [
        f"{one.offered}  {one.times}: {_listed(one.reasons)}; taken: {_listed(one.taken)}"
        for one in found.overridden
    ]
    out.show(msgspec.to_builtins(found), "\n".join(rows))
    return DONE


def _listed(counted: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {times}" for name, times in counted.items())


def _since(args: Namespace) -> str:
    """A day or moment, "" for all.

    Raises:
        Unreadable: it is none; compared as text it would quietly count nothing, or everything.
    """
    since: str = args.since or ""
    if since and not _is_day(since):
        raise Unreadable(f"--since {since}: no day or moment, as 2026-11-22 is")
    return since


def _is_day(since: str) -> bool:
    try:
        datetime.fromisoformat(since + _FIRST[len(since) :])
    except ValueError:
        return False
    return _SINCE.fullmatch(since) is not None


def _journal(args: Namespace) -> Path:
    """The bench's database file.

    Raises:
        Unreadable: there is none.
    """
    from packstation.storage.store import FILE

    path = data_folder(args.data) / FILE
    if not path.is_file():
        raise Unreadable(f"{path}: no such file")
    return path


def _facts(path: Path, kind: str, since: str) -> Iterator[Fact]:
    """Facts of a kind of the file's present epoch, oldest first; ``since`` as their times are."""
    from packstation.domain.events import decode
    from packstation.storage.journal import SqliteJournalReader

    reader = SqliteJournalReader(path)
    try:
        place, after = place_in(reader, path), 0
        while events := reader.events(place, after, _PAGE):
            after += len(events)
            for event in events:
                if event.kind == kind and event.at >= since:
                    yield decode(event.kind, event.v, event.body)
    finally:
        reader.close()
