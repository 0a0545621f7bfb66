"""``papers export``: electronic customs data of orders, as a file.

What the rules block, and what the data set lacks, is named; the other parcels are in the file.
Where no parcel is left, no file is written.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from packstation.cli.files import naming, write
from packstation.cli.papers import moment, order, pack_at, told
from packstation.cli.running import DONE, REFUSED, Out, Unreadable, language

if TYPE_CHECKING:
    from datetime import datetime

    from packstation.domain.customs.case import Case
    from packstation.domain.customs.exports import Lack
    from packstation.domain.customs.findings import Checked
    from packstation.domain.customs.pack import Pack
    from packstation.domain.customs.reference import Reference
    from packstation.domain.labels import ParcelPapers

CSV: Final = ".csv"


class Taken(Struct):
    """What came of the orders so far."""

    documents: list[Any]
    lacks: list[Lack]
    blocked: list[Checked]


def export(args: Namespace, out: Out) -> int:
    """Data of all parcels that may go and lack nothing; refused where one is left out."""
    from packstation.customs.tables import Tables

    shape = _SHAPES[args.kind]
    if args.out.endswith(CSV) and args.kind != "9610":
        raise Unreadable(f"{args.out}: only --kind 9610 is written as CSV")
    pack, now, taken = pack_at(args.pack), moment(args.at), Taken([], [], [])
    reference = Tables()
    for name in args.orders:
        case, parcels = _parcels(name, pack, now, reference, taken)
        for found in shape(parcels, case) if parcels else ():
            if isinstance(found, tuple):
                taken.lacks += found
            else:
                taken.documents.append(found)
    if taken.documents:
        write(args.out, _written(args, taken.documents, now.isoformat(timespec="seconds")))
    out.show(_document(args, taken), _said(args, taken, language(args)))
    return REFUSED if taken.lacks or taken.blocked or not taken.documents else DONE


def _parcels(
    name: str,
    pack: Pack,
    now: datetime,
    reference: Reference,
    taken: Taken,
) -> tuple[Case, Sequence[ParcelPapers]]:
    """An order as the rules see it, and its parcels where no rule blocks it.

    Raises:
        InputInvalid, DocumentError: what of the order cannot be read, or is not there.
    """
    from packstation.documents.label.orders import parcels_of
    from packstation.domain.customs.checking import check
    from packstation.domain.customs.hs import with_text
    from packstation.domain.customs.registry import case_of
    from packstation.domain.customs.taming import tamed
    from packstation.domain.records import orders_of

    raw = order(name)
    case = case_of(tamed(raw), pack, reference, now)
    found = check(raw, pack, reference, now)
    if not found.ok:
        taken.blocked.append(found)
        return case, ()
    with naming(name):
        read = orders_of([with_text(raw)], strict=False)
    if read.bad:
        raise Unreadable(f"{name}: {read.bad[0].message}")
    return case, parcels_of(read.records[0], on=now.date().isoformat())


def _itmatt(parcels: Sequence[ParcelPapers], case: Case) -> list[Any]:
    from packstation.domain.customs.exports import itmatt

    return [itmatt(one, case) for one in parcels]


def _h7(parcels: Sequence[ParcelPapers], case: Case) -> list[Any]:
    from packstation.domain.customs.exports import h7

    return [h7(one, case) for one in parcels]


def _list(parcels: Sequence[ParcelPapers], _: Case) -> list[Any]:
    from packstation.domain.customs.exports_cn import entry_9610

    return [entry_9610(one) for one in parcels]


def _declaration(parcels: Sequence[ParcelPapers], case: Case) -> list[Any]:
    from packstation.domain.customs.exports_cn import declaration

    return [declaration(parcels, case.pack.tables.get("cn_elements", ()))]


_SHAPES: Final[Mapping[str, Callable[[Sequence[ParcelPapers], Case], list[Any]]]] = {
    "itmatt": _itmatt,
    "h7": _h7,
    "9610": _list,
    "declaration": _declaration,
}


def _written(args: Namespace, documents: list[Any], prepared_at: str) -> bytes:
    """The whole file: JSON with two blanks of indent, or CSV."""
    import msgspec

    from packstation.customs.list_9610 import csv_9610
    from packstation.domain.customs import exports, exports_cn

    found = tuple(documents)
    whole: Struct
    match args.kind:
        case "itmatt":
            whole = exports.Itmatt(prepared_at=prepared_at, items=found)
        case "h7":
            whole = exports.H7(prepared_at=prepared_at, consignments=found)
        case "9610":
            whole = exports_cn.List9610(prepared_at=prepared_at, entries=found)
            if args.out.endswith(CSV):
                return csv_9610(whole).encode("utf-8-sig")
        case _:
            whole = exports_cn.Declarations(prepared_at=prepared_at, declarations=found)
    return msgspec.json.format(msgspec.json.encode(whole), indent=2) + b"\n"


def _document(args: Namespace, taken: Taken) -> dict[str, Any]:
    import msgspec

    return {
        "kind": args.kind,
        "file": args.out if taken.documents else None,
        "documents": len(taken.documents),
        "lacks": [msgspec.to_builtins(one) for one in taken.lacks],
        "blocked": [
            {"order_id": one.order_id, "rules": sorted({f.rule for f in one.of("BLOCK")})}
            for one in taken.blocked
        ],
    }


def _why(one: Lack, said: str) -> str:
    from packstation.i18n import load

    words = {"value": one.value or "-", "allowed": one.allowed or "-"}
    return load(said).say(f"customs.lack.{one.why}", **words)


def _said(args: Namespace, taken: Taken, said: str) -> str:
    rows = [f"{args.out}: {len(taken.documents)}"] if taken.documents else []
    for one in taken.lacks:
        allowed = f" ({one.allowed})" if one.allowed else ""
        rows.append(f"{one.order_id} [{one.parcel}] {one.field} = {one.value or '-'}{allowed}")
        rows.append(f"  {_why(one, said)}")
    return "\n".join([*rows, *(told(one, said) for one in taken.blocked)])
