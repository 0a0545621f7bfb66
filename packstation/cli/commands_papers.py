"""The rows of the commands about customs papers; `commands` has the parser."""

from __future__ import annotations

from argparse import ArgumentTypeError
from typing import Final

from packstation.cli.specs import Spec, arg

AT: Final = arg("--at", metavar="MOMENT", help="as if it were then (RFC 3339; else now)")
PACK: Final = arg("--pack", metavar="PATH", help="rule pack: folder or file (else the installed)")
# As papers_export has them, which a command line has no time to import.
EXPORTS: Final = ("itmatt", "h7", "9610", "declaration")

# Papers that can be shown of a sample consignment; those without a letterhead as they are.
SHOWN: Final = (
    *("invoice", "proforma", "packing-list", "origin-request", "sli", "returns", "slip"),
    *("cn22", "cn23"),
)

DATA: Final = arg("--data", metavar="DIR", help="data folder (else the setting DATADIR)")


def _dpi(text: str) -> int:
    if not (text.isdecimal() and 50 <= int(text) <= 300):
        raise ArgumentTypeError(f"{text}: 50 to 300 is wanted")
    return int(text)


PAPERS: Final = (
    Spec(
        "papers check",
        "papers:check",
        "what customs would find wrong with an order, all of it at once",
        "packstation papers check order.json --json",
        (
            arg("orders", nargs="+", metavar="ORDER", help="file with an order; - is stdin"),
            AT,
            PACK,
        ),
    ),
    Spec(
        "papers make",
        "papers_make:make",
        "the customs papers of an order that carries its parcels, as PDF",
        "packstation papers make order.json --out papers --kind cn23,invoice",
        (
            arg("order", metavar="ORDER", help="file with one order; - is stdin"),
            arg("--out", required=True, metavar="DIR", help="folder for the papers"),
            arg("--kind", default="", metavar="KINDS", help="by commas (else what the rules want)"),
            arg("--media", metavar="NAME", help="paper of CN 22 and CN 23: a4, a5, a6, 4x6, WxH"),
            arg("--second", default="", metavar="LANG", help="the forms' language in brackets"),
            arg("--templates", metavar="PATH", help="letterheads: templates/1, or a folder of it"),
            AT,
            PACK,
        ),
    ),
    Spec(
        "papers example",
        "papers:example",
        "an order that breaks just one rule",
        "packstation papers example R14 > order.json; packstation papers check order.json",
        (
            arg("rule", metavar="RULE", help="R01 to R48"),
            arg("--ok", action="store_true", help="one that the rule is content with"),
            arg("--name", default="", metavar="NAME", help="which one (else the first)"),
        ),
    ),
    Spec(
        "papers export",
        "papers_export:export",
        "electronic customs data of orders: what lacks is named, the rest is in the file",
        "packstation papers export order.json --kind itmatt --out itmatt.json",
        (
            arg("orders", nargs="+", metavar="ORDER", help="file with an order; - is stdin"),
            arg("--kind", required=True, choices=EXPORTS, help="which data"),
            arg("--out", required=True, metavar="FILE", help="JSON; for 9610 also .csv"),
            AT,
            PACK,
        ),
    ),
    Spec(
        "catalog lint",
        "linting:lint",
        "what customs would find wrong with products, before anybody orders them",
        "packstation catalog lint catalog.json --to US",
        (
            arg("files", nargs="+", metavar="FILE", help="catalog/1, or an order with products"),
            arg("--to", default="DE", metavar="CC", help="country they are sent to (else DE)"),
            arg("--from", dest="origin", default="CN", metavar="CC", help="from (else CN)"),
            AT,
            PACK,
        ),
    ),
    Spec(
        "papers parties import",
        "screening:take",
        "take a list of restricted parties in (OFAC, UN, EU or CSV)",
        "packstation papers parties import sdn.csv --list ofac-sdn",
        (
            arg("file", metavar="FILE", help="the list as its publisher gives it"),
            arg("--list", metavar="NAME", help="its name; one of the name is replaced"),
            DATA,
        ),
    ),
    Spec(
        "papers parties list",
        "screening:parties",
        "which lists of restricted parties are kept, and since when",
        "packstation papers parties list --json",
        (DATA,),
    ),
    Spec(
        "papers templates lint",
        "templates:lint",
        "what has to be mended in files of letterheads before they are used",
        "packstation papers templates lint templates.json",
        (arg("files", nargs="+", metavar="FILE", help="templates/1 (JSON), or a folder of it"),),
    ),
    Spec(
        "papers templates preview",
        "templates:preview",
        "a paper with a letterhead as a picture, of a sample consignment or an order's own",
        "packstation papers templates preview templates.json --kind invoice --out invoice.png",
        (
            arg("file", metavar="FILE", help="templates/1 (JSON), or a folder of it"),
            arg("--kind", default="invoice", choices=SHOWN, help="which paper"),
            arg("--template", default="", metavar="ID", help="which template (else the first)"),
            arg("--order", default="", metavar="ORDER", help="file with an order and its parcels"),
            arg("--second", default="en", metavar="LANG", help="second language: zh, ru, de ..."),
            arg("--dpi", type=_dpi, default=110, metavar="DPI", help="50 to 300 (110)"),
            arg("--out", required=True, metavar="FILE", help="PNG of the first page"),
        ),
    ),
    Spec(
        "papers templates import",
        "imports:import_templates",
        "take letterheads in: new versions on a server, or all that this station has",
        "packstation papers templates import templates.json --server https://... --why moved",
        (
            arg("file", metavar="FILE", help="templates/1 (JSON), or a folder of it"),
            arg("--server", metavar="URL", help="server (token in PACKSTATION_TOKEN)"),
            arg("--ca", metavar="FILE", help="certificate of the server's authority"),
            arg("--site", default="", metavar="CODE", help="site, of a token for several"),
            arg("--why", default="", metavar="TEXT", help="reason; a server wants one"),
            arg("--use", action="store_true", help="draw papers with them at once"),
            DATA,
        ),
    ),
    Spec(
        "papers preview",
        "papers:preview",
        "what another rule pack would stop and free among open orders",
        "packstation papers preview new-pack.json open/*.json --catalog catalog.json",
        (
            arg("new", metavar="NEW", help="the other pack: a signed file, or a folder of parts"),
            arg("orders", nargs="+", metavar="ORDER", help="file with an open order"),
            arg("--catalog", metavar="FILE", help="catalog/1, for orders without products"),
            AT,
            PACK,
        ),
    ),
)
