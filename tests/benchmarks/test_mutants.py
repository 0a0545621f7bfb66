from __future__ import annotations

from pathlib import Path

from packstation.benchmarks.flips import Flip, flips
from packstation.benchmarks.mutants import MODULES, SAME, measure, seen

SOURCE = """
from typing import Final

class Row(Struct, frozen=True):
    most: Literal[7] = 5

def near(one: int | str, *rest: int) -> Literal[8]:
    if not one or 1 < one <= self.most:
        return min(rest) + 1 if rest else [each for each in rest if each]
    return any(rest & {one}) is True
"""


def test_every_comparison_and_bound_is_turned_once() -> None:
    found = sorted((flip.line, flip.what) for flip in flips(SOURCE))
    assert found == [
        (5, "5 is 6"),
        (8, "1 is 2"),
        (8, "Lt is LtE"),
        (8, "LtE is Lt"),
        (8, "Or is And"),
        (8, "turned"),
        (9, "1 is 2"),
        (9, "Add is Sub"),
        (9, "min is max"),
        (9, "turned"),
        (9, "turned"),
        (10, "BitAnd is BitOr"),
        (10, "Is is IsNot"),
        (10, "True is False"),
        (10, "any is all"),
    ]


def test_a_flip_is_wrong_in_one_place() -> None:
    source = "def holds(a, b):\n    return a < b < 3 and (not a)\n"
    made = {flip.source.splitlines()[1].strip() for flip in flips(source)}
    assert made == {
        "return a <= b < 3 and (not a)",
        "return a < b <= 3 and (not a)",
        "return a < b < 4 and (not a)",
        "return a < b < 3 or not a",
        "return a < b < 3 and (not not a)",
    }


def test_what_changes_nothing_is_not_seen_and_what_does_is(tmp_path: Path) -> None:
    module = MODULES[1]
    source = Path(f"{module.replace('.', '/')}.py").read_text("utf-8")
    assert not seen(module, Flip(1, "nothing", source), tmp_path)
    assert seen(module, Flip(1, "no module", "import nothing_of_that_name"), tmp_path)
    assert seen(module, Flip(1, "le", source.replace("<=", "<")), tmp_path)


def test_a_quick_run_has_the_shape_of_a_long_one() -> None:
    rules, code = measure(quick=True)
    assert [rules.name, code.name] == ["mutants of rules", "mutants of code"]
    for row in (rules, code):
        assert row.figures["tried"] > 3
        assert row.missed == (), row.shape["alive"]


def test_what_is_excused_is_still_there() -> None:
    text = "".join(Path(f"{one.replace('.', '/')}.py").read_text("utf-8") for one in MODULES)
    assert all(line in text for line, _ in SAME)
