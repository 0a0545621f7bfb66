"""What the office does is written down in the act's own transaction: who, from where, what."""

from __future__ import annotations

import httpx
from sqlalchemy import select

from packstation.server import audit
from packstation.server.keeping.tables import AUDIT
from packstation.server.online_accounts import ONLINE
from packstation.server.run import Running
from tests.cli.terminal import packstation
from tests.server.bench import Bench
from tests.server.test_intake import order
from tests.server.test_online_accounts import account


def trail(running: Running, site: str = "GZ-1") -> list[tuple[str, str, str]]:
    with running.server.store.read() as connection:
        found = audit.latest(connection, site)[::-1]
        return [(one.act, one.thing, one.who) for one in found]


def test_holds_rules_money_benches(running: Running, api: httpx.Client, bench: Bench) -> None:
    api.post("/v1/import/orders", json=[order("A-1")])
    for path, body in (
        ("hold", {"reason": "customs"}),
        ("hold", {"reason": "customs"}),
        ("release", None),
        ("assign", {"bench": "01"}),
        ("cancel", None),
    ):
        answer = api.post(f"/v1/orders/A-1/{path}", json=body)
        assert answer.status_code == 200, answer.text
    rate = {"from": "USD", "to": "XDR", "rate": "0.7", "on": "2026-11-20"}
    assert api.post("/v1/import/rates", json={"rates": [rate]}).json()["accepted"] == 1
    api.post("/v1/enrol-tokens")
    api.post(f"/v1/stations/{bench.station}/revoke")
    told = trail(running)
    assert told[:2] == [
        ("station.token", "GZ-1", told[0][2]),
        ("station.enrol", "01", bench.station),
    ]
    assert told[2:] == [
        ("order.hold", "A-1", "integration"),
        ("order.release", "A-1", "integration"),
        ("order.assign", "A-1", "integration"),
        ("order.cancel", "A-1", "integration"),
        ("import.rates", "GZ-1", "integration"),
        ("station.token", "GZ-1", "integration"),
        ("station.revoke", bench.station, "integration"),
    ]
    with running.server.store.read() as connection:
        held = connection.execute(select(AUDIT).where(AUDIT.c.act == "order.hold")).one()
    assert held.address == "127.0.0.1"
    assert "customs" not in held.more, "a reason may name a buyer"


def test_carriers_accounts_are_in_the_trail_without_a_credential(
    running: Running, api: httpx.Client
) -> None:
    kind = next(iter(ONLINE))
    secrets = dict.fromkeys(ONLINE[kind].secrets, "very-secret-value")
    body = account(kind, secrets=secrets)
    assert api.put("/v1/carriers/ours", json=body).status_code == 200
    assert api.delete("/v1/carriers/ours").status_code == 204
    assert [one[:2] for one in trail(running)] == [
        ("carrier.kept", "ours"),
        ("carrier.dropped", "ours"),
    ]
    with running.server.store.read() as connection:
        assert "very-secret-value" not in str(connection.execute(select(AUDIT)).all())


def test_by_hand_at_the_machine(running: Running, site: str, database: str) -> None:
    made = packstation("server", "enrol-token", "--site", site, "--database", database)
    assert made.status == 0
    with running.server.store.read() as connection:
        (act,) = audit.latest(connection, site)
    assert (act.act, act.role, act.address) == ("station.token", "it", "command line")
    assert made.out.strip() not in act.more + act.thing
