"""``papers parties``: lists of restricted parties, taken in and told."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from packstation.cli.files import data_folder, folder_at, naming, read
from packstation.cli.running import DONE, Out, language

if TYPE_CHECKING:
    from packstation.customs.party_store import Kept
    from packstation.customs.tables import Tables


def parties(args: Namespace, out: Out) -> int:
    """Which lists are kept, one answer each."""
    from packstation.customs.party_store import kept_lists

    kept = kept_lists(data_folder(args.data))
    for one in kept:
        _show(one, out)
    if not kept and not out.as_json:
        from packstation.i18n import load

        out.show(None, load(language(args)).say("papers.no_lists"))
    return DONE


def take(args: Namespace, out: Out) -> int:
    """Take a list in under its name; one of the name is replaced."""
    from datetime import datetime

    from packstation.customs.party_store import Kept, keep
    from packstation.domain.customs.party_lists import read_parties

    with naming(args.file):
        name = args.list or Path(args.file).stem.lower()
        found = read_parties(read(args.file), name)
        kept = Kept(name=name, on=datetime.now().astimezone().date(), parties=found)
        keep(folder_at(data_folder(args.data)), kept)
    _show(kept, out)
    return DONE


def tables() -> Tables:
    """The published tables, with the lists of this machine's data folder."""
    from packstation.customs.party_store import index_of, kept_lists
    from packstation.customs.tables import Tables

    return Tables(index_of(kept_lists(data_folder(None))))


def _show(kept: Kept, out: Out) -> None:
    document = {"list": kept.name, "parties": len(kept.parties), "on": kept.on.isoformat()}
    out.show(document, f"{kept.name}: {len(kept.parties)} ({kept.on})")
