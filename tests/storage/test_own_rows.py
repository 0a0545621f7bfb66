"""A person's own choices and the site's packing rules in the bench's database."""

from __future__ import annotations

from packstation.domain.packing.person_facts import PersonSettingChosen
from packstation.domain.packing_rules import PackingRule, PackingRules
from packstation.station.ports import Draft, PersonRow, Row
from packstation.storage.intake import Imported
from packstation.storage.store import Store

RULES = PackingRules(rules=(PackingRule(id="R", supplies=("tape",)),))


def test_a_choice_changes_the_persons_row_in_the_same_commit(store: Store) -> None:
    store.intake.import_people([PersonRow("PK-1", "Lin", "packer", prefs={"card": "7"})])
    for badge in ("PK-1", "gone"):
        fact = PersonSettingChosen(badge=badge, setting="text_percent", value="130")
        store.events.append([Draft(fact, "bench", badge)])
    (person,) = store.orders.people()
    assert person.prefs["text_percent"] == 130
    assert person.prefs["card"] == "7"


def test_packing_rules_are_pulled_imported_and_deleted(store: Store) -> None:
    assert store.orders.packing_rules() == PackingRules()
    assert store.intake.import_packing([RULES]) == Imported(accepted=1)
    assert store.intake.import_packing([RULES]) == Imported(unchanged=1)
    assert store.orders.packing_rules() == RULES
    body = {"rules": [{"id": "S", "supplies": ["tape"]}]}
    store.orders.apply([Row("packing", "packing", 4, "put", body)], "c")
    assert [rule.id for rule in store.orders.packing_rules().rules] == ["S"]
    store.orders.apply([Row("packing", "packing", 5, "put", {"rules": 7})], "c")
    assert [rule.id for rule in store.orders.packing_rules().rules] == ["S"]
    store.orders.apply([Row("packing", "packing", 6, "del", {})], "c")
    assert store.orders.packing_rules() == PackingRules()
