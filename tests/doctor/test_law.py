from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from packstation.assets import resource
from packstation.bootstrap.clock import SystemClock, Uuid7Ids
from packstation.customs.packs import document_of, read_folder
from packstation.customs.signing import sign
from packstation.doctor.findings import State
from packstation.doctor.law import OLD_DAYS, publishers, pulled, rules
from packstation.station.ports import Row
from packstation.storage.store import FILE, open_store

REVIEWED = read_folder(resource("customs")).reviewed_on


@pytest.mark.parametrize(
    ("days", "key"), [(0, "customs.ok"), (OLD_DAYS, "customs.ok"), (OLD_DAYS + 1, "customs.old")]
)
def test_rules_are_told_by_their_age(days: int, key: str) -> None:
    (found,) = rules(resource("customs"), REVIEWED + timedelta(days=days))
    assert (found.check, found.key) == ("customs", key)


def test_rules_that_somebody_changed_are_a_fault(tmp_path: Path) -> None:
    folder = shutil.copytree(resource("customs"), tmp_path / "customs")
    text = (folder / "groups.json").read_text("utf-8")
    (folder / "groups.json").write_text(text.replace('"CHLI"', '"CHLX"'), "utf-8")
    (found,) = rules(folder, REVIEWED)
    assert (found.state, found.key) == (State.FAIL, "customs.changed")


def test_rules_that_are_no_rules_are_a_fault(tmp_path: Path) -> None:
    (found,) = rules(tmp_path, date(2026, 11, 22))
    assert (found.state, found.key, found.args["path"]) == (
        State.FAIL,
        "customs.refused",
        "head.json",
    )


def of_server(folder: Path, *bodies: Mapping[str, object]) -> Path:
    """A bench's database with rule packs from its server."""
    with open_store(folder / FILE, station="s", clock=SystemClock(), ids=Uuid7Ids()) as store:
        rows = [Row("customs-pack", str(at), at + 1, "put", one) for at, one in enumerate(bodies)]
        store.orders.apply(rows, "c1")
    return folder / FILE


def test_whose_packs_a_bench_takes_is_told_with_the_begin_of_each_key() -> None:
    (found,) = publishers(("GLv8P29AdaSCQWmxWrH32H2ZCdM0IfaF6qmIwb0N9tE=",))
    assert (found.key, found.args["n"]) == ("customs.keys", 1)
    assert found.args["keys"] == "GLv8P29AdaSC…"


def test_a_pack_of_the_server_is_told_as_the_bench_takes_it(tmp_path: Path) -> None:
    document = json.loads(json.dumps(document_of(resource("customs")), default=str))
    body = {"pack": document, **sign(document, Ed25519PrivateKey.generate())}
    torn = {**body, "pack": {**document, "version": "2099-01-01"}}
    database = of_server(tmp_path, body, torn, {"pack": 7})
    key = str(body["key"])
    told = [(one.key, one.args["version"]) for one in pulled(database, (key,))]
    assert told == [
        ("customs.pulled", document["version"]),
        ("customs.torn", "2099-01-01"),
        ("customs.torn", "-"),
    ]
    stranger = next(pulled(database, ()))
    assert (stranger.key, stranger.state) == ("customs.stranger", State.FAIL)


def test_a_database_that_is_none_has_no_packs(tmp_path: Path) -> None:
    assert list(pulled(tmp_path / FILE, ())) == []
    (tmp_path / FILE).write_text("nonsense")
    assert list(pulled(tmp_path / FILE, ())) == []
