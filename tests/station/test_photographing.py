"""Photos before sealing: by rule, asked for, missed, and the parcel that may not go without."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from packstation.domain.errors import DeviceFaulty
from packstation.domain.evidence import EvidenceRules, PhotoRule, evidence_of
from packstation.domain.packing import State
from packstation.domain.packing.evidence_facts import EvidenceDropped, PhotoMissed, PhotoTaken
from packstation.station import ports as p
from packstation.station.desk import DeviceInfo, DeviceRecord
from packstation.station.gear import Gear
from packstation.station.photographing import NoPhotographer, Shot
from packstation.station.views import Words
from tests.station.desk import MUG, SOCK, Bench, order

HASH = "ab" * 32
RUSSIA = PhotoRule(why="destination", countries=("RU",))


@dataclass
class Shooter:
    """``Photographer`` with one camera; ``fault`` is what is wrong with it."""

    fault: str = ""
    broken: bool = False
    dropped: tuple[tuple[str, bool], ...] = ()
    names: tuple[str, ...] = ("camera",)
    shots: list[str] = field(default_factory=list)

    def cameras(self) -> tuple[str, ...]:
        return self.names

    def shoot(self, camera: str, days: int) -> Shot:
        self.shots.append(camera)
        if self.broken:
            raise RuntimeError("a bug in a codec")
        if self.fault:
            raise DeviceFaulty(device=camera, fault=self.fault)
        return Shot(HASH, 1000, 1920, 1080, self.dropped)


def opened(shooter: Shooter, *rules: PhotoRule) -> Bench:
    """A bench with the camera, an order's goods scanned and boxed."""
    gear = Gear(photographer=shooter, evidence=EvidenceRules(photos=rules))
    bench = Bench(gear=gear)
    info = DeviceInfo("camera", "camera", "camera")
    ok = p.DeviceState.OK
    bench.desk.devices["camera"] = DeviceRecord(info, ok, recorded=(ok, ""))
    bench.cache.add(p.OrderRow(order(), 1))
    return bench


def weighed(bench: Bench) -> Bench:
    bench.start()
    bench.lease()
    bench.scan("%PB:PK-1", "O-1", MUG, MUG, SOCK, "C3")
    bench.weigh(0)
    bench.weigh(780)
    return bench


def facts(bench: Bench, kind: type) -> list[dict[str, object]]:
    return [dict(event.body) for event in bench.store.bench_events([kind.__name__])]


def test_a_rule_photographs_the_weighed_box_and_the_parcel_goes_on() -> None:
    shooter = Shooter()
    bench = weighed(opened(shooter, RUSSIA))
    (photo,) = facts(bench, PhotoTaken)
    assert photo["why"] == "destination"
    assert (photo["sha256"], photo["camera"]) == (HASH, "camera")
    assert bench.core.session.state is not State.HELD
    (parcel,) = evidence_of(bench.store.session_events(bench.core.session_id))
    assert [one.sha256 for one in parcel.files] == [HASH]


def test_without_a_rule_only_the_key_takes_one() -> None:
    shooter = Shooter()
    bench = weighed(opened(shooter))
    assert shooter.shots == []
    bench.say(p.CommandGiven("photo"))
    assert facts(bench, PhotoTaken)[0]["why"] == "asked"


def test_a_camera_that_is_away_is_named_and_stops_nothing() -> None:
    bench = opened(Shooter(), RUSSIA)
    record = bench.desk.devices["camera"]
    record.state, record.cause = p.DeviceState.FAULT, "camera.frozen"
    weighed(bench)
    (missed,) = facts(bench, PhotoMissed)
    assert (missed["cause"], missed["must"]) == ("camera.frozen", False)
    assert bench.core.session.state is not State.HELD


@pytest.mark.parametrize(
    ("shooter", "cause"),
    [
        (Shooter(fault="photo.stale"), "photo.stale"),
        (Shooter(broken=True), "photo.failed"),
        (Shooter(names=()), "photo.no_camera"),
    ],
)
def test_every_way_to_miss_one_has_its_cause(shooter: Shooter, cause: str) -> None:
    bench = weighed(opened(shooter, RUSSIA))
    assert [one["cause"] for one in facts(bench, PhotoMissed)] == [cause]


def test_a_missed_photo_is_told_until_it_is_there() -> None:
    shooter = Shooter(names=())
    bench = weighed(opened(shooter, RUSSIA))
    assert bench.core.session.state is State.PRINTING
    keys = ("photo.missed", "photo.no_camera", "photo.again")
    assert tuple(words.key for words in bench.view.warning) == keys
    shooter.names = ("camera",)
    assert bench.say(p.CommandGiven("photo")).warning == ()
    assert facts(bench, PhotoTaken)[0]["why"] == "asked"


def test_a_rule_that_must_holds_until_the_photo_is_there() -> None:
    shooter = Shooter(names=())
    bench = weighed(opened(shooter, PhotoRule(why="value", nth=1, must=True)))
    assert (bench.core.session.state, bench.core.session.hold_reason) == (State.HELD, "photo")
    assert bench.core.session.parcel.label is None
    assert bench.view.alert is not None
    assert bench.view.alert.headline == Words("hold.photo")
    shooter.names = ("camera",)
    bench.say(p.CommandGiven("photo"))
    assert bench.core.session.state is not State.HELD
    assert bench.core.session.parcel.label is not None


def test_evidence_that_had_to_go_is_a_fact_and_said() -> None:
    shooter = Shooter(dropped=(("cd" * 32, False), ("ef" * 32, True)))
    bench = weighed(opened(shooter))
    bench.say(p.CommandGiven("photo"))
    assert [one["sent"] for one in facts(bench, EvidenceDropped)] == [False, True]
    assert bench.view.verdict is not None
    assert (bench.view.verdict.tone, bench.view.verdict.words.key) == ("warn", "photo.lost")


def test_no_order_no_photo() -> None:
    bench = opened(Shooter())
    bench.start()
    bench.scan("%PB:PK-1")
    bench.say(p.CommandGiven("photo"))
    assert bench.view.alert is not None
    assert bench.view.alert.headline.key == "no.photo.nothing"


def test_a_bench_without_cameras_has_no_photographer() -> None:
    nobody = NoPhotographer()
    assert nobody.cameras() == ()
    with pytest.raises(DeviceFaulty) as told:
        nobody.shoot("camera", 30)
    assert told.value.fields["fault"] == "photo.no_camera"


def test_no_label_is_bought_while_a_photo_that_must_is_written() -> None:
    shooter = Shooter()
    bench = opened(shooter, PhotoRule(why="value", nth=1, must=True))
    bench.start()
    bench.lease()
    bench.scan("%PB:PK-1", "O-1", MUG, MUG, SOCK, "C3")
    bench.weigh(0)
    bench.later.drain()
    # The camera is slow: the weight is taken, the picture still on its way.
    bench.station.handle(bench.reading(780))
    assert bench.core.session.parcel.gross_g == 780
    assert (bench.core.session.hold_reason, bench.core.session.parcel.label) == ("photo", None)
    assert bench.view.alert is None
    bench.later.drain()
    assert bench.core.session.state is not State.HELD
    assert bench.core.session.parcel.label is not None
