"""``carriers lint / put / list``: descriptions of interfaces, accounts on the server."""

from __future__ import annotations

import json
from argparse import Namespace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode

from packstation.cli.files import naming, read
from packstation.cli.running import DONE, REFUSED, Out, Unreadable
from packstation.cli.wires import asked

if TYPE_CHECKING:
    import httpx

_OK: Final = 200
_WRONG: Final = 422


def lint(args: Namespace, out: Out) -> int:
    """The first that is wrong of each file; what the others can do."""
    from packstation.carriers.adapters.rest.loading import load
    from packstation.domain.errors import InputInvalid

    found: list[dict[str, Any]] = []
    told: list[str] = []
    for name in args.files:
        data = read(name)
        try:
            about = load(data)
        except InputInvalid as exc:
            wrong = {key: str(exc.fields[key]) for key in ("path", "value", "allowed")}
            found.append({"file": name, **wrong})
            told.append(f"{name}: {wrong['path']}: {wrong['value']}; allowed: {wrong['allowed']}")
            continue
        can = [word for word in OPERATIONS if getattr(about.operations, word) is not None]
        told.append(f"{name}: {about.carrier}: {', '.join(can)}; {len(about.services)} services")
    out.show({"ok": not found, "findings": found}, "\n".join(told))
    return REFUSED if found else DONE


OPERATIONS: Final = ("buy", "find", "label", "void", "track", "manifest", "quote")


def put(args: Namespace, out: Out) -> int:
    """Keep an account; what the server refuses is told in its words, which name no value.

    Raises:
        Unreadable: no description, or none that can be read.
    """
    body: dict[str, Any] = {"kind": args.kind, "base_url": args.base_url}
    if args.kind == "rest" and not args.description:
        raise Unreadable("an account of kind rest is a description: --description FILE is wanted")
    if args.description:
        data = read(args.description)
        with naming(args.description):
            body["description"] = _document(data, args.description)
    body["secrets"] = {name: _value(file) for name, file in args.secret}
    path = f"/v1/carriers/{quote(args.name, safe='')}?{urlencode({'site': args.site})}"
    got = asked(args, "PUT", path, json.dumps(body).encode())
    kept = got.json()
    if got.status_code == _WRONG:
        out.show({"ok": False, "message": kept["detail"]}, kept["detail"])
        return REFUSED
    _refuse(got)
    out.show(kept, _told(kept))
    return DONE


def _document(data: bytes, name: str) -> dict[str, Any]:
    from packstation.domain.records import read_json

    found = read_json(data)
    if not isinstance(found, dict):
        raise Unreadable(f"{name}: a description (carrier/1) is wanted")
    return found


def _value(file: str) -> str:
    """A credential, without the end of its line."""
    try:
        return read(file).decode().strip()
    except UnicodeDecodeError as exc:
        raise Unreadable(f"{file}: a credential as text (UTF-8) is wanted") from exc


def listed(args: Namespace, out: Out) -> int:
    """The accounts of a site."""
    got = asked(args, "GET", f"/v1/carriers?{urlencode({'site': args.site})}")
    _refuse(got)
    document = got.json()
    out.show(document, "\n".join(map(_told, document["carriers"])) or "none")
    return DONE


def _refuse(got: httpx.Response) -> None:
    if got.status_code != _OK:
        document = got.json()
        said = document.get("detail") or document.get("code")
        raise Unreadable(f"{document.get('title')}: {said}")


def _told(one: dict[str, Any]) -> str:
    where = f" at {one['base_url']}" if one["base_url"] else ""
    names = f"; credentials: {', '.join(one['secrets'])}" if one["secrets"] else ""
    seen = f"; verified {one['verified']}" if one["verified"] else "; not verified"
    told = seen if one["kind"] != "own" else ""
    return f"{one['carrier']}: {one['kind']}{where}{names}{told} ({one['who']}, {one['changed']})"
