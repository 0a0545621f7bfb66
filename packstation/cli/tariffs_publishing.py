"""``tariffs publish / versions``: what a server signs for its benches, and what it has signed."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from packstation.cli.files import naming, read
from packstation.cli.running import DONE, REFUSED, Out, Unreadable
from packstation.cli.wires import asked

if TYPE_CHECKING:
    import httpx

_OK: Final = 200
# The server's own words for what a tariff may not be.
_REFUSALS: Final = frozenset({"lint", "version", "published", "version_order", "invalid"})


def publish(args: Namespace, out: Out) -> int:
    """Every tariff of the files, one after the other; one that is refused stops no other."""
    answer: dict[str, Any] = {
        "accepted": 0,
        "changed": 0,
        "unchanged": 0,
        "rejected": [],
        "tariffs": [],
        "findings": [],
    }
    query = urlencode({"site": args.site, "accept": ",".join(args.accept)})
    for name in args.files:
        contents, rejected = _contents(name)
        answer["rejected"] += [{"file": name, **one} for one in rejected]
        for at, content in contents:
            _note(answer, name, at, asked(args, "POST", f"/v1/tariffs?{query}", content))
    out.show(answer, "\n".join(_told(answer)))
    return REFUSED if answer["rejected"] else DONE


def _contents(name: str) -> tuple[list[tuple[int, bytes]], list[dict[str, object]]]:
    """Tariffs as they are sent, with their place in the file; JSON of one tariff as it stands."""
    from packstation.carriers import tariff_files
    from packstation.carriers.tariff_text import written

    data = read(name)
    kind = tariff_files.kind_of(name, data)
    with naming(name):
        if kind == "json" and data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
            return [(0, data)], []
        found = tariff_files.read(data, kind)
    bad = [one.to_json() for one in found.rejected]
    places = [at for at in range(len(found.tariffs) + len(bad)) if at not in _records(bad)]
    return list(zip(places, map(written, found.tariffs), strict=False)), bad


def _records(bad: list[dict[str, object]]) -> set[object]:
    return {one["record"] for one in bad}


def _note(answer: dict[str, Any], name: str, at: int, got: httpx.Response) -> None:
    told = got.json()
    if got.status_code == _OK:
        answer[told["verdict"]] += 1
        answer["tariffs"].append(told["tariff"])
        answer["findings"] += [{"file": name, **one} for one in told["findings"]]
        return
    code = str(told.get("code", ""))
    if code not in _REFUSALS:
        raise Unreadable(f"{name}: {told.get('title')}: {told.get('detail') or code}")
    answer["findings"] += [{"file": name, **one} for one in told.get("findings", ())]
    refused = {
        "file": name,
        "record": at,
        "code": code,
        "path": _path(told),
        "message": str(told.get("detail", "")),
        "differences": told.get("differences", []),
    }
    answer["rejected"].append(refused)


def _path(told: dict[str, Any]) -> str:
    for name, key in (("findings", "where"), ("differences", "path")):
        for one in told.get(name, ()):
            return str(one[key])
    return ""


def _told(answer: dict[str, Any]) -> list[str]:
    counts = ", ".join(f"{answer[name]} {name}" for name in ("accepted", "changed", "unchanged"))
    rows = [f"{counts}, {len(answer['rejected'])} rejected"]
    rows += [_version(one) for one in answer["tariffs"]]
    rows += [f"{one['file']}: tariff {one['record']}: {_why(one)}" for one in answer["rejected"]]
    rows += [
        f"  {one['path']}: {one['published'] or 'nothing'} -> {one['given'] or 'nothing'}"
        for refused in answer["rejected"]
        for one in refused.get("differences", ())
    ]
    return [
        *rows,
        *(
            f"{one['file']}: {one['kind']}: {one['where']}: {one['message']}"
            for one in answer["findings"]
        ),
    ]


def _why(refused: dict[str, Any]) -> str:
    """Why it was refused; findings have rows of their own, below."""
    if refused.get("code") != "lint":
        return str(refused["message"])
    return "refused for what is found below; --accept KIND where it is meant so and may be"


def _version(one: dict[str, Any]) -> str:
    until = f" to {one['valid_to']}" if one["valid_to"] else ""
    return f"{one['carrier']} {one['service']} {one['version']}: from {one['valid_from']}{until}"


def versions(args: Namespace, out: Out) -> int:
    """Every version, or those that hold on a day."""
    query = urlencode({"site": args.site, "on": args.on})
    got = asked(args, "GET", f"/v1/tariffs?{query}")
    document = got.json()
    if got.status_code != _OK:
        raise Unreadable(f"{document.get('title')}: {document.get('detail')}")
    told = [f"{_version(one)} ({one['who']}, {one['at']})" for one in document["tariffs"]]
    out.show(document, "\n".join(told) or "none")
    return DONE
