"""Digests that tell what changed of an order, and tell nothing else."""

from __future__ import annotations

import hashlib

import msgspec
from msgspec.structs import replace

from packstation.domain.orders import Address
from packstation.domain.packing.plan import Change
from packstation.station.planning import changes_of, order_prints
from tests.station.desk import order, signed_in

OMSK = order(ship_to=Address(name="И. Иванов", lines=("ул. 2",), city="Omsk", country="RU"))


def test_two_orders_of_a_buyer_have_no_digest_in_common() -> None:
    one, other = order_prints(order("O-1"), "P-1"), order_prints(order("O-2"), "P-2")
    assert not set(one[1:]) & set(other[1:])
    assert one == order_prints(order("O-1"), "P-1")


def test_the_digest_of_a_country_names_no_country() -> None:
    assert len(order_prints(order(), "P-1")[0]) == 1


def test_what_changed_is_told_by_the_sessions_own_salt() -> None:
    bench = signed_in(order())
    bench.scan("O-1")
    session = bench.core.session
    assert changes_of(session, order()) == ()
    assert changes_of(session, OMSK) == (Change(what="address"),)
    abroad = replace(OMSK, ship_to=replace(OMSK.ship_to, country="DE"))
    assert changes_of(session, abroad) == (Change(what="country"),)


def test_a_session_of_an_older_journal_is_compared_as_it_was_opened() -> None:
    bench = signed_in(order())
    bench.scan("O-1")
    now = order()
    parts = (now.ship_to.country, now.ship_to, now.service, (now.incoterm, now.category))
    was = tuple(hashlib.sha256(msgspec.json.encode(part)).hexdigest()[:12] for part in parts)
    session = replace(bench.core.session, prints=was)
    assert changes_of(session, now) == ()
    assert changes_of(session, OMSK) == (Change(what="address"),)
    assert changes_of(replace(session, prints=()), OMSK) == ()
