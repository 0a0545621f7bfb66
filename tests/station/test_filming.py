"""Films by session: when they begin and end, what is recorded, who switches, the sign."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from msgspec.structs import replace

from packstation.domain.evidence import EvidenceRules, KeepRule, VideoRule, evidence_of
from packstation.domain.packing.evidence_facts import (
    EvidenceDropped,
    VideoKept,
    VideoMissed,
    VideoSwitched,
)
from packstation.domain.quantities import Money
from packstation.station import ports as p
from packstation.station.desk import DeviceInfo, DeviceRecord
from packstation.station.filming import EvidenceMoved, FilmMade, FilmStood, NoFilmer, Reel, Take
from packstation.station.gear import Gear
from packstation.station.views import Words
from tests.fake_storage import FakeEventStore
from tests.station.desk import MUG, Bench, order, to_confirming

HASH = "ab" * 32
TAKE = Take(HASH, 5000, 1_790_000_000_250, 61_400, 700, 3)
ON = EvidenceRules(video=VideoRule())


@dataclass
class Film:
    """``Filmer`` that remembers; the test says what became of its films."""

    names: tuple[str, ...] = ("camera",)
    did: list[str] = field(default_factory=list)
    reels: list[Reel] = field(default_factory=list)
    looks: int = 0
    noted: list[FilmMade] = field(default_factory=list)

    def cameras(self) -> tuple[str, ...]:
        return self.names

    def switch(self, *, on: bool) -> None:
        self.did.append("on" if on else "off")

    def begin(self, reel: Reel) -> None:
        self.did.append("begin")
        self.reels.append(reel)

    def words(self, reel: Reel) -> None:
        self.did.append(f"words {reel.words}")

    def end(self, reel: Reel) -> None:
        self.did.append("end")
        assert reel.token == self.reels[-1].token

    def look(self) -> None:
        self.looks += 1

    def recorded(self, done: FilmMade) -> None:
        self.noted.append(done)


def opened(film: Film, rules: EvidenceRules = ON, store: FakeEventStore | None = None) -> Bench:
    bench = Bench(store, gear=Gear(filmer=film, evidence=rules))
    ok = p.DeviceState.OK
    info = DeviceInfo("camera", "camera", "camera")
    bench.desk.devices["camera"] = DeviceRecord(info, ok, recorded=(ok, ""))
    bench.cache.add(p.OrderRow(order(), 1))
    bench.start()
    bench.lease()
    bench.scan("%PB:PK-1")
    return bench


def facts(bench: Bench, kind: type) -> list[dict[str, object]]:
    return [dict(event.body) for event in bench.store.bench_events([kind.__name__])]


def closed(bench: Bench) -> str:
    to_confirming(bench)
    label = bench.core.session.parcel.label
    assert label is not None
    bench.scan(label.waybill)
    return label.waybill


def test_a_film_goes_from_opening_to_closing_and_gets_the_waybill() -> None:
    film = Film()
    bench = opened(film)
    assert bench.view.filming == "wait"
    bench.scan("O-1")
    assert bench.view.filming == "film"
    waybill = closed(bench)
    assert film.did == ["on", "begin", f"words {waybill}  O-1", "end"]
    assert (film.reels[0].order, film.reels[0].words) == ("O-1", "O-1")
    bench.say(FilmMade(film.reels[0], TAKE))
    (kept,) = facts(bench, VideoKept)
    assert kept == {
        "sha256": HASH,
        "bytes": 5000,
        "begun": "2026-09-21T14:13:20.250Z",
        "seconds": 61,
        "frames": 700,
        "lost": 3,
        "camera": "camera",
        "codec": "h264",
        "keep_days": 30,
    }
    (parcel,) = evidence_of(bench.store.session_events(film.reels[0].session))
    assert [(one.kind, one.sha256) for one in parcel.files] == [("video", HASH)]
    assert bench.view.filming == "wait"


def test_a_film_that_is_told_again_is_one_film() -> None:
    film = Film()
    bench = opened(film)
    bench.scan("O-1")
    done = FilmMade(film.reels[0], TAKE)
    again = replace(done, again=True)
    bench.say(again, again)
    assert len(facts(bench, VideoKept)) == 1
    assert film.noted == [again, again]


def test_a_file_moves_once_its_fact_is_written_and_a_loss_is_said() -> None:
    settled: list[EvidenceMoved] = []
    bench = Bench(gear=Gear(settled=settled.append))
    bench.start()
    lost = EvidenceMoved(HASH, gone=True, why="room", sent=False)
    bench.store.broken = True
    bench.say(EvidenceMoved("cd" * 32))
    assert settled == []
    bench.store.broken = False
    bench.say(p.Ticked(), lost)
    assert settled == [EvidenceMoved("cd" * 32), lost]
    (gone,) = facts(bench, EvidenceDropped)
    assert gone == {"sha256": HASH, "why": "room", "sent": False}
    assert bench.view.verdict is not None
    assert bench.view.verdict.words == Words("photo.lost")


def test_a_dear_order_is_kept_longer() -> None:
    film = Film()
    half_a_year = KeepRule(value=Money(Decimal(500), "CNY"), days=180)
    bench = opened(film, EvidenceRules(video=VideoRule(), keep=(half_a_year,)))
    dear = order("O-2")
    lines = tuple(replace(line, unit_price=Money(Decimal(300), "CNY")) for line in dear.lines)
    bench.cache.add(p.OrderRow(replace(dear, lines=lines), 1))
    bench.scan("O-2")
    bench.command("park")
    bench.scan("SHELF-1", "O-1")
    assert [(one.order, one.keep_days) for one in film.reels] == [("O-2", 180), ("O-1", 30)]


def test_a_recorder_that_dies_is_named_and_packing_goes_on() -> None:
    film = Film()
    bench = opened(film)
    bench.scan("O-1")
    bench.say(FilmMade(film.reels[0], cause="video.died"), FilmStood("video.died"))
    assert bench.view.filming == "fault"
    assert bench.view.verdict is not None
    assert bench.view.verdict.words == Words("video.missed")
    assert bench.view.verdict.detail == Words("video.died")
    bench.say(FilmStood())
    assert bench.view.filming == "film"
    closed(bench)
    bench.say(FilmMade(film.reels[0], TAKE), FilmMade(film.reels[0], cause="video.no_picture"))
    assert [one["cause"] for one in facts(bench, VideoMissed)] == ["video.died", "video.no_picture"]
    assert bench.kinds().count("SessionCompleted") == 1


def test_a_camera_that_goes_away_leaves_a_hole_that_is_named_once() -> None:
    film = Film()
    bench = opened(film)
    record = bench.desk.devices["camera"]
    bench.scan("O-1")
    record.state, record.cause = p.DeviceState.FAULT, "device.unplugged"
    bench.say(p.Ticked(), p.Ticked())
    assert bench.view.filming == "fault"
    record.state, record.cause = p.DeviceState.OK, ""
    bench.say(p.Ticked())
    record.state = p.DeviceState.ASLEEP
    bench.say(p.Ticked())
    missed = [(one["cause"], one["camera"]) for one in facts(bench, VideoMissed)]
    assert missed == [("device.unplugged", "camera"), ("photo.no_camera", "camera")]
    assert film.looks == 4


def test_without_a_camera_each_order_says_so() -> None:
    film = Film(names=())
    bench = opened(film)
    assert bench.view.filming == "fault"
    bench.scan("O-1", MUG)
    assert film.did == ["on"]
    assert [one["cause"] for one in facts(bench, VideoMissed)] == ["photo.no_camera"]


def test_what_had_to_go_unsent_is_said() -> None:
    film = Film()
    bench = opened(film)
    bench.scan("O-1")
    take = Take(HASH, 1, 0, 1, 1, dropped=(("cd" * 32, False),))
    bench.say(FilmMade(film.reels[0], take))
    assert [one["sent"] for one in facts(bench, EvidenceDropped)] == [False]
    assert bench.view.verdict is not None
    assert bench.view.verdict.words == Words("video.lost")


def test_only_a_supervisor_switches_and_it_is_remembered() -> None:
    film = Film()
    bench = opened(film)
    bench.scan("O-1")
    bench.command("video")
    assert bench.view.entry is not None
    assert bench.view.entry.kind == "supervisor"
    bench.scan("%PB:SV-1")
    bench.say(p.TextEntered("pin", "0000"))
    assert facts(bench, VideoSwitched) == []
    bench.say(p.TextEntered("pin", "9999"))
    assert facts(bench, VideoSwitched) == [{"on": False, "by": "SV-1"}]
    assert (film.did, bench.view.filming) == (["on", "begin", "end", "off"], "")
    again = Film()
    later = opened(again, store=bench.store)
    assert again.did == ["off"]
    later.command("video")
    later.scan("%PB:SV-1")
    later.say(p.TextEntered("pin", "9999"))
    # The order that is open is filmed from here.
    assert again.did == ["off", "on", "begin"]


def test_a_wish_that_was_dropped_or_is_old_asks_for_nothing() -> None:
    film = Film()
    bench = opened(film)
    bench.command("video", "back")
    bench.scan("O-1", "%PB:SV-1")
    bench.command("back", "video")
    bench.clock.advance(61)
    bench.scan("%PB:SV-1")
    bench.say(p.TextEntered("pin", "9999"))
    assert facts(bench, VideoSwitched) == []
    bench.command("back", "video")
    bench.scan("%PB:SV-1")
    bench.clock.advance(61)
    bench.say(p.TextEntered("pin", "9999"))
    assert facts(bench, VideoSwitched) == []


def test_a_parked_order_has_a_film_a_stay() -> None:
    film = Film()
    bench = opened(film)
    bench.scan("O-1", MUG)
    bench.command("park")
    bench.scan("SHELF-1")
    bench.scan("O-1")
    assert film.did == ["on", "begin", "end", "begin"]
    assert film.reels[0].session == film.reels[1].session


def test_a_restart_films_the_open_order_on() -> None:
    bench = opened(Film())
    bench.scan("O-1", MUG)
    film = Film()
    opened(film, store=bench.store)
    assert film.did[:2] == ["on", "begin"]


def test_a_bench_without_filming_shows_no_sign() -> None:
    bench = Bench()
    bench.cache.add(p.OrderRow(order(), 1))
    bench.start()
    bench.scan("%PB:PK-1", "O-1")
    assert bench.view.filming == ""
    nobody, reel = NoFilmer(), Reel("t", "s", "p", "o", "")
    nobody.switch(on=True)
    for does in (nobody.begin, nobody.words, nobody.end):
        does(reel)
    nobody.look()
    nobody.recorded(FilmMade(reel))
    assert nobody.cameras() == ()


def places(bench: Bench) -> list[tuple[str, str]]:
    """Words and detail of the history's rows of films."""
    bench.command("home", "back")
    bench.say(p.CommandGiven("history", "O-1"))
    view = bench.view.page_rows
    assert view is not None
    said = [(row.words, row.detail) for row in view.rows if row.words and row.detail]
    return [(words.key, why.key) for words, why in said if words.key.startswith("hist.Video")]


def test_the_history_says_where_a_film_is() -> None:
    film = Film()
    bench = opened(film)
    bench.scan("O-1")
    closed(bench)
    bench.say(FilmMade(film.reels[0], cause="video.died"), FilmMade(film.reels[0], TAKE))
    died, kept = ("hist.VideoMissed", "video.died"), "hist.VideoKept"
    assert places(bench) == [died, (kept, "hist.file.here")]
    bench.say(EvidenceMoved(HASH), EvidenceMoved("cd" * 32))
    assert places(bench) == [died, (kept, "hist.file.both")]
    # It made room here for a newer one.
    newer = replace(TAKE, sha256="ef" * 32, dropped=((HASH, True),))
    bench.say(FilmMade(film.reels[0], newer))
    assert places(bench) == [died, (kept, "hist.file.server"), (kept, "hist.file.here")]
    bench.say(EvidenceMoved(HASH, gone=True))
    assert places(bench) == [died, (kept, "hist.file.gone"), (kept, "hist.file.here")]


def test_an_order_that_the_cache_lost_is_filmed_all_the_same() -> None:
    film = Film()
    bench = opened(film)
    bench.scan("O-1", MUG)
    again = Film()
    lost = Bench(bench.store, gear=Gear(filmer=again, evidence=ON))
    lost.start()
    assert again.reels[0].keep_days == 30


def test_an_idle_bench_is_switched_too() -> None:
    film = Film()
    bench = opened(film, EvidenceRules())
    assert bench.view.filming == ""
    bench.command("video")
    bench.scan("%PB:SV-1")
    bench.say(p.TextEntered("pin", "9999"))
    assert (film.did, bench.view.filming) == (["off", "on"], "wait")


def test_the_menu_offers_the_switch_to_whoever_may() -> None:
    bench = opened(Film())

    def offered() -> set[str]:
        view = bench.command("home", "more").page_rows
        assert view is not None
        return {row.id for row in view.rows}

    assert "video" not in offered()
    bench.command("person")
    bench.scan("%PB:SV-1")
    assert "video" in offered()
