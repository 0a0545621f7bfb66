"""Starting, stopping and watching a server."""

from __future__ import annotations

import ipaddress
import re
import signal
import socket
import ssl
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from msgspec.structs import replace
from sqlalchemy.exc import OperationalError

from packstation.domain.errors import SettingsError, StorageError
from packstation.server.options import DEFAULTS, Tls
from packstation.server.run import Running, _url, serve
from packstation.server.store import Store, open_engine, put_meta
from tests.server.bench import Bench, packed
from tests.server.settling import settled


def test_a_server_in_a_thread_tells_its_port_and_stops(database: str) -> None:
    running = serve("127.0.0.1", 0, database)
    assert running.port > 0
    assert httpx.get(f"{running.url}/readyz").json() == {"ok": True}
    running.stop()
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{running.url}/healthz")
    again = serve("127.0.0.1", running.port, database)
    assert httpx.get(f"{again.url}/healthz").status_code == 200
    again.stop()


def test_a_server_as_a_process_serves_until_it_is_told_to_stop(
    tmp_path: Path, repository: Path
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = (
        "from packstation.server.run import run_server;"
        f"run_server('sqlite:///{tmp_path / 's.sqlite3'}', '127.0.0.1', {port})"
    )
    process = subprocess.Popen([sys.executable, "-c", program], cwd=repository)
    try:
        transport = httpx.HTTPTransport(retries=8)
        with httpx.Client(transport=transport) as http:
            assert http.get(f"http://127.0.0.1:{port}/v1/hello").json()["gen"] == 1
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    finally:
        process.kill()
        process.wait(10)
    assert (tmp_path / "s.sqlite3").exists()


@pytest.mark.parametrize(
    ("bound", "secure", "url"),
    [
        (("127.0.0.1", 8443), False, "http://127.0.0.1:8443"),
        (("::1", 8443), True, "https://[::1]:8443"),
        ((str(ipaddress.IPv4Address(0)), 8443), True, f"https://{socket.gethostname()}:8443"),
    ],
)
def test_a_server_says_where_it_is_reached(bound: tuple[str, int], secure: bool, url: str) -> None:
    assert _url(bound, secure=secure) == url


def test_small_answers_are_not_held_back(running: Running) -> None:
    # asyncio turns Nagle's delay off only for sockets that say they are TCP: 40 ms a request.
    assert running._listening.proto == socket.IPPROTO_TCP


def test_facts_are_there_after_a_restart(bench: Bench, running: Running, database: str) -> None:
    bench.note(*packed("A-1", "LP000000014CN"))
    bench.push()
    running.stop()
    again = serve("127.0.0.1", running.port, database, DEFAULTS)
    bench.http.event_hooks = settled(again)
    try:
        assert bench.push().json()["hw"] == len(bench.events)
    finally:
        again.stop()


def test_plain_http_stays_on_the_machine(database: str) -> None:
    for host in ("192.0.2.1", "192.0.2.7", "bench.example"):
        with pytest.raises(SettingsError, match="plain"):
            serve(host, 0, database)


def test_an_address_that_is_taken_is_named(running: Running, database: str) -> None:
    with pytest.raises(SettingsError, match=str(running.port)):
        serve("127.0.0.1", running.port, database)


def test_other_databases_and_newer_ones_are_refused(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="database"):
        open_engine("mysql://u:secret@host/db")
    file = f"sqlite:///{tmp_path / 's.sqlite3'}"
    store = Store(open_engine(file))
    with store.write() as connection:
        put_meta(connection, "schema", "99")
    store.close()
    with pytest.raises(StorageError, match="newer"):
        serve("127.0.0.1", 0, file)


@pytest.mark.parametrize(
    ("url", "key", "shown"),
    [
        ("packs.sqlite3", "error.server.database.url", "packs.sqlite3"),
        ("sqlite://packs.sqlite3", "error.server.database.url", "sqlite://packs.sqlite3"),
        ("postgresql://me:secret@host:x/db", "error.server.database.url", "host:x/db"),
        ("sqlite:////nonexistent/x", "error.server.database.open", "/nonexistent/x"),
        (f"sqlite:///{__file__}", "error.server.database.open", __file__),
    ],
)
def test_what_is_no_database_is_a_mistake_of_the_caller(url: str, key: str, shown: str) -> None:
    with pytest.raises(SettingsError) as refused:
        serve("127.0.0.1", 0, url)
    assert (refused.value.key, refused.value.fields["value"]) == (key, shown)


def test_a_token_that_is_not_taken_is_told(database: str, caplog: pytest.LogCaptureFixture) -> None:
    for token, told in (("first", 0), ("first", 0), ("other", 1), ("", 0)):
        caplog.clear()
        serve("127.0.0.1", 0, database, replace(DEFAULTS, first_token=token)).stop()
        assert len(caplog.records) == told
        assert token not in caplog.text or not token


def test_a_database_in_memory_is_one_database() -> None:
    running = serve("localhost", 0, "sqlite://")
    assert httpx.get(f"{running.url}/readyz").status_code == 200
    running.stop()


def test_a_database_that_is_gone_is_not_ready(
    running: Running, http: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert http.get("/readyz").status_code == 200
    running.server.store.close()
    monkeypatch.setattr(running.server.store._reader, "connect", _broken)
    answer = http.get("/readyz")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert http.get("/healthz").status_code == 200


def _broken() -> None:
    raise OperationalError("SELECT 1", {}, Exception("disk I/O error"))


def test_metrics_are_prometheus_text(bench: Bench, api: httpx.Client, http: httpx.Client) -> None:
    bench.note(*packed("A-1", "LP000000014CN"))
    bench.push()
    pool = {
        "carrier": 'chi"na',
        "service": "e",
        "prefix": "LP",
        "country": "CN",
        "first": 1,
        "last": 9,
    }
    api.post("/v1/import/pools", json=pool)
    answer = http.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = answer.text.splitlines()
    assert 'ps_journal_events_total{site="GZ-1",kind="ItemVerified"} 2' in lines
    assert f'ps_stream_lag_events{{site="GZ-1",station="{bench.station}"}} 0' in lines
    assert 'ps_pool_free{site="GZ-1",carrier="chi\\"na",service="e"} 9' in lines
    shape = re.compile(r"# (HELP|TYPE) \w+ .+|\w+(\{.*\})? -?[0-9.e+-]+")
    assert [line for line in lines if not shape.fullmatch(line)] == []


def test_the_interface_is_described(http: httpx.Client) -> None:
    described = http.get("/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    push = described["paths"]["/v1/journal"]["post"]
    body = push["requestBody"]["content"]["application/json"]["schema"]
    assert {"from", "events", "head"} <= set(body["properties"])
    assert "$ref" not in http.get("/openapi.json").text.replace('$ref":"#/components', "")
    assert "/floor" not in described["paths"]


def test_a_server_over_tls_binds_its_cookies_to_the_host(database: str, tmp_path: Path) -> None:
    certificate, key = _certificate(tmp_path)
    options = type(DEFAULTS)(first_token="t", tls=Tls(str(certificate), str(key)))
    running = serve("127.0.0.1", 0, database, options)
    try:
        assert running.url.startswith("https://")
        with httpx.Client(base_url=running.url, verify=_trust(certificate)) as http:
            http.headers["Authorization"] = "Bearer t"
            mei = {"badge": "b", "name": "Mei", "role": "lead", "pin": "4711"}
            http.post("/v1/import/people", json=mei)
            answer = http.post("/sign-in", data={"name": "Mei", "secret": "4711"})
            assert answer.headers["set-cookie"].startswith("__Host-ps_visit=")
            assert "Secure" in answer.headers["set-cookie"]
            assert "strict-transport-security" in answer.headers
    finally:
        running.stop()


def _trust(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate))


def _certificate(folder: Path) -> tuple[Path, Path]:
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "packstation test")])
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .sign(private, hashes.SHA256())
    )
    certificate, key = folder / "cert.pem", folder / "key.pem"
    certificate.write_bytes(built.public_bytes(serialization.Encoding.PEM))
    key.write_bytes(
        private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return certificate, key
