"""``tokens list / make / revoke``: asked of a server."""

from __future__ import annotations

from argparse import Namespace
from typing import Any
from urllib.parse import quote

from packstation.cli.people import ask_office, refused
from packstation.cli.running import DONE, Out


def listed(args: Namespace, out: Out) -> int:
    """One in a line each."""
    _, document = ask_office(args, "GET", "/v1/tokens")
    out.show(document, "\n".join(map(_told, document["tokens"])) or "none")
    return DONE


def _told(one: dict[str, Any]) -> str:
    used = f"used {one['used']}" if one["used"] else "never used"
    until = f"; until {one['until']}" if one["until"] else ""
    revoked = f"; revoked {one['revoked']}" if one["revoked"] else ""
    return f"{one['key']}: {one['name']}, {one['role']} of {one['site']}; {used}{until}{revoked}"


def make(args: Namespace, out: Out) -> int:
    """The token."""
    body = {"name": args.name, "role": args.role, "days": args.days}
    fine, one = ask_office(args, "POST", "/v1/tokens", body)
    if not fine:
        return refused(out, one)
    out.show(one, str(one["token"]))
    return DONE


def revoke(args: Namespace, out: Out) -> int:
    """Which it was."""
    fine, one = ask_office(args, "POST", f"/v1/tokens/{quote(args.key, safe='')}/revoke")
    if not fine:
        return refused(out, one)
    out.show(one, _told(one))
    return DONE
