"""`weights` and `server weights`: what was learned of weights, from whom; forgetting it."""

from __future__ import annotations

from pathlib import Path

from packstation.bootstrap.command import station_id
from packstation.domain.packing.weight_facts import LearnedItem, ParcelLearned, UnitMeasured
from packstation.server.store import Store, open_engine
from packstation.station.ports import Draft
from packstation.storage.store import FILE, open_store
from tests.cli.terminal import packstation
from tests.fake_storage import FakeClock, FakeIds

MUG = UnitMeasured(sku="MUG", weight_mg=312_000, units=2, digit_mg=1000)
PARCEL = ParcelLearned(
    items=(LearnedItem(sku="SOCK", units=2, unit_g=80),),
    carton="C3",
    tare_g=100,
    gross_g=270,
    digit_mg=1000,
)


def taught(folder: Path) -> str:
    station = station_id(folder)
    with open_store(folder / FILE, station=station, clock=FakeClock(), ids=FakeIds()) as store:
        store.events.append([Draft(fact, "bench", "PK-1") for fact in (MUG, PARCEL)])
    return str(folder)


def test_a_bench_lists_what_it_knows_and_forgets_what_it_is_told_to(tmp_path: Path) -> None:
    data = taught(tmp_path)
    done = packstation("weights", "--data", data, "--json")
    assert done.status == 0, done.err
    found = {one["key"]: one for one in done.document["weights"]}
    assert set(found) == {"MUG", "SOCK", "carton:C3"}
    assert (found["MUG"]["grams"], found["MUG"]["source"]) == (312.0, "measured")
    assert (found["SOCK"]["parcels"], found["SOCK"]["source"]) == (1, "learned")
    argv = ("weights", "MUG", "--forget", "--by", "PK-7", "--data", data)
    gone = packstation(*argv, "--json")
    assert [one["source"] for one in gone.document["weights"]] == ["forgotten"]
    assert "forgotten" in packstation("weights", "MUG", "none", "--data", data).out


def test_forgetting_names_skus_and_a_person_and_an_empty_folder_is_told(tmp_path: Path) -> None:
    assert packstation("weights", "--data", str(tmp_path)).status == 2
    data = taught(tmp_path)
    assert packstation("weights", "--forget", "--by", "PK-7", "--data", data).status == 2
    assert packstation("weights", "MUG", "--forget", "--data", data).status == 2


def test_a_running_bench_forgets_nothing_from_outside(tmp_path: Path) -> None:
    data = taught(tmp_path)
    station = station_id(tmp_path)
    with open_store(tmp_path / FILE, station=station, clock=FakeClock(), ids=FakeIds()):
        done = packstation("weights", "MUG", "--forget", "--by", "PK-7", "--data", data)
    assert done.status != 0


def test_a_site_without_parcels_has_learned_nothing(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'server.sqlite3'}"
    store = Store(open_engine(database))
    store.close()
    argv = ("server", "weights", "--site", "GZ-1", "--database", database)
    done = packstation(*argv, "--rebuild", "--json")
    assert done.status == 0, done.err
    assert done.document["rebuilt"] == {"weights": 0, "changed": 0}
    assert done.document["weights"] == []
    assert done.document["limit"]["z"] == 3.4
    assert "changed" in packstation(*argv, "--rebuild").out
    assert packstation(*argv).out.startswith("key")
