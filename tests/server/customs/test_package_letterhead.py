"""A broker's package has the papers as the seller has them: letterhead, own words, signature."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import httpx
import pdfplumber
import pytest

from packstation.assets import resource
from packstation.customs.packs import read_folder
from packstation.server.customs import packs
from packstation.server.run import Running
from packstation.server.tokens import make_token
from tests.documents.papers.consignments import picture
from tests.documents.papers.pages import faults, missing, text
from tests.server.customs.test_package import handed, order, taken
from tests.server.customs.test_templates import act, save

SIGNED: dict[str, Any] = {"name": "Lin Yue", "authorised": True}
LETTERHEAD = "Baiyun Trading 白云贸易\nRoom 1203, Guangzhou"
TEXTS = {
    "text.invoice-foot.en": "Bank: Example Bank\nIBAN 00",
    "text.packing-foot.en": "Claims within 14 days",
}


@pytest.fixture(autouse=True)
def built_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """The law as it is shipped."""
    own = read_folder(resource("customs"))
    monkeypatch.setattr(packs, "built_in", lambda: own)


@pytest.fixture
def program(running: Running, api: httpx.Client) -> Iterator[httpx.Client]:
    """The program of the broker Wolf."""
    told = {"id": "wolf", "members": ["token:wolf-edi"]}
    assert api.post("/v1/customs/brokers", json=told).status_code == 200
    token = make_token(running.server, "broker", "GZ-1", "wolf-edi")
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=running.url, headers=headers, timeout=60) as client:
        yield client


def kept(web: httpx.Client, csrf: str, **fields: Any) -> None:  # noqa: ANN401 - of the form
    """A letterhead of all sellers to everywhere, in use."""
    pictures = {"logo": picture(), "signature": picture(size=(400, 120))}
    whole = {"store": "", "destinations": "", "letterhead": LETTERHEAD, **fields}
    answer = save(web, csrf, pictures, TEXTS, **whole)
    assert answer.status_code == 303, answer.text
    assert act(web, csrf, "use", 1).status_code == 303


def papers(program: httpx.Client, api: httpx.Client, **patch: Any) -> dict[str, bytes]:  # noqa: ANN401 - JSON
    raw = order("W-1", service="parcel", options=["packing_list"], **patch)
    manifest, files = taken(program, handed(api, raw))
    assert manifest["not_made"] == []
    found = {path.partition("/")[2]: content for path, content in files.items()}
    return {name: content for name, content in found.items() if name.endswith(".pdf")}


def pictures(pdf: bytes) -> int:
    """How many pictures its pages show."""
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        return sum(len(page.images) for page in document.pages)


def test_logo_texts_and_signature_are_on_the_brokers_papers(
    web: httpx.Client, csrf: str, api: httpx.Client, program: httpx.Client
) -> None:
    kept(web, csrf)
    found = papers(program, api, signer=SIGNED)

    for name, foot in (
        ("invoice.pdf", ["Bank: Example Bank", "IBAN 00"]),
        ("packing-list.pdf", ["Claims within 14 days"]),
    ):
        wanted = ["Baiyun Trading", "白云贸易", "Room 1203, Guangzhou", *foot]
        assert missing(found[name], wanted) == [], name
        assert pictures(found[name]) == 2, name
        assert faults(found[name]) == [], name
        assert len(found[name]) < 60 * 1024
    # A form of the post has no letterhead.
    assert pictures(found["cn23.pdf"]) == 0
    assert "白云贸易" not in text(found["cn23.pdf"])


def test_who_may_not_sign_leaves_the_line_to_the_pen(
    web: httpx.Client, csrf: str, api: httpx.Client, program: httpx.Client
) -> None:
    kept(web, csrf)
    found = papers(program, api, signer={"name": "Lin Yue"})

    assert pictures(found["invoice.pdf"]) == 1
    assert missing(found["invoice.pdf"], ["Baiyun Trading", "Signature"]) == []


@pytest.mark.parametrize("fields", [{"store": "ozon-2"}, {"destinations": "ru, by"}])
def test_another_sellers_letterhead_is_not_on_them(
    web: httpx.Client,
    csrf: str,
    api: httpx.Client,
    program: httpx.Client,
    fields: dict[str, str],
) -> None:
    kept(web, csrf, **fields)
    found = papers(program, api, signer=SIGNED)

    assert pictures(found["invoice.pdf"]) == 0
    assert "白云贸易" not in text(found["invoice.pdf"])
