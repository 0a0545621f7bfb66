"""A bench's prices: the program's examples, and what the site's server has signed."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from packstation.assets import resource
from packstation.bootstrap.late import LateRater, nobody, server_of
from packstation.carriers.tariff_signing import document, sign
from packstation.carriers.tariffs import load_tariff
from packstation.client.enrolment import FILE, Enrolment, keep
from packstation.domain.errors import InputInvalid
from packstation.domain.orders import Address, Order, OrderLine

TODAY = "2026-11-21"
PRIVATE = Ed25519PrivateKey.generate()
KEY = base64.b64encode(PRIVATE.public_key().public_bytes_raw()).decode()
ORDER = Order(
    order_id="A",
    ship_to=Address(country="RU", postcode="614000"),
    lines=(OrderLine(line=1, sku="A", quantity=1),),
)


def published(
    fixed: str, *, service: str = "e-packet", site: str = "GZ-1", **more: object
) -> Mapping[str, object]:
    raw = json.loads(resource("tariffs", "chinapost-e-packet.json").read_text("utf-8"))
    raw["bands"][0]["price"]["fixed"] = fixed
    raw |= {"service": service, "version": fixed, "valid_from": "2026-01-01", **more}
    signed = document(load_tariff(json.dumps(raw).encode()), site, "2026-11-21T00:00:00.000Z")
    return {"document": signed, "signature": sign(signed, PRIVATE)}


def rater(key: str = KEY) -> LateRater:
    return LateRater(resource("tariffs"), lambda: TODAY, lambda: ("GZ-1", key))


def prices(of: LateRater) -> dict[str, str]:
    quotes, _ = of.quote(ORDER, {}, 1000, (300, 200, 100))
    return {quote.service: str(quote.amount) for quote in quotes}


def test_what_the_site_published_takes_the_place_of_the_example() -> None:
    here = rater()
    here.warm()
    assert prices(here) == {"e-packet": "72.00"}
    here.take([published("13"), published("1", service="line")])
    assert prices(here) == {"e-packet": "73.00", "line": "61.00"}
    here.take([])
    assert prices(here) == {"e-packet": "72.00"}


def test_the_day_decides_among_versions() -> None:
    here = rater()
    here.take(
        [
            published("13"),
            published("14", valid_from="2026-11-21"),
            published("15", valid_from="2026-11-22"),
        ]
    )
    assert prices(here) == {"e-packet": "74.00"}


def test_before_its_first_day_a_published_service_has_no_price_of_an_example() -> None:
    here = rater()
    here.take([published("13", valid_from="2026-12-01")])
    quotes, refusals = here.quote(ORDER, {}, 1000, (300, 200, 100))
    assert (quotes, [one.reason for one in refusals]) == ((), ["date"])


def test_what_nobody_trusted_has_signed_is_passed_over(caplog: pytest.LogCaptureFixture) -> None:
    mine = dict(published("13"))
    mine["signature"] = "AAAA"
    here = rater()
    here.take([mine, published("9", site="SZ-1"), {}, published("1", service="line")])
    assert prices(here) == {"e-packet": "72.00", "line": "61.00"}
    assert sum("tariff not taken" in one.message for one in caplog.records) == 3
    stranger = rater(key="")
    stranger.take([published("13")])
    assert prices(stranger) == {"e-packet": "72.00"}


def test_whose_tariffs_a_bench_takes(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert server_of(tmp_path)() == nobody() == ("", "")
    joined = Enrolment(
        server_url="https://a", station_id="1", name="07", site="GZ-1", server_key=KEY
    )
    keep(tmp_path, joined, "")
    assert server_of(tmp_path)() == ("GZ-1", KEY)
    (tmp_path / FILE).write_bytes(b"{")
    here = LateRater(resource("tariffs"), lambda: TODAY, server_of(tmp_path))
    here.take([published("13")])
    assert prices(here) == {"e-packet": "72.00"}
    assert any("whose tariffs" in one.message for one in caplog.records)


def test_a_folder_that_cannot_be_read_is_told_when_a_price_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{}", "utf-8")
    here = LateRater(tmp_path, lambda: TODAY, lambda: ("GZ-1", KEY))
    here.take([published("13")])
    with pytest.raises(InputInvalid):
        prices(here)
