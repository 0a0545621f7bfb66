"""`packing`: rules come in as one document; the share of recycled material goes out."""

from __future__ import annotations

import json
from pathlib import Path

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
