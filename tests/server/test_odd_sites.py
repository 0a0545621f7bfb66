"""A site's row with a time zone or a currency that there is not: refused before a bench has it."""

from __future__ import annotations

import httpx
import pytest
from msgspec.structs import replace

from packstation.domain.psp import SiteBody
from packstation.server.run import Running
from packstation.server.sites import put_site


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"zone": "Asia"}, "zone"),
        ({"zone": "Mars/Base"}, "zone"),
        ({"zone": "../../etc/passwd"}, "zone"),
        ({"zone": "x" * 5000}, "zone"),
        ({"zone": "\x00"}, "zone"),
        ({"currency": "NaN"}, "currency"),
        ({"currency": "RMB"}, "currency"),
    ],
)
def test_a_zone_or_currency_that_is_none_is_refused_by_name(
    api: httpx.Client, wrong: dict[str, str], path: str
) -> None:
    answer = api.post("/v1/import/site", json={"code": "GZ-1", **wrong})
    assert answer.status_code == 422
    assert path in answer.text


@pytest.mark.parametrize("zone", ["Asia", "x" * 5000, "Mars/Base"])
def test_one_that_is_kept_already_breaks_no_page(
    api: httpx.Client, running: Running, zone: str
) -> None:
    with running.server.store.write() as connection:
        put_site(running.server, connection, replace(SiteBody(code="GZ-1"), zone=zone))
    for page in ("/v1/handover", "/handover", "/costs", "/pools", "/carriers"):
        assert api.get(page).status_code == 200, page
