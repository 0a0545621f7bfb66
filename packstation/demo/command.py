"""``packstation demo``: the window where there is a display, a robot with ``--headless``."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, Protocol

from packstation.bootstrap.command import has_display
from packstation.demo import samples
from packstation.demo.run import Options, Outcome, headless
from packstation.devices.sim.models import checked
from packstation.domain.errors import InputInvalid

DONE: Final = 0
REFUSED: Final = 1
# Ignored by git, swept by ``make clean``.
FOLDER: Final = "demo-out"


class Answer(Protocol):
    """Where the answer goes."""

    def show(self, document: object, text: str) -> None:
        """As JSON or as text."""


def run(args: Namespace, out: Answer) -> int:
    """Pack; 0 when every order is through, every fault was seen and both folds are equal.

    Raises:
        InputInvalid: there are not so many sample orders, no such simulators, or no display.
        SettingsError: DIR is neither empty nor a demo's.
    """
    most = len(samples.read_orders("destinations.json" if args.destinations else "orders.json"))
    if args.destinations:
        args.orders = min(args.orders, most)
    if not 1 <= args.orders <= most:
        raise InputInvalid(path="--orders", value=args.orders, allowed=f"1 to {most}")
    recording = Path(args.replay) if args.replay else None
    if recording is not None and args.headless:
        # A robot would put boxes on a scale that does not see them.
        raise InputInvalid(path="--replay", value="--headless", allowed="a display")
    models = checked(args.scale, args.label, args.extras, recording)
    options = Options(
        Path(args.out or FOLDER),
        args.orders,
        args.seed,
        args.resume,
        models=models,
        destinations=args.destinations,
    )
    if not args.headless:
        return _window(options)
    outcome = headless(options, _tell)
    out.show(outcome.document, text_of(outcome, options.out))
    return DONE if outcome.ok else REFUSED


def _tell(line: str) -> None:
    # The robot packs on when nobody reads its progress any more.
    with suppress(OSError):
        print(line, file=sys.stderr, flush=True)


def _window(options: Options) -> int:
    if not has_display():
        raise InputInvalid(path="display", value="none", allowed="a display, or --headless")
    from packstation.demo.window import show

    return show(options)


def text_of(outcome: Outcome, folder: Path) -> str:
    """The summary for people."""
    document = outcome.document
    scans, counts = document["scan_ms"], document["counts"]
    handed = document["handover"]
    rows = [_row(row) for row in document["orders"]]
    seen = [f"{f['kind']} {'seen' if f['seen'] else 'NOT SEEN'}" for f in document["faults"]]
    folds = "equal" if document["folds_equal"] else "DIFFER"
    end = [
        f"faults: {', '.join(seen)}",
        f"{counts['packed']} packed, {counts['parcels']} parcels, {counts['facts']} facts",
        f"handed over: {handed['parcels']} parcels, {handed['lists']} lists, {handed['bags']} bags",
        f"folds of server and bench: {folds}",
        f"scan to painted verdict: p50 {scans['p50']} ms, p99 {scans['p99']} ms",
        f"{document['duration_s']} s in all",
        f"labels, papers and screens in {folder}",
    ]
    failed = [f"gave up: {outcome.failure}"] if outcome.failure else []
    return "\n".join([*rows, *end, *failed])


def _row(row: Mapping[str, Any]) -> str:
    if not row.get("waybill"):
        return f"{row['order_id']:18} {row['outcome']}"
    price = row["price"]
    papers = " ".join(
        f"{one['copies']}x{one['kind']}" if one["copies"] > 1 else one["kind"]
        for one in row["paper_set"]
    )
    return (
        f"{row['order_id']:18} {row['outcome']:9} {row['waybill']:14} {row['service']:12}"
        f" {price['amount']:>8} {price['currency']} {row['gross_g']:>6} g"
        f"  {row['destination']} {papers}"
    )
