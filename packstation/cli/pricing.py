"""``quote`` and ``tariffs lint``."""

from __future__ import annotations

from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from packstation.cli.files import naming, read
from packstation.cli.running import DONE, REFUSED, UNREADABLE, Out, Unreadable

if TYPE_CHECKING:
    from packstation.domain.shipments import Shipment


def quote(args: Namespace, out: Out) -> int:
    """Prices and refusals, one answer a shipment."""
    from packstation.carriers.tariffs import load_folder
    from packstation.domain import rating

    try:
        tariffs = load_folder(Path(args.tariffs))
    except OSError as exc:
        raise Unreadable(f"{args.tariffs}: {exc.strerror}") from exc
    shipments = [shipment for name in args.shipment for shipment in _shipments(name)]
    status, plans = DONE, rating.Plans(tariffs)
    for shipment in shipments:
        answer = rating.to_json(*plans.quote(shipment))
        out.show(answer, _told(answer) if tariffs else f"no tariff in {args.tariffs}")
        status = status if answer["quotes"] else REFUSED
    return status


def _shipments(name: str) -> list[Shipment]:
    """The shipments of a file: one, or a list."""
    from packstation.domain.records import decode_one, read_json
    from packstation.domain.shipments import Shipment

    with naming(name):
        raw = read_json(read(name))
        return [decode_one(one, Shipment) for one in (raw if isinstance(raw, list) else [raw])]


def _told(answer: dict[str, Any]) -> str:
    rows = [_quoted(one) for one in answer["quotes"]]
    rows += [
        f"-  {one['carrier']} {one['service']}: {one['reason']} ({one['detail']})"
        for one in answer["refusals"]
    ]
    return "\n".join(rows)


def _quoted(one: dict[str, Any]) -> str:
    total = one["total"]
    lines = "; ".join(f"{line['code']} {line['amount']} = {line['note']}" for line in one["lines"])
    return (
        f"{one['rank']}. {one['carrier']} {one['service']}: {total['amount']} {total['currency']}, "
        f"{_billed(one)}{_promised(one['promise'])} [{lines}]"
    )


def _promised(days: dict[str, Any]) -> str:
    """The days that the tariff promises; nothing where it promises none."""
    ends = [str(days[end]) for end in ("min_days", "max_days") if days[end] is not None]
    return f", {'-'.join(ends)} days" if ends else ""


def _billed(one: dict[str, Any]) -> str:
    names = {"billable_g": "g", "billable_lb": "lb", "billable_units": "units"}
    return next(f"{one[key]} {unit}" for key, unit in names.items() if key in one)


def lint(args: Namespace, out: Out) -> int:
    """Faults of tariff files; exit status 2 where one is no JSON at all."""
    from packstation.carriers.lint import lint as faults_of
    from packstation.carriers.lint import to_json

    files = [(name, read(name)) for name in args.files]
    findings = faults_of(files, datetime.now(UTC).date())
    told = [f"{one.file}: {one.kind}: {one.where}: {one.message}" for one in findings]
    out.show(to_json(findings), "\n".join(told) or "no findings")
    if not all(_is_json(data) for _, data in files):
        return UNREADABLE
    return REFUSED if findings else DONE


def _is_json(data: bytes) -> bool:
    from packstation.domain.errors import InputInvalid
    from packstation.domain.records import read_json

    try:
        read_json(data)
    except InputInvalid:
        return False
    return True
