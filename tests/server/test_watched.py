"""What IT sees of a server: figures, readiness, lines of a log that tell nothing of anybody."""

from __future__ import annotations

import json
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from packstation.server.metrics import HELP
from packstation.server.run import Running
from tests.server.bench import Bench, packed
from tests.walls.sources import ROOT

BOARD = ROOT / "installer" / "server" / "grafana.json"
RULES = ROOT / "installer" / "server" / "alerts.yml"


def figures(http: httpx.Client) -> dict[str, float]:
    """Every sample by its name and labels."""
    found = {}
    for family in text_string_to_metric_families(http.get("/metrics").text):
        for sample in family.samples:
            labels = ",".join(f"{name}={value}" for name, value in sorted(sample.labels.items()))
            found[f"{sample.name}{{{labels}}}"] = sample.value
    return found


def test_requests_pushes_and_calls_to_carriers_are_counted(
    bench: Bench, http: httpx.Client
) -> None:
    bench.note(*packed("A-1", "LP000000014CN"))
    bench.push()
    asked = {"key": "p-9/1", "parcel": "p-9", "carrier": "sandbox", "service": "x", "gross_g": 100}
    bench.post("/v1/labels", asked)
    http.get("/v1/orders/some-buyer's-name")
    http.get("/nothing/here/../Иванов")
    found = figures(http)
    push = "method=POST,route=/v1/journal,status=200"
    assert found[f"ps_http_requests_total{{{push}}}"] == 1
    assert found["ps_ingest_seconds_count{}"] == 1
    assert found["ps_http_requests_total{method=GET,route=/v1/orders/{order},status=401}"] == 1
    assert found["ps_http_requests_total{method=GET,route=none,status=404}"] == 1
    calls = [name for name in found if name.startswith("ps_carrier_call_seconds_count")]
    assert any("carrier=sandbox" in name for name in calls)
    assert not any("buyer" in name or "Иванов" in name for name in found)


def test_an_answer_has_an_id_its_own_or_the_callers(http: httpx.Client) -> None:
    own = http.get("/healthz").headers["x-request-id"]
    assert re.fullmatch("[0-9a-f]{16}", own)
    asked = {"X-Request-ID": "parcel-4711"}
    assert http.get("/healthz", headers=asked).headers["x-request-id"] == "parcel-4711"
    odd = {"X-Request-ID": "a b\tc"}
    assert http.get("/healthz", headers=odd).headers["x-request-id"] not in {"a b\tc", own}


def test_a_server_says_why_it_is_not_ready(
    running: Running, http: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert http.get("/readyz").json() == {"ok": True}
    full = shutil.disk_usage("/")._replace(free=1024)
    with monkeypatch.context() as patch:
        patch.setattr("shutil.disk_usage", lambda _: full)
        told = http.get("/readyz")
        assert (told.status_code, told.json()["reasons"]) == (503, ["disk"])
        assert told.headers["retry-after"] == "5"
    with running.server.store.write() as connection:
        (known,) = connection.exec_driver_sql("SELECT version_num FROM alembic_version").one()
        connection.exec_driver_sql("DELETE FROM alembic_version")
    assert http.get("/readyz").json()["reasons"] == ["migrations"]
    # The next test of a PostgreSQL gets this very database, emptied of rows but not of this one.
    with running.server.store.write() as connection:
        connection.exec_driver_sql(f"INSERT INTO alembic_version VALUES ('{known}')")  # noqa: S608
    assert http.get("/readyz").json() == {"ok": True}
    running.server.bell.close()
    assert http.get("/readyz").json()["reasons"] == ["stopping"]
    assert http.get("/healthz").status_code == 200


CANARY = "CANARYx"
SECRETS = {
    "token": f"{CANARY}-api-token-0123456789",
    "pin": f"{CANARY}-pin",
    "buyer": f"{CANARY} Анна 王小明",
    "query": f"{CANARY}-query",
    "path": f"{CANARY}-path",
    "cookie": f"{CANARY}-cookie",
    "credential": f"{CANARY}-credential",
}


def test_no_secret_and_no_buyer_stands_in_the_log(tmp_path: Path) -> None:
    """A server as IT runs it, with everything told (-v), asked for what it may not tell."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path / "server.log"
    environment = {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(ROOT),
        "PACKSTATION_LOG": "json",
        "PACKSTATION_TOKEN": SECRETS["token"],
    }
    command = [sys.executable, "-m", "packstation", "server", "-v", "--listen", f"127.0.0.1:{port}"]
    command += ["--database", f"sqlite:///{tmp_path / 'server.sqlite3'}"]
    with log.open("wb") as out:
        process = subprocess.Popen(command, env=environment, stderr=out, stdout=out, cwd=tmp_path)
        try:
            _ask_everything(port)
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0
        finally:
            process.kill()
            process.wait(10)
    text = log.read_text("utf-8")
    assert CANARY not in text, re.findall(f".*{CANARY}.*", text)
    lines = [json.loads(line) for line in text.splitlines()]
    answered = [line for line in lines if line["message"] == "answered"]
    assert len(answered) >= 8
    assert all({"request", "route", "method", "status", "ms"} <= set(line) for line in answered)
    assert any(line.get("trace") == "4bf92f3577b34da6a3ce929d0e0e4736" for line in answered)
    assert "/v1/orders/{order}" in {line["route"] for line in answered}


def _ask_everything(port: int) -> None:
    token = {"Authorization": f"Bearer {SECRETS['token']}"}
    trace = {"traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}
    transport = httpx.HTTPTransport(retries=10)
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", transport=transport) as http:
        for _ in range(100):  # it is starting
            try:
                http.get("/healthz")
                break
            except httpx.ConnectError:
                time.sleep(0.1)
        site = {"code": "GZ-1", "zone": "Asia/Shanghai"}
        http.post("/v1/import/site", json=site, headers=token)
        person = {"badge": "b-1", "name": SECRETS["buyer"], "role": "packer", "pin": SECRETS["pin"]}
        http.post("/v1/import/people", json={"people": [person]}, headers=token)
        order = {"order_id": "A-1", "ship_to": {"name": SECRETS["buyer"]}, "lines": []}
        http.post("/v1/import/orders", json={"orders": [order]}, headers=token)
        http.post("/v1/import/orders", content=SECRETS["buyer"].encode(), headers=token)
        http.get(f"/v1/orders/{SECRETS['path']}?site={SECRETS['query']}", headers=token | trace)
        http.get("/floor", headers={"Cookie": f"ps_visit={SECRETS['cookie']}"})
        http.post("/sign-in", data={"name": SECRETS["buyer"], "pin": SECRETS["pin"]})
        http.get("/v1/hello", headers={"Authorization": f"Bearer {SECRETS['credential']}"})
        account = {
            "kind": "easypost",
            "secrets": {"api_key": SECRETS["credential"]},
            "base_url": f"https://user:{SECRETS['credential']}@127.0.0.9/",
        }
        http.put("/v1/carriers/easypost", json=account, headers=token)
        http.post(f"/{SECRETS['path']}", json=SECRETS, headers=token)


def test_every_figure_of_the_board_and_the_alerts_is_one_that_is_told(
    bench: Bench, http: httpx.Client
) -> None:
    bench.note(*packed("A-1", "LP000000014CN"))
    bench.push()
    told = {
        line.split()[2] for line in http.get("/metrics").text.splitlines() if line[:6] == "# HELP"
    }
    told |= set(HELP)
    board = json.loads(BOARD.read_text("utf-8"))
    asked = [
        target["expr"] for panel in board["panels"] for target in panel.get("targets", ())
    ] + re.findall(r"expr: (.+)", RULES.read_text("utf-8"))
    assert len(asked) >= 20
    for expression in asked:
        for name in re.findall(r"\bps_[a-z_]+", expression):
            plain = re.sub("_(bucket|count|sum|created)$", "", name)
            assert plain in told or name in told, name
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])


def test_a_bug_is_a_problem_with_an_id_and_no_words(
    running: Running, http: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    """What nobody foresaw: here, a page that cannot be written."""
    running.app.state.openapi = {"cannot": {1, object()}}
    told = http.get("/openapi.json", headers={"X-Request-ID": "id-of-this-one"})
    assert (told.status_code, told.json()["code"]) == (500, "bug")
    assert told.json()["detail"] == "request id-of-this-one"
    assert "object" not in told.text
    (line,) = [one for one in caplog.records if one.message == "a bug"]
    assert getattr(line, "request", "") == "id-of-this-one"
    assert figures(http)["ps_http_requests_total{method=GET,route=/openapi.json,status=500}"] == 1
