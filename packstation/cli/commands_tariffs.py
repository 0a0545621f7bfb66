"""What can be asked of tariffs: part of the table of commands."""

from __future__ import annotations

from typing import Final

from packstation.cli.specs import Spec, arg

# As carriers.tariff_files.KINDS, which a command line has no time to import.
_KINDS: Final = ("json", "csv", "xlsx")
_FORMAT: Final = arg("--format", choices=_KINDS, help="else by the file's name and content")

TARIFFS: Final = (
    Spec(
        "tariffs import",
        "tariffs:import_tariffs",
        "take tariffs out of a table or workbook: a JSON file each; names every wrong cell",
        "packstation tariffs import contract.xlsx --out tariffs/",
        (
            arg("file", metavar="FILE", help="tariffs (JSON, CSV or XLSX); - is standard input"),
            arg("--out", required=True, metavar="DIR", help="folder of tariff files"),
            _FORMAT,
        ),
    ),
    Spec(
        "tariffs export",
        "tariffs:export_tariffs",
        "write tariffs into one file, to be edited as a table",
        "packstation tariffs export tariffs/*.json --out contract.xlsx",
        (
            arg("files", nargs="+", metavar="FILE", help="tariffs (JSON, CSV or XLSX)"),
            arg("--out", required=True, metavar="FILE", help="where to write them"),
            _FORMAT,
        ),
    ),
    Spec(
        "tariffs publish",
        "tariffs_publishing:publish",
        "give tariffs to the server, which signs them for its benches and keeps them for ever",
        "packstation tariffs publish tariffs/*.json --server https://...",
        (
            arg("files", nargs="+", metavar="FILE", help="tariffs (JSON, CSV or XLSX)"),
            arg("--server", required=True, metavar="URL", help="token: PACKSTATION_TOKEN"),
            arg(
                "--accept",
                action="append",
                default=[],
                choices=("gap", "non_monotone", "expiring"),
                help="a kind of finding that is meant so; may be given several times",
            ),
            arg("--site", default="", metavar="SITE", help="where the token is for several sites"),
            arg("--ca", metavar="FILE", default="", help="certificate (PEM) to trust besides"),
        ),
    ),
    Spec(
        "tariffs versions",
        "tariffs_publishing:versions",
        "every version of a tariff that a server has published, and which holds on a day",
        "packstation tariffs versions --server https://... --on 2026-12-01",
        (
            arg("--server", required=True, metavar="URL", help="token: PACKSTATION_TOKEN"),
            arg("--on", metavar="DAY", default="", help="only those that hold on this day"),
            arg("--site", default="", metavar="SITE", help="where the token is for several sites"),
            arg("--ca", metavar="FILE", default="", help="certificate (PEM) to trust besides"),
        ),
    ),
)
