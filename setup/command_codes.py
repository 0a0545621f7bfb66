"""Writes resources/icons/commands.json: the Data Matrix of every `%PS:` command as rows of bits.

Run by hand when a command is added; the file is committed, so no encoder runs on a bench.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import zxingcpp

from packstation.domain.barcodes import COMMANDS

TARGET = Path(__file__).resolve().parent.parent / "resources" / "icons" / "commands.json"


def rows(command: str) -> list[str]:
    """The smallest square symbol, one text of 0 and 1 a row (1 is dark), no quiet zone."""
    code = zxingcpp.create_barcode(
        f"%PS:{command}", zxingcpp.BarcodeFormat.DataMatrix, force_square=True
    )
    # Its published types do not say that an image is a buffer.
    image = cast("Any", zxingcpp.write_barcode_to_image(code, scale=1, add_quiet_zones=False))
    dots: list[list[int]] = cast("Any", memoryview(image)).tolist()
    return ["".join("1" if dot == 0 else "0" for dot in line) for line in dots]


def main() -> None:
    """Writes the file."""
    table = {command: rows(command) for command in sorted(COMMANDS)}
    TARGET.write_text(json.dumps(table, indent=0) + "\n", "utf-8")


if __name__ == "__main__":
    main()
