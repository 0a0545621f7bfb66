"""``papers templates lint`` and ``papers templates preview``."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING, Any

from packstation.cli.files import naming, read, write
from packstation.cli.running import DONE, REFUSED, Out, Unreadable, language

if TYPE_CHECKING:
    from packstation.domain.orders import Order
    from packstation.domain.templates import Template, Templates


def lint(args: Namespace, out: Out) -> int:
    """What has to be mended in files of letterheads before they are used."""
    from packstation.i18n import load

    say = load(language(args)).say
    found = [
        {
            "file": name,
            "path": path,
            "kind": kind,
            "value": value,
            "message": say(f"templates.{kind}", path=path, value=value),
        }
        for name in args.files
        for path, kind, value in _faults(library(name))
    ]
    shown = "\n".join(f"{one['file']}: {one['message']}" for one in found)
    out.show({"ok": not found, "findings": found}, shown or say("templates.good"))
    return REFUSED if found else DONE


def _faults(found: Templates) -> list[tuple[str, str, str]]:
    """Path, kind and value of each: of the library, and of its pictures as they are drawn."""
    from packstation.documents.papers.letterhead import checked
    from packstation.domain.errors import DocumentError
    from packstation.domain.templates import faults

    told = [(one.path, one.kind, one.value) for one in faults(found.templates)]
    for at, template in enumerate(found.templates):
        for name, data in template.images.items():
            try:
                checked(data, name)
            except DocumentError as refused:
                path = f"templates[{at}].images[{name}]"
                told.append((path, "picture", str(refused.fields["reason"])))
    return told


def library(name: str) -> Templates:
    """A file of templates/1.

    Raises:
        Unreadable: it is none; the path and what is allowed are told.
    """
    import msgspec

    from packstation.domain.templates import Templates

    with naming(name):
        data = read(name)
    try:
        return msgspec.json.decode(data, type=Templates)
    except (msgspec.MsgspecError, ValueError) as exc:
        raise Unreadable(f"{name}: {exc}") from exc


def preview(args: Namespace, out: Out) -> int:
    """A template's paper as a picture: the sample consignment, or an order's own."""
    import io

    import pypdfium2

    from packstation.assets import resource
    from packstation.documents.fonts import Fonts
    from packstation.documents.label.orders import parcels_of
    from packstation.documents.papers.making import PaperAsked, make_paper
    from packstation.domain.labels import media

    order = _order(args.order) if args.order else _sample()
    asked = PaperAsked(
        kind=args.kind,
        parcels=tuple(parcels_of(order)),
        media=media("a4", 300),
        language=args.second,
        template=_chosen(library(args.file), args.template, args.file),
    )
    pdf = pypdfium2.PdfDocument(make_paper(asked, Fonts(resource("fonts"))))
    picture: Any = pdf[0].render(scale=args.dpi / 72).to_pil()
    target = io.BytesIO()
    picture.save(target, "PNG")
    write(args.out, target.getvalue())
    name = asked.template.id if asked.template else ""
    document = {"template": name, "kind": args.kind, "file": args.out, "pages": len(pdf)}
    out.show(document, f"{args.out}: {args.kind}, {name}")
    return DONE


def _sample() -> Order:
    """The sample consignment, with an invoice number so that every paper can be shown."""
    from msgspec.structs import replace

    from packstation.assets import resource

    order = _order(str(resource("samples", "order-with-parcel.json")))
    return replace(order, invoice={"no": "INV-0000", "date": "2026-11-22"})


def _order(name: str) -> Order:
    from packstation.domain.records import decode_orders

    with naming(name):
        found = decode_orders(read(name))
    if found.bad or len(found.good) != 1:
        why = found.bad[0].message if found.bad else f"{len(found.good)} orders, one is wanted"
        raise Unreadable(f"{name}: {why}")
    return found.records[0]


def _chosen(found: Templates, wanted: str, name: str) -> Template:
    """The template of an id in its highest version, or the file's first."""
    listed = [one for one in found.templates if wanted in {"", one.id}]
    if not listed:
        raise Unreadable(f"{name}: no template {wanted}".rstrip())
    return max(listed, key=lambda one: one.version) if wanted else listed[0]
