"""The coverage gate: 100 % where a slip costs a parcel, a floor per file that only rises elsewhere.

`python -m gates.coverage` judges the last run; `--raise` lifts the floors to it.
"""

from __future__ import annotations

import json
import math
import sys
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REPORT = ROOT / ".cache" / "coverage.json"
FLOORS = ROOT / "gates" / "coverage_floors.json"

# Lines and branches, all of them.
COMPLETE = (
    "packstation/domain/*",
    "packstation/station/*",
    "packstation/devices/framing*",
    "packstation/devices/identity*",
    "packstation/devices/known*",
    "packstation/devices/usb_ids*",
    "packstation/devices/probes*",
    "packstation/devices/readings*",
    "packstation/devices/scanners*",
    "packstation/devices/hid_descriptor*",
    "packstation/devices/hid_scanner*",
    "packstation/devices/scales/*",
    "packstation/devices/dimensioners/*",
    "packstation/devices/recognise*",
    "packstation/devices/lights/colours*",
    "packstation/devices/lights/frames*",
    "packstation/devices/steady*",
    "packstation/devices/camera/watch*",
    "packstation/devices/printers/status*",
    "packstation/devices/printers/replies*",
    "packstation/documents/label/preflight*",
    "packstation/documents/label/guarded*",
    "packstation/documents/label/tspl*",
    "packstation/documents/label/epl2*",
    "packstation/documents/label/cpcl*",
    "packstation/devices/printers/talk*",
    "packstation/devices/printers/zpl*",
    "packstation/devices/printers/tspl*",
    "packstation/devices/printers/epl2*",
    "packstation/devices/printers/cpcl*",
    "packstation/devices/printers/escpos*",
    "packstation/devices/printers/brother_ql*",
    "packstation/devices/printers/ieee1284*",
    "packstation/devices/printers/ipp/messages*",
    "packstation/devices/printers/ipp/encoding*",
    "packstation/devices/printers/ipp/decoding*",
)
# Threads, timing and children that were killed move a line or two from run to run.
SLACK = 3.0
# What a file without a floor of its own starts from, in per cent.
NEW_FILE = 80.0


def measured(report: Path = REPORT) -> dict[str, float]:
    """Per cent of lines and branches by file, rounded down to a tenth."""
    files = json.loads(report.read_text("utf-8"))["files"]
    return {
        name: math.floor(entry["summary"]["percent_covered"] * 10) / 10
        for name, entry in sorted(files.items())
    }


def floor_of(name: str, floors: dict[str, float]) -> float:
    """What a file has to reach: all, its own floor with some slack, or a new file's share."""
    if any(fnmatch(name, pattern) for pattern in COMPLETE):
        return 100.0
    return round(max(0.0, floors[name] - SLACK), 1) if name in floors else NEW_FILE


def short(figures: dict[str, float], floors: dict[str, float]) -> list[str]:
    """The files below their floor, as lines to print."""
    return [
        f"{name}: {figure} % covered, {floor_of(name, floors)} % wanted"
        for name, figure in figures.items()
        if figure < floor_of(name, floors)
    ]


def raised(figures: dict[str, float], floors: dict[str, float]) -> dict[str, float]:
    """The floors lifted to the figures, never lowered; files that are gone fall away."""
    return {name: max(figure, floors.get(name, 0.0)) for name, figure in figures.items()}


def main(argv: list[str]) -> int:
    """0 when every file reaches its floor."""
    figures = measured()
    floors = json.loads(FLOORS.read_text("utf-8")) if FLOORS.is_file() else {}
    if argv == ["--raise"]:
        FLOORS.write_text(json.dumps(raised(figures, floors), indent=1) + "\n", "utf-8")
        return 0
    lines = short(figures, floors)
    print(*lines, sep="\n", end="\n" if lines else "")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
