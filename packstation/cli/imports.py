"""``orders / catalog / cartons / people import``: into a server, or this station's database."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from packstation.cli.files import data_folder, folder_at, naming, read
from packstation.cli.running import DONE, REFUSED, Out, Unreadable
from packstation.cli.wires import asked

if TYPE_CHECKING:
    from packstation.domain.records import Decoded
    from packstation.storage.intake import Imported, Intake

_OK: Final = 200
Taken = Callable[["Intake", list[Any]], "Imported"]


def import_orders(args: Namespace, out: Out) -> int:
    """Orders of both channels, or order/1."""
    from packstation.domain import records, sheets

    return _import(
        "orders",
        (records.decode_orders, sheets.decode_orders),
        lambda intake, orders: intake.import_orders(orders),
        args,
        out,
    )


def import_catalog(args: Namespace, out: Out) -> int:
    """Products."""
    from packstation.domain import records, sheets

    return _import(
        "catalog",
        (records.decode_catalog, sheets.decode_catalog),
        lambda intake, products: intake.import_products(products),
        args,
        out,
    )


def import_cartons(args: Namespace, out: Out) -> int:
    """Packaging."""
    from packstation.domain import records, sheets

    return _import(
        "cartons",
        (records.decode_cartons, sheets.decode_cartons),
        lambda intake, cartons: intake.import_cartons(cartons),
        args,
        out,
    )


def import_people(args: Namespace, out: Out) -> int:
    """Who may sign in; a PIN in the clear is hashed before it is stored."""
    from packstation.server import people

    return _import("people", (people.decode, people.decode_sheet), _take_people, args, out)


def _take_people(intake: Intake, people: list[Any]) -> Imported:
    from packstation.server.visits import hashed
    from packstation.station.ports import PersonRow

    return intake.import_people(
        PersonRow(
            badge=one.badge,
            name=one.name,
            role=one.role,
            pin_hash=hashed(one.pin) if one.pin else one.pin_hash,
            language=one.language,
            prefs=one.prefs,
        )
        for one in people
    )


def import_packing(args: Namespace, out: Out) -> int:
    """The site's packing rules, all of them in one document."""
    from packstation.domain import records
    from packstation.domain.rule_reading import read_rules

    def read_one(body: bytes) -> Decoded[Any]:
        return records.Decoded(((0, read_rules(body)),), ())

    return _import(
        "packing",
        (read_one, read_one),
        lambda intake, rules: intake.import_packing(rules),
        args,
        out,
    )


def import_templates(args: Namespace, out: Out) -> int:
    """Letterheads: as new versions into a server, or as all that this station has."""
    from urllib.parse import urlencode

    import msgspec

    from packstation.cli.templates import findings, library
    from packstation.domain.templates import Templates
    from packstation.server.customs.templates import with_small

    found = library(args.file)
    wrong = findings({args.file: found}, args)
    if wrong:
        rejected = [{"record": _record(one["path"]), **one} for one in wrong]
        answer = {"accepted": 0, "changed": 0, "unchanged": 0, "rejected": rejected}
    elif args.server:
        query = urlencode({"site": args.site, "why": args.why, "use": int(args.use)})
        content = msgspec.json.encode(Templates(templates=found))
        answer = _sent(args, f"/v1/customs/templates?{query}", content, "application/json")
    else:
        with _intake(data_folder(args.data)) as intake:
            done = intake.set_templates(with_small(one) for one in found)
        answer = {**msgspec.to_builtins(done), "rejected": []}
    out.show(answer, _told(answer))
    return REFUSED if answer["rejected"] else DONE


def _record(path: str) -> int:
    """Which template of a library a path names; 0 where it names none."""
    at = path.removeprefix("templates[").partition("]")[0]
    return int(at) if at.isdecimal() else 0


def _import(
    what: str,
    readers: tuple[Callable[[bytes], Decoded[Any]], Callable[[bytes], Decoded[Any]]],
    take: Taken,
    args: Namespace,
    out: Out,
) -> int:
    data = read(args.file)
    table = args.format == "csv" or (args.format is None and args.file.lower().endswith(".csv"))
    if args.server:
        answer = _sent(
            args, f"/v1/import/{what}", data, "text/csv" if table else "application/json"
        )
    else:
        with naming(args.file):
            found = readers[table](data)
        answer = _stored(data_folder(args.data), found, take)
        if what == "orders":
            import msgspec

            stored = {order.order_id: order for order in found.records}
            answer["orders"] = msgspec.to_builtins(list(stored.values()))
    out.show(answer, _told(answer))
    return REFUSED if answer["rejected"] else DONE


def _stored(folder: Path, found: Decoded[Any], take: Taken) -> dict[str, Any]:
    with _intake(folder) as intake:
        done = take(intake, list(found.records))
    return {
        "accepted": done.accepted,
        "changed": done.changed,
        "unchanged": done.unchanged,
        "rejected": [problem.to_json() for problem in found.bad],
    }


@contextmanager
def _intake(folder: Path) -> Iterator[Intake]:
    """The intake of the station's own database; no other process may be writing it."""
    from packstation.storage.database import Database
    from packstation.storage.intake import Intake
    from packstation.storage.lock import WriterLock
    from packstation.storage.migrations import migrate
    from packstation.storage.store import FILE

    lock = WriterLock(folder_at(folder) / FILE)
    try:
        database = Database(folder / FILE)
        try:
            migrate(database)
            yield Intake(database)
        finally:
            database.close()
    finally:
        lock.close()


def _sent(args: Namespace, path: str, data: bytes, media: str) -> dict[str, Any]:
    """The server's answer to a file."""
    answer = asked(args, "POST", path, data, media)
    document: dict[str, Any] = answer.json()
    if answer.status_code != _OK:
        raise Unreadable(f"{args.file}: {document.get('title')}: {document.get('detail')}")
    return document


def _told(answer: dict[str, Any]) -> str:
    counts = ", ".join(f"{answer[name]} {name}" for name in ("accepted", "changed", "unchanged"))
    return "\n".join([f"{counts}, {len(answer['rejected'])} rejected", *_refusals(answer)])


def _refusals(answer: dict[str, Any]) -> Iterable[str]:
    return (f"record {one['record']}: {one['message']}" for one in answer["rejected"])
