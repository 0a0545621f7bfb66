"""``people list / add / revoke / replace / pin / sign-out / card``: asked of a server."""

from __future__ import annotations

import json
from argparse import Namespace
from typing import Any, Final
from urllib.parse import quote, urlencode

from packstation.cli.files import write
from packstation.cli.running import DONE, REFUSED, Out, Unreadable, language
from packstation.cli.wires import asked

_FINE: Final = frozenset({200, 201})
# Refusals of what was asked; all others mean that nothing could be asked.
_TOLD: Final = frozenset(
    {"unknown_person", "own_badge", "unknown_token", "unknown_order", "order_open", "invalid"}
)


def listed(args: Namespace, out: Out) -> int:
    """Everybody in a line each, then the revoked badges."""
    _, staff = ask_office(args, "GET", "/v1/people")
    rows = [_member(one) for one in staff["people"]]
    rows += [f"revoked {one['badge']}: {one['name']}, {one['at']}" for one in staff["gone"]]
    out.show(staff, "\n".join(rows) or "none")
    return DONE


def _member(one: dict[str, Any]) -> str:
    pin = "PIN" if one["pin"] else "no PIN"
    until = f"; temporary PIN until {one['until']}" if one["until"] else ""
    visits = f"; {one['visits']} visits" if one["visits"] else ""
    return f"{one['badge']}: {one['name']}, {one['role']}; {pin}{until}{visits}"


def add(args: Namespace, out: Out) -> int:
    """Badge number and PIN of someone new."""
    body = {"name": args.name, "role": args.role, "language": args.speaks}
    return _issued(out, *ask_office(args, "POST", "/v1/people", body))


def replaced(args: Namespace, out: Out) -> int:
    """The new badge number, and the PIN for this shift."""
    return _issued(out, *ask_office(args, "POST", _of(args, "replace"), {"reason": args.reason}))


def pin(args: Namespace, out: Out) -> int:
    """A PIN."""
    return _issued(out, *ask_office(args, "POST", _of(args, "pin"), {"hours": args.hours}))


def _issued(out: Out, fine: bool, one: dict[str, Any]) -> int:  # noqa: FBT001
    if not fine:
        return refused(out, one)
    until = f" until {one['until']}" if one["until"] else ""
    out.show(one, f"{one['name']}: badge {one['badge']}, PIN {one['pin']}{until}")
    return DONE


def revoke(args: Namespace, out: Out) -> int:
    """Whose badge it was."""
    fine, one = ask_office(args, "POST", _of(args, "revoke"), {"reason": args.reason})
    if not fine:
        return refused(out, one)
    out.show(one, f"revoked {one['badge']}: {one['name']}")
    return DONE


def sign_out(args: Namespace, out: Out) -> int:
    """How many visits were ended."""
    fine, one = ask_office(args, "POST", _of(args, "sign-out"))
    if not fine:
        return refused(out, one)
    out.show(one, f"{one['badge']}: {one['ended']} visits ended")
    return DONE


def card(args: Namespace, out: Out) -> int:
    """A PDF with one card."""
    from packstation.assets import resource
    from packstation.documents.badge_cards import badge_cards
    from packstation.documents.fonts import Fonts
    from packstation.documents.label.pdf import write_pdf
    from packstation.domain.psp import PersonBody
    from packstation.i18n import load

    _, staff = ask_office(args, "GET", "/v1/people")
    found = next((one for one in staff["people"] if one["badge"] == args.badge), None)
    if found is None:
        return refused(out, {"code": "unknown_person", "detail": f"nobody has {args.badge!r}"})
    person = PersonBody(badge=found["badge"], name=found["name"], role=found["role"])
    words, fonts = load(language(args)), Fonts(resource("fonts"))
    pages = badge_cards((person,), words.say, fonts)
    write(args.out, write_pdf(pages, fonts, title=person.badge))
    out.show({"file": args.out, "badge": person.badge}, f"{args.out}: {person.name}")
    return DONE


def refused(out: Out, problem: dict[str, Any]) -> int:
    """What the server refused, in its own words; exit status 1."""
    words = problem.get("detail") or problem["code"]
    out.show({"ok": False, "code": problem["code"], "message": words}, words)
    return REFUSED


def _of(args: Namespace, act: str) -> str:
    return f"/v1/people/{quote(args.badge, safe='')}/{act}"


def ask_office(
    args: Namespace, method: str, path: str, body: dict[str, Any] | None = None
) -> tuple[bool, dict[str, Any]]:
    """Whether it was done, and what the server says.

    Raises:
        Unreadable: it refused for a reason that is not about what was asked.
    """
    data = json.dumps(body).encode() if body is not None else b""
    got = asked(args, method, f"{path}?{urlencode({'site': args.site})}", data)
    document: dict[str, Any] = got.json()
    if got.status_code in _FINE:
        return True, document
    if document.get("code") in _TOLD:
        return False, document
    raise Unreadable(f"{document.get('title')}: {document.get('detail') or document.get('code')}")
