"""``papers make``."""

from __future__ import annotations

import json
import re
from argparse import Namespace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from packstation.cli.files import folder_at
from packstation.cli.papers import document, moment, order, pack_at, told
from packstation.cli.running import DONE, REFUSED, Out, Unreadable, error_document, language, reason

if TYPE_CHECKING:
    from collections.abc import Sequence

    from packstation.documents.papers.sets import Asked, Paper
    from packstation.domain.customs.pack import Pack
    from packstation.domain.customs.wanted import PaperWanted
    from packstation.domain.orders import Order

_SIZE: Final = re.compile(r"([0-9]{2,3}(?:\.[0-9])?)x([0-9]{2,3}(?:\.[0-9])?)")
# Names for forms beside those of labels; by the longer side across, as a CN 23 lies.
_FORMS: Final = {"a5": (210.0, 148.0)}


def make(args: Namespace, out: Out) -> int:
    """The set as files; nothing is written where a rule blocks or a paper cannot be made."""
    from packstation.customs.tables import Tables
    from packstation.domain.customs import checking
    from packstation.domain.customs.registry import case_of
    from packstation.domain.customs.wanted import paper_set
    from packstation.domain.errors import DocumentError

    kinds, size = _kinds(args.kind), _size(args.media)
    raw, pack, now, reference = order(args.order), pack_at(args.pack), moment(args.at), Tables()
    said = language(args)
    checked = checking.check(raw, pack, reference, now)
    if not checked.ok:
        findings = document(checked, said)["findings"]
        out.show({"documents": [], "findings": findings}, told(checked, said))
        return REFUSED
    wanted = paper_set(case_of(raw, pack, reference, now))
    try:
        papers = _papers(_order(raw, args.order), (pack, now), (kinds, wanted, size), args.second)
    except DocumentError as exc:
        out.show({"documents": [], "error": error_document(exc)}, reason(exc, args))
        return REFUSED
    _write(Path(args.out), papers)
    rows = [_row(paper) for paper in papers]
    out.show({"documents": rows}, "\n".join(map(_told, rows)))
    return DONE


def _kinds(text: str) -> tuple[str, ...]:
    """The kinds asked for by name.

    Raises:
        Unreadable: there is no such paper.
    """
    from packstation.documents.papers.making import PAPERS

    kinds = tuple(kind for one in text.split(",") if (kind := one.strip()))
    for kind in kinds:
        if kind not in PAPERS:
            raise Unreadable(f"--kind {kind}: one of {', '.join(PAPERS)} is wanted")
    return kinds


def _size(name: str | None) -> tuple[float, float] | None:
    """The paper of the forms, where it was given.

    Raises:
        Unreadable: it is no paper.
    """
    from packstation.domain.labels import MEDIA_MM

    if not name:
        return None
    known = {**MEDIA_MM, **_FORMS}
    if name in known:
        return known[name]
    if not (match := _SIZE.fullmatch(name)):
        raise Unreadable(f"--media {name}: {', '.join(known)} or WIDTHxHEIGHT in mm is wanted")
    return float(match[1]), float(match[2])


def _order(raw: dict[str, Any], name: str) -> Order:
    """The order of the file, whose values the rules have looked at.

    Raises:
        Unreadable: a value that no rule looks at is of another shape.
    """
    from packstation.domain.records import decode_orders

    found = decode_orders(json.dumps(raw, default=str).encode())
    if found.bad:
        raise Unreadable(f"{name}: {found.bad[0].message}")
    return found.records[0]


def _papers(
    given: Order,
    by: tuple[Pack, datetime],
    what: tuple[tuple[str, ...], Sequence[PaperWanted], tuple[float, float] | None],
    second: str,
) -> tuple[Paper, ...]:
    """All of them, before any is written."""
    from packstation.assets import resource
    from packstation.documents.fonts import Fonts
    from packstation.documents.label.orders import parcels_of
    from packstation.documents.papers import sets

    pack, now = by
    kinds, wanted, size = what
    today = now.date().isoformat()
    consignment = sets.Consignment(
        tuple(parcels_of(given, on=today)), today, language=second, tables=pack.tables
    )
    printed = [one for one in wanted if not one.electronic]
    asked = sets.named(kinds, wanted) if kinds else sets.asked_by(printed)
    papers = [_resized(one, size) for one in asked]
    return sets.make_set(consignment, papers, Fonts(resource("fonts")), larger=not kinds)


def _resized(paper: Asked, size: tuple[float, float] | None) -> Asked:
    from msgspec.structs import replace

    from packstation.documents.papers.sets import FORMS

    return replace(paper, size=size) if size and paper.kind in FORMS else paper


def _name(paper: Paper) -> str:
    return f"{paper.kind}-{paper.parcel}.pdf" if paper.parcel else f"{paper.kind}.pdf"


def _row(paper: Paper) -> dict[str, Any]:
    return {
        "kind": paper.kind,
        "file": _name(paper),
        "pages": paper.pages,
        "copies": paper.copies,
        "media_mm": [round(side, 1) for side in paper.media_mm],
    }


def _told(row: dict[str, Any]) -> str:
    width, height = (f"{side:g}" for side in row["media_mm"])
    return f"{row['file']}: {row['pages']} p. x {row['copies']}, {width} x {height} mm"


def _write(folder: Path, papers: Sequence[Paper]) -> None:
    """All files or none: each is written whole beside its place, then all take their places.

    Raises:
        Unreadable: a file cannot be written.
    """
    place = folder_at(folder)
    new = {place / f".{_name(one)}.new": (place / _name(one), one.payload) for one in papers}
    done: list[Path] = []
    try:
        for path, (_target, payload) in new.items():
            path.write_bytes(payload)
        for path, (target, _payload) in new.items():
            path.replace(target)
            done.append(target)
    except OSError as exc:
        for path in (*new, *done):
            path.unlink(missing_ok=True)
        raise Unreadable(f"{folder}: {exc.strerror}") from exc
