"""``costs import / report / maps / map``: carriers' invoices at a server."""

from __future__ import annotations

from argparse import Namespace
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from packstation.cli.files import read
from packstation.cli.running import DONE, REFUSED, Out, Unreadable
from packstation.cli.wires import asked

if TYPE_CHECKING:
    import httpx

_OK: Final = 200
_FILTER: Final = ("kind", "carrier", "invoice", "q", "since", "until", "page")


def import_costs(args: Namespace, out: Out) -> int:
    """Take a file in; 1 where any of its cells was wrong."""
    data = read(args.file)
    query = urlencode(
        {
            "carrier": args.carrier,
            "invoice": args.invoice,
            "currency": args.currency,
            "name": "" if args.file == "-" else PurePath(args.file).name,
            "site": args.site,
            "replace": "1" if args.replace else "",
        }
    )
    path = f"/v1/costs/invoices?{query}"
    got = asked(args, "POST", path, data, "application/octet-stream")
    answer = _answer(got, args.file)
    counts = ", ".join(f"{answer[name]} {name}" for name in ("accepted", "changed", "unchanged"))
    bad = len({(one["sheet"], one["row"]) for one in answer["rejected"]})
    kinds = ", ".join(f"{count} {kind}" for kind, count in answer["kinds"].items())
    told = [f"{counts}, {bad} rejected", *([kinds] if kinds else [])]
    out.show(answer, "\n".join([*told, *(one["message"] for one in answer["rejected"])]))
    return REFUSED if answer["rejected"] else DONE


def report(args: Namespace, out: Out) -> int:
    """A page of charges, and the sums of all that the filter takes."""
    said = {name: getattr(args, name) for name in (*_FILTER, "site")}
    query = urlencode({name: value for name, value in said.items() if value})
    answer = _answer(asked(args, "GET", f"/v1/costs?{query}"), "costs")
    rows = [
        f"{one['kind']}: {one['charges']}, {_sums(one['off']) or '0'}" for one in answer["sums"]
    ]
    rows += [_row(one) for one in answer["rows"]]
    if answer["pages"] > 1:
        rows.append(f"page {answer['page']} of {answer['pages']}")
    billed, owed = _sums(answer["billed"]), _sums(answer["predicted"])
    off = _sums(answer["off"])
    head = f"billed {billed or '0'}, predicted {owed or '0'}, difference {off or '0'}"
    out.show(answer, "\n".join([head, *rows]))
    return DONE


def _sums(sums: dict[str, str]) -> str:
    return " + ".join(f"{amount} {currency}" for currency, amount in sorted(sums.items()))


def _row(one: dict[str, Any]) -> str:
    """A charge in one line."""
    causes = "; ".join(_cause(cause) for cause in one["causes"])
    owed = one["predicted"] if one["predicted"] is not None else "?"
    off = one["difference"] if one["difference"] is not None else "?"
    where = f"{one['waybill']} ({one['order'] or 'no order'}, {one['invoice']})"
    told = f"{where}: {one['billed']} {one['currency']} billed, {owed} predicted, {off}"
    return f"{told}: {causes or one['kind']}"


def _cause(cause: dict[str, Any]) -> str:
    sides = f" {cause['ours']} -> {cause['theirs']}" if cause["ours"] or cause["theirs"] else ""
    likely = " (likely)" if cause["likely"] else ""
    return f"{cause['kind']} {cause['code']}".strip() + f"{sides} {cause['amount']}{likely}"


def maps(args: Namespace, out: Out) -> int:
    """Carriers by code, and who brought the map of each."""
    answer = _answer(asked(args, "GET", f"/v1/costs/maps?{urlencode({'site': args.site})}"), "maps")
    rows = [
        f"{one['carrier']}: {one['name']}" + (f" ({one['who']}, {one['at']})" if one["who"] else "")
        for one in answer["maps"]
    ]
    out.show(answer, "\n".join(rows))
    return DONE


def keep_map(args: Namespace, out: Out) -> int:
    """Put a carrier's map in the place of the one before."""
    path = f"/v1/costs/maps?{urlencode({'site': args.site})}"
    answer = _answer(asked(args, "POST", path, read(args.file)), args.file)
    out.show(answer, f"{answer['carrier']}: {answer['verdict']}")
    return DONE


def _answer(got: httpx.Response, name: str) -> dict[str, Any]:
    """The server's answer.

    Raises:
        Unreadable: it refused the whole, in its words.
    """
    document: dict[str, Any] = got.json()
    if got.status_code != _OK:
        raise Unreadable(f"{name}: {document.get('detail') or document.get('title')}")
    return document
