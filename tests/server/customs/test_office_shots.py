"""The office's pages in a real browser: every language, light and dark, desktop and phone."""

from __future__ import annotations

from pathlib import Path

import httpx
import msgspec

from packstation.domain.packing.customs_facts import PapersChecked
from packstation.domain.templates import Extra, Templates
from packstation.server.run import Running
from tests.documents.papers.consignments import letterhead
from tests.server.bench import Bench
from tests.server.browser import Browser
from tests.server.customs import law, office
from tests.server.pages import IN_A_BROWSER, LOOKS, SIZES, fits, sign_in

pytestmark = IN_A_BROWSER
EVIL = "<script>alert(1)</script>"


def work(api: httpx.Client, bench: Bench) -> str:
    """Goods and orders of all kinds, a pack to try, a consignment under way; its id."""
    office.opened(api)
    nothing = {"amount": "0", "currency": "CNY"}
    evil = office.product(EVIL, unit_value=nothing, description=EVIL)
    long = office.product("LONG-" + "W" * 55, unit_value=nothing)
    office.put(api, "catalog", [evil, long])
    office.put(
        api,
        "orders",
        [
            office.order("B-1", EVIL, paid="12.50"),
            office.order("40112233-0007-" + "9" * 40, "LONG-" + "W" * 55, paid="1234567.89"),
            {**office.order("NO-PHONE"), "ship_to": {"name": "A", "country": "DE"}},
        ],
    )
    for n, rules in enumerate((("R14", "R24"), ("R14",), ("R36",))):
        told = PapersChecked(
            parcel=f"p-{n}",
            moment="label",
            pack="2026-11-20",
            digest="0" * 64,
            ok=False,
            rules=rules,
            skus=("TS",),
            refs=("products[TS].customs.description",),
            blocks=1,
        )
        bench.note(told, order=f"A-{n + 1}")
    bench.push()
    office.checked(api)
    bench.note(*(looked_again(n) for n in (0, 2)), order="A-1")
    bench.push(start=4)
    return under_way(api)


def looked_again(n: int) -> PapersChecked:
    return PapersChecked(parcel=f"p-{n}", moment="label", pack="x", digest="", ok=True)


def under_way(api: httpx.Client) -> str:
    """A consignment with a question and two declarations; its id."""
    members = [f"badge:{office.BROKER['badge']}"]
    api.post("/v1/customs/brokers", json={"id": "wolf", "name": "Wolf GmbH", "members": members})
    path = "/v1/customs/consignments"
    key = str(api.post(path, json={"orders": ["A-4"], "name": f"Berlin {EVIL}"}).json()["id"])
    assert api.post(f"{path}/{key}/hand", json={"broker": "wolf"}).status_code == 200
    for to, more in (
        ("prepared", {}),
        ("submitted", {"channel": "broker"}),
        ("queried", {"words": "Welche Faser? " * 8}),
    ):
        step = {"to": to, **more}
        assert api.post(f"{path}/{key}/legs/import", json=step).status_code == 200
    api.post(f"{path}/{key}/legs/export", json={"to": "prepared"})
    api.post(f"{path}/{key}/notes", json={"kind": "question", "words": EVIL})
    return key


def library(api: httpx.Client) -> None:
    """Letterheads, one in use and one not."""
    long = "W" * 60
    texts = tuple(Extra(place="slip-foot", language=one, text="ok") for one in ("en", "zh", "ru"))
    other = letterhead(id=long, store=long, texts=texts, letterhead=(EVIL,))
    content = msgspec.json.encode(Templates(templates=(letterhead(), other)))
    params = {"site": "GZ-1", "why": "moved to a new office"}
    told = api.post("/v1/customs/templates", params=params, content=content).json()
    assert told["accepted"] == 2, told
    path = "/v1/customs/templates/baiyun/1/activate"
    assert api.post(path, params=params, json={"reason": "looked at"}).status_code == 200


def test_the_office_in_every_look(
    running: Running, api: httpx.Client, bench: Bench, browser: Browser, shots: Path
) -> None:
    key = work(api, bench)
    stops = law.rule("R36", "product.customs.material", than="cotton")
    sent = api.post("/v1/customs/packs", content=law.sign(law.pack("2026-11-21", stops)))
    library(api)
    pages = {
        "queue": "/customs?x",
        "sku": "/customs/sku?id=NO-VALUE",
        "order": "/customs/order?id=NO-PHONE",
        "rules": "/customs/rules?x",
        "preview": f"/customs/rules/preview?sha256={sent.json()['sha256']}",
        "letterheads": "/customs/templates?x",
        "letterhead": "/customs/template?id=baiyun&kind=invoice&language=ru",
        "new-letterhead": "/customs/template?x",
        "consignments": "/customs/consignments?x",
        "consignment": f"/customs/consignment?id={key}",
    }
    browser.look(1366, 768, "light")
    sign_in(browser, running.url, office.CLERK["name"], office.PIN, "/customs")
    for size, scheme, language in LOOKS:
        width, height = SIZES[size]
        browser.look(width, height, scheme, phone=size == "phone")
        browser.cookie("ps_language", language, running.url)
        for name, path in pages.items():
            browser.open(f"{running.url}{path}&look={size}-{scheme}-{language}")
            browser.until("document.readyState === 'complete' && !!document.querySelector('main')")
            browser.shot(shots / f"office-{name}-{size}-{scheme}-{language}.png", whole=True)
            assert fits(browser) == [], (name, size, language)
    assert browser.problems == []


def test_typing_is_judged_and_saving_releases_in_the_browser(
    running: Running, api: httpx.Client, browser: Browser, shots: Path
) -> None:
    office.opened(api)
    browser.look(1366, 768, "dark")
    sign_in(browser, running.url, office.CLERK["name"], office.PIN, "/customs")
    browser.cookie("ps_language", "en", running.url)
    browser.open(f"{running.url}/customs/sku?id=NO-VALUE")
    browser.until("document.querySelectorAll('#findings .findings li').length === 1")
    field = "document.getElementById('f-customs-unit_value')"
    browser.value(f"{field}.focus(); {field}.select()")
    browser.call("Input.insertText", text="59.90")
    browser.until("!!document.querySelector('#findings .good')")
    browser.shot(shots / "office-lint-dark-en.png")
    for kind in ("rawKeyDown", "keyUp"):  # the keyboard alone is enough
        browser.call(
            "Input.dispatchKeyEvent",
            type=kind,
            key="Enter",
            code="Enter",
            windowsVirtualKeyCode=13,
            text="\r",
        )
    browser.value("document.querySelector('form.edit').requestSubmit()")
    browser.until(
        "document.querySelector('[role=status]')?.textContent.includes('2 parcels released')"
    )
    browser.open(f"{running.url}/customs")
    browser.until("document.body.textContent.includes('Nothing is stopped at customs')")
    browser.shot(shots / "office-empty-dark-en.png")
    assert browser.problems == []


def test_a_broker_and_an_empty_office(
    running: Running, api: httpx.Client, browser: Browser, shots: Path
) -> None:
    office.put(api, "people", {"people": list(office.STAFF)})
    members = [f"badge:{office.BROKER['badge']}"]
    api.post("/v1/customs/brokers", json={"id": "wolf", "name": "Wolf GmbH", "members": members})
    browser.look(390, 844, "light", phone=True)
    sign_in(browser, running.url, office.BROKER["name"], office.PIN, "/customs")
    for language in ("en", "zh_Hans", "ru"):
        browser.cookie("ps_language", language, running.url)
        browser.open(f"{running.url}/customs/consignments?look={language}")
        browser.shot(shots / f"office-broker-empty-{language}.png", whole=True)
        assert fits(browser) == [], language
    assert browser.problems == []


def test_the_queue_changes_by_itself(running: Running, api: httpx.Client, browser: Browser) -> None:
    office.opened(api)
    browser.look(1366, 768, "light")
    sign_in(browser, running.url, office.CLERK["name"], office.PIN, "/customs")
    browser.open(f"{running.url}/customs")
    browser.until("document.querySelector('.blocks').textContent.includes('NO-VALUE')")
    office.put(api, "catalog", [office.product("NO-VALUE")])
    browser.until("!document.querySelector('.blocks')")
    assert browser.problems == []
