"""``cards``: sheets of codes to print and laminate, as PDF."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from packstation.cli.files import read, write
from packstation.cli.running import DONE, Out, Unreadable, language

if TYPE_CHECKING:
    from packstation.documents.fonts import Fonts
    from packstation.domain.labels import Label
    from packstation.i18n import Catalogue


def cards(args: Namespace, out: Out) -> int:
    """Commands, the scanner's test card, printers' codes, or the badges of people."""
    from packstation.assets import resource
    from packstation.documents.fonts import Fonts
    from packstation.documents.label.pdf import write_pdf
    from packstation.documents.testcard import command_cards, scanner_card
    from packstation.domain.labels import media
    from packstation.i18n import load

    words, fonts = load(language(args)), Fonts(resource("fonts"))
    if args.which == "printers":
        pages = _printers(args, words, fonts)
    elif args.which == "badges":
        pages = _badges(args, words, fonts)
    elif args.which == "scanner":
        pages = (scanner_card(media("a6", 300), words.say, fonts),)
    else:
        pages = command_cards(words.say, fonts)
    write(args.out, write_pdf(pages, fonts, title=f"packstation {args.which}"))
    out.show({"file": args.out, "pages": len(pages)}, f"{args.out}: {len(pages)}")
    return DONE


def _badges(args: Namespace, words: Catalogue, fonts: Fonts) -> tuple[Label, ...]:
    """Of the people of a file, as ``people import`` reads it; nothing of a PIN is printed."""
    from packstation.documents.badge_cards import badge_cards
    from packstation.domain.psp import PersonBody
    from packstation.server import people

    if not args.people:
        raise Unreadable("--people FILE: whose badges")
    data = read(args.people)
    table = args.people.lower().endswith(".csv")
    found = (people.decode_sheet if table else people.decode)(data)
    for issue in found.bad:
        raise Unreadable(f"{args.people}: record {issue.record}: {issue.path}: {issue.message}")
    rows = [PersonBody(badge=one.badge, name=one.name, role=one.role) for _, one in found.good]
    if not rows:
        raise Unreadable(f"{args.people}: nobody in it")
    return badge_cards(rows, words.say, fonts)


def _printers(args: Namespace, words: Catalogue, fonts: Fonts) -> tuple[Label, ...]:
    """Of the printers in the settings; one alone needs no code, none is an error."""
    from packstation.documents.printer_codes import printer_codes
    from packstation.settings.loading import load as load_settings
    from packstation.settings.sources import Places

    places = Places.here()
    if args.config:
        from msgspec.structs import replace

        places = replace(places, user=Path(args.config))
    rows = load_settings(places=places).devices
    found = [
        (
            row.id or row.kind,
            str(row.options.get("name", "")) or words.say(f"screen.device.{row.kind}"),
        )
        for row in rows
        if row.kind in {"label", "papers"}
    ]
    if not found:
        raise Unreadable("the settings name no printer (DEVICES of kind label or papers)")
    return printer_codes(found, words.say, fonts)
