"""``papers parties``: lists of restricted parties, taken in and told."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from packstation.cli.files import data_folder, folder_at, naming, read
from packstation.cli.running import DONE, Out

if TYPE_CHECKING:
    from packstation.customs.party_store import Kept
    from packstation.customs.tables import Tables


def parties(args: Namespace, out: Out) -> int:
    """Take a list in under its name; without a file, what is kept."""
    from packstation.customs.party_store import kept_lists

    folder = folder_at(data_folder(args.data))
    if args.file:
        _take(args, folder)
    for kept in kept_lists(folder):
        out.show(_document(kept), f"{kept.name}: {len(kept.parties)} ({kept.on})")
    return DONE


def _take(args: Namespace, folder: Path) -> None:
    from datetime import datetime

    from packstation.customs.party_store import Kept, keep
    from packstation.domain.customs.party_lists import read_parties

    with naming(args.file):
        name = args.list or Path(args.file).stem.lower()
        found = read_parties(read(args.file), name)
        keep(folder, Kept(name=name, on=datetime.now().astimezone().date(), parties=found))


def tables() -> Tables:
    """The published tables, with the lists of this machine's data folder."""
    from packstation.customs.party_store import index_of, kept_lists
    from packstation.customs.tables import Tables

    return Tables(index_of(kept_lists(data_folder(None))))


def _document(kept: Kept) -> dict[str, object]:
    return {"list": kept.name, "parties": len(kept.parties), "on": kept.on.isoformat()}
