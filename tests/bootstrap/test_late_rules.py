from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from packstation.assets import resource
from packstation.bootstrap.rules import LateRules
from packstation.customs.party_store import FOLDER, Kept, keep
from packstation.domain.customs.reference import Party
from tests.station.rules import pack


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
    rules.take(())
    assert "restricted parties" in caplog.text
    assert rules.ready
    assert rules.pack()


def test_rules_that_cannot_be_used_do_not_push_out_those_that_hold() -> None:
    newer = pack(version="2099-01-01")
    rules = LateRules(resource("customs"), lambda body: newer if body.get("good") else None)
    rules.take([{"good": True}])
    rules.take([{"good": False}])
    assert rules.pack() is newer
    rules.take([])
    own = rules.pack()
    assert own is not None
    assert own.version < "2099-01-01"
