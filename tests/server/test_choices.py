"""What people choose at a bench reaches all benches; packing rules do too."""

from __future__ import annotations

import json

import httpx

from packstation.assets import resource
from packstation.domain.packing.person_facts import PersonSettingChosen
from tests.server.bench import Bench
from tests.server.test_changes import pull

PERSON = {"badge": "PK-1", "name": "Lin Yue", "role": "packer", "prefs": {"card": "7"}}


def chosen(api: httpx.Client, bench: Bench) -> tuple[str, dict[str, object]]:
    rows = {row.id: row.body for row in pull(bench).rows if row.t == "user"}
    return rows["PK-1"]["language"], rows["PK-1"]["prefs"]


def say(bench: Bench, setting: str, value: str, badge: str = "PK-1", actor: str = "PK-1") -> None:
    bench.note(PersonSettingChosen(badge=badge, setting=setting, value=value), actor=actor)


def test_a_choice_is_folded_into_the_row_of_the_person(api: httpx.Client, bench: Bench) -> None:
    api.post("/v1/import/people", json=[PERSON])
    say(bench, "language", "ru")
    say(bench, "text_percent", "130")
    say(bench, "role", "supervisor")
    say(bench, "theme", "dark", actor="PK-9")
    say(bench, "theme", "dark", badge="gone", actor="gone")
    assert bench.push().status_code == 200
    language, prefs = chosen(api, bench)
    assert language == "ru"
    assert prefs == {"card": "7", "text_percent": 130, "chosen": ["language", "text_percent"]}


def test_an_import_leaves_people_what_they_chose(api: httpx.Client, bench: Bench) -> None:
    api.post("/v1/import/people", json=[PERSON])
    say(bench, "volume", "40")
    bench.push()
    fresh = {**PERSON, "name": "Lin Yue 2", "prefs": {"volume": 100, "card": "8"}}
    assert api.post("/v1/import/people", json=[fresh]).json()["changed"] == 1
    _, prefs = chosen(api, bench)
    assert (prefs["volume"], prefs["card"]) == (40, "8")


def test_packing_rules_are_one_row_of_the_site(api: httpx.Client, bench: Bench) -> None:
    rules = json.loads(resource("samples", "packing-rules.json").read_text("utf-8"))
    assert api.post("/v1/import/packing", json=rules).json()["accepted"] == 1
    assert api.post("/v1/import/packing", json=rules).json()["unchanged"] == 1
    (row,) = [row for row in pull(bench).rows if row.t == "packing"]
    assert [rule["id"] for rule in row.body["rules"]][:2] == ["fragile", "fill"]
    assert api.post("/v1/import/packing", json={"rules": 7}).status_code == 422
