"""``papers templates lint`` and ``papers templates preview``."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from packstation.cli.files import naming, read, write
from packstation.cli.running import DONE, REFUSED, Out, Unreadable, language

if TYPE_CHECKING:
    from packstation.domain.orders import Order
    from packstation.domain.templates import Template, Templates


def lint(args: Namespace, out: Out) -> int:
    """What has to be mended in files of letterheads before they are used."""
    from packstation.i18n import load

    say = load(language(args)).say
    found = findings({name: library(name) for name in args.files}, args)
    shown = "\n".join(f"{one['file']}: {one['message']}" for one in found)
    out.show({"ok": not found, "findings": found}, shown or say("templates.good"))
    return REFUSED if found else DONE


def findings(libraries: Mapping[str, Sequence[Template]], args: Namespace) -> list[dict[str, str]]:
    """What is wrong, by file, in the reader's words."""
    from packstation.i18n import load

    say = load(language(args)).say
    return [
        {
            "file": name,
            "path": path,
            "kind": kind,
            "value": value,
            "message": say(f"templates.{kind}", path=path, value=value),
        }
        for name, found in libraries.items()
        for path, kind, value in _faults(found)
    ]


def _faults(found: Sequence[Template]) -> list[tuple[str, str, str]]:
    """Path, kind and value of each: of the library, and of its templates as they are drawn."""
    from packstation.assets import resource
    from packstation.documents.fonts import Fonts
    from packstation.documents.papers.trial import trial
    from packstation.domain.templates import faults

    fonts = Fonts(resource("fonts"))
    tried = (
        fault
        for at, template in enumerate(found)
        for fault in trial(template, fonts, f"templates[{at}].")
    )
    return [(one.path, one.kind, one.value) for one in (*faults(found), *tried)]


def library(name: str) -> tuple[Template, ...]:
    """The templates of a file of templates/1, or of all such files (*.json) of a folder.

    Raises:
        Unreadable: one is none; the path and what is allowed are told.
    """
    if not Path(name).is_dir():
        return _read(name).templates
    files = sorted(Path(name).glob("*.json"))
    if not files:
        raise Unreadable(f"{name}: no file of templates/1 (*.json) in it")
    return tuple(template for file in files for template in _read(str(file)).templates)


def _read(name: str) -> Templates:
    import msgspec

    from packstation.domain.templates import Templates, misread

    with naming(name):
        data = read(name)
    try:
        return msgspec.json.decode(data, type=Templates)
    except (msgspec.MsgspecError, ValueError) as exc:
        why = misread(exc)
        shown = f"{why.path}: written like {why.value}" if why.kind == "like" else str(exc)
        raise Unreadable(f"{name}: {shown}") from exc


def preview(args: Namespace, out: Out) -> int:
    """A template's paper as a picture: the sample consignment, or an order's own."""
    from msgspec.structs import replace

    from packstation.assets import resource
    from packstation.cli.papers_make import second_language
    from packstation.documents.fonts import Fonts
    from packstation.documents.label.orders import parcels_of
    from packstation.documents.papers.sample import sample_asked, sample_picture

    second = second_language(args.second)
    template = _chosen(library(args.file), args.template, args.file)
    asked = sample_asked(args.kind, template, second)
    if args.order:
        asked = replace(asked, parcels=tuple(parcels_of(_order(args.order))), today="")
    picture, pages = sample_picture(asked, Fonts(resource("fonts")), args.dpi)
    write(args.out, picture)
    document = {"template": template.id, "kind": args.kind, "file": args.out, "pages": pages}
    out.show(document, f"{args.out}: {args.kind}, {template.id}")
    return DONE


def _order(name: str) -> Order:
    from packstation.domain.records import decode_orders

    with naming(name):
        found = decode_orders(read(name))
    if found.bad or len(found.good) != 1:
        why = found.bad[0].message if found.bad else f"{len(found.good)} orders, one is wanted"
        raise Unreadable(f"{name}: {why}")
    return found.records[0]


def _chosen(found: Sequence[Template], wanted: str, name: str) -> Template:
    """The template of an id in its highest version, or the file's first."""
    listed = [one for one in found if wanted in {"", one.id}]
    if not listed:
        raise Unreadable(f"{name}: no template {wanted}".rstrip())
    return max(listed, key=lambda one: one.version) if wanted else listed[0]
