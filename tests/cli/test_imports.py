from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import msgspec
import pytest

from packstation.assets import resource
from packstation.documents.letterheads import Letterheads
from packstation.domain.templates import Template, Templates
from packstation.server.options import Options
from packstation.server.run import Running, serve
from packstation.storage.database import Database
from packstation.storage.lock import WriterLock
from packstation.storage.order_cache import SqliteOrderCache
from packstation.storage.store import FILE
from tests.cli.terminal import packstation
from tests.documents.papers.consignments import letterhead

SAMPLES = resource("samples")
TOKEN = "for-this-test"


@pytest.mark.parametrize(
    ("what", "file", "count"),
    [
        ("orders", "orders.json", 40),
        ("orders", "orders-ozon.json", 6),
        ("orders", "orders-shopify.json", 5),
        ("catalog", "catalog.json", 27),
        ("cartons", "cartons.json", 8),
        ("people", "people.json", 9),
    ],
)
def test_samples_into_the_stations_own_database(
    tmp_path: Path, what: str, file: str, count: int
) -> None:
    first = packstation(what, "import", SAMPLES / file, "--data", tmp_path, "--json")
    assert first.status == 0
    assert first.document["accepted"] == count
    again = packstation(what, "import", SAMPLES / file, "--data", tmp_path)
    assert again.out == f"0 accepted, 0 changed, {count} unchanged, 0 rejected\n"


def test_a_bad_record_is_named_and_the_others_are_kept(tmp_path: Path) -> None:
    postings = json.loads((SAMPLES / "orders-ozon.json").read_text("utf-8"))
    postings["result"]["postings"][4]["products"][0]["quantity"] = 0
    postings["result"]["postings"].append(postings["result"]["postings"][0])
    file = tmp_path / "postings.json"
    file.write_text(json.dumps(postings), "utf-8")
    done = packstation("orders", "import", file, "--data", tmp_path, "--json", "--format", "ozon")
    assert done.status == 1
    answer = done.document
    assert (answer["accepted"], answer["unchanged"], len(answer["orders"])) == (5, 1, 5)
    (rejected,) = answer["rejected"]
    assert (rejected["record"], rejected["path"]) == (4, "products[0].quantity")
    assert "int >= 1" in rejected["message"]
    told = packstation("orders", "import", file, "--data", tmp_path).out
    assert "record 4: products[0].quantity: 0 is not allowed" in told


def test_tables(tmp_path: Path) -> None:
    table = tmp_path / "goods.csv"
    table.write_text("sku,name_en,weight_g\nA,Mug,180\nB,Lamp,heavy\n", "utf-8")
    done = packstation("catalog", "import", table, "--data", tmp_path, "--json")
    assert (done.status, done.document["accepted"]) == (1, 1)
    people = tmp_path / "people.txt"
    people.write_text("badge,name,role,pin\nx-1,Xu,packer,4711\n", "utf-8")
    argv = ("people", "import", people, "--format", "csv", "--data", tmp_path)
    assert packstation(*argv).status == 0
    database = Database(tmp_path / FILE, read_only=True)
    (person,) = SqliteOrderCache(database, lambda: ("", 0)).people()
    database.close()
    assert person.pin_hash.startswith("$argon2id$")
    assert b"4711" not in (tmp_path / FILE).read_bytes()


@pytest.mark.parametrize("text", ["{", '"orders"', '{"schema":"packstation.order/1"}'])
def test_files_that_are_no_catalog(tmp_path: Path, text: str) -> None:
    file = tmp_path / "goods.json"
    file.write_text(text, "utf-8")
    done = packstation("catalog", "import", file, "--data", tmp_path, "--json")
    assert (done.status, done.out) == (2, "")
    assert json.loads(done.err)["error"]["message"].startswith(str(file))


@pytest.mark.parametrize("below", ["", "below"])
def test_a_file_where_a_folder_is_wanted(tmp_path: Path, below: str) -> None:
    file = tmp_path / "README.md"
    file.write_text("", "utf-8")
    done = packstation("orders", "import", SAMPLES / "orders.json", "--data", file / below)
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith(f"packstation: {file}")


def test_a_folder_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)  # whoever runs this may be root
    done = packstation("orders", "import", SAMPLES / "orders.json", "--data", tmp_path)
    assert (done.status, "nothing can be written there" in done.err) == (2, True)


def test_a_running_station_is_not_written_to(tmp_path: Path) -> None:
    lock = WriterLock(tmp_path / FILE)
    done = packstation("cartons", "import", SAMPLES / "cartons.json", "--data", tmp_path, "--json")
    lock.close()
    assert done.status == 1
    assert done.document["error"]["code"].startswith("storage")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Running]:
    options = Options(first_token=TOKEN)
    running = serve("127.0.0.1", 0, f"sqlite:///{tmp_path / 'server.sqlite3'}", options)
    yield running
    running.stop()


def test_into_a_server(server: Running, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PACKSTATION_TOKEN", TOKEN)
    goods = packstation(
        "catalog", "import", SAMPLES / "catalog.json", "--server", server.url, "--json"
    )
    assert (goods.status, goods.document["accepted"]) == (0, 27)
    file = tmp_path / "orders.csv"
    file.write_text("order_id,sku,quantity\nS-1,TS-BLK-M,2\nS-2,TS-BLK-M,0\n", "utf-8")
    orders = packstation("orders", "import", file, "--server", server.url)
    assert orders.status == 1
    assert orders.out.startswith("1 accepted, 0 changed, 0 unchanged, 1 rejected\nrecord 1: lines")


def test_a_server_refuses_a_wrong_token(server: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PACKSTATION_TOKEN", "wrong")
    argv = ("catalog", "import", SAMPLES / "catalog.json", "--server", server.url, "--json")
    done = packstation(*argv)
    assert done.status == 1
    assert done.document == {
        "error": {"code": "not-authorised", "server": server.url, "detail": ""}
    }
    told = packstation(*argv[:-1]).err
    assert told.startswith(
        f"packstation: {server.url} does not take the token in PACKSTATION_TOKEN"
    )


@pytest.mark.parametrize("token", ["", " "])
def test_an_empty_token_is_named(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PACKSTATION_TOKEN", token)
    argv = ("catalog", "import", SAMPLES / "catalog.json", "--server", "http://127.0.0.1:9")
    done = packstation(*argv)
    assert (done.status, "PACKSTATION_TOKEN is empty" in done.err) == (2, True)


def test_a_server_refuses_a_file(
    server: Running, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PACKSTATION_TOKEN", TOKEN)
    file = tmp_path / "goods.json"
    file.write_text("{", "utf-8")
    done = packstation("catalog", "import", file, "--server", server.url, "--json")
    assert (done.status, done.out) == (2, "")


def test_no_server_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PACKSTATION_TOKEN", TOKEN)
    argv = ("catalog", "import", SAMPLES / "catalog.json", "--server", "http://127.0.0.1:9")
    done = packstation(*argv, "--json")
    assert done.status == 1
    assert done.document["error"]["code"] == "server-unreachable"
    plain = packstation(*argv[:4], "http://packs.example", "--json")
    assert plain.status == 2
    assert "https" in plain.err


def templates(folder: Path, *found: Template) -> Path:
    path = folder / "templates.json"
    path.write_bytes(msgspec.json.encode(Templates(templates=found)))
    return path


def test_letterheads_of_a_station_without_a_server(tmp_path: Path) -> None:
    path, data = templates(tmp_path, letterhead(), Template(id="b", store="b")), tmp_path / "data"
    into = ("papers", "templates", "import", path, "--data", data)
    assert packstation(*into).out == "2 accepted, 0 changed, 0 unchanged, 0 rejected\n"
    assert packstation(*into).out == "0 accepted, 0 changed, 2 unchanged, 0 rejected\n"
    templates(tmp_path, letterhead(letterhead=("Newer",)))
    assert packstation(*into).out == "0 accepted, 1 changed, 0 unchanged, 0 rejected\n"
    database = Database(data / FILE)
    kept = Letterheads()
    kept.take(SqliteOrderCache(database, lambda: ("", 0)).kept_all("templates"))
    database.close()
    assert [one.letterhead for one in kept()] == [("Newer",)]
    templates(tmp_path, letterhead(logo="0" * 64))
    refused = packstation(*into, "--json")
    assert refused.status == 1
    assert {one["kind"] for one in refused.document["rejected"]} == {"no_image", "unused"}


def test_letterheads_into_a_server(
    server: Running, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PACKSTATION_TOKEN", TOKEN)
    site = tmp_path / "site.json"
    site.write_text('{"code":"GZ-1","name":"Guangzhou"}', "utf-8")
    headers = {"Authorization": f"Bearer {TOKEN}"}
    made = httpx.post(f"{server.url}/v1/import/site", headers=headers, content=site.read_bytes())
    assert made.status_code == 200, made.text
    path = templates(tmp_path, letterhead())
    into = ("papers", "templates", "import", path, "--server", server.url, "--site", "GZ-1")
    assert packstation(*into).status == 2  # no reason
    done = packstation(*into, "--why", "moved", "--use", "--json")
    assert done.status == 0, done.err
    assert (done.document["accepted"], done.document["used"]) == (1, 1)
    assert packstation(*into, "--why", "again").out.startswith("0 accepted, 0 changed, 1 unchanged")
