"""The demo on benches of other models: every simulated scale, language of labels and extra.

No reference and no times: the goal is nothing. Three orders a bench with all faults of a run of
three; ``packstation bench matrix`` takes some minutes, so it is measured only when asked for.
"""

from __future__ import annotations

import json
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from packstation.benchmarks.children import end, start
from packstation.benchmarks.figures import Result
from packstation.demo.audit import after_end
from packstation.devices.sim.labels import language_of, waybill_of
from packstation.devices.sim.models import EXTRAS, LABELS, SCALES, BenchModels

ORDERS: Final = 3
QUICK: Final = 2
LONGEST_S: Final = 120.0
# Fourteen benches have each scale once, each language and each extra at least twice.
BENCHES: Final = tuple(
    BenchModels(scale, LABELS[number % len(LABELS)], (EXTRAS[number % len(EXTRAS)],))
    for number, scale in enumerate(SCALES)
)


def measure(*, quick: bool = False) -> list[Result]:
    """One row."""
    benches = BENCHES[:QUICK] if quick else BENCHES
    labels = failed = 0
    findings: list[str] = []
    for models in benches:
        with tempfile.TemporaryDirectory(prefix="packstation-matrix-") as folder:
            document = pack(models, Path(folder))
            found = wrong_with(document, models.label, Path(folder) / "out")
            labels += sum(bool(row.get("label")) for row in document.get("orders", ()))
        extras = " ".join(models.extras)
        _tell(f"{models.scale} {models.label} {extras}: {', '.join(found) or 'well'}")
        failed += bool(found)
        findings += found
    figures = {"benches_failed": failed, "findings": len(findings)}
    return [
        Result(
            name=f"matrix ({len(benches)})",
            figures=figures,
            reference={},
            ratio=0.0,
            goal=dict.fromkeys(figures, 0),
            note="headless demos of three orders; labels read back from the printed bytes",
            shape={"benches": len(benches), "labels": labels, "findings": findings},
        )
    ]


def pack(models: BenchModels, folder: Path) -> Mapping[str, Any]:
    """The summary of a demo in a process of its own; with its exit status as ``status``."""
    told = ["--orders", str(ORDERS), "--scale", models.scale, "--label", models.label]
    told += ["--with", ",".join(models.extras)]
    out = ["--out", str(folder / "out")]
    process = start(["-m", "packstation", "demo", "--headless", "--json", *told, *out], folder)
    # A bench that does not get through is a finding, and the others still have their turn.
    limit = threading.Timer(LONGEST_S, process.terminate)
    limit.start()
    try:
        answer = process.stdout.read() if process.stdout is not None else ""
    finally:
        limit.cancel()
        end(process, LONGEST_S)
    document: dict[str, Any] = json.loads(answer) if answer.strip() else {}
    return document | {"status": process.returncode}


def wrong_with(
    document: Mapping[str, Any], language: str, folder: Path, orders: int = ORDERS
) -> Sequence[str]:
    """What is not as it should be after such a run; nothing where all is well."""
    found = after_end(folder, orders, {})
    rows = [row for row in document.get("orders", ()) if row["outcome"] == "packed"]
    seen = [fault["kind"] for fault in document.get("faults", ()) if not fault["seen"]]
    return [
        *([f"status {document['status']}"] if document["status"] else []),
        *(["nothing packed"] if not rows else []),
        *(f"{kind} not seen" for kind in seen),
        *([f"{found.lost} lost"] if found.lost else []),
        *([f"{found.double_prints} printed twice"] if found.double_prints else []),
        *found.violations,
        *(f"label of {row['waybill']}" for row in rows if not _good(row, language, folder)),
    ]


def _good(row: Mapping[str, Any], language: str, folder: Path) -> bool:
    """The kept label is in the printer's language, and its code is the waybill."""
    if not row["label"]:
        return False
    label = (folder / row["label"]).read_bytes()
    return (language_of(label), waybill_of(label)) == (language, row["waybill"])


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
