"""What can be asked of carriers' invoices: part of the table of commands."""

from __future__ import annotations

from typing import Final

from packstation.cli.specs import Spec, arg

_SERVER: Final = arg("--server", required=True, metavar="URL", help="token: PACKSTATION_TOKEN")
_SITE: Final = arg(
    "--site", default="", metavar="SITE", help="where the token is for several sites"
)
_CA: Final = arg("--ca", metavar="FILE", default="", help="certificate (PEM) to trust besides")

COSTS: Final = (
    Spec(
        "costs import",
        "costs:import_costs",
        "take a carrier's invoice in and compare each parcel; names every wrong cell",
        "packstation costs import november.xlsx --carrier yunexpress --server https://...",
        (
            arg("file", metavar="FILE", help="the invoice (CSV or XLSX); - is standard input"),
            arg("--carrier", required=True, metavar="CODE", help="whose invoice it is"),
            arg("--invoice", default="", metavar="NUMBER", help="where no column has it"),
            arg("--currency", default="", metavar="CODE", help="where no column has it"),
            arg("--replace", action="store_true", help="its figures replace known ones"),
            _SERVER,
            _SITE,
            _CA,
        ),
    ),
    Spec(
        "costs report",
        "costs:report",
        "what carriers billed beside what was predicted, the largest difference first",
        "packstation costs report --server https://... --kind weight --since 2026-11-01",
        (
            arg("--kind", default="", metavar="KIND", help="weight, size, zone, fee, twice, off.."),
            arg("--carrier", default="", metavar="CODE", help="of this carrier"),
            arg("--invoice", default="", metavar="NUMBER", help="of this invoice"),
            arg("--find", dest="q", default="", metavar="TEXT", help="part of a waybill or order"),
            arg("--since", default="", metavar="DAY", help="first day of the invoice"),
            arg("--until", default="", metavar="DAY", help="last day of the invoice"),
            arg("--page", default="1", metavar="N", help="50 charges a page"),
            _SERVER,
            _SITE,
            _CA,
        ),
    ),
    Spec(
        "costs maps",
        "costs:maps",
        "carriers whose invoices the server can read",
        "packstation costs maps --server https://...",
        (_SERVER, _SITE, _CA),
    ),
    Spec(
        "costs map",
        "costs:keep_map",
        "say which column is which on a carrier's invoices (packstation.carrier-invoice/1)",
        "packstation costs map yunexpress.json --server https://...",
        (arg("file", metavar="FILE", help="the map (JSON)"), _SERVER, _SITE, _CA),
    ),
)
