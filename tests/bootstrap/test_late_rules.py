from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from packstation.assets import resource
from packstation.bootstrap.rules import LateRules
from packstation.customs.party_store import FOLDER, Kept, keep
from packstation.domain.customs.reference import Party


def test_a_bench_compares_recipients_with_the_lists_of_its_data_folder(tmp_path: Path) -> None:
    rules = LateRules(resource("customs"), data=tmp_path)
    keep(tmp_path, Kept(name="l", on=date(2026, 11, 22), parties=(Party("Ivan Petrov", "l"),)))
    assert rules.reference.parties("Petrov, Ivan", 0.92) == ()
    rules.load()
    (hit,) = rules.reference.parties("Petrov, Ivan", 0.92)
    assert hit.party.listed == "l"
    assert rules.reference.hs("610910")


def test_a_list_that_cannot_be_read_is_told_and_the_rest_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / "l.json").write_text("{")
    rules = LateRules(resource("customs"), data=tmp_path)
    rules.load()
    assert "restricted parties" in caplog.text
    assert rules.ready
    assert rules.pack()
