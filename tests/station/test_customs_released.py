"""What must not slip past the customs rules: another hold on top, another order than released."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from packstation.domain.packing import State
from packstation.domain.packing import inputs as i
from packstation.station import ports as p
from packstation.station import standing
from packstation.station.views import Screen, Words
from tests.station.customs_bench import ASKS, bench, catalog, lacking, last, sock
from tests.station.desk import MUG, SOCK, Bench, to_weighing
from tests.station.rules import pack, rule
from tests.station.test_customs_cures import moved, office

PARTY = rule(
    "R11",
    [{"fact": "ship_to.name", "is": "eq", "than": "Nobody", "field": "ship_to.name"}],
    severity="OVERRIDE",
)


def supervisor(found: Bench) -> None:
    found.scan("%PB:SV-1")
    found.say(p.TextEntered("pin", "9999"))
    found.say(p.TextEntered("reason", "another person of that name"))


def packed(*rules: dict[str, Any]) -> Bench:
    found = bench(*rules, document=moved(city="Kazan"))
    found.scan("O-1")
    found.scan(MUG, MUG, SOCK, "C3")
    found.weigh(780)
    return found


def test_a_stop_by_the_server_that_ends_prints_nothing_that_rules_have_stopped() -> None:
    found = bench()
    to_weighing(found)
    found.weigh(780)
    found.cache.add(sock(hs=""))
    found.out()
    found.core.submit(i.HoldRaised(reason="server", by="server"))
    found.core.submit(i.HoldReleased(cause="server"))
    found.later.drain()
    assert (found.core.session.state, found.core.session.hold_reason) == (
        State.HELD,
        "missing_data",
    )
    assert last(found, "PrintStarted")["document"] == "label"
    catalog(found, sock(hs="611596"))
    assert last(found, "PrintStarted")["document"] == "cn22"


def test_a_supervisor_lets_a_paper_pass_after_its_label() -> None:
    found = bench(ASKS)
    found.rules.held = pack()
    to_weighing(found)
    found.weigh(780)
    found.rules.held = pack(ASKS)
    found.cache.add(sock(hs="611596", description="other socks"))
    found.out()
    assert lacking(found.view)[0].rule == "R23"
    supervisor(found)
    assert last(found, "PrintStarted")["document"] == "cn22"
    verdict = found.view.verdict
    assert verdict is None or verdict.words != Words("papers.changed")


def test_another_recipient_is_asked_about_again() -> None:
    found = packed(PARTY)
    supervisor(found)
    for _ in range(3):
        found.out()
    other = moved(city="Kazan")
    office(found, replace(other, ship_to=replace(other.ship_to, name="Someone Else")), 2)
    found.command("void")
    found.command("accept")
    assert lacking(found.view)[0].rule == "R11"
    assert found.kinds().count("LabelIssued") == 1
    supervisor(found)
    found.command("accept")
    assert found.kinds().count("LabelIssued") == 2


def test_other_goods_in_the_box_are_asked_about_again() -> None:
    found = packed(PARTY)
    supervisor(found)
    for _ in range(3):
        found.out()
    found.command("void")
    found.command("open")
    assert found.view.screen is Screen.SCANNING
    assert found.core.session.released == ()


def changed_in_the_cache(found: Bench, **more: Any) -> None:  # noqa: ANN401
    """As an import at the bench does, or a row that was kept aside: nobody pulls anything."""
    row = found.cache.orders["O-1"]
    found.cache.add(replace(row, order=replace(row.order, **more)))


def test_an_order_that_changed_without_a_pulled_row_is_asked_about_again() -> None:
    found = packed(PARTY)
    supervisor(found)
    assert found.core.session.released == ("R11 ship_to.name",)
    to = found.cache.orders["O-1"].order.ship_to
    changed_in_the_cache(found, ship_to=replace(to, city="Ufa"))
    found.out()
    assert lacking(found.view)[0].rule == "R11"
    assert last(found, "PrintStarted")["document"] == "label"
    supervisor(found)
    assert last(found, "PrintStarted")["document"] == "cn22"
    assert found.core.session.released == ("R11 ship_to.name",)


def test_other_declared_data_of_its_goods_are_another_order_too() -> None:
    found = packed(PARTY)
    supervisor(found)
    found.cache.add(sock(hs="611596", description="other socks"))
    found.out()
    assert lacking(found.view)[0].rule == "R11"


def test_what_no_paper_shows_leaves_a_release_as_it_is() -> None:
    found = packed(PARTY)
    supervisor(found)
    released = found.core.session.released_of
    changed_in_the_cache(found, deadlines=())
    found.cache.add(replace(found.cache.products["SOCK-RED"], weight_g=81))
    assert standing.order_hash(found.core) == released
    assert standing.released(found.core) == {"R11 ship_to.name"}
    found.out()
    assert last(found, "PrintStarted")["document"] == "cn22"


def test_a_release_of_before_there_was_a_hash_holds() -> None:
    found = packed(PARTY)
    supervisor(found)
    found.core.session = replace(found.core.session, released_of="")
    assert standing.released(found.core) == {"R11 ship_to.name"}
    del found.cache.orders["O-1"]
    assert standing.order_hash(found.core) == ""
