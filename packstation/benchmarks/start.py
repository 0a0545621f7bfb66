"""From the process's start to a window that can be scanned into, beside a bare PySide6 window.

Both are started by turns, in processes of their own, with warm byte code and a warm disk. Ready
is: the journal's tail checked, the open parcel folded, the window painted for the first time at
1920 x 1080. Memory is what is resident after fonts, documents and tariffs have come in.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from packstation.benchmarks import shop
from packstation.benchmarks.children import end, start
from packstation.benchmarks.figures import Result, median
from packstation.benchmarks.place import configure
from packstation.settings import DeviceSection

PAIRS: Final = 9
TIMES: Final = 3.0
READY_MS: Final = 1500.0
RSS_MB: Final = 180.0
SETTLE_S: Final = 3.0
PATIENCE_S: Final = 60.0
# The least a PySide6 program does: one label in a window of the same size.
BARE: Final = """
import os, sys, time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel

class Window(QLabel):
    first = True
    def paintEvent(self, event):
        super().paintEvent(event)
        if self.first:
            self.first = False
            QTimer.singleShot(0, painted)

def painted():
    os.write(1, f"painted {time.monotonic_ns()}\\n".encode())
    app.quit()

app = QApplication([])
window = Window("packstation")
window.resize(1920, 1080)
window.show()
app.exec()
"""


def measure(*, quick: bool = False) -> list[Result]:
    """One row."""
    with tempfile.TemporaryDirectory(prefix="packstation-start-") as name:
        folder = Path(name)
        shop.furnish(folder)
        configure(folder, [DeviceSection("scanner", "serial", str(folder / "no-port"))])
        product = ["-m", "packstation.benchmarks.opening", str(folder)]
        bare = ["-c", BARE]
        for arguments in (product, bare):
            _start(arguments, folder)  # the first start writes the byte code
        pairs = [
            (_start(product, folder)[0], _start(bare, folder)[0])
            for _ in range(1 if quick else PAIRS)
        ]
        rss = _start(product, folder, settle_s=0.5 if quick else SETTLE_S)[1]
    return [_result([ours for ours, _ in pairs], [theirs for _, theirs in pairs], rss)]


def _start(arguments: Sequence[str], folder: Path, settle_s: float = 0.0) -> tuple[float, float]:
    """Milliseconds to the first painting, and megabytes at the end."""
    begun = time.monotonic_ns()
    process = start(arguments, folder)
    said: dict[str, str] = {}
    for line in process.stdout or ():
        said[line.split()[0]] = line.split()[-1]
        if line.startswith("painted"):
            break
    time.sleep(settle_s)
    if process.stdin is not None:
        process.stdin.close()
    for line in process.stdout or ():
        said[line.split()[0]] = line.split()[-1]
    end(process, PATIENCE_S)
    return (int(said["painted"]) - begun) / 1e6, int(said.get("rest", 0)) / 1024


def _result(ours: list[float], theirs: list[float], rss_mb: float) -> Result:
    return Result(
        name="start",
        figures={
            "ready_ms": round(median(ours), 1),
            "max_ms": round(max(ours), 1),
            "rss_mb": round(rss_mb, 1),
        },
        reference={"ready_ms": round(median(theirs), 1), "max_ms": round(max(theirs), 1)},
        ratio=round(median(ours) / median(theirs), 2),
        goal={"ready_ms": READY_MS, "rss_mb": RSS_MB, "ratio": TIMES},
        note="process start to scan-ready window; a bare PySide6 window",
        shape={"pairs": len(ours)},
    )
