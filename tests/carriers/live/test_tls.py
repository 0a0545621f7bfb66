"""A server with a certificate that nobody signed is refused, whatever has been imported."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.carriers.live.fake_karrio import written
from tests.carriers.live.sites import self_signed, serving

ROOT = Path(__file__).resolve().parents[3]
ASK = """
import http.client, json, ssl, sys, urllib.error, urllib.request

def verdicts(url):
    '''What urllib, http.client and httpx (where there is one) say of a server.'''
    found = {}
    try:
        found["urllib"] = urllib.request.urlopen(url, timeout=10).read().decode()
    except urllib.error.URLError as exc:
        found["urllib"] = type(exc.reason).__name__
    host = url.removeprefix("https://")
    try:
        asking = http.client.HTTPSConnection(host, timeout=10)
        asking.request("GET", "/")
        found["http.client"] = asking.getresponse().read().decode()
    except ssl.SSLError as exc:
        found["http.client"] = type(exc).__name__
    if "httpx" in sys.modules:
        import httpx
        try:
            found["httpx"] = httpx.get(url).text
        except httpx.ConnectError as exc:
            found["httpx"] = "SSLCertVerificationError" if "CERTIFICATE" in str(exc) else str(exc)
    return found
"""
# Everything of the process, whatever it imports late, and one order to the worker besides.
PROCESS = """
import importlib, pkgutil, httpx, packstation
for part in parts:
    importlib.import_module(f"packstation.{part}")
    folder = sys.modules[f"packstation.{part}"]
    for found in pkgutil.walk_packages(getattr(folder, "__path__", []), f"packstation.{part}."):
        if not found.name.endswith(("__main__", "win32", "windows")):
            try:
                importlib.import_module(found.name)
            except ImportError as exc:
                if (exc.name or "").startswith("packstation"):
                    raise
from packstation.carriers.live.processes import Process
worker = Process(python, paths=paths)
answer = worker.order("rate", "ups", settings=settings, payload=payload, deadline_s=30)
worker.close()
told = {"answered": answer.error or "ok", "karrio": worker.karrio}
told["here"] = sorted(name for name in sys.modules if name.split(".")[0] == "karrio")
told["modules"] = sum(name.startswith("packstation.") for name in sys.modules)
print(json.dumps(told | {"verdicts": verdicts(url)}))
"""
STATION = ("station", "carriers", "documents", "devices", "storage", "client", "ui", "bootstrap")
SERVER = ("server", "carriers", "customs", "documents")
REFUSED = {
    "urllib": "SSLCertVerificationError",
    "http.client": "SSLCertVerificationError",
    "httpx": "SSLCertVerificationError",
}


def run(by: str, program: str, **values: object) -> dict[str, object]:
    given = "".join(f"{name} = {value!r}\n" for name, value in values.items())
    environment = os.environ | {"PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [by, "-c", given + ASK + program],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return dict(json.loads(done.stdout.splitlines()[-1]))


@pytest.fixture(params=["as measured", "real"])
def worker(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, object]:
    """A worker's Python with a karrio that turns the check off: ours, and the real one."""
    if request.param == "real":
        python = request.getfixturevalue("karrio_python")
        settings = {"client_id": "a", "client_secret": "b", "account_number": "c"}
        parcel = {"weight": 1, "weight_unit": "KG"}
        place = {"country_code": "US", "postal_code": "10001"}
        payload = {"shipper": place, "recipient": place, "parcels": [parcel]}
        return {"python": python, "paths": [], "settings": settings, "payload": payload}
    paths = [str(written(tmp_path))]
    habit = {"habit": "labels"}
    return {"python": sys.executable, "paths": paths, "settings": {}, "payload": habit}


@pytest.mark.parametrize("parts", [STATION, SERVER], ids=["station", "server"])
def test_in_the_process_of(
    parts: tuple[str, ...], worker: dict[str, object], tmp_path: Path
) -> None:
    with serving(lambda _: (200, b"ok", "text/plain"), certificate=self_signed(tmp_path)) as site:
        told = run(sys.executable, PROCESS, parts=parts, url=site.url, **worker)
    assert told["verdicts"] == REFUSED
    assert told["here"] == []
    assert told["answered"] == "ok"  # the worker did import it
    assert isinstance(told["modules"], int)
    assert told["modules"] > 150


def test_in_the_workers_process(karrio_python: str, tmp_path: Path) -> None:
    program = """
import importlib
before = verdicts(url)
importlib.import_module("karrio.sdk")
imported = verdicts(url)
ssl._create_default_https_context = ssl.create_default_context
for name in [each for each in sys.modules if each.startswith("karrio")]:
    del sys.modules[name]
from packstation.carriers.live import contained
from packstation.carriers.live.outgoing import Outgoing
from packstation.carriers.live.sdk import HOSTS
for carrier in HOSTS:
    contained.take_in(f"karrio.plugins.{carrier}", Outgoing())
contained.take_in("karrio.api.interface", Outgoing())
contained.check()
print(json.dumps({"before": before, "imported": imported, "held": verdicts(url)}))
"""
    with serving(lambda _: (200, b"ok", "text/plain"), certificate=self_signed(tmp_path)) as site:
        told = run(karrio_python, program, url=site.url)
    refused = {name: REFUSED[name] for name in ("urllib", "http.client")}
    assert told == {
        "before": refused,
        "imported": {"urllib": "ok", "http.client": "ok"},  # why it lives in a process of its own
        "held": refused,
    }
