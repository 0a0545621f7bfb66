"""Uploads that grow: refused before they do any harm, by every way in."""

from __future__ import annotations

import gzip
import io
import resource
import time
import zipfile

import httpx
import pytest
import zstandard

from packstation.server import problems
from packstation.server.app import ROUTES
from tests.server.bench import Bench
from tests.walls.sources import ROOT

MIB = 1024 * 1024
GROWN = 512 * MIB


def _gzip() -> bytes:
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=9) as out:
        piece = b" " * MIB
        for _ in range(GROWN // MIB):
            out.write(piece)
    return packed.getvalue()


def _zstd() -> bytes:
    return zstandard.ZstdCompressor(level=3).compress(b" " * GROWN)


@pytest.fixture(scope="module")
def bombs() -> dict[str, bytes]:
    return {"gzip": _gzip(), "zstd": _zstd()}


def _rss() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
def test_a_packed_body_that_grows_is_refused_wherever_it_comes(
    bench: Bench, api: httpx.Client, bombs: dict[str, bytes], encoding: str
) -> None:
    bomb, headers = bombs[encoding], {"Content-Encoding": encoding}
    before, start = _rss(), time.monotonic()
    answers = [
        bench.send("POST", "/v1/journal", bomb, headers=headers),
        bench.send("POST", "/v1/pools/lease", bomb, headers=headers),
        bench.send("POST", "/v1/labels", bomb, headers=headers),
        bench.send("PUT", "/v1/status", bomb, headers=headers),
        bench.send("PUT", f"/v1/blobs/{'0' * 64}", bomb, headers=headers),
        *(
            api.post(f"/v1/import/{what}", content=bomb, headers=headers)
            for what in ("orders", "catalog", "people", "pools", "site", "rates")
        ),
        api.post("/v1/costs/invoices?carrier=yunexpress", content=bomb, headers=headers),
        api.post("/v1/costs/maps", content=bomb, headers=headers),
        api.post("/v1/customs/packs", content=bomb, headers=headers),
        api.post("/v1/tariffs", content=bomb, headers=headers),
    ]
    odd = [(a.request.url.path, a.status_code) for a in answers if a.status_code not in {413, 422}]
    assert not odd
    assert all(a.headers["content-type"] == problems.MEDIA for a in answers)
    assert _rss() - before < 200 * MIB
    assert time.monotonic() - start < 60


def test_a_workbook_that_grows_is_refused(api: httpx.Client) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("xl/worksheets/sheet1.xml", b" " * (300 * MIB))
    answer = api.post("/v1/costs/invoices?carrier=yunexpress", content=packed.getvalue())
    assert answer.status_code == 422
    assert "unpacked" in answer.json()["detail"]


def test_a_workbook_whose_entities_grow_is_refused(api: httpx.Client) -> None:
    """The billion laughs: openpyxl reads by defusedxml, or expat ends it."""
    steps = "".join(
        f'<!ENTITY l{n} "{"&l" * 0}{"".join(f"&l{n - 1};" for _ in range(10))}">'
        for n in range(1, 10)
    )
    laughs = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{steps}]><x>&l9;</x>'
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as out:
        for name in ("[Content_Types].xml", "xl/workbook.xml", "xl/sharedStrings.xml"):
            out.writestr(name, laughs)
    start = time.monotonic()
    answer = api.post("/v1/costs/invoices?carrier=yunexpress", content=packed.getvalue())
    assert answer.status_code == 422
    assert time.monotonic() - start < 10


def test_a_body_longer_than_it_may_be_is_refused_before_it_is_read_whole(
    api: httpx.Client, bench: Bench
) -> None:
    big = b" " * (33 * MIB)
    assert api.post("/v1/import/orders", content=big).status_code == 413
    small = b" " * (65 * 1024)
    assert api.post("/v1/orders/A-1/hold", content=small).status_code == 413
    assert bench.send("PUT", "/v1/status", small).status_code == 413


def test_the_server_reads_no_xml_by_itself() -> None:
    """What may reach one is a workbook, by openpyxl."""
    used = [
        path.name
        for path in (ROOT / "packstation" / "server").rglob("*.py")
        if "xml.etree" in path.read_text("utf-8") or "lxml" in path.read_text("utf-8")
    ]
    assert used == []
    assert ROUTES
