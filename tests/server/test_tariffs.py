"""Tariffs that a server publishes: signed, kept for ever, never changed."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from packstation.assets import resource
from packstation.bootstrap.late import LateRater
from packstation.carriers.tariff_signing import document, opened, sign
from packstation.carriers.tariffs import load_tariff
from packstation.domain.errors import InputInvalid
from packstation.domain.orders import Address, Order, OrderLine
from packstation.server.enrolment import server_key
from packstation.server.run import Running
from packstation.server.tokens import make_token
from tests.cli.terminal import packstation
from tests.server.bench import Bench, Clock
from tests.server.conftest import TOKEN
from tests.server.test_changes import pull

Raw = dict[str, Any]


def tariff(**changes: object) -> Raw:
    base: Raw = {
        "schema": "packstation.tariff/1",
        "carrier": "yanwen",
        "service": "line",
        "currency": "CNY",
        "version": "2026-11-01",
        "valid_from": "2026-11-01",
        "zones": [{"code": "RU", "match": [{"countries": ["RU"]}]}],
        "bands": [band(0, 2000, "5.00")],
    }
    return base | changes


def band(over: int, up_to: int, amount: str) -> Raw:
    price = {"kind": "flat", "amount": amount}
    return {"zone": "RU", "over_g": over, "up_to_g": up_to, "price": price}


def publish(api: httpx.Client, raw: object, **query: str) -> httpx.Response:
    return api.post("/v1/tariffs", json=raw, params=query)


def rows(bench: Bench) -> list[Raw]:
    return [dict(row.body) for row in pull(bench).rows if row.t == "tariff"]


def key(running: Running) -> str:
    with running.server.store.write() as connection:
        return server_key(connection)


def test_a_published_tariff_reaches_benches_signed(
    api: httpx.Client, bench: Bench, running: Running
) -> None:
    got = publish(api, tariff()).json()
    assert got["verdict"] == "accepted"
    assert (got["tariff"]["service"], got["tariff"]["version"]) == ("line", "2026-11-01")
    (body,) = rows(bench)
    here = opened(body, "GZ-1", key(running))
    assert here == load_tariff(json.dumps(tariff()).encode())


def test_numbers_of_the_file_are_signed_as_they_were_written(
    api: httpx.Client, bench: Bench, running: Running
) -> None:
    text = json.dumps(tariff()).replace('"5.00"', "5.10")
    assert api.post("/v1/tariffs", content=text.encode()).status_code == 200
    price = opened(rows(bench)[0], "GZ-1", key(running)).bands[0].price
    assert str(getattr(price, "amount", "")) == "5.10"


def test_the_same_again_changes_nothing_and_other_figures_are_refused(
    api: httpx.Client, bench: Bench
) -> None:
    publish(api, tariff())
    before = rows(bench)
    for same in (tariff(), tariff(bands=[band(0, 2000, "5")], tax_included=False)):
        assert publish(api, same).json()["verdict"] == "unchanged"
    other = publish(api, tariff(bands=[band(0, 2000, "6.00")], promise={"max_days": 9}))
    told = other.json()
    assert (other.status_code, told["code"]) == (409, "published")
    assert told["differences"] == [
        {"path": "bands[0].price.amount", "published": "5.00", "given": "6.00"},
        {"path": "promise.max_days", "published": "", "given": "9"},
    ]
    assert "5.00 is published, 6.00 was given" in told["detail"]
    assert rows(bench) == before


def test_another_first_day_under_the_same_version_is_a_change(api: httpx.Client) -> None:
    publish(api, tariff())
    told = publish(api, tariff(valid_from="2026-12-01")).json()
    assert [one["path"] for one in told["differences"]] == ["valid_from"]


def test_of_one_day_only_a_later_version_may_come(api: httpx.Client) -> None:
    publish(api, tariff(version="2"))
    told = publish(api, tariff(version="1"))
    assert (told.status_code, told.json()["code"]) == (409, "version_order")
    assert publish(api, tariff(version="2a", bands=[band(0, 2000, "4")])).status_code == 200


def test_every_version_stays_and_the_day_decides(api: httpx.Client) -> None:
    publish(api, tariff())
    publish(api, tariff(version="2", valid_from="2026-12-01", valid_to="2026-12-31"))
    publish(api, tariff(service="other"))

    def listed(**query: str) -> list[tuple[str, str]]:
        found = api.get("/v1/tariffs", params=query).json()["tariffs"]
        return [(one["service"], one["version"]) for one in found]

    assert listed() == [("line", "2026-11-01"), ("line", "2"), ("other", "2026-11-01")]
    assert listed(on="2026-11-30") == [("line", "2026-11-01"), ("other", "2026-11-01")]
    assert listed(on="2026-12-01") == [("line", "2"), ("other", "2026-11-01")]
    assert listed(on="2027-01-01")[0] == ("line", "2026-11-01")
    assert listed(on="2026-10-01") == []
    assert api.get("/v1/tariffs", params={"on": "soon"}).status_code == 422
    one = api.get("/v1/tariffs/yanwen/line/2026-11-01").json()
    assert one["document"]["tariff"]["bands"][0]["price"]["amount"] == "5.00"
    assert api.get("/v1/tariffs/yanwen/line/9").status_code == 404


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"currency": "RMB"}, "currency"),
        ({"zones": [{"code": "RU", "match": [{"countries": ["XX"]}]}]}, "country"),
        ({"bands": [band(0, 500, "5"), band(400, 2000, "6")]}, "overlap"),
        ({"bands": [band(0, 500, "5"), band(0, 500, "5")]}, "duplicate"),
        ({"colour": "red"}, "schema"),
    ],
)
def test_what_is_wrong_with_a_tariff_is_refused(
    api: httpx.Client, bench: Bench, changes: Raw, kind: str
) -> None:
    got = publish(api, tariff(**changes))
    told = got.json()
    assert (got.status_code, told["code"]) == (422, "lint")
    assert told["findings"][0]["kind"] == kind
    assert publish(api, tariff(**changes), accept=kind).status_code == 422
    assert rows(bench) == []


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"bands": [band(0, 500, "5"), band(600, 2000, "6")]}, "gap"),
        ({"bands": [band(0, 500, "5"), band(500, 2000, "4")]}, "non_monotone"),
        ({"valid_to": "2026-11-22"}, "expiring"),
    ],
)
def test_what_real_tables_have_may_be_meant(
    api: httpx.Client, clock: Clock, changes: Raw, kind: str
) -> None:
    assert clock.now().date().isoformat() <= "2026-11-22"
    assert publish(api, tariff(**changes)).status_code == 422
    got = publish(api, tariff(**changes), accept=f"{kind},gap").json()
    assert [one["kind"] for one in got["findings"]] == [kind]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b'{"schema": 1}'])
def test_what_is_no_tariff(api: httpx.Client, content: bytes) -> None:
    assert api.post("/v1/tariffs", content=content).status_code == 422


def test_a_version_has_a_name(api: httpx.Client) -> None:
    assert publish(api, tariff(version=" ")).json()["code"] == "version"


def test_who_may(api: httpx.Client, running: Running, http: httpx.Client) -> None:
    for role, status in (("packer", 403), ("auditor", 403), ("service", 403), ("supervisor", 200)):
        token = make_token(running.server, role, "GZ-1")
        headers = {"Authorization": f"Bearer {token}"}
        assert http.post("/v1/tariffs", json=tariff(), headers=headers).status_code == status
    assert http.get("/v1/tariffs").status_code == 401


def test_a_signature_is_of_one_site_one_server_and_every_figure(running: Running) -> None:
    private = Ed25519PrivateKey.generate()
    ours = base64.b64encode(private.public_key().public_bytes_raw()).decode()
    given = load_tariff(json.dumps(tariff()).encode())
    signed = document(given, "GZ-1", "2026-11-21T00:00:00.000Z")
    body: Raw = {"document": signed, "signature": sign(signed, private)}
    assert opened(body, "GZ-1", ours) == given
    dearer = json.loads(json.dumps(signed).replace("5.00", "9.00"))
    for wrong in (
        {**body, "document": dearer},
        {**body, "signature": ""},
        {**body, "signature": "?"},
        {"document": 5},
        {},
    ):
        with pytest.raises(InputInvalid):
            opened(wrong, "GZ-1", ours)
    for site, trusted in (("SZ-1", ours), ("GZ-1", key(running)), ("GZ-1", "")):
        with pytest.raises(InputInvalid):
            opened(body, site, trusted)


def test_a_bench_prices_by_what_it_pulled(
    api: httpx.Client, bench: Bench, running: Running
) -> None:
    rater = LateRater(resource("tariffs"), lambda: "2026-11-21", lambda: ("GZ-1", key(running)))
    order = Order(
        order_id="A",
        ship_to=Address(country="RU", postcode="614000"),
        lines=(OrderLine(line=1, sku="A", quantity=1),),
    )

    def prices() -> dict[str, str]:
        quotes, _ = rater.quote(order, {}, 500, (200, 150, 100))
        return {quote.service: str(quote.amount) for quote in quotes}

    assert prices() == {"e-packet": "42.00"}
    publish(api, tariff())
    publish(api, tariff(version="2", valid_from="2026-11-20", bands=[band(0, 2000, "4.00")]))
    publish(api, tariff(version="3", valid_from="2026-11-22", bands=[band(0, 2000, "9.00")]))
    assert set(rater.take(rows(bench))) == {"2026-11-01", "2026-11-20", "2026-11-22"}
    assert prices() == {"e-packet": "42.00", "line": "4.00"}


# --- by the command ------------------------------------------------------------------------


@pytest.fixture
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PACKSTATION_TOKEN", TOKEN)


def written(folder: Path, name: str, raw: object) -> Path:
    path = folder / name
    path.write_text(json.dumps(raw), "utf-8")
    return path


@pytest.mark.usefixtures("site", "token")
def test_files_are_published_and_one_that_is_refused_stops_no_other(
    running: Running, tmp_path: Path
) -> None:
    good = written(tmp_path, "a.json", tariff())
    bad = written(tmp_path, "b.json", tariff(service="b", currency="RMB"))
    book = tmp_path / "c.xlsx"
    more = written(tmp_path, "more.json", [tariff(service="c"), tariff(service="d")])
    assert packstation("tariffs", "export", more, "--out", book).status == 0
    done = packstation("tariffs", "publish", good, bad, book, "--server", running.url, "--json")
    assert done.status == 1
    assert (done.document["accepted"], done.document["unchanged"]) == (3, 0)
    (refused,) = done.document["rejected"]
    assert (refused["file"], refused["code"], refused["path"]) == (str(bad), "lint", "currency")
    again = packstation("tariffs", "publish", good, book, "--server", running.url)
    assert (again.status, again.out.splitlines()[0]) == (
        0,
        "0 accepted, 0 changed, 3 unchanged, 0 rejected",
    )
    other = written(tmp_path, "a.json", tariff(bands=[band(0, 2000, "6")]))
    told = packstation("tariffs", "publish", other, "--server", running.url)
    assert told.status == 1
    assert "bands[0].price.amount: 5.00 -> 6" in told.out
    listed = packstation("tariffs", "versions", "--server", running.url, "--on", "2026-11-21")
    assert "yanwen line 2026-11-01: from 2026-11-01 (integration" in listed.out


@pytest.mark.usefixtures("site", "token")
def test_findings_that_are_meant_are_named(running: Running, tmp_path: Path) -> None:
    path = written(tmp_path, "a.json", tariff(bands=[band(0, 500, "5"), band(500, 2000, "4")]))
    words = ("tariffs", "publish", path, "--server", running.url)
    refused = packstation(*words)
    assert (refused.status, refused.out.count("non_monotone: bands[1]")) == (1, 1)
    assert "--accept KIND" in refused.out
    done = packstation(*words, "--accept", "non_monotone")
    assert done.status == 0
    assert "non_monotone: bands[1]" in done.out


@pytest.mark.usefixtures("site", "token")
def test_what_a_server_cannot_answer(running: Running, tmp_path: Path) -> None:
    path = written(tmp_path, "a.json", tariff())
    there = ("--server", running.url)
    assert packstation("tariffs", "publish", path, *there, "--site", "SZ-9").status == 2
    assert packstation("tariffs", "versions", *there, "--on", "soon").status == 2
    assert packstation("tariffs", "publish", tmp_path / "none.json", *there).status == 2
