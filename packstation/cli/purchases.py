"""``carriers accounts / test / shut / unknown / ask / settle``: what the office asks a server."""

from __future__ import annotations

import json
from argparse import Namespace
from typing import Any, Final
from urllib.parse import quote, urlencode

from packstation.cli.running import DONE, REFUSED, Out, Unreadable
from packstation.cli.wires import asked

_OK: Final = 200
# Refusals of what was asked, told in words; all others mean that nothing could be asked.
_TOLD: Final = {
    "not_waiting": "settled already: {state} {waybill}",
    "busy": "the carrier is being asked right now",
    "too_soon": "too soon to say that it was not sold: the carrier may still finish it",
    "carrier_says": "the carrier says that it was sold: {waybill}",
    "waybill_taken": "another parcel has this waybill: {key}",
    "never_bought": "no such purchase: {key}",
    "unknown_carrier": "no account at this carrier: {carrier}",
    "reason": "{detail}",
    "waybill": "{detail}",
}


def accounts(args: Namespace, out: Out) -> int:
    """Each account in a line."""
    answer = _answer(args, "GET", "/v1/carriers/standing")
    out.show(answer, "\n".join(map(_account, answer["accounts"])) or "none")
    return DONE


def _account(one: dict[str, Any]) -> str:
    about, last = one["account"], one["last"]
    own = about["kind"] == "own"
    seen = "own numbers" if own else f"verified: {about['verified'] or 'no'}"
    shut = f"; shut since {one['shut']}" if one["shut"] else ""
    told = f"{last['came']} {last['reason']}".strip() if last else ""
    heard = f"last answer {last['at']}: {told}" if last else "no answer yet"
    return f"{about['carrier']}: {about['kind']}; {seen}{shut}; {heard}"


def attempt(args: Namespace, out: Out) -> int:
    """Try an account; 1 where it does not answer, or refuses."""
    answer = _answer(args, "POST", f"/v1/carriers/{quote(args.name, safe='')}/attempt")
    told = " ".join(filter(None, (answer["came"], answer["reason"], answer["words"])))
    out.show(answer, f"{args.name}: {told}")
    return DONE if answer["came"] in {"fine", "not_tried"} else REFUSED


def shut(args: Namespace, out: Out) -> int:
    """Shut an account, or open it."""
    body = {"shut": not args.open, "reason": args.reason}
    answer = _answer(args, "POST", f"/v1/carriers/{quote(args.name, safe='')}/shut", body)
    out.show(answer, _account(answer))
    return DONE


def unknown(args: Namespace, out: Out) -> int:
    """Purchases in trouble, the most harmful first; 1 where there are any that are open."""
    query = {"kind": args.kind, "carrier": args.carrier}
    answer = _answer(args, "GET", "/v1/purchases", query=query)
    rows = [_purchase(one) for one in answer["purchases"]]
    if answer["more"]:
        rows.append("... and more")
    out.show(answer, "\n".join(rows) or "none")
    return REFUSED if any(one["kind"] != "refused" for one in answer["purchases"]) else DONE


def _purchase(one: dict[str, Any]) -> str:
    why = " ".join(filter(None, (one["reason"], one["words"], one["waybill"])))
    where = f"{one['key']} ({one['order'] or 'no order'}, {one['bench']})"
    return f"{one['kind']}: {where} {one['carrier']} {one['service']} {one['asked']} {why}".rstrip()


def ask(args: Namespace, out: Out) -> int:
    """Ask the carrier; 1 where it is still open."""
    return _came(args, out, "/v1/purchases/ask", {"key": args.key})


def settle(args: Namespace, out: Out) -> int:
    """Settle by hand.

    Raises:
        Unreadable: neither sold nor not sold, or both.
    """
    if bool(args.sold) == args.not_sold:
        raise Unreadable("one of --sold WAYBILL and --not-sold is wanted")
    body = {
        "key": args.key,
        "sold": bool(args.sold),
        "waybill": args.sold,
        "reason": args.reason,
    }
    return _came(args, out, "/v1/purchases/settle", body)


def _came(args: Namespace, out: Out, path: str, body: dict[str, Any]) -> int:
    answer = _answer(args, "POST", path, body)
    if "code" in answer:
        words = {"state": "", "waybill": "", "key": args.key, "carrier": "", **answer}
        out.show({"ok": False, **answer}, _TOLD[answer["code"]].format(**words).strip())
        return REFUSED
    told = " ".join(filter(None, (answer["status"], answer["waybill"], answer["reason"])))
    out.show(answer, f"{answer['key']}: {told}")
    return REFUSED if answer["status"] in {"pending", "voiding"} else DONE


def _answer(
    args: Namespace,
    method: str,
    path: str,
    body: dict[str, Any] | None = None,
    query: dict[str, str] | None = None,
) -> dict[str, Any]:
    """What the server says; of a purchase also a refusal that has words.

    Raises:
        Unreadable: it refused for another reason.
    """
    asks = urlencode({"site": args.site, **(query or {})})
    data = json.dumps(body).encode() if body is not None else b""
    got = asked(args, method, f"{path}?{asks}", data)
    document: dict[str, Any] = got.json()
    if got.status_code == _OK or (hasattr(args, "key") and document.get("code") in _TOLD):
        return document
    code = str(document.get("code"))
    if code == "unknown_carrier":
        code = _TOLD[code].format(carrier=document.get("carrier", ""))
    raise Unreadable(str(document.get("detail") or code))
