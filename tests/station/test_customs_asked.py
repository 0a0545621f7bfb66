"""Every installed rule is asked at the bench, and what it looks at stands in its document."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

import msgspec
import pytest
from msgspec.structs import replace

from packstation.assets import resource
from packstation.customs.packs import read_folder
from packstation.customs.tables import Tables
from packstation.domain.customs.case import Case
from packstation.domain.customs.checking import check
from packstation.domain.customs.evaluate import condition_holds, evaluate
from packstation.domain.customs.findings import Checked
from packstation.domain.customs.pack import Moment, Pack, Rule
from packstation.domain.customs.reference import Reference
from packstation.domain.customs.registry import case_of
from packstation.domain.orders import Order
from packstation.station import customs
from packstation.station.ports import OrderRow
from packstation.station.views import Screen
from tests.station.desk import Bench, FakeRules, order, to_confirming
from tests.walls.sources import ROOT

PACK = read_folder(resource("customs"))
MANUAL = (ROOT / "docs" / "customs-bench.md").read_text("utf-8")
# Moments that are none of a bench's.
ELSEWHERE: Final = {"manifest": "the server asks at the hand-over to a broker"}
# What no bench knows, by the moments; docs/customs-bench.md names each.
NOT_KNOWN: Final[Mapping[str, tuple[str, str]]] = {
    "bench.label": ("label", "what is printed fits the stock that is loaded, or is not printed"),
    "bench.limits": ("label", "the rating judges a tariff's limits"),
    "bench.manifest": ("order label", "the server judges it at the hand-over"),
    "bench.more": ("label", "lines are what lies in the boxes so far"),
    "bench.used_invoices": ("order label", "the server judges it at the hand-over"),
    "bench.used_waybills": ("close", "the document has the order's other boxes"),
    "parcels[].waybill": ("label", "the number is taken after the check"),
    "signer.date": ("label", "papers have the date of the day they are drawn"),
}
# What is told of some parcels only, and absent of this one.
SOMETIMES: Final = {"bench.larger": "that a CN 22 had no room"}
# Not fields: by the country, or by the paper.
_OPEN: Final = re.compile(r"\.hs_national\.|^bench\.printed\.")
_OF_BENCH: Final = ("bench.", "parcels[].")
_KEPT: Final = ("ship_from", "ship_to", "payment", "category", "incoterm", "named_place")
_MORE: Final = ("duty_payer", "tax_scheme", "cn_export_mode", "invoice", "rates", "declared_total")


class Asked(dict[str, Any]):
    """JSON values that tell what was looked for in vain: no such key, or nothing of a bench's."""

    def __init__(self, path: str, values: Mapping[str, Any], missed: set[str]) -> None:
        self._path, self._missed = path, missed
        super().__init__({k: _asked(self._at(k), one, missed) for k, one in values.items()})

    def _at(self, key: str) -> str:
        return f"{self._path}.{key}" if self._path else key

    def _note(self, key: str) -> None:
        path = self._at(key)
        nothing = path.startswith(_OF_BENCH) and dict.get(self, key) in (None, "")
        if (key not in self or nothing) and not _OPEN.search(path):
            self._missed.add(path)

    def get(self, key: str, default: Any = None) -> Any:  # noqa: ANN401 - as of a dict
        self._note(key)
        return super().get(key, default)

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401 - as of a dict
        self._note(key)
        return super().__getitem__(key)


def _asked(path: str, value: object, missed: set[str]) -> object:
    if isinstance(value, dict):
        return Asked(path, value, missed)
    return [_asked(f"{path}[]", one, missed) for one in value] if isinstance(value, list) else value


def full_order() -> Order:
    """The order of the rules' examples, with the goods of the desk."""
    base = msgspec.json.decode(resource("customs", "examples", "base.json").read_bytes())
    told = {name: base[name] for name in (*_KEPT, *_MORE)}
    lines = [{"line": 1, "sku": "-", "quantity": 1}]
    known = msgspec.convert({"order_id": "-", "lines": lines, **told}, Order, strict=False)
    return order(**{name: getattr(known, name) for name in told})


Heard = dict[Moment, tuple[dict[str, Any], datetime]]


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Heard:
    """The documents that a bench asks with, by moment, of a parcel packed to its end."""
    found: Heard = {}

    def listening(
        raw: dict[str, Any], pack: Pack, reference: Reference, now: datetime, moment: Moment
    ) -> Checked:
        found[moment] = raw, now
        return check(raw, pack, reference, now, moment)

    monkeypatch.setattr(customs, "check", listening)
    bench = Bench()
    bench.rules, bench.desk.online = FakeRules(), True
    bench.cache.images["party-list", "L"] = {"list": "L", "names": ["Nobody"]}
    bench.cache.add(OrderRow(full_order(), 1))
    bench.start()
    bench.lease()
    bench.scan("%PB:PK-1")
    view = to_confirming(bench)
    assert view.label is not None
    assert bench.scan(view.label.waybill).screen is Screen.COMPLETED
    return found


def judged(case: Case, rule: Rule, moment: Moment) -> None:
    """Look at all that a rule may look at, whether it applies or not."""
    for condition in rule.applies:
        condition_holds(case, condition)
    for one in rule.checks:
        for item in case.items(one.scope):
            for condition in one.when:
                condition_holds(case, condition, item)
    checks = tuple(replace(one, when=()) for one in rule.checks)
    alone = replace(rule, applies=(), checks=checks)
    evaluate(_with(case, alone), moment)


def _with(case: Case, rule: Rule) -> Case:
    return case_of(case.raw, replace(case.pack, rules=(rule,)), case.reference, case.now)


def looked_for(heard: Heard, pack: Pack) -> Iterator[tuple[Moment, str, str]]:
    """Moment, path and rule of all that stands nowhere."""
    tables = Tables()
    for moment, (raw, now) in heard.items():
        for rule in (one for one in pack.rules if moment in one.moments):
            missed: set[str] = set()
            judged(case_of(Asked("", raw, missed), pack, tables, now), rule, moment)
            yield from ((moment, path, rule.id) for path in missed)


def test_every_rule_is_asked_at_the_bench_at_its_moments(heard: Heard) -> None:
    for rule in PACK.rules:
        assert {*rule.moments} <= {*heard, *ELSEWHERE}, rule.id
        assert {*rule.moments} & {*heard}, f"{rule.id} is never asked"


def test_whatever_a_rule_looks_at_is_told_or_named_as_not_known(heard: Heard) -> None:
    found: dict[str, set[str]] = {}
    rules: dict[str, set[str]] = {}
    for moment, path, rule in looked_for(heard, PACK):
        found.setdefault(path, set()).add(moment)
        rules.setdefault(path, set()).add(rule)
    named = {path: {*moments.split()} for path, (moments, _) in NOT_KNOWN.items()}
    assert {path: moments for path, moments in found.items() if path not in SOMETIMES} == named, (
        rules
    )
    assert {*SOMETIMES} <= {*found}


def test_the_weight_is_left_to_the_guard_of_the_scale(heard: Heard) -> None:
    """R03 asks for nothing more where the bench says that it still learns."""
    raw, _ = heard["label"]
    assert raw["bench"]["gross"] == {"stable": True, "tare_g": 100, "learning": True}
    assert "`bench.gross.expected_g`" in MANUAL


def test_the_manual_names_what_no_bench_knows() -> None:
    named = (*NOT_KNOWN, *SOMETIMES)
    assert not [path for path in named if f"`{path}`" not in MANUAL]


def test_what_a_rule_would_look_at_is_found_wherever_it_asks(heard: Heard) -> None:
    """A rule that somebody adds tomorrow, of things that no bench tells."""
    checks = ("bench.colour", "ship_to.planet", "carrier")
    made = [{"fact": fact, "is": "present"} for fact in checks]
    on_line = {"scope": "line", "fact": "product.customs.taste", "is": "present"}
    row: dict[str, object] = {
        "id": "R99",
        "title": "-",
        "severity": "BLOCK",
        "source": "-",
        "messages": {"en": "-"},
    }
    row |= {"reviewed_on": "2026-11-01", "moments": ["label"], "checks": [*made, on_line]}
    pack = replace(PACK, rules=(msgspec.convert(row, Rule),))
    found = {path for _, path, _ in looked_for(heard, pack)}
    assert found == {"bench.colour", "ship_to.planet", "products[].customs.taste"}
