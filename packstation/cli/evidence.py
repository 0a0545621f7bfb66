"""``evidence``: the file of a dispute, made from the bench's journal and proven by anybody."""

from __future__ import annotations

import hashlib
import shutil
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from packstation.cli.files import data_folder, folder_at, place_in, read, write
from packstation.cli.running import DONE, REFUSED, Out, Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from packstation.domain.events import Record
    from packstation.domain.evidence import EvidenceFile
    from packstation.station.sync import JournalPlace
    from packstation.storage.journal import SqliteJournalReader

_PAGE: Final = 500
# What is wrong with a file, in words.
FAULTS: Final = {
    "evidence.empty": "it has no records",
    "evidence.other_bench": "a record of another bench or epoch stands in it",
    "evidence.broken": "the chain is broken: a record was changed, left out or put in",
    "evidence.head": "its head is not the hash of its last record",
    "evidence.fact": "a fact cannot be read",
    "evidence.story": "it tells another story than its records",
    "evidence.other_file": "a photo or film is another one",
}


def make(args: Namespace, out: Out) -> int:
    """The file of an order, and its photos and films where a folder is given."""
    import msgspec

    from packstation.domain.evidence import record_of
    from packstation.storage.journal import SqliteJournalReader
    from packstation.storage.store import FILE

    folder = data_folder(args.data)
    path = folder / FILE
    if not path.is_file():
        raise Unreadable(f"{path}: no such file")
    reader = SqliteJournalReader(path)
    try:
        made = record_of(args.order, _run_of(reader, place_in(reader, path), args.order))
    finally:
        reader.close()
    if made is None:
        out.show({"made": None}, f"nothing of {args.order} in this journal")
        return REFUSED
    write(args.out, msgspec.json.encode(made))
    files = _copied(made, folder, args.files) if args.files else {}
    document = {"made": args.out, "records": len(made.records), "head": made.head, "files": files}
    out.show(document, f"{args.out}: {len(made.records)} records, head {made.head}")
    return DONE


def _run_of(reader: SqliteJournalReader, place: JournalPlace, order: str) -> list[Record]:
    """The records from the order's first to its last; the journal is read twice and never held."""
    own = [record.seq for record in _records(reader, place) if record.event.order == order]
    if not own:
        return []
    return list(_records(reader, place, own[0] - 1, own[-1]))


def _records(
    reader: SqliteJournalReader, place: JournalPlace, after: int = 0, last: int | None = None
) -> Iterator[Record]:
    from packstation.domain.events import Record

    end = place.head if last is None else last
    while after < end and (page := reader.events(place, after, min(_PAGE, end - after))):
        for event in page:
            after += 1
            yield Record(station=place.station, epoch=place.epoch, seq=after, event=event)


def _names(made: EvidenceFile) -> list[str]:
    return [file.sha256 for parcel in made.parcels for file in parcel.files]


def _copied(made: EvidenceFile, folder: Path, target: str) -> dict[str, str]:
    """Copy what is still here; the answer names what is not."""
    into = folder_at(Path(target))
    found: dict[str, str] = {}
    for sha256 in dict.fromkeys(_names(made)):
        own = next((folder / "evidence").glob(f"*/{sha256}.*"), None)
        found[sha256] = "missing" if own is None else "copied"
        if own is not None:
            shutil.copyfile(own, into / f"{sha256}{own.suffix}")
    return found


def verify(args: Namespace, out: Out) -> int:
    """Whether a file holds together; exit status 1 where it does not."""
    import msgspec

    from packstation.domain.evidence import EvidenceFile, faults_in

    try:
        found = msgspec.json.decode(read(args.file), type=EvidenceFile)
    except (msgspec.DecodeError, ValueError) as exc:
        raise Unreadable(f"{args.file}: {exc}") from exc
    near = Path(args.files) if args.files else Path(args.file).parent
    files = {sha256: _compared(near, sha256) for sha256 in dict.fromkeys(_names(found))}
    faults = [*faults_in(found)]
    faults += [("evidence.other_file", name) for name, is_ in files.items() if is_ == "other"]
    out.show(_document(found, faults, files), _text(args.file, found, faults, files))
    return REFUSED if faults else DONE


def _compared(folder: Path, sha256: str) -> str:
    own = next(folder.glob(f"{sha256}.*"), None) if folder.is_dir() else None
    if own is None:
        return "missing"
    with own.open("rb") as file:
        return "same" if hashlib.file_digest(file, "sha256").hexdigest() == sha256 else "other"


def _document(
    found: EvidenceFile, faults: list[tuple[str, str]], files: dict[str, str]
) -> dict[str, Any]:
    return {
        "ok": not faults,
        "order": found.order,
        "station": found.station,
        "head": found.head,
        "records": len(found.records),
        "faults": [{"fault": key, "where": where} for key, where in faults],
        "files": [{"sha256": name, "state": is_} for name, is_ in files.items()],
    }


def _text(
    name: str, found: EvidenceFile, faults: list[tuple[str, str]], files: dict[str, str]
) -> str:
    if faults:
        return "\n".join(f"{name}: {FAULTS.get(key, key)} ({where})" for key, where in faults)
    near = sum(state == "same" for state in files.values())
    return (
        f"{name}: whole. Order {found.order}, {len(found.records)} records, head {found.head}; "
        f"photos and films: {near} of {len(files)} are here and the same."
    )
