"""Letterheads at the office: edited on a page, kept by version, tried, looked at, then used."""

from __future__ import annotations

import base64
import io
import re
import struct
import zlib
from collections.abc import Mapping
from datetime import date
from typing import Any

import httpx
import msgspec
import pytest
from msgspec.structs import replace
from PIL import Image

from packstation.domain.templates import Extra, Template, Templates, choose
from packstation.server import rows
from packstation.server.run import Running
from tests.documents.papers.consignments import letterhead, picture
from tests.server.bench import Bench
from tests.server.customs.office import BROKER, LEAD, PIN
from tests.server.test_changes import pull

EVIL = "<script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
FORM = {
    "id": "baiyun",
    "store": "ozon-2",
    "destinations": "ru, by",
    "letterhead": "Baiyun Trading\nRoom 1203, Guangzhou",
    "text.invoice-foot.en": "Bank: Example Bank\nIBAN 00",
    "text.invoice-foot.ru": "Спасибо",
    "why": "new office",
    "rev": "0",
}


def save(
    web: httpx.Client,
    csrf: str,
    pictures: Mapping[str, bytes] | None = None,
    more: Mapping[str, Any] | None = None,
    **fields: Any,  # noqa: ANN401 - a text or several
) -> httpx.Response:
    data = {**FORM, "csrf": csrf, **(more or {}), **fields}
    sent = {name: (name, content, "image/png") for name, content in (pictures or {}).items()}
    return web.post("/customs/template", data=data, files=sent or {"logo": ("", b"", "")})


def act(web: httpx.Client, csrf: str, what: str, version: int, why: str = "checked") -> Any:  # noqa: ANN401
    data = {"csrf": csrf, "id": "baiyun", "version": str(version), "why": why}
    return web.post(f"/customs/template/{what}", data=data)


def of_benches(bench: Bench) -> list[tuple[str, str, Any]]:
    return [(row.id, row.op, row.body) for row in pull(bench).rows if row.t == "templates"]


def in_use(bench: Bench) -> list[tuple[str, int]]:
    return sorted((one.id, one.version) for one in pulled(bench))


def pulled(bench: Bench) -> tuple[Template, ...]:
    bodies = [body for _, op, body in of_benches(bench) if op == "put"]
    return tuple(msgspec.convert(dict(body), Template) for body in bodies)


def again(version: int) -> dict[str, Any]:
    return {"origin": "baiyun", "base": str(version), "rev": str(version)}


def test_a_letterhead_is_kept_looked_at_and_then_used(
    web: httpx.Client, csrf: str, bench: Bench
) -> None:
    answer = save(web, csrf, {"logo": picture(size=(1800, 400))}, kinds=["invoice", "slip"])
    assert answer.status_code == 303, answer.text
    page = web.get(answer.headers["location"])
    assert "Version 1 is kept. It is not in use yet" in page.text
    assert of_benches(bench) == []
    source = re.search(r'src="(/customs/template/picture[^"]+)"', page.text)
    assert source
    seen = web.get(source[1].replace("&amp;", "&"))
    assert seen.headers["content-type"] == "image/png"
    assert Image.open(io.BytesIO(seen.content)).width > 800

    refused = act(web, csrf, "use", 1, why=" ")
    assert (refused.status_code, "Say why." in refused.text) == (422, True)
    done = act(web, csrf, "use", 1)
    assert done.status_code == 303
    assert "Papers are drawn with version 1" in web.get(done.headers["location"]).text
    ((key, op, body),) = of_benches(bench)
    assert (key, op) == ("baiyun/1", "put")
    found = msgspec.convert(dict(body), Template)
    assert (found.store, found.destinations, found.kinds) == (
        "ozon-2",
        ("RU", "BY"),
        ("invoice", "slip"),
    )
    assert found.text("invoice-foot", "en") == "Bank: Example Bank\nIBAN 00"
    logo = Image.open(io.BytesIO(base64.b64decode(dict(body)["images"][found.logo])))
    assert (logo.format, logo.width) == ("PNG", 900)


def test_versions_stay_and_going_back_is_a_new_one(
    web: httpx.Client, csrf: str, bench: Bench
) -> None:
    save(web, csrf, {"logo": picture()})
    act(web, csrf, "use", 1)
    moved = save(web, csrf, letterhead="Baiyun Trading\nMoved", **again(1))
    assert moved.status_code == 303
    act(web, csrf, "use", 2, why="moved")
    assert in_use(bench) == [("baiyun", 2)]
    old = web.get("/customs/template", params={"id": "baiyun", "version": 1}).text
    assert "This is an older version; the newest is 2." in old
    assert "Room 1203, Guangzhou" in old
    back = save(web, csrf, origin="baiyun", base="1", rev="2", why="not moved after all")
    assert "version=3" in back.headers["location"]
    act(web, csrf, "use", 3)
    assert in_use(bench) == [("baiyun", 3)]
    page = web.get("/customs/template", params={"id": "baiyun"}).text
    for told in ("not moved after all", "version 2 replaced", "version 1 kept", "Olga Klein"):
        assert told in page
    # Its logo came with it, from the version that it was made of.
    assert 'role=logo"' in page
    act(web, csrf, "withdraw", 3, why="closed")
    assert in_use(bench) == []
    assert act(web, csrf, "withdraw", 3).status_code == 409


def test_the_same_again_is_no_version(web: httpx.Client, csrf: str) -> None:
    save(web, csrf, {"logo": picture()})
    same = save(web, csrf, **again(1))
    assert "done=same" in same.headers["location"]
    other = save(web, csrf, **again(1), more={"drop.logo": "1"})
    assert "version=2" in other.headers["location"]


def test_two_at_once(web: httpx.Client, csrf: str) -> None:
    save(web, csrf)
    save(web, csrf, letterhead="First", **again(1))
    second = save(web, csrf, letterhead="Second", **again(1))
    assert second.status_code == 409
    assert "Somebody kept a newer version meanwhile" in second.text
    assert "Second" in second.text  # what was typed is still there
    assert 'name="rev" value="2"' in second.text
    assert save(web, csrf).status_code == 409  # the name is taken


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"id": "../x"}, "../x will not do"),
        ({"id": EVIL}, "&lt;script&gt;alert(1)&lt;/script&gt; will not do"),
        ({"destinations": "RU, EU"}, "EU is no country"),
        ({"valid_from": "tomorrow"}, "tomorrow is no day"),
        ({"valid_from": "2026-12-31", "valid_to": "2026-12-01"}, "it ends before it begins"),
        ({"letterhead": "a\n" * 9}, "At most 8 lines"),
        ({"letterhead": "ไทย"}, "no font has the character U+0E44"),
        ({"letterhead": ("W" * 120 + "\n") * 8}, "more text than the paper has room for"),
        ({"store": "x" * 65}, "At most 64 characters"),
        ({"text.invoice-foot.en": "a" * 601}, "At most 600 characters"),
        ({"text.slip-foot.ru": "ع"}, "Packing slip: after the goods (ru): no font"),
        ({"text.invoice-head.en": "a\n" * 250}, "Invoice: before the goods (en): more text"),
        ({"text.invoice-foot.xxxx": "a"}, "At most 600 characters"),
        ({"site": "GZ-9"}, "GZ-9 is another site"),
        ({"why": " "}, "Say why."),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_what_will_not_do_is_told_beside_its_field(
    web: httpx.Client, csrf: str, bench: Bench, fields: dict[str, str], told: str
) -> None:
    answer = save(web, csrf, more=fields)
    assert answer.status_code == 422
    assert told in answer.text
    assert EVIL not in answer.text
    if "why" not in fields:
        name = next(iter(fields)) if "valid_to" not in fields else "valid_to"
        field = re.search(rf'<(?:input|textarea|select)[^>]*name="{name}"[^>]*>', answer.text)
        if field:
            assert 'aria-invalid="true"' in field[0]
    assert "Baiyun" in answer.text or "letterhead" in fields
    assert of_benches(bench) == []


@pytest.mark.parametrize(
    "content",
    [SVG, b"GIF89a", b"%PDF-1.4", picture("RGB", "BMP", (8, 8)), b"\x89PNG\r\n\x1a\n" + bytes(99)],
    ids=["svg", "gif", "pdf", "bmp", "broken"],
)
def test_a_file_that_is_no_picture_is_refused(web: httpx.Client, csrf: str, content: bytes) -> None:
    answer = save(web, csrf, {"signature": content})
    assert answer.status_code == 422
    assert "Signature: no PNG or JPEG that can be used" in answer.text
    assert "Choose new pictures again." in answer.text
    large = save(web, csrf, {"logo": bytes(300_001)})
    assert "Logo: no PNG or JPEG that can be used (300001" in large.text


def test_a_picture_loses_all_that_it_carried(web: httpx.Client, csrf: str) -> None:
    sent = picture()
    hidden = sent[:-12] + _chunk(EVIL.encode()) + sent[-12:]
    save(web, csrf, {"logo": hidden})
    params = {"id": "baiyun", "role": "logo"}
    kept = web.get("/customs/template/image", params=params)
    assert kept.headers["content-type"] == "image/png"
    assert kept.headers["x-content-type-options"] == "nosniff"
    assert b"script" not in kept.content
    assert web.get("/customs/template/image", params={**params, "role": "id"}).status_code == 404


def _chunk(text: bytes) -> bytes:
    body = b"tEXt" + b"Comment\x00" + text
    return struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))


def test_hostile_texts_are_texts(web: httpx.Client, csrf: str) -> None:
    answer = save(
        web, csrf, letterhead=EVIL, store=EVIL, why=EVIL, more={"text.slip-foot.en": EVIL}
    )
    page = web.get(answer.headers["location"])
    assert page.status_code == 200
    for html in (page.text, web.get("/customs/templates").text):
        assert EVIL not in html
        assert "&lt;script&gt;" in html


def test_two_for_the_same_papers_are_not_both_used(
    web: httpx.Client, csrf: str, bench: Bench
) -> None:
    save(web, csrf)
    act(web, csrf, "use", 1)
    save(web, csrf, id="other", destinations="BY")
    refused = web.post(
        "/customs/template/use", data={"csrf": csrf, "id": "other", "version": "1", "why": "x"}
    )
    assert refused.status_code == 409
    assert "baiyun is in use for the same papers" in refused.text
    assert in_use(bench) == [("baiyun", 1)]


def test_one_for_some_days_lies_over_the_one_below(
    web: httpx.Client, csrf: str, bench: Bench
) -> None:
    save(web, csrf)
    act(web, csrf, "use", 1)
    save(web, csrf, letterhead="Merry", valid_from="2026-12-01", valid_to="2026-12-31", **again(1))
    act(web, csrf, "use", 2)
    assert in_use(bench) == [("baiyun", 1), ("baiyun", 2)]
    found = pulled(bench)
    asked = {"site": "GZ-1", "store": "ozon-2", "destination": "RU", "kind": "invoice"}
    for day, version in ((date(2026, 11, 30), 1), (date(2026, 12, 1), 2), (date(2027, 1, 1), 1)):
        chosen = choose(found, on=day, **asked)
        assert chosen
        assert chosen.version == version
    save(web, csrf, letterhead="Moved", valid_from="", valid_to="", **again(2))
    act(web, csrf, "use", 3)
    assert in_use(bench) == [("baiyun", 3)]


def upload(web: httpx.Client, csrf: str, content: bytes, why: str = "move") -> httpx.Response:
    files = {"file": ("x.json", content, "application/json")}
    return web.post("/customs/templates", data={"csrf": csrf, "why": why}, files=files)


def test_a_file_is_taken_whole_or_not_at_all(web: httpx.Client, csrf: str) -> None:
    good = Templates(templates=(letterhead(), Template(id="other", store="x")))
    bad = replace(good, templates=(letterhead(), letterhead(id="b", store="x", logo="0" * 64)))
    refused = upload(web, csrf, msgspec.json.encode(bad))
    assert refused.status_code == 422
    assert "templates[1].logo: the picture" in refused.text
    assert "No letterhead yet" in refused.text
    taken = upload(web, csrf, msgspec.json.encode(good))
    assert "2 versions kept" in web.get(taken.headers["location"]).text
    same = upload(web, csrf, msgspec.json.encode(good))
    assert "2 were the same already" in web.get(same.headers["location"]).text
    given = web.get("/customs/template/file", params={"id": "baiyun"})
    assert given.headers["content-disposition"] == 'attachment; filename="baiyun-1.json"'
    (one,) = msgspec.json.decode(given.content, type=Templates).templates
    assert one.letterhead == letterhead().letterhead
    for content in (b"", b"{}", b"[" * 5000, b"\xff"):
        answer = upload(web, csrf, content)
        assert (answer.status_code, "No file of letterheads" in answer.text) == (422, True)
    named = upload(web, csrf, b'{"templates":[{"id":"<b>"}]}')
    assert (named.status_code, "templates[0].id" in named.text) == (422, True)
    assert "<b>" not in named.text


def test_only_clerks_come_in(web: httpx.Client, running: Running) -> None:
    for who in (LEAD, BROKER):
        with httpx.Client(base_url=running.url, headers={"Accept": "text/html"}) as other:
            other.post("/sign-in", data={"name": who["name"], "secret": PIN})
            for path in ("templates", "template", "template/picture?id=x", "template/file?id=x"):
                assert other.get(f"/customs/{path}").status_code == 403, path
            assert upload(other, "", b"{}").status_code == 403
            assert "/customs/templates" not in other.get("/customs/rules").text
    with httpx.Client(base_url=running.url, headers={"Accept": "text/html"}) as nobody:
        assert nobody.get("/customs/templates").status_code == 303


def test_a_form_of_another_page_is_refused(web: httpx.Client, csrf: str) -> None:
    del csrf
    assert save(web, "wrong").status_code == 403
    assert act(web, "wrong", "use", 1).status_code == 403
    assert upload(web, "wrong", b"{}").status_code == 403


def test_programs_keep_and_use_templates(
    web: httpx.Client, api: httpx.Client, bench: Bench
) -> None:
    del web
    content = msgspec.json.encode(Templates(templates=(letterhead(),)))
    path, params = "/v1/customs/templates", {"site": "GZ-1", "why": "move"}
    told = api.post(path, params=params, content=content).json()
    assert (told["accepted"], told["kept"], told["used"]) == (1, [["baiyun", 1]], 0)
    assert in_use(bench) == []
    used = api.post(f"{path}/baiyun/1/activate", params=params, json={"reason": "seen"})
    assert used.json() == {"id": "baiyun", "version": 1, "used": True}
    assert in_use(bench) == [("baiyun", 1)]
    (listed,) = api.get(path, params=params).json()["templates"]
    assert (listed["id"], listed["version"], listed["used"]) == ("baiyun", 1, [1])
    document = api.get(f"{path}/baiyun/1", params=params).json()
    assert document["templates"][0]["letterhead"] == list(letterhead().letterhead)
    newer = letterhead(letterhead=("Newer",))
    content = msgspec.json.encode(Templates(templates=(newer,)))
    told = api.post(path, params={**params, "use": 1}, content=content).json()
    assert (told["changed"], told["used"]) == (1, 1)
    assert in_use(bench) == [("baiyun", 2)]
    broken = msgspec.json.encode(Templates(templates=(letterhead(logo="0" * 64),)))
    told = api.post(path, params=params, content=broken).json()
    assert {one["kind"] for one in told["rejected"]} == {"no_image", "unused"}
    rival = msgspec.json.encode(Templates(templates=(Template(id="rival"),)))
    api.post(path, params=params, content=rival)
    answer = api.post(f"{path}/rival/1/activate", params=params, json={"reason": "x"})
    assert (answer.status_code, answer.json()["templates"]) == (409, ["baiyun"])
    assert api.get(f"{path}/nobody/1", params=params).status_code == 404
    gone = api.post(f"{path}/baiyun/2/withdraw", params=params, json={"reason": "x"})
    assert gone.json()["used"] is False


def test_answers_of_changes_stay_small(
    web: httpx.Client, csrf: str, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = (Extra(place="slip-foot", language="en", text="a" * 600),)
    found = tuple(Template(id=f"t{n}", store=f"s{n}", texts=texts) for n in range(5))
    upload(web, csrf, msgspec.json.encode(Templates(templates=found)))
    for one in found:
        data = {"csrf": csrf, "id": one.id, "version": "1", "why": "x"}
        assert web.post("/customs/template/use", data=data).status_code == 303
    monkeypatch.setattr(rows, "MAX_BYTES", 2000)
    got, cursor, more = 0, "", True
    while more:
        answer = pull(bench, cursor=cursor)
        assert answer.rows
        got += sum(row.t == "templates" for row in answer.rows)
        cursor, more = answer.cursor, answer.more
    assert got == 5
