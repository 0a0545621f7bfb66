"""``privacy find / export / erase / rule``: asked of a server."""

from __future__ import annotations

import json
from argparse import Namespace
from typing import Any

from packstation.cli.files import write
from packstation.cli.people import ask_office, refused
from packstation.cli.running import DONE, REFUSED, Out


def _wanted(args: Namespace) -> dict[str, Any]:
    return {"order": args.order, "buyer": args.buyer, "reason": getattr(args, "reason", "")}


def find(args: Namespace, out: Out) -> int:
    """One order in a line each; 1 where there is none."""
    fine, found = ask_office(args, "POST", "/v1/privacy/find", _wanted(args))
    if not fine:
        return refused(out, found)
    out.show(found, "\n".join(map(_told, found["orders"])) or "none")
    return DONE if found["orders"] else REFUSED


def _told(one: dict[str, Any]) -> str:
    erased = f", erased {one['erased']}" if one["erased"] else ""
    return f"{one['order']}: {one['status']}{erased}"


def export(args: Namespace, out: Out) -> int:
    """A file of privacy/1."""
    fine, found = ask_office(args, "POST", "/v1/privacy/export", _wanted(args))
    if not fine:
        return refused(out, found)
    write(args.out, json.dumps(found, ensure_ascii=False, indent=2).encode())
    count = len(found["orders"])
    out.show({"file": args.out, "orders": count}, f"{args.out}: {count} orders")
    return DONE


def erase(args: Namespace, out: Out) -> int:
    """What was forgotten, and what is still open."""
    fine, found = ask_office(args, "POST", "/v1/privacy/erase", _wanted(args))
    if not fine:
        return refused(out, found)
    rows = [*map(_told, found["orders"]), *(f"{one}: open, kept" for one in found["kept"])]
    out.show(found, "\n".join(rows))
    return DONE


def rule(args: Namespace, out: Out) -> int:
    """The rule as it is, or as it is from now on."""
    fine, found = ask_office(args, "GET", "/v1/privacy/rule")
    given = {"buyer_days": args.buyer_days, "bench_days": args.bench_days}
    wanted = {name: value for name, value in given.items() if value is not None}
    if fine and wanted:
        fine, found = ask_office(args, "PUT", "/v1/privacy/rule", {**found, **wanted})
    if not fine:
        return refused(out, found)
    told = f"buyers {found['buyer_days']} days, benches {found['bench_days']} days"
    out.show(found, told)
    return DONE
