"""Where the server's own requests go: to public addresses, or where its people said, pinned."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from packstation.carriers.adapters.reach import LOOPBACK, PUBLIC, Reach, reach_of, transport
from packstation.carriers.adapters.wire import Wire
from packstation.domain.errors import LabelOutcomeUnknown, SettingsError
from packstation.server import ca
from packstation.server.certificates import seal_of
from packstation.server.gates import Asked, HttpGate
from packstation.server.outgoing import post, reach_from
from packstation.server.run import Running
from tests.cli.terminal import packstation


class Site:
    """A site on loopback that keeps who was asked for."""

    def __init__(self, answer: bytes = b"{}", status: int = 200, location: str = "") -> None:
        self.hosts: list[str] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                site.hosts.append(str(self.headers["Host"]))
                self.rfile.read(int(self.headers["Content-Length"] or 0))
                self.send_response(status)
                if location:
                    self.send_header("Location", location)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            do_POST = do_GET  # noqa: N815 - http.server asks for it by this name

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port


@contextmanager
def serving(site: Site) -> Iterator[Site]:
    thread = threading.Thread(target=site.server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield site
    finally:
        site.server.shutdown()
        site.server.server_close()
        thread.join()


INSIDE = (
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",  # a cloud's metadata
    "100.64.0.1",
    "0.0.0.0",  # noqa: S104 - an address to refuse
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1%eth0",
    "fd00::1",
    "ff02::1",
    "::ffff:10.0.0.1",
    "64:ff9b::a00:1",
    "2002:a00:1::1",
    "no address",
)


@pytest.mark.parametrize("address", INSIDE)
def test_a_name_that_leads_inside_is_refused(address: str) -> None:
    for addresses in ([address], ["93.184.215.14", address]):
        with pytest.raises(httpx.ConnectError, match="allowed"):
            PUBLIC.judge("carrier.example", addresses)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f::1"])
def test_public_addresses_are_gone_to(address: str) -> None:
    assert PUBLIC.judge("carrier.example", [address]) == address


def test_nobody_is_asked_where_a_name_has_no_address() -> None:
    with pytest.raises(httpx.ConnectError, match="no address"):
        PUBLIC.judge("carrier.example", [])


def test_what_it_people_name_is_gone_to_and_nothing_else() -> None:
    reach = reach_of("Carrier.lan 10.1.0.0/16 192.168.7.7 fd00::/8")
    assert reach.judge("CARRIER.LAN", ["10.99.0.1"]) == "10.99.0.1"
    assert reach.judge("other.lan", ["10.1.2.3"]) == "10.1.2.3"
    assert not reach.refuses("192.168.7.7")
    assert not reach.refuses("[fd00::1]")
    assert not reach.refuses("name.example")  # judged when it is used
    assert reach.refuses("192.168.7.8")
    assert reach.refuses("localhost")
    assert not LOOPBACK.refuses("localhost")


@pytest.mark.parametrize("word", ["10.1.0.0/99", "http://x", "300.1.1.1/8", "käse"])
def test_a_word_that_names_nothing_stops_the_start(word: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        reach_from(f"fine.example {word}")
    assert caught.value.fields["value"] == word


def test_a_name_is_resolved_once_and_the_judged_address_is_connected_to() -> None:
    asked: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)  # the second look would lead elsewhere: a name that is bound anew
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    with serving(Site()) as site:
        made = transport(ssl.create_default_context(), lambda: LOOPBACK, resolve)
        with httpx.Client(transport=made) as client:
            url = f"http://carrier.example:{site.port}/"
            assert client.get(url).status_code == 200
            assert client.get(url).status_code == 200  # the connection is kept
    assert asked == ["carrier.example"]
    assert site.hosts == [f"carrier.example:{site.port}"] * 2


def test_the_certificate_is_checked_against_the_name_not_the_address(tmp_path: Path) -> None:
    made = ca.issue(tmp_path, seal_of(tmp_path, ""), ("carrier.example",), datetime.now(UTC))
    inside = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    inside.load_cert_chain(made.server)
    site = Site()
    site.server.socket = inside.wrap_socket(site.server.socket, server_side=True)
    trusting = ssl.create_default_context(cafile=str(made.ca))
    with serving(site):
        way = transport(trusting, lambda: LOOPBACK, lambda _host, _port: ["127.0.0.1"])
        with httpx.Client(transport=way) as client:
            assert client.get(f"https://carrier.example:{site.port}/").status_code == 200
            with pytest.raises(httpx.ConnectError, match="match"):
                client.get(f"https://other.example:{site.port}/")


def test_a_carriers_connections_keep_within_reach() -> None:
    with serving(Site()) as site:
        wire = Wire(f"http://127.0.0.1:{site.port}")
        assert wire.send("k", "GET", "/").status == 200
        wire.close()
        wire = Wire(f"http://127.0.0.1:{site.port}")
        wire.keep_to(PUBLIC)
        with pytest.raises(LabelOutcomeUnknown, match="allowed: a public address"):
            wire.send("k", "GET", "/")
        wire.close()
        # A public carrier whose answer names a file inside.
        wire = Wire("https://carrier.example")
        with pytest.raises(LabelOutcomeUnknown, match="allowed: a public address"):
            wire.send("k", "GET", f"http://127.0.0.1:{site.port}/label.pdf")
        wire.close()
    assert len(site.hosts) == 1


def test_a_redirection_is_not_followed() -> None:
    with serving(Site()) as inside:
        there = f"http://127.0.0.1:{inside.port}/"
        with serving(Site(status=302, location=there)) as site:
            wire = Wire(f"http://127.0.0.1:{site.port}")
            assert wire.send("k", "GET", "/").status == 302
            wire.close()
    assert inside.hosts == []


def test_a_gate_is_asked_where_it_is_and_heard_so_far_as_it_makes_sense() -> None:
    asked = Asked(order="A-1", sku="TS", kind="imei", value="1")
    with serving(Site(b'{"accepted": true}')) as site:
        verdict = HttpGate(f"http://127.0.0.1:{site.port}/judge").judge(asked)
        assert verdict is not None
        assert verdict.accepted
    with serving(Site(b" " * 70_000)) as site, pytest.raises(httpx.ReadError, match="bytes"):
        HttpGate(f"http://127.0.0.1:{site.port}/judge").judge(asked)
    with serving(Site()) as site, pytest.raises(httpx.ConnectError):
        post(
            f"http://127.0.0.1:{site.port}/",
            b"",
            headers={},
            reach=Reach(hosts=frozenset({"gate.example"})),
            timeout_s=5,
            most=10,
        )


@pytest.mark.parametrize(
    "url", ["https://169.254.169.254/latest", "https://10.0.0.8", "https://[fd00::1]/"]
)
def test_an_account_with_an_address_inside_is_refused_by_field(
    api: httpx.Client, running: Running, url: str
) -> None:
    account = {"kind": "easypost", "base_url": url, "secrets": {"api_key": "k" * 20}}
    told = api.put("/v1/carriers/easypost?site=GZ-1", json=account).json()
    assert (told["status"], told["field"]) == (422, "base_url")
    assert "PACKSTATION_OUTGOING" in told["allowed"]
    assert "easypost" not in api.get("/v1/carriers").text


def test_a_setting_that_names_nothing_is_refused_at_the_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PACKSTATION_OUTGOING", "10.0.0.0/99")
    done = packstation("server", "--listen", "127.0.0.1:0")
    assert (done.status, "PACKSTATION_OUTGOING" in done.err) == (2, True)
