"""Badge readers, pedals, lights and scanners that obey: the small devices of the bench."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from packstation.station import ports as p
from packstation.station.badges import person_of
from packstation.station.desk import DeviceInfo, DeviceRecord
from packstation.station.mood import Mood, mood_of
from packstation.station.pedal import Pedals, Step
from packstation.station.views import (
    AlertView,
    DeviceView,
    EntryView,
    LabelView,
    OrderView,
    Screen,
    StationView,
    Words,
)
from packstation.station.wedge import BurstRule, GiveBack, Key, Scan, Wedge
from tests.station.desk import MUG, Bench, order, signed_in

MS = 1_000_000
CARDS = (
    p.PersonRow("PK-1", "Lin", "packer", prefs={"card": "0012345678"}),
    p.PersonRow("PK-2", "Aigul", "packer", prefs={"card": ["00 BC 61 4F", "77"]}),
    p.PersonRow("SV-1", "Olga", "supervisor", prefs={"card": 90}),
    p.PersonRow("SV-2", "Ola", "supervisor", prefs={"card": "90"}),
    p.PersonRow("PK-3", "Bo", "packer"),
)


# --- badges -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "badge"),
    [
        ("%PB:PK-1", "PK-1"),
        ("%pb: PK-3 ", "PK-3"),
        ("PK-2", "PK-2"),
        ("12345678", "PK-1"),
        ("0012345678", "PK-1"),
        ("00BC614E", "PK-1"),
        ("12345679", "PK-2"),
        ("00:bc:61:4f", "PK-2"),
        ("077", "PK-2"),
        ("90", None),
        ("6901234567892", None),
        ("", None),
        ("…", None),
        ("١٢٣", None),
    ],
)
def test_whose_badge_or_card_it_is(text: str, badge: str | None) -> None:
    found = person_of(text, CARDS)
    assert (found.badge if found else None) == badge


def badge_bench() -> Bench:
    bench = signed_in(order())
    bench.cache.add(replace(CARDS[1], badge="PK-2", language="ru"))
    info = DeviceInfo("badge", "badge", "badge")
    bench.desk.devices["badge"] = DeviceRecord(info, p.DeviceState.OK)
    return bench


def test_a_card_at_the_reader_changes_the_person() -> None:
    bench = badge_bench()
    view = bench.say(p.CodeScanned("0000000077", "", "badge", raw=b"0000000077", received_ns=9))
    assert view.person.language == "ru"
    body = bench.store.records[-1].event.body
    assert (body["badge"], body["scanner"]) == ("PK-2", "badge")
    assert next(d for d in view.devices if d.id == "badge").last == "0000000077"


@pytest.mark.parametrize("text", [MUG, "T-O-1", "%PS:cancel", "LP123456785CN"])
def test_nothing_but_a_badge_comes_from_a_badge_reader(text: str) -> None:
    bench = badge_bench()
    before = bench.view.person
    bench.say(p.CodeScanned(text, "", "badge"))
    assert (bench.kinds()[-1], bench.view.person) == ("InputRefused", before)
    assert bench.store.records[-1].event.body["reason"] == "badge.unknown"
    bench.say(p.CodeScanned("0000077…", "", "badge", error="torn"))
    assert bench.store.records[-1].event.body["reason"] == "badge.unknown"


def test_a_supervisors_card_still_needs_the_pin() -> None:
    bench = badge_bench()
    bench.scan("O-1", MUG)
    bench.say(p.CommandGiven("hold"), p.ChoiceMade(0))
    view = bench.say(p.CodeScanned("SV-1", "", "badge"))
    assert view.entry is not None
    assert view.entry.kind == "pin"


# --- pedals -------------------------------------------------------------------------------


def test_a_pedal_bounces_and_repeats_and_is_one_step() -> None:
    pedals = Pedals({"F13": Step("accept", "pedal"), "F14": Step("undo", "pedal")})
    steps = [
        pedals.press(Key("", 0, "F13")),
        pedals.press(Key("", 20 * MS, "F13")),
        pedals.press(Key("", 60 * MS, "F13")),
        pedals.press(Key("", 400 * MS, "F13", repeat=True)),
        pedals.press(Key("", 500 * MS, "F13")),
        pedals.press(Key("", 501 * MS, "F14")),
        pedals.press(Key("", 600 * MS, "F15")),
        pedals.press(Key("a", 700 * MS)),
    ]
    assert [step.command if step else "" for step in steps] == [
        "accept", "", "", "", "accept", "undo", "", "",
    ]  # fmt: skip
    assert pedals.knows(Key("", 0, "F14"))
    assert not pedals.knows(Key("", 0, "F15"))
    assert not Pedals().knows(Key("a", 0))


# --- two devices on one keyboard ----------------------------------------------------------


def test_a_framed_badge_reader_and_a_scanner_share_the_keys_and_not_their_names() -> None:
    wedge = Wedge(BurstRule(frames=(("F14", "badge"),)), source="scanner")
    assert wedge.sources == {"scanner", "badge"}
    scans: list[p.CodeScanned] = []
    now = 0

    def press(text: str, name: str = "", gap: int = 5) -> None:
        nonlocal now
        now += gap * MS
        scans.extend(o.code for o in wedge.press(Key(text, now, name)).out if isinstance(o, Scan))

    for mark in ("T", "-", "1", "1", "\r"):
        press(mark)
    press("", "F14")
    for mark in ("T", "-", "1", "1", "\r"):
        press(mark, gap=90)
    # The same text at once, but from another device, is another scan.
    assert [(one.source, one.text) for one in scans] == [("scanner", "T-11"), ("badge", "T-11")]
    for mark in ("T", "-", "1", "1", "\r"):
        press(mark)
    assert len(scans) == 3


def test_a_slow_text_that_looks_like_the_card_is_given_back_without_an_end() -> None:
    wedge = Wedge()
    wedge.expect("1ABC")
    for at, mark in enumerate("9xyz"):
        wedge.press(Key(mark, at * 300 * MS))
    (out,) = wedge.tick(60_000 * MS)
    assert isinstance(out, GiveBack)


# --- commands to scanners -----------------------------------------------------------------


class Hand:
    """A scanner that beeps."""

    actions = ("beep",)

    def __init__(self) -> None:
        self.done: list[str] = []

    def do(self, action: str) -> bool:
        self.done.append(action)
        return action in self.actions


def test_a_scanner_beeps_when_its_button_is_touched() -> None:
    bench = signed_in(order())
    hand = Hand()
    bench.gear.scanners["scanner"] = hand
    bench.desk.devices["scanner"].actions = ("scanner-beep",)
    view = bench.say(p.CommandGiven("scanner-beep", "scanner", "touch"))
    assert hand.done == ["beep"]
    assert next(d for d in view.devices if d.id == "scanner").actions == ("scanner-beep",)
    bench.say(p.CommandGiven("scanner-trigger", "scanner"), p.CommandGiven("scanner-beep", "other"))
    assert bench.kinds()[-2:] == ["InputRefused", "InputRefused"]


def test_the_page_of_a_device_tries_scanners_and_lights() -> None:
    bench = signed_in(order())
    hand, lamp = Hand(), Lamp()
    bench.gear.scanners["scanner"], bench.gear.lights["light"] = hand, lamp
    bench.desk.devices["scanner"].actions = ("scanner-beep", "scanner-release")
    bench.desk.devices["light"] = DeviceRecord(DeviceInfo("light", "light", "light"))
    bench.say(p.CommandGiven("devices"), p.CommandGiven("devices", "scanner"))
    bench.say(p.CommandGiven("device-test", "scanner-beep"))
    assert hand.done == ["beep"]
    bench.say(p.CommandGiven("device-test", "scanner-release"))
    assert hand.done == ["beep"]
    bench.say(p.CommandGiven("back"), p.CommandGiven("devices", "light"))
    bench.say(p.CommandGiven("device-test", "light"))
    assert lamp.shown == ["test"]


# --- lights -------------------------------------------------------------------------------

ORDER = OrderView("O-1", "", "", "", "", 1, 1, 0, 1, 0, 1)
PACKING = StationView(Screen.SCANNING, order=ORDER)


@pytest.mark.parametrize(
    ("view", "mood"),
    [
        (StationView(Screen.QUEUE), Mood.IDLE),
        (StationView(Screen.SIGN_IN), Mood.OFF),
        (PACKING, Mood.WORKING),
        (replace(PACKING, alert=AlertView("refusal", Words("x"))), Mood.STOPPED),
        (replace(PACKING, alert=AlertView("stop", Words("x"))), Mood.STOPPED),
        (replace(PACKING, alert=AlertView("hold", Words("x"))), Mood.WAITING),
        (replace(PACKING, entry=EntryView("pin", Words("x"))), Mood.WAITING),
        (replace(PACKING, entry=EntryView("serial", Words("x"))), Mood.WORKING),
        (replace(PACKING, label=LabelView(unsure=True)), Mood.WAITING),
        (replace(PACKING, label=LabelView()), Mood.WORKING),
        (replace(PACKING, devices=(DeviceView("s", "scale", "", "fault"),)), Mood.WAITING),
        (replace(PACKING, devices=(DeviceView("l", "light", "", "fault"),)), Mood.WORKING),
    ],
)
def test_what_a_light_says_of_a_screen(view: StationView, mood: Mood) -> None:
    assert mood_of(view) is mood


class Lamp:
    """Remembers what it showed."""

    def __init__(self) -> None:
        self.shown: list[str] = []

    def show(self, mood: str) -> None:
        self.shown.append(mood)

    def test(self) -> None:
        self.shown.append("test")


def test_a_light_follows_the_bench_and_hears_of_changes_only() -> None:
    bench = Bench()
    lamp = Lamp()
    bench.gear.lights["light"] = lamp
    bench.cache.add(p.OrderRow(order(), 1))
    bench.start()
    bench.scan("%PB:PK-1", "O-1", MUG, "nothing-known")
    bench.command("accept")
    assert lamp.shown == ["off", "idle", "working", "stopped", "working"]
