"""Who judges marketplace data of units: no gate, one over HTTP, and people who answer."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import httpx
import msgspec
import pytest

from packstation.domain.errors import SettingsError
from packstation.domain.packing import facts as f
from packstation.domain.packing.item_facts import RequirementGiven
from packstation.server.gates import Asked, HttpGate, SandboxGate, Verdict, gate_of
from packstation.server.run import Running
from tests.server.bench import Bench, plan
from tests.server.conftest import TOKEN
from tests.server.test_changes import pull

IMEI = "490154203237518"
ASKED = Asked(order="A-1", sku="PHONE", kind="imei", value=IMEI)
OPEN = f.SessionOpened(order_id="A-1", rev=1, lines=(plan(1, "PHONE", 2),), parcel_id="P")
HEADERS = {"Authorization": f"Bearer {TOKEN}"}


class Market(BaseHTTPRequestHandler):
    """A marketplace: its answer by the value it is asked about."""

    said: ClassVar[dict[str, tuple[int, bytes]]] = {}
    heard: ClassVar[list[tuple[str | None, dict[str, str]]]] = []

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        asked = json.loads(self.rfile.read(length))
        self.heard.append((self.headers.get("Authorization"), asked))
        status, body = self.said[asked["value"]]
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Location", "http://127.0.0.1:9/")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing on the terminal."""


@pytest.fixture
def market() -> Iterator[str]:
    listening = ThreadingHTTPServer(("127.0.0.1", 0), Market)
    thread = threading.Thread(target=listening.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{listening.server_port}/judge"
    listening.shutdown()
    thread.join()
    listening.server_close()


def judged(market: str, value: str) -> Verdict | None:
    return HttpGate(market, "secret").judge(msgspec.structs.replace(ASKED, value=value))


def test_a_url_is_asked_and_its_word_counts(market: str) -> None:
    Market.said = {
        "yes": (200, b'{"accepted":true}'),
        "no": (200, b'{"accepted":false,"reason":"withdrawn","more":1}'),
        "later": (202, b""),
        "long": (200, json.dumps({"accepted": False, "reason": "x" * 9000}).encode()),
    }
    assert judged(market, "yes") == Verdict(accepted=True)
    assert judged(market, "no") == Verdict(accepted=False, reason="withdrawn")
    assert judged(market, "later") is None
    told = judged(market, "long")
    assert told is not None
    assert len(told.reason) == 300
    assert Market.heard[0] == ("Bearer secret", msgspec.to_builtins(ASKED) | {"value": "yes"})


@pytest.mark.parametrize(
    ("status", "body"),
    [(500, b""), (302, b""), (200, b"yes"), (200, b'{"accepted":"true"}'), (403, b"{}")],
)
def test_what_is_no_answer_is_none(market: str, status: int, body: bytes) -> None:
    Market.said = {"odd": (status, body)}
    with pytest.raises((httpx.HTTPError, msgspec.DecodeError)):
        judged(market, "odd")


def test_a_setting_names_the_gate() -> None:
    assert gate_of("") is None
    assert gate_of("none") is None
    assert isinstance(gate_of("sandbox"), SandboxGate)
    assert isinstance(gate_of("https://market.example/judge", "t"), HttpGate)
    assert isinstance(gate_of("http://127.0.0.1:9/judge"), HttpGate)
    for wrong in ("file:///etc/passwd", "http://market.example/", "https://", "sandbox2"):
        with pytest.raises(SettingsError):
            gate_of(wrong)


def answers(bench: Bench) -> tuple[str, dict[str, str]]:
    rows = [row for row in pull(bench).rows if row.t == "requirement"]
    body = rows[-1].body
    return body["asks"], {one["value"]: one["status"] for one in body["answers"]}


def test_without_a_gate_benches_are_told_and_people_answer(bench: Bench, running: Running) -> None:
    given = RequirementGiven(line=1, sku="PHONE", kind="imei", value=IMEI)
    bench.note(OPEN, f.ItemVerified(line=1, sku="PHONE"), given)
    bench.push()
    assert answers(bench) == ("nobody", {})
    with httpx.Client(base_url=running.url, headers=HEADERS) as office:
        waiting = office.get("/v1/requirements").json()["waiting"]
        assert waiting == [msgspec.to_builtins(ASKED)]
        told = [
            {**waiting[0], "status": "accepted"},
            {**waiting[0], "value": "nobody gave it", "status": "refused", "reason": "?"},
        ]
        taken = office.post("/v1/requirements", json={"answers": told}).json()
        assert taken["taken"] == 1
        assert [one["value"] for one in taken["unknown"]] == ["nobody gave it"]
        assert office.get("/v1/requirements").json()["waiting"] == []
        odd = {"answers": [{**waiting[0], "status": "perhaps"}]}
        assert office.post("/v1/requirements", json=odd).status_code == 422
    assert answers(bench) == ("nobody", {IMEI: "accepted"})
    assert httpx.get(f"{running.url}/v1/requirements").status_code == 401
