"""``papers make``."""

from __future__ import annotations

import json
import re
from argparse import Namespace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from packstation.cli.files import folder_at, write_all
from packstation.cli.papers import document, moment, order, pack_at, told
from packstation.cli.running import DONE, REFUSED, Out, Unreadable, error_document, language, reason
from packstation.cli.templates import library

if TYPE_CHECKING:
    from collections.abc import Sequence

    from packstation.documents.papers.sets import Asked, Paper
    from packstation.domain.customs.pack import Pack
    from packstation.domain.customs.wanted import PaperWanted
    from packstation.domain.orders import Order
    from packstation.domain.templates import Template

_SIZE: Final = re.compile(r"([0-9]{2,3}(?:\.[0-9])?)x([0-9]{2,3}(?:\.[0-9])?)")
# Names for forms beside those of labels; by the longer side across, as a CN 23 lies.
_FORMS: Final = {"a5": (210.0, 148.0)}
# The shortest and longest side of paper that a form could be on, in mm.
_SIDES: Final = (50.0, 450.0)


def make(args: Namespace, out: Out) -> int:
    """The set as files; nothing is written where a rule blocks or a paper cannot be made."""
    from packstation.customs.tables import Tables
    from packstation.domain.customs import checking
    from packstation.domain.customs.registry import case_of
    from packstation.domain.customs.wanted import paper_set
    from packstation.domain.errors import DocumentError

    kinds, size, second = _kinds(args.kind), _size(args.media), second_language(args.second)
    raw, pack, now, reference = order(args.order), pack_at(args.pack), moment(args.at), Tables()
    said = language(args)
    checked = checking.check(raw, pack, reference, now)
    if not checked.ok:
        findings = document(checked, said)["findings"]
        out.show({"documents": [], "findings": findings}, told(checked, said))
        return REFUSED
    wanted = paper_set(case_of(raw, pack, reference, now))
    try:
        what = (kinds, wanted, size, second, library(args.templates) if args.templates else ())
        papers = _papers(_order(raw, args.order), (pack, now), what)
    except DocumentError as exc:
        named = f"{exc.fields['kind']}: " if "kind" in exc.fields else ""
        error = error_document(exc)
        out.show({"documents": [], "error": error}, f"{named}{reason(exc, args)}")
        return REFUSED
    _write(Path(args.out), papers)
    rows = [_row(paper, args) for paper in papers]
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
    match = _SIZE.fullmatch(name)
    sides = (float(match[1]), float(match[2])) if match else (0.0, 0.0)
    if not all(_SIDES[0] <= side <= _SIDES[1] for side in sides):
        ends = f"{_SIDES[0]:g} to {_SIDES[1]:g} mm a side"
        raise Unreadable(f"--media {name}: {', '.join(known)} or WxH is wanted, {ends}")
    return sides


def second_language(asked: str) -> str:
    """The second language as asked for; "" is the destination's.

    Raises:
        Unreadable: no paper has words of it.
    """
    from packstation.documents.papers.slip import slip_words
    from packstation.documents.papers.words import SECOND, of_locale

    known = sorted({"en", *SECOND, *slip_words()})
    if asked and of_locale(asked) not in known:
        raise Unreadable(f"--second {asked}: one of {', '.join(known)} is wanted")
    return asked


def _order(raw: dict[str, Any], name: str) -> Order:
    """The order of the file, whose values the rules have looked at.

    Raises:
        Unreadable: a value that no rule looks at is of another shape.
    """
    from packstation.domain.customs.hs import with_text
    from packstation.domain.records import decode_orders

    found = decode_orders(json.dumps(with_text(raw), default=str).encode())
    if found.bad:
        raise Unreadable(f"{name}: {found.bad[0].message}")
    return found.records[0]


def _papers(
    given: Order,
    by: tuple[Pack, datetime],
    what: tuple[
        tuple[str, ...],
        Sequence[PaperWanted],
        tuple[float, float] | None,
        str,
        Sequence[Template],
    ],
) -> tuple[Paper, ...]:
    """All of them, before any is written."""
    from packstation.assets import resource
    from packstation.documents.fonts import Fonts
    from packstation.documents.label.orders import parcels_of
    from packstation.documents.papers import sets
    from packstation.domain.errors import DocumentError

    pack, now = by
    kinds, wanted, size, second, templates = what
    if "returns" in kinds and given.category != "returned_goods":
        fields = {"kind": "returns", "field": "category", "value": given.category}
        raise DocumentError("error.document.not_returned", **fields)
    today = now.date().isoformat()
    printed = [one for one in wanted if not one.electronic]
    along = tuple(one.kind for one in printed)
    consignment = sets.Consignment(
        tuple(parcels_of(given, on=today)), today, second, templates, pack.tables, along
    )
    asked = sets.named(kinds, wanted) if kinds else sets.asked_by(printed)
    papers = [_resized(one, size) for one in asked]
    return sets.make_set(consignment, papers, Fonts(resource("fonts")), larger=not kinds)


def _resized(paper: Asked, size: tuple[float, float] | None) -> Asked:
    from msgspec.structs import replace

    from packstation.documents.papers.sets import FORMS

    return replace(paper, size=size) if size and paper.kind in FORMS else paper


def _name(paper: Paper) -> str:
    return f"{paper.kind}-{paper.parcel}.pdf" if paper.parcel else f"{paper.kind}.pdf"


def _row(paper: Paper, args: Namespace) -> dict[str, Any]:
    """A paper as told; one with a letterhead names it, one that went without it says why."""
    row: dict[str, Any] = {
        "kind": paper.kind,
        "file": _name(paper),
        "pages": paper.pages,
        "copies": paper.copies,
        "media_mm": [round(side, 1) for side in paper.media_mm],
    }
    if paper.template:
        row["template"] = paper.template
    if paper.plain:
        row["plain"] = reason(paper.plain, args)
    return row


def _told(row: dict[str, Any]) -> str:
    width, height = (f"{side:g}" for side in row["media_mm"])
    shown = f"{row['file']}: pages {row['pages']}, copies {row['copies']}, {width} x {height} mm"
    if "plain" in row:
        return f"{shown}; without letterhead {row['template']}: {row['plain']}"
    return f"{shown}, {row['template']}" if "template" in row else shown


def _write(folder: Path, papers: Sequence[Paper]) -> None:
    """All files or none: where one cannot be written the old ones stay.

    Raises:
        Unreadable: a file cannot be written.
    """
    place = folder_at(folder)
    try:
        write_all({place / _name(one): one.payload for one in papers})
    except OSError as exc:
        raise Unreadable(f"{folder}: {exc.strerror}") from exc
