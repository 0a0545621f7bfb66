"""``packstation carriers accounts | test | shut | unknown | ask | settle``."""

from __future__ import annotations

import pytest

from packstation.server.run import Running
from tests.cli.terminal import packstation
from tests.server.conftest import TOKEN
from tests.server.purchases.shop import Shop


@pytest.fixture
def there(running: Running, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    monkeypatch.setenv("PACKSTATION_TOKEN", TOKEN)
    return "--server", running.url


def test_accounts_are_told_tried_and_shut(shop: Shop, there: tuple[str, str]) -> None:
    first = packstation("carriers", "accounts", *there)
    assert first.out.strip() == "acme: rest; verified: no; no answer yet"
    assert packstation("carriers", "test", "acme", *there).out.strip() == "acme: fine"
    shop.plan.then("find", "denied")
    tried = packstation("carriers", "test", "acme", *there)
    assert (tried.status, "refused credentials" in tried.out) == (1, True)
    shut = packstation("carriers", "shut", "acme", "--reason", "ended", *there)
    assert "shut since" in shut.out
    assert "shut since" not in packstation("carriers", "shut", "acme", "--open", *there).out
    assert packstation("carriers", "shut", "none", *there).status == 2
    assert packstation("carriers", "unknown", *there).out.strip() == "none"


def test_what_nobody_knows_is_told_asked_for_and_settled(
    shop: Shop, there: tuple[str, str]
) -> None:
    shop.unknown()
    told = packstation("carriers", "unknown", "--carrier", "acme", *there)
    assert (told.status, told.out.startswith("unknown: p-1/1 (A-1, 01) acme plain")) == (1, True)
    assert packstation("carriers", "unknown", "--kind", "odd", *there).status == 2
    assert packstation("carriers", "ask", "p-1/1", *there).out.strip() == "p-1/1: pending"
    words = ("carriers", "settle", "p-1/1", "--reason", "seen there", *there)
    assert packstation(*words).status == 2
    shop.plan.then("find", "down", "down", "down")
    soon = packstation(*words, "--not-sold")
    assert (soon.status, "too soon" in soon.out) == (1, True)
    sold = packstation(*words, "--sold", "ZZ000000014CN")
    assert (sold.status, sold.out.strip()) == (0, "p-1/1: issued ZZ000000014CN")
    late = packstation(*words, "--not-sold", "--json")
    assert (late.status, late.document["code"]) == (1, "not_waiting")
    none = packstation("carriers", "ask", "p-7/1", *there)
    assert (none.status, none.out.strip()) == (1, "no such purchase: p-7/1")
