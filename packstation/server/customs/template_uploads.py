"""A file of templates taken in: all of it is tried first, then all of it is kept, or nothing."""

from __future__ import annotations

from typing import Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from packstation.domain.templates import Fault, Templates, faults, misread
from packstation.server.access import PersonCaller
from packstation.server.core import Server
from packstation.server.customs import templates
from packstation.server.customs.templates import Refused
from packstation.server.problems import Problem

MOST: Final = 8 * 1024 * 1024
MOST_TEMPLATES: Final = 60


class Taken(Struct, frozen=True, kw_only=True):
    """Id and version of what was kept, and of what was there already."""

    kept: tuple[tuple[str, int], ...] = ()
    same: tuple[tuple[str, int], ...] = ()


def opened(content: bytes) -> Templates:
    """A library out of a file.

    Raises:
        Refused: it is none; the fault names the path and what is allowed there.
    """
    try:
        found = msgspec.json.decode(content, type=Templates)
    except (msgspec.MsgspecError, ValueError, RecursionError) as exc:
        raise Refused(misread(exc)) from exc
    if not 0 < len(found.templates) <= MOST_TEMPLATES:
        raise Refused(Fault("templates", "file", f"1-{MOST_TEMPLATES}"))
    return found


def take(server: Server, caller: PersonCaller, site: str, content: bytes, why: str) -> Taken:
    """Keep every template of a file as the next version of its id.

    Raises:
        Refused: what is wrong with any of them; then none is kept.
        Problem: as `templates.keep`.
    """
    if not why.strip():
        raise Problem(422, "reason", "say why")
    found = opened(content)
    wrong = [one for one in faults(found.templates) if one.kind in {"twice", "ambiguous"}]
    for at, template in enumerate(found.templates):
        path = f"templates[{at}]."
        judged = templates.judge(site, template)
        wrong += [replace(one, path=f"{path}{one.path}") for one in judged]
    if wrong:
        raise Refused(*dict.fromkeys(wrong))
    done = [
        (template.id, *templates.keep(server, caller, site, template, why))
        for template in found.templates
    ]
    return Taken(
        kept=tuple((name, version) for name, version, new in done if new),
        same=tuple((name, version) for name, version, new in done if not new),
    )
