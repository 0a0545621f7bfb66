"""The manual's table of situations; ``python -m tests.situations.manual`` writes it anew."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from tests.situations.catalogue import SITUATIONS
from tests.situations.model import Situation

MANUAL: Final = Path(__file__).parents[2] / "docs" / "situations.md"
HEAD: Final = "| name | rule | what the screen says | sound |\n| --- | --- | --- | --- |\n"
_MARK: Final = "<!-- the table is written by tests/situations/manual.py -->\n"


def row(one: Situation) -> str:
    """A line of the table."""
    more = " · ".join((one.says, *one.also))
    return f"| {one.name} | {one.rule} | {_plain(more)} | {one.sound or '–'} |\n"


def _plain(text: str) -> str:
    return text.replace("|", "\\|")


def table() -> str:
    """The whole table."""
    return HEAD + "".join(map(row, SITUATIONS))


def written(text: str) -> str:
    """The manual with the table of now."""
    before, mark, _ = text.partition(_MARK)
    return f"{before}{mark}{table()}"


def main() -> None:
    """Write it."""
    MANUAL.write_text(written(MANUAL.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
