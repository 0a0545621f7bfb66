"""`packing`: rules come in as one document; the share of recycled material goes out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from packstation.assets import resource
from packstation.domain.packing.facts import CartonAssigned
from packstation.domain.packing.material_facts import SuppliesUsed, Supply
from packstation.domain.packing_rules import PackingRules
from packstation.station.ports import Draft
from packstation.storage.store import FILE, open_store
from tests.cli.terminal import packstation
from tests.fake_storage import FakeClock, FakeIds

SAMPLE = resource("samples", "packing-rules.json")


def test_rules_are_taken_in_whole(tmp_path: Path) -> None:
    data = str(tmp_path)
    for counted in ("accepted", "unchanged"):
        done = packstation("packing", "import", str(SAMPLE), "--data", data, "--json")
        assert done.status == 0, done.err
        assert json.loads(done.out)[counted] == 1
    with open_store(tmp_path / FILE, station="B", clock=FakeClock(), ids=FakeIds()) as store:
        rules = store.orders.packing_rules()
    assert [rule.id for rule in rules.rules] == ["fragile", "fill", "thanks-ru", "seal"]
    assert isinstance(rules, PackingRules)


def test_rules_that_are_none_are_refused(tmp_path: Path) -> None:
    wrong = tmp_path / "rules.json"
    wrong.write_text('{"rules": [{"id": "a b"}]}', "utf-8")
    assert packstation("packing", "import", str(wrong), "--data", str(tmp_path)).status == 2


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ("{}", "rules: null is not allowed; allowed: a list, also an empty one"),
        ('{"rulez": [], "rules": []}', "rulez: [] is not allowed; allowed: only the fields"),
        ('{"rules": [{"id": "a", "wen": {}}]}', "rules[0].wen"),
        ('{"rules": [{"id": "a", "when": {"skuz": ["A"]}}]}', "rules[0].when.skuz"),
        ('{"rules": [], "materials": [{"code": "a", "knd": "infill"}]}', "materials[0].knd"),
        ('{"rules": [{"id": "a"}, {"id": "a"}]}', 'rules[1].id: "a" is not allowed; allowed: each'),
        ('{"rules": [], "materials": [{"code": "a"}, {"code": "a"}]}', "materials[1].code"),
        ('{"rules": [{"id": "a", "supplies": ["x"], "without": ["x"]}]}', "rules[0].without"),
    ],
)
def test_rules_that_nobody_could_keep_leave_the_old_ones(
    tmp_path: Path, document: str, told: str
) -> None:
    data, wrong = str(tmp_path), tmp_path / "rules.json"
    packstation("packing", "import", str(SAMPLE), "--data", data)
    wrong.write_text(document, "utf-8")
    done = packstation("packing", "import", str(wrong), "--data", data)
    assert done.status == 2
    assert told in done.err
    with open_store(tmp_path / FILE, station="B", clock=FakeClock(), ids=FakeIds()) as store:
        assert len(store.orders.packing_rules().rules) == 4


@pytest.mark.parametrize("since", ["yesterday", "2026-13-45", "٢٠٢٦-١١-٢٢", "0000"])
def test_a_day_that_is_none_is_refused(tmp_path: Path, since: str) -> None:
    with open_store(tmp_path / FILE, station="B", clock=FakeClock(), ids=FakeIds()):
        pass
    for what in ("share", "boxes"):
        done = packstation("packing", what, "--data", str(tmp_path), "--since", since)
        assert done.status == 2
        assert since in done.err
    assert (
        packstation("packing", "share", "--data", str(tmp_path), "--since", "2026-11-22").err == ""
    )


def test_a_file_that_was_only_imported_into_has_no_journal(tmp_path: Path) -> None:
    packstation("packing", "import", str(SAMPLE), "--data", str(tmp_path))
    for command in (("packing", "share"), ("evidence", "make", "O-1", "--out", "x.json")):
        done = packstation(*command, "--data", str(tmp_path))
        assert (done.status, "no bench has worked" in done.err) == (2, True), done.err


def test_the_share_is_that_of_the_journal(tmp_path: Path) -> None:
    assert packstation("packing", "share", "--data", str(tmp_path)).status == 2
    box = Supply(code="C3", kind="container", recycled=True)
    air = Supply(code="air", kind="infill")
    with open_store(tmp_path / FILE, station="B", clock=FakeClock(), ids=FakeIds()) as store:
        used = SuppliesUsed(parcel="P-1", supplies=(box, air))
        store.events.append([Draft(used, "S-1", "PK-1")])
    done = packstation("packing", "share", "--data", str(tmp_path), "--json")
    assert json.loads(done.out) == {
        "parcels": 1,
        "pieces": 2,
        "recycled": 1,
        "percent": 50,
        "by_kind": {
            "container": {"pieces": 1, "recycled": 1},
            "infill": {"pieces": 1, "recycled": 0},
        },
    }
    later = packstation("packing", "share", "--data", str(tmp_path), "--since", "2999")
    assert later.out.startswith("- recycled: 0 of 0")


def test_boxes_that_were_not_taken_are_counted(tmp_path: Path) -> None:
    assert packstation("packing", "boxes", "--data", str(tmp_path)).status == 2
    kept = CartonAssigned(carton="C1")
    other = CartonAssigned(carton="C4", offered="C3", reason="too_small")
    drafts = [Draft(fact, "S-1", "PK-1") for fact in (kept, other, other)]
    with open_store(tmp_path / FILE, station="B", clock=FakeClock(), ids=FakeIds()) as store:
        store.events.append(drafts)
    done = packstation("packing", "boxes", "--data", str(tmp_path), "--json")
    assert json.loads(done.out) == {
        "assigned": 3,
        "overridden": [
            {"offered": "C3", "times": 2, "reasons": {"too_small": 2}, "taken": {"C4": 2}}
        ],
    }
    told = packstation("packing", "boxes", "--data", str(tmp_path)).out
    assert told.splitlines() == [
        "2 of 3 boxes overridden",
        "C3  2: too_small 2; taken: C4 2",
    ]
