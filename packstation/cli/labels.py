"""``label``."""

from __future__ import annotations

import json
from argparse import Namespace
from typing import TYPE_CHECKING, Final

from packstation.cli.files import naming, read, write
from packstation.cli.running import DONE, Out, Unreadable

if TYPE_CHECKING:
    from packstation.documents.label.settings import LanguageSettings
    from packstation.domain.labels import Media
    from packstation.domain.orders import Order
    from packstation.domain.printers import Stock

_ROW: Final = "label"
_USUAL: Final = "zpl"
_OF_STOCK: Final = ("stock", "dpi", "media", "gap_mm")
# Characters of a prefix with a serial.
_LONGEST: Final = 40
# A roll may be called 62.
_WORDS: Final = frozenset(("stock", "media", "tape"))


def label(args: Namespace, out: Out) -> int:
    """The labels of an order's parcels, as a file."""
    from packstation.assets import resource
    from packstation.customs.packs import read_folder
    from packstation.documents.label import render, render_units
    from packstation.domain.records import decode_orders

    with naming(args.order):
        found = decode_orders(read(args.order))
    if found.bad or len(found.good) != 1:
        why = found.bad[0].message if found.bad else f"{len(found.good)} orders, one is wanted"
        raise Unreadable(f"{args.order}: {why}")
    order = found.records[0]
    stock, told = _lies(args.format, args.set or [])
    fonts = resource("fonts")
    if args.file:
        return _carried(args, order, out)
    if args.sscc:
        prefix, first = _numbers(args.sscc)
        ssccs, made = render_units(
            order, args.format, fonts, prefix=prefix, first=first, paper=stock, settings=told
        )
        write(args.out, made)
        document = {"order_id": order.order_id, "file": args.out, "format": args.format}
        out.show({**document, "ssccs": list(ssccs)}, f"{args.out}: {', '.join(ssccs)}")
        return DONE
    tables = read_folder(resource("customs")).tables
    made = render(order, args.format, fonts, paper=stock, settings=told, tables=tables)
    write(args.out, made)
    waybills = [parcel.waybill for parcel in order.parcels]
    document = {"order_id": order.order_id, "file": args.out, "format": args.format}
    out.show({**document, "waybills": waybills}, f"{args.out}: {', '.join(waybills)}")
    return DONE


def _carried(args: Namespace, order: Order, out: Out) -> int:
    """The label that the carrier made, as the printer gets it; a PNG is its preview."""
    from msgspec.structs import replace

    from packstation.assets import resource
    from packstation.carriers.label_files import checked
    from packstation.documents.fonts import Fonts
    from packstation.documents.label.carried import carried_job, carried_preview
    from packstation.documents.label.languages import writer
    from packstation.documents.label.orders import parcels_of

    content = read(args.file)
    found = checked(content)
    if found.file is None:
        raise Unreadable(f"{args.file}: {found.fault}: {found.detail}")
    stock, told = _stock(args.format, args.set or [])
    waybill, faces = parcels_of(order)[0].waybill, Fonts(resource("fonts"))
    if args.format == "png":
        made, labels = carried_preview(found.file, stock, faces, waybill), 1
    else:
        stock = replace(stock, language=args.format)
        drawer = writer(_USUAL if args.format == "pdf" else args.format, faces, told)
        job = carried_job(found.file, stock, drawer, waybill)
        made, labels = job.payload, job.labels
    write(args.out, made)
    document = {"order_id": order.order_id, "file": args.out, "format": args.format}
    same = "as it came" if made == content else f"{found.file.media} drawn"
    shown = {"waybills": [waybill], "labels": labels, "untouched": made == content}
    out.show({**document, **shown}, f"{args.out}: {waybill}, {same}")
    return DONE


def _numbers(given: str) -> tuple[str, int]:
    """GS1 company prefix and first serial reference of ``PREFIX[:SERIAL]``."""
    from packstation.domain.errors import SettingsError

    prefix, _, serial = given.partition(":")
    digits = all(one.isascii() and one.isdigit() for one in (prefix, serial or "1"))
    if not digits or len(given) > _LONGEST:
        raise SettingsError(name="sscc", value=given[:_LONGEST], allowed="PREFIX[:SERIAL], digits")
    return prefix, int(serial or "1")


def _lies(fmt: str, given: list[str]) -> tuple[Media, LanguageSettings]:
    """What the label is for, as a printer's row would say it; raises SettingsError."""
    stock, told = _stock(fmt, given)
    return stock.media, told


def _stock(fmt: str, given: list[str]) -> tuple[Stock, LanguageSettings]:
    from packstation.documents.label.orders import PICTURES
    from packstation.documents.maker import told_of
    from packstation.domain.errors import SettingsError
    from packstation.domain.printers import TUNING, stock_of

    options: dict[str, object] = {}
    for one in given:
        name, _, value = one.partition("=")
        if name not in (*_OF_STOCK, *TUNING):
            raise SettingsError(name=name, value=value, allowed=", ".join((*_OF_STOCK, *TUNING)))
        options[name] = value if name in _WORDS else _value(value)
    # Pages and pictures show what the usual label printer prints.
    stock = stock_of(_ROW, "label", _USUAL if fmt in PICTURES else fmt, options)
    return stock, told_of(stock)


def _value(text: str) -> object:
    """A number, true or false, else the word itself."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
