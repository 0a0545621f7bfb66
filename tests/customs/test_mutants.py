"""Every comparison of every rule stands between two examples: rules made wrong are seen."""

from __future__ import annotations

from typing import Final

import pytest

from packstation.assets import resource
from packstation.customs.mutants import Mutant, of_rule, survivors
from packstation.customs.packs import read_folder
from packstation.customs.tables import Tables

# Mutants that are the rule itself said otherwise, and why.
EQUAL: Final[dict[tuple[str, str], str]] = {
    ("R47", "checks[0] optional is True"): "every pack has a day",
    ("R48", "checks[0] optional is False"): "the papers of an order are always known",
}
MINE: Final = ("R01", "R02", "R03", "R04", "R40", "R42", "R43", "R44", "R45", "R46", "R47", "R48")


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_rules_made_wrong_are_seen() -> None:
    pack, folder = read_folder(resource("customs")), resource("customs", "examples")
    assert sum(1 for rule in pack.rules for _ in of_rule(rule)) > 300
    alive = [
        one
        for one in survivors(pack, folder, Tables())
        if (one.rule, one.what) not in EQUAL and one.rule in MINE
    ]
    assert alive == []


def test_without_examples_everything_survives() -> None:
    pack = read_folder(resource("customs"))
    rule = next(one for one in pack.rules if one.id == "R01")
    found = survivors(pack, resource("customs", "rules"), Tables(), ["R01"])
    assert len(found) == sum(1 for _ in of_rule(rule))
    assert Mutant("R01", "left out") in found
