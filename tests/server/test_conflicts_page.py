"""Parcels that must not leave, on the floor page: which, where, why, and done by a supervisor."""

from __future__ import annotations

import html

import httpx
import pytest

from tests.server.claiming import import_orders
from tests.server.conftest import NewBench
from tests.server.test_conflicts import ONE, TWO, pack
from tests.server.test_web import csrf, sign_in, web

__all__ = ["web"]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", (f"Bench 02: open {TWO} and put its goods back. Bench 01's parcel stands.", "Done")),
        ("ru", (f"Стол 02: откройте {TWO} и верните товар. Посылка стола 01 остаётся.", "Сделано")),
        ("zh_Hans", (f"02 号工位：打开 {TWO}，商品归位；保留 01 号工位的包裹。", "已处理")),
    ],
)
def test_the_floor_says_which_parcel_where_and_why(
    web: httpx.Client,
    api: httpx.Client,
    new_bench: NewBench,
    language: str,
    words: tuple[str, str],
) -> None:
    import_orders(api, "A-1")
    pack(new_bench("01"), ONE)
    pack(new_bench("02"), TWO)
    sign_in(web)
    web.post("/look", data={"language": language})
    page = html.unescape(web.get("/floor").text)
    for said in words:
        assert said in page


def test_a_supervisor_says_done_and_the_parcel_is_gone_from_the_page(
    web: httpx.Client, api: httpx.Client, new_bench: NewBench
) -> None:
    import_orders(api, "A-1")
    pack(new_bench("01"), ONE)
    api.post("/v1/orders/A-1/cancel")
    sign_in(web)
    assert f"take {ONE} off" in html.unescape(web.get("/floor").text)
    path = f"/floor/parcels/s-{ONE}/done"
    assert web.post(path).status_code == 403
    answer = web.post(path, data={"csrf": csrf(web)})
    assert (answer.status_code, answer.headers["location"]) == (303, "/floor#A-1")
    assert f"take {ONE} off" not in html.unescape(web.get("/floor").text)
    assert web.post(path, data={"csrf": csrf(web)}).status_code == 404
