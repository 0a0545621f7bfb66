"""Descriptions of carriers, read and judged: every placeholder and path is looked at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from packstation.carriers.adapters.rest import templates
from packstation.carriers.adapters.rest.paths import PATH
from packstation.carriers.adapters.rest.shapes import Description, Operation
from packstation.domain.errors import InputInvalid
from packstation.domain.records import decode_one, read_json

OPERATIONS: Final = ("buy", "find", "label", "void", "track", "manifest", "quote", "token")
# What an answer of each may say.
FIELDS: Final = {
    "buy": "waybill ref label price currency voided",
    "find": "waybill ref label price currency voided",
    "label": "label",
    "void": "",
    "track": "waybill code text at place",
    "manifest": "ref label missing",
    "quote": "service amount currency min_days max_days",
    "token": "token seconds",
}
# What they must say.
_NEEDED: Final = {
    "buy": ("waybill",),
    "find": ("waybill",),
    "label": ("label",),
    "track": ("waybill", "code"),
    "manifest": ("ref",),
    "quote": ("service", "amount", "currency"),
    "token": ("token",),
}
_MORE: Final = {
    "label": {"ref", "waybill"},
    "void": {"ref", "waybill"},
    "track": {"waybills", "waybill"},
    "manifest": {"waybills", "day", "service"},
    "quote": {"country", "postcode", "gross_g", "gross_kg", "origin", "date"},
}
_LOOPBACK: Final = re.compile(r"http://(127\.0\.0\.1|localhost|\[::1\])([:/]|$)")


def load(content: bytes) -> Description:
    """The description of a file.

    Raises:
        InputInvalid: with the path, the value and what is allowed; the first that is wrong.
    """
    found = decode_one(read_json(content), Description)
    for path, value, allowed in _faults(found):
        raise InputInvalid(path=path, value=value, allowed=allowed)
    return found


def _faults(found: Description) -> Iterator[tuple[str, str, str]]:
    if found.base_url.startswith("http:") and not _LOOPBACK.match(found.base_url):
        yield "base_url", found.base_url, "https:// (http:// on this machine only)"
    if not found.services:
        yield "services", "{}", "our service: the carrier's name of it"
    secrets = frozenset(f"secret.{name}" for name in found.secrets)
    known = templates.NAMES | secrets | ({"token"} if found.operations.token else frozenset())
    yield from templates.faults(found.headers, known, "headers")
    yield from templates.faults(found.query, known, "query")
    for name in OPERATIONS:
        one: Operation | None = getattr(found.operations, name)
        if one is not None:
            more = frozenset(_MORE.get(name, ()))
            needed = _NEEDED.get(name, ())
            if name == "label" and found.label.encoding == "body":
                needed = ()
            yield from _of_operation(name, one, known | more, needed)
    if found.label.encoding == "url" and not found.label.hosts:
        yield "label.hosts", "[]", "the hosts that labels are fetched from"
    for number, path in enumerate(found.details):
        yield from _path(f"details[{number}]", path)
    for number, row in enumerate(found.refusals):
        if not (row.status or row.path):
            yield f"refusals[{number}]", "", "status or path"


def _of_operation(
    name: str, one: Operation, known: frozenset[str], needed: tuple[str, ...]
) -> Iterator[tuple[str, str, str]]:
    place = f"operations.{name}"
    for part in ("path", "query", "headers", "body"):
        yield from templates.faults(getattr(one, part), known, f"{place}.{part}")
    allowed = FIELDS[name].split()
    if one.form and not isinstance(one.body, dict):
        yield f"{place}.body", str(one.body)[:60], "an object: a form has names"
    for field, path in one.answer.items():
        if field not in allowed:
            yield f"{place}.answer.{field}", path, " ".join(allowed) or "nothing"
        yield from _path(f"{place}.answer.{field}", path)
    for field in needed:
        if field not in one.answer:
            yield f"{place}.answer.{field}", "", "the path where it stands"
    if name in {"track", "quote"} and not one.list:
        yield f"{place}.list", "", "the path of the list"
    if name == "find" and one.list and not one.key:
        yield f"{place}.key", "", "the path of our key in an entry"
    if name == "find" and not one.list and one.none is None:
        yield f"{place}.none", "", "when there is no such sale"


def _path(place: str, path: str) -> Iterator[tuple[str, str, str]]:
    if path and not PATH.fullmatch(path):
        yield place, path[:60], "a path: data.labels[0].content"
