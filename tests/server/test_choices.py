"""What people choose at a bench reaches all benches; packing rules do too."""

from __future__ import annotations

import json
from typing import Any

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


def test_rates_are_rows_of_the_site_and_never_older_than_before(
    api: httpx.Client, bench: Bench
) -> None:
    rate = {"from": "CNY", "to": "XDR", "rate": "0.104", "on": "2026-11-20"}
    assert api.post("/v1/import/rates", json={"rates": [rate]}).json()["accepted"] == 1
    older = {**rate, "rate": "0.2", "on": "2026-10-01"}
    assert api.post("/v1/import/rates", json=[older]).json()["unchanged"] == 1
    sheet = "from,to,rate,on\nCNY,XDR,0.105,2026-11-21\nCNY,CNY,1,2026-11-21\nUSD,XDR,0.7,soon\n"
    typed = {"content-type": "text/csv"}
    answer = api.post("/v1/import/rates", content=sheet.encode(), headers=typed).json()
    assert (answer["changed"], [one["record"] for one in answer["rejected"]]) == (1, [1, 2])
    assert "allowed: two currencies of ISO 4217" in answer["rejected"][0]["message"]
    endless = {**rate, "rate": "1e400", "on": "2026-11-22"}
    assert api.post("/v1/import/rates", json=[endless]).json()["changed"] == 0
    (row,) = [row for row in pull(bench).rows if row.t == "rate"]
    assert row.body == {**rate, "rate": "0.105", "on": "2026-11-21"}


def test_a_rate_with_its_point_in_the_wrong_place_is_asked_about(
    api: httpx.Client, bench: Bench
) -> None:
    """By the pack's rates first, then by the site's own; whoever is sure says so."""
    rate = {"from": "EUR", "to": "CNY", "rate": "82", "on": "2026-11-20"}
    answer = api.post(
        "/v1/import/rates", json=[rate], headers={"accept-language": "ru-RU,ru;q=0.9"}
    ).json()
    assert (answer["accepted"], answer["rejected"][0]["path"]) == (0, "rate")
    assert "EUR/CNY 82 далеко от известного 7.73141" in answer["rejected"][0]["message"]
    right = {**rate, "rate": "8.2"}
    assert api.post("/v1/import/rates", json=[right]).json()["accepted"] == 1
    later = {**rate, "rate": "10.67", "on": "2026-11-20"}
    told = api.post("/v1/import/rates", json=[later]).json()["rejected"][0]["message"]
    assert "far from the 8.2 that is known (EUR-CNY, 2026-11-20)" in told
    assert "confirm: true" in told
    near = {**later, "rate": "10.66"}
    assert api.post("/v1/import/rates", json=[near]).json()["changed"] == 1
    sure = {"rates": [rate], "confirm": True}
    assert api.post("/v1/import/rates", json=sure).json()["changed"] == 1
    sheet, typed = "from,to,rate,on\nEUR,CNY,8.2,2026-11-20\n", {"content-type": "text/csv"}
    sent: dict[str, Any] = {"content": sheet.encode(), "headers": typed}
    assert api.post("/v1/import/rates", **sent).json()["changed"] == 0
    assert api.post("/v1/import/rates", **sent, params={"confirm": "true"}).json()["changed"] == 1
    (row,) = [row for row in pull(bench).rows if row.t == "rate"]
    assert row.body["rate"] == "8.2"


def test_an_agreed_rate_lies_beside_the_published_one_and_needs_its_last_day(
    api: httpx.Client, bench: Bench
) -> None:
    mid = {"from": "USD", "to": "CNY", "rate": "7.1", "on": "2026-11-20", "source": "ECB"}
    agreed = {**mid, "rate": "7.05", "kind": "contract", "until": "2026-12-31", "source": "BoC"}
    told = api.post(
        "/v1/import/rates?confirm=1", json=[mid, agreed, {**agreed, "until": ""}]
    ).json()
    assert (told["accepted"], told["rejected"][0]["path"]) == (2, "until")
    rows = {row.t: row.body for row in pull(bench).rows if row.id == "USD/CNY"}
    assert (rows["rate"]["rate"], rows["rate"]["source"]) == ("7.1", "ECB")
    assert (rows["contract-rate"]["rate"], rows["contract-rate"]["until"]) == ("7.05", "2026-12-31")
