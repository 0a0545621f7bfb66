"""Rules, lanes and calendars of the choice reach the benches; what is wrong in them is named."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from packstation.domain.choice.calendars import Calendars
from packstation.first_use import shaped
from tests.server.bench import Bench
from tests.server.test_changes import pull

RULES: dict[str, Any] = {
    "schema": "packstation.choice/1",
    "rules": [{"id": "dear", "only": ["class:express"]}],
}
LANE: dict[str, Any] = {
    "carrier": "chinapost",
    "service": "e-packet",
    "country": "RU",
    "on": "2026-11-20",
    "sent": 100,
    "late": 7,
}


def of(bench: Bench, name: str) -> Any:  # noqa: ANN401 - JSON
    return next(row.body for row in pull(bench).rows if (row.t, row.id) == ("choice", name))


def test_rules_are_one_document_of_the_site(api: httpx.Client, bench: Bench) -> None:
    assert api.post("/v1/import/choice", json=RULES).json()["accepted"] == 1
    assert api.post("/v1/import/choice", json=RULES).json()["unchanged"] == 1
    assert of(bench, "rules")["rules"][0]["only"] == ["class:express"]
    none = {"schema": "packstation.choice/1"}
    assert api.post("/v1/import/choice", json=none).json()["changed"] == 1
    assert of(bench, "rules")["rules"] == []


def test_one_wrong_letter_refuses_the_document_by_its_path(api: httpx.Client) -> None:
    wrong = {**RULES, "rules": [{"id": "a", "when": {"contries": ["RU"]}, "never": ["a/*"]}]}
    answer = api.post("/v1/import/choice", json=wrong)
    assert answer.status_code == 422
    assert "contries" in answer.text
    late = api.post("/v1/import/calendars", json={"cutoffs": [{"at": "25:00"}]})
    assert late.status_code == 422


def test_lanes_of_other_days_stay_and_the_same_day_is_counted_anew(
    api: httpx.Client, bench: Bench
) -> None:
    wrong = {**LANE, "late": 101}
    told = api.post("/v1/import/lanes", json={"lanes": [LANE, wrong]}).json()
    assert (told["accepted"], [one["record"] for one in told["rejected"]]) == (1, [1])
    old = {**LANE, "on": "2020-01-01"}
    again = {**LANE, "late": 9}
    told = api.post("/v1/import/lanes", json=[{**LANE, "on": "2026-11-19"}, again, old]).json()
    assert (told["accepted"], told["changed"], told["unchanged"]) == (2, 1, 0)
    assert api.post("/v1/import/lanes", json=again).json()["unchanged"] == 1
    assert [(one["on"], one["late"]) for one in of(bench, "lanes")["lanes"]] == [
        ("2026-11-19", 7),
        ("2026-11-20", 9),
    ]


def test_lanes_come_as_a_table_too(api: httpx.Client, bench: Bench) -> None:
    text = "carrier;service;country;weight;on;sent;late\nuni;line;RU;to_2kg;2026-11-20;40;1\n"
    typed = {"Content-Type": "text/csv"}
    told = api.post("/v1/import/lanes", content=text.encode(), headers=typed).json()
    assert (told["accepted"], told["rejected"]) == (1, [])
    (row,) = of(bench, "lanes")["lanes"]
    assert (row["weight"], row["sent"], row["lost"]) == ("to_2kg", 40, 0)


def test_calendars_and_cutoffs_go_out_as_they_came(api: httpx.Client, bench: Bench) -> None:
    document = {
        "schema": "packstation.calendars/1",
        "calendars": [{"id": "CN", "known_to": "2027-12-31", "workdays": ["2027-02-06"]}],
        "cutoffs": [{"carrier": "chinapost", "at": "17:30"}],
    }
    assert api.post("/v1/import/calendars", json=document).json()["accepted"] == 1
    found = shaped(of(bench, "calendars"), Calendars)
    assert (found.of("CN").known_to.year, found.cutoff("chinapost", "x").at) == (2027, "17:30")


@pytest.mark.parametrize("name", ["choice", "calendars", "lanes", "orders"])
@pytest.mark.parametrize(
    "body", ['"\\ud800"', '["\\udc00"]', '{"rules": "\\ud800"}', '{"\\ud800": 1}']
)
def test_half_a_character_is_a_refusal_and_no_broken_connection(
    api: httpx.Client, name: str, body: str
) -> None:
    typed = {"Content-Type": "application/json"}
    answer = api.post(f"/v1/import/{name}", content=body.encode(), headers=typed)
    assert answer.status_code in {200, 422}
    assert "\\\\ud" in answer.text or "rules" in answer.text
