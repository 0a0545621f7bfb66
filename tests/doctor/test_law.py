from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from packstation.assets import resource
from packstation.customs.packs import read_folder
from packstation.doctor.findings import State
from packstation.doctor.law import OLD_DAYS, rules

REVIEWED = read_folder(resource("customs")).reviewed_on


@pytest.mark.parametrize(
    ("days", "key"), [(0, "customs.ok"), (OLD_DAYS, "customs.ok"), (OLD_DAYS + 1, "customs.old")]
)
def test_rules_are_told_by_their_age(days: int, key: str) -> None:
    (found,) = rules(resource("customs"), REVIEWED + timedelta(days=days))
    assert (found.check, found.key) == ("customs", key)


def test_rules_that_somebody_changed_are_a_fault(tmp_path: Path) -> None:
    folder = shutil.copytree(resource("customs"), tmp_path / "customs")
    text = (folder / "groups.json").read_text("utf-8")
    (folder / "groups.json").write_text(text.replace('"CHLI"', '"CHLX"'), "utf-8")
    (found,) = rules(folder, REVIEWED)
    assert (found.state, found.key) == (State.FAIL, "customs.changed")


def test_rules_that_are_no_rules_are_a_fault(tmp_path: Path) -> None:
    (found,) = rules(tmp_path, date(2026, 11, 22))
    assert (found.state, found.key, found.args["path"]) == (
        State.FAIL,
        "customs.refused",
        "head.json",
    )
