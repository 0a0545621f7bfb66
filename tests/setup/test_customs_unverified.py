"""The page of what nobody has verified is that of the pack that lies here."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from packstation.customs.packs import read_folder
from setup.customs_unverified import FOLDER, PAGE, page, readers

EXAMPLES = FOLDER / "examples"


def test_the_page_is_of_this_pack() -> None:
    """Else: `python -m setup.customs_unverified`."""
    assert PAGE.read_text("utf-8") == page(read_folder(FOLDER), EXAMPLES)


def test_every_rule_and_figure_that_is_not_verified_stands_there() -> None:
    pack = read_folder(FOLDER)
    text = PAGE.read_text("utf-8")
    for rule in pack.rules:
        assert (f"| {rule.id} |" in text) is not rule.verified
    for figure in pack.figures:
        assert (f"| `{figure.name}` |" in text) is not figure.verified
    for name, table in pack.tables.items():
        judged = name not in {"shapes", "shape_words", "field_words", "list_sources"}
        doubtful = any(row.get("verified") is not True for row in table)
        assert (f"| `{name}` |" in text) is (judged and doubtful)


def test_rules_are_told_with_what_they_read() -> None:
    found = readers(read_folder(FOLDER), EXAMPLES)
    assert "R40" in found["s10"]
    assert "R14" in found["stop_words_eu"]
    assert "R47" in found["pack_warn_days"]


def test_what_is_verified_leaves_the_page() -> None:
    pack = read_folder(FOLDER)
    sure = replace(pack, rules=tuple(replace(one, verified=True) for one in pack.rules))
    assert "| R14 |" not in page(sure, EXAMPLES)


def test_the_page_lies_in_the_manual() -> None:
    assert f"({PAGE.name})" in (Path(PAGE).parent / "customs.md").read_text("utf-8")
