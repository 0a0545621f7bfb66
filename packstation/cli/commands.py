"""What can be asked on the command line: names, arguments, examples; a table and no work."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from typing import Any, Final, NoReturn

from packstation import __version__
from packstation.cli.commands_carriers import CARRIERS
from packstation.cli.commands_costs import COSTS
from packstation.cli.commands_databases import DATABASES
from packstation.cli.commands_devices import DEVICES
from packstation.cli.commands_keeping import KEEPING
from packstation.cli.commands_papers import PAPERS
from packstation.cli.commands_people import PEOPLE
from packstation.cli.commands_privacy import PRIVACY
from packstation.cli.commands_server import SERVER
from packstation.cli.commands_tariffs import TARIFFS
from packstation.cli.commands_tokens import TOKENS
from packstation.cli.specs import Spec, arg

_SERVER: Final = arg("--server", metavar="URL", help="into this server; token: PACKSTATION_TOKEN")
_CA: Final = arg("--ca", metavar="FILE", default="", help="certificate (PEM) to trust besides")
_DATA: Final = arg("--data", metavar="DIR", help="data folder (else the setting DATADIR)")
# As documents.label.FORMATS, which a command line has no time to import.
_LABELS: Final = ("zpl", "tspl", "epl2", "cpcl", "escpos", "brother-ql", "pdf", "png")
_FILE: Final = arg("file", metavar="FILE", help="what to take in; - is standard input")
_DATABASE: Final = arg(
    "--database",
    metavar="URL",
    help="sqlite:///FILE or postgresql://... (else server.sqlite3 in the folder DATADIR)",
)
_LANGUAGE: Final = arg(
    "--lang",
    choices=("en", "zh_Hans", "ru"),
    metavar="LANG",
    help="en, zh_Hans or ru (PACKSTATION_LANG, else en)",
)

# Named here too, so that no help has to import what lies behind it; tests hold them equal.
BENCHMARKS: Final = (
    "scan",
    "label",
    "start",
    "lookup",
    "weights",
    "verify",
    "papers",
    "quote",
    "carton",
    "film",
    "kills",
    "decode",
    "camera",
    "devices",
    "matrix",
    "mutants",
    "buying",
    "ingest",
    "powercut",
    "sync",
)
DOCUMENTS: Final = (
    "order",
    "catalog",
    "cartons",
    "tariff",
    "shipment",
    "items",
    "people",
    "packing-rules",
    "choice",
    "lanes",
    "calendars",
    "templates",
    "itmatt",
    "h7",
    "cn-9610",
    "cn-declaration",
    "customs-pack",
    "carrier-invoice",
    "carrier",
)


def _imports(what: str, formats: str, example: str) -> Spec:
    formatted = arg("--format", choices=formats.split(), help="else by the file's name and content")
    return Spec(
        f"{what} import",
        f"imports:import_{what}",
        f"take {what} in; says what was accepted, changed, unchanged, rejected",
        example,
        (_FILE, formatted, _SERVER, _CA, _DATA),
    )


SPECS: Final = (
    Spec(
        "code",
        "codes:code",
        "what a scanned text means",
        "packstation code 6901234567892 --json",
        (
            arg("text", metavar="TEXT", help="the text as the scanner sent it"),
            arg("--aim", default="", metavar="ID", help="AIM identifier, e.g. ]C1"),
        ),
    ),
    Spec(
        "schema",
        "codes:schema",
        "JSON Schema of a document",
        "packstation schema order",
        (arg("name", choices=DOCUMENTS, help="which document"),),
    ),
    Spec(
        "quote",
        "pricing:quote",
        "prices and refusals of shipments by every tariff of a folder",
        "packstation quote shipment.json --tariffs tariffs/ --json",
        (
            arg("shipment", nargs="+", metavar="SHIPMENT", help="file of one or several"),
            arg("--tariffs", required=True, metavar="DIR", help="folder of tariff files (*.json)"),
        ),
    ),
    Spec(
        "carton",
        "cartoning:carton",
        "which cartons take some goods, and what goes where in them",
        "packstation carton items.json --cartons cartons.json --json",
        (
            arg("items", metavar="ITEMS", help="file of items/1; - is standard input"),
            arg("--cartons", required=True, metavar="FILE", help="file of cartons/1 (JSON)"),
            arg(
                "--prefer",
                choices=("smallest", "cheapest"),
                default="smallest",
                help="smallest (default) or cheapest carton",
            ),
        ),
    ),
    Spec(
        "tariffs lint",
        "pricing:lint",
        "gaps, overlaps, falling prices and other faults of tariff files",
        "packstation tariffs lint tariffs/*.json",
        (arg("files", nargs="+", metavar="FILE", help="a tariff (JSON)"),),
    ),
    *TARIFFS,
    *COSTS,
    *CARRIERS,
    *PEOPLE,
    *PRIVACY,
    *TOKENS,
    _imports("orders", "json csv ozon shopify", "packstation orders import orders.json --json"),
    _imports("catalog", "json csv", "packstation catalog import catalog.csv"),
    _imports("cartons", "json csv", "packstation cartons import cartons.json"),
    _imports("packing", "json", "packstation packing import packing-rules.json"),
    Spec(
        "packing share",
        "packing:share",
        "how much of this bench's packing material is recycled",
        "packstation packing share --since 2026-11-22 --json",
        (_DATA, arg("--since", metavar="DAY", help="count from this day or moment on (UTC)")),
    ),
    Spec(
        "packing boxes",
        "packing:boxes",
        "which proposed boxes this bench did not take, and why",
        "packstation packing boxes --since 2026-11-22 --json",
        (_DATA, arg("--since", metavar="DAY", help="count from this day or moment on (UTC)")),
    ),
    _imports("people", "json csv", "packstation people import people.json --server https://..."),
    Spec(
        "label",
        "labels:label",
        "the shipping labels of an order that carries its parcels",
        "packstation label order.json --format zpl --out label.zpl",
        (
            arg("order", metavar="ORDER", help="file with the one order"),
            arg("--format", required=True, choices=_LABELS, help="what to make"),
            arg(
                "--set",
                action="append",
                metavar="KEY=VALUE",
                help="as in a printer's row: stock=4x6, dpi=300, media=mark, darkness=8, ...",
            ),
            arg(
                "--sscc",
                metavar="PREFIX[:SERIAL]",
                help="GS1 logistic labels instead: company prefix, first serial reference (1)",
            ),
            arg(
                "--file",
                metavar="LABEL",
                help="a label that the carrier made instead: for the printer, or its preview (png)",
            ),
            arg("--out", required=True, metavar="FILE", help="where to write it"),
        ),
    ),
    Spec(
        "cards",
        "cards:cards",
        "sheets of codes to print and laminate, as PDF",
        "packstation cards printers --out printers.pdf",
        (
            arg(
                "which",
                choices=("commands", "scanner", "printers", "badges"),
                help="all commands, the test card, a code for each printer of this bench, badges",
            ),
            arg("--out", required=True, metavar="FILE", help="where to write it"),
            arg("--config", metavar="FILE", help="settings (TOML) instead of this user's"),
            arg("--people", metavar="FILE", help="people (JSON or CSV) whose badges are wanted"),
        ),
    ),
    Spec(
        "evidence make",
        "evidence:make",
        "the file of a dispute about an order, from this bench's journal",
        "packstation evidence make 40112233-0007-1 --out dispute.json --files dispute",
        (
            arg("order", metavar="ORDER", help="the order's number"),
            arg("--out", required=True, metavar="FILE", help="where to write it"),
            arg("--files", metavar="DIR", help="copy its photos and films into this folder too"),
            _DATA,
        ),
    ),
    Spec(
        "evidence verify",
        "evidence:verify",
        "whether the file of a dispute holds together",
        "packstation evidence verify dispute.json --json",
        (
            arg("file", metavar="FILE", help="the file; - is standard input"),
            arg("--files", metavar="DIR", help="its photos and films (else beside it)"),
        ),
    ),
    *DEVICES,
    Spec(
        "doctor",
        "health:doctor",
        "check this machine; each finding with its cure",
        "packstation doctor --json",
        (
            _DATA,
            arg("--server", metavar="URL", help="check this server (else the bench's own)"),
            _CA,
        ),
    ),
    Spec(
        "config",
        "health:config",
        "where a setting comes from",
        "packstation config --explain SERVER_URL",
        (arg("--explain", metavar="KEY", help="name of the setting, e.g. DEVICES"),),
    ),
    Spec(
        "config check",
        "health:check",
        "names and values that cannot be used, in all settings",
        "packstation config check --json",
    ),
    Spec(
        "demo",
        "starting:demo",
        "server, simulated bench and sample orders in one",
        "packstation demo --headless --orders 20 --out demo-run",
        (
            arg("--headless", action="store_true", help="a robot packs, no display is needed"),
            arg("--orders", type=int, default=20, metavar="N", help="how many sample orders (20)"),
            arg("--destinations", action="store_true", help="an order to each of 12 destinations"),
            arg("--seed", type=int, default=1, metavar="S", help="same seed, same troubles (1)"),
            arg("--out", metavar="DIR", help="folder for all that is made (demo-out)"),
            arg("--resume", action="store_true", help="go on with what DIR holds"),
            arg(
                "--scale",
                default="",
                metavar="MODEL",
                help="model of the simulated scale, as in devices simulate (mt-sics)",
            ),
            arg(
                "--replay",
                metavar="FILE",
                help="a recorded scale in place of the simulated one (not --headless)",
            ),
            arg(
                "--label",
                default="zpl",
                metavar="MODEL",
                help="label printer: zpl, tspl, epl2, cpcl, escpos, brother-ql (zpl)",
            ),
            arg(
                "--with",
                dest="extras",
                default="",
                metavar="LIST",
                help="more devices: cubiscan, label-2, badge, light, camera; by commas",
            ),
        ),
    ),
    Spec(
        "station",
        "starting:station",
        "the bench",
        "packstation station --config station.toml",
        (
            arg("--config", metavar="FILE", help="settings (TOML) instead of this user's"),
            arg("--training", action="store_true", help="eight lessons on simulated devices"),
            arg(
                "--from-menu",
                action="store_true",
                help="tell in a window too why the bench does not start",
            ),
        ),
    ),
    Spec(
        "station enrol",
        "starting:enrol",
        "join a server with a one-time token",
        "packstation station enrol --server https://packs.example --file enroll.token",
        (
            arg("--server", required=True, metavar="URL", help="the server to join"),
            arg("--token", metavar="T", help="the one-time token"),
            arg("--file", metavar="F", help="file with the token; keeps it out of process lists"),
            arg("--name", default="", help="name of the bench on the floor"),
            _CA,
            _DATA,
        ),
    ),
    *SERVER,
    Spec(
        "server weights",
        "weighing:learned",
        "what a site has learned of weights, from which benches",
        "packstation server weights --site GZ-1 MUG-GRN",
        (
            arg("skus", nargs="*", metavar="SKU", help="these only; carton:CODE is a packed box"),
            arg("--site", required=True, metavar="SITE", help="code of the site"),
            arg("--rebuild", action="store_true", help="fold the journal anew first"),
            _DATABASE,
        ),
    ),
    Spec(
        "weights",
        "weighing:known",
        "what this bench has learned of weights",
        "packstation weights MUG-GRN --forget --by PK-7 --reason new_batch",
        (
            arg("skus", nargs="*", metavar="SKU", help="these only; carton:CODE is a packed box"),
            arg("--forget", action="store_true", help="forget them (the bench must not run)"),
            arg("--by", default="", metavar="BADGE", help="who says so"),
            arg("--reason", default="", metavar="WORD", help="why"),
            _DATA,
        ),
    ),
    *KEEPING,
    *DATABASES,
    *PAPERS,
    Spec(
        "bench",
        "starting:bench",
        "the project's benchmarks beside their references",
        "packstation bench scan --json",
        (
            arg("names", nargs="*", metavar="NAME", help=", ".join(BENCHMARKS)),
            arg(
                "--seeds",
                default="",
                metavar="SEEDS",
                help="other seeds than the published ones for weights: 2001-2020; a count for sync",
            ),
            arg(
                "--seed",
                type=int,
                default=0,
                metavar="SEED",
                help="one seed of sync, and its story",
            ),
            arg("--mutant", default="", metavar="NAME", help="a fault that sync must notice"),
            arg("--quick", action="store_true", help="a short run; its figures mean nothing"),
        ),
    ),
)


class _Parser(argparse.ArgumentParser):
    """Complains of what was typed without letting it steer the terminal."""

    def error(self, message: str) -> NoReturn:
        from packstation.domain.escapes import escaped

        super().error(escaped(message))


def parser(specs: Iterable[Spec] = SPECS) -> argparse.ArgumentParser:
    """The parser of all commands; ``args.run`` names what does the work."""
    top = _new(_Parser, "packstation", "Packing bench for cross-border orders.", "")
    top.add_argument("--version", action="version", version=f"packstation {__version__}")
    groups: dict[str, Any] = {"": top.add_subparsers(metavar="COMMAND", required=True)}
    made: dict[str, argparse.ArgumentParser] = {}
    for spec in specs:
        *before, name = spec.words.split()
        group = ""
        for word in before:
            path = f"{group} {word}".strip()
            if path not in made:
                made[path] = groups[group].add_parser(word, help=_group_help(specs, path))
            if path not in groups:
                alone = made[path].get_default("run") is not None
                groups[path] = made[path].add_subparsers(metavar="COMMAND", required=not alone)
            group = path
        made[spec.words] = _new(groups[group].add_parser, name, spec.help, spec.example)
        _fill(made[spec.words], spec)
    return top


def _new(make: Any, name: str, help_: str, example: str) -> argparse.ArgumentParser:  # noqa: ANN401 - argparse's two makers
    inside = {} if make is _Parser else {"help": help_}
    new: argparse.ArgumentParser = make(
        name,
        description=help_,
        epilog=f"example: {example}" if example else None,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
        **inside,
    )
    return new


def _fill(made: argparse.ArgumentParser, spec: Spec) -> None:
    made.set_defaults(run=spec.run)
    for one in (*spec.args, _LANGUAGE):
        made.add_argument(*one.names, **one.options)
    made.add_argument("--json", action="store_true", help="the answer as JSON")
    made.add_argument("-v", "--verbose", action="store_true", help="more on standard error")


def _group_help(specs: Iterable[Spec], group: str) -> str:
    """The next words of the commands that begin with those of a group."""
    after: Sequence[str] = [
        spec.words.removeprefix(f"{group} ").split()[0]
        for spec in specs
        if spec.words.startswith(f"{group} ")
    ]
    return ", ".join(dict.fromkeys(after))
