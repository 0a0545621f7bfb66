"""The card on a bench: read from the Devices page, kept in the journal, done to later codes."""

from __future__ import annotations

from packstation.domain.events import UnknownFact
from packstation.domain.packing.device_facts import ScannerTaught
from packstation.domain.testcard import CARD_CODES, NEEDED_CODES
from packstation.station import ports as p
from packstation.station.core import Core
from packstation.station.gear import Gear
from packstation.station.keymap import LAYOUTS, US, ScanRepair
from packstation.station.lessons import Lessons
from packstation.station.testcard import ScannerLearned, TestCard
from packstation.station.views import Screen, StationView
from packstation.station.wedge import BurstRule, Key, Out, Scan, Wedge
from tests.station.desk import MUG, Bench, order, signed_in

MS = 1_000_000
DE = next(layout for layout in LAYOUTS if layout.id == "de")
KEYS = dict(zip(US.plain + US.shifted, DE.plain + DE.shifted, strict=True))
NEEDED = [code for code in CARD_CODES if code.name in NEEDED_CODES]


def restarted(bench: Bench, gear: Gear | None = None) -> Bench:
    """The same journal on a bench that has just been switched on."""
    return Bench(bench.store, gear=gear or Gear()).start()


def german(text: str) -> str:
    return "".join(KEYS.get(char, char) for char in text)


def read_card(bench: Bench, source: str = "wedge", gs: str = "\x1d") -> StationView:
    bench.say(p.CommandGiven("test-card"))
    for code in NEEDED:
        text = german(code.text).replace("\x1d", gs)
        bench.say(p.CodeScanned(text, "", source))
    return bench.view


def test_the_card_is_read_from_the_devices_page_and_left_by_esc() -> None:
    bench = signed_in(order())
    assert bench.say(p.CommandGiven("devices")).screen is Screen.DEVICES
    assert "test-card" in [one.command for one in bench.view.commands]
    view = bench.say(p.CommandGiven("test-card"))
    assert (view.screen, view.first) == (Screen.TEST_CARD, None)
    assert view.card is not None
    assert [row.state for row in view.card.rows] == ["due"] * 4
    view = bench.say(p.CodeScanned("6901234567892", "]E0", "scanner"))
    assert view.card is not None
    assert (view.card.strange, view.earcon) == ("6901234567892", "unknown_code")
    assert bench.say(p.CommandGiven("back")).screen is Screen.QUEUE
    assert "ItemRejected" not in bench.kinds()


def test_a_layout_is_mended_for_all_later_codes_of_that_scanner_and_after_a_restart() -> None:
    bench = signed_in(order())
    view = read_card(bench, gs="|")
    assert view.card is not None
    assert view.card.done
    assert [(one.level, one.words.key) for one in view.card.findings] == [
        ("mended", "card.find.layout"),
        ("mended", "card.find.gs"),
        ("advice", "card.find.aim_off"),
    ]
    assert view.card.findings[0].about is not None
    assert view.earcon == "parcel_complete"
    assert bench.kinds().count("ScannerTaught") == 1
    bench.say(p.CommandGiven("back"), p.CodeScanned(german("%PS:help"), "", "wedge"))
    assert bench.view.screen is Screen.HELP
    bench.say(p.CommandGiven("back"))
    # Another scanner reads as it is printed.
    assert bench.say(p.CodeScanned("%PS:help", "", "scanner")).screen is Screen.HELP
    again = restarted(bench)
    again.scan("%PB:PK-1")
    assert again.say(p.CodeScanned(german("%PS:help"), "", "wedge")).screen is Screen.HELP


def test_an_identifier_behind_a_wrong_bracket_is_found_after_mending() -> None:
    lessons = Lessons()
    chars = tuple((typed, meant) for meant, typed in KEYS.items() if typed != meant)
    lessons.learn(ScannerTaught(device="wedge", chars=chars))
    scan = lessons.mended(p.CodeScanned(german("]C1") + "0109521234543213", "", "wedge"))
    assert (scan.aim, scan.text) == ("]C1", "0109521234543213")
    told = lessons.mended(p.CodeScanned(german("]C1"), "]C0", "wedge"))
    assert (told.aim, told.text) == ("]C0", "]C1")
    torn = p.CodeScanned("z…", "", "wedge", error="torn")
    assert lessons.mended(torn) == torn
    assert lessons.repair_of("scanner") == ScanRepair()
    assert lessons.repair_of("wedge").chars
    lessons.learn(UnknownFact(name="ScannerTaught"))
    assert lessons.repair_of("wedge").chars


def test_a_card_read_again_by_a_scanner_set_right_undoes_the_repair() -> None:
    bench = signed_in(order())
    read_card(bench)
    bench.say(p.CommandGiven("back"), p.CommandGiven("test-card"))
    for code in NEEDED:
        bench.say(p.CodeScanned(code.text, "]C0", "wedge"))
    assert bench.view.card is not None
    assert [one.words.key for one in bench.view.card.findings] == ["card.find.fine"]
    bench.say(p.CommandGiven("back"))
    assert bench.say(p.CodeScanned("%PS:help", "", "wedge")).screen is Screen.HELP


def test_what_cannot_be_mended_is_a_stop_with_its_cure() -> None:
    bench = signed_in(order())
    view = read_card(bench, gs="")
    assert view.card is not None
    assert (view.card.works, view.earcon) == (False, "weight_off")
    lost = next(one for one in view.card.findings if one.level == "stop")
    assert lost.cure is not None
    assert lost.cure.key == "card.find.gs_lost.cure"


def test_codes_of_another_scanner_begin_another_card() -> None:
    bench = signed_in(order())
    bench.say(p.CommandGiven("test-card"))
    bench.say(p.CodeScanned(NEEDED[0].text, "", "one"), p.CodeScanned(NEEDED[1].text, "", "two"))
    assert bench.view.card is not None
    assert bench.view.card.source == "two"
    assert [row.state for row in bench.view.card.rows] == ["due", "read", "due", "due"]
    bench.say(p.CodeScanned("torn…", "", "two", error="torn"))
    assert bench.view.card is not None
    assert bench.view.card.strange == "torn…"


def test_the_square_code_counts_for_nothing_and_harms_nothing() -> None:
    bench = signed_in(order())
    read_card(bench)
    bench.say(p.CodeScanned("PST-MATRIX-1", "]d1", "wedge"))
    assert bench.kinds().count("ScannerTaught") == 1


def test_a_lesson_of_first_start_is_kept() -> None:
    bench = signed_in(order())
    bench.say(ScannerLearned(ScannerTaught(device="wedge", gs="|")))
    assert bench.station.core.lessons.repair_of("wedge").gs == "|"


def press(wedge: Wedge, text: str, gap_ms: int, *, end: bool, at: int = 0) -> list[p.CodeScanned]:
    found: list[Out] = []
    now = at
    for mark in [*text, "\r"] if end else text:
        now += gap_ms * MS
        found += wedge.press(Key(mark, now)).out
    found += wedge.tick(now + 2_000 * MS)
    return [one.code for one in found if isinstance(one, Scan)]


def test_the_timing_of_a_slow_keyboard_scanner_is_kept_by_the_bench() -> None:
    wedge = Wedge()
    bench = signed_in(order(), gear=Gear(wedge))
    bench.say(p.CommandGiven("test-card"))
    at = 0
    for code in NEEDED:
        for scan in press(wedge, code.text, 60, end=True, at=at):
            bench.say(scan)
        at += 60_000 * MS
    assert bench.kinds().count("ScannerTaught") == 1
    fresh = Wedge()
    restarted(bench, gear=Gear(fresh))
    assert fresh.rule.median_ns == 120 * MS
    assert [one.text for one in press(fresh, "T-11777", 60, end=True)] == ["T-11777"]
    # The card is away: nothing is waited for any more.
    bench.say(p.CommandGiven("back"))
    assert press(wedge, NEEDED[0].text, 200, end=True, at=at) == []


def test_a_keyboard_scanner_without_an_end_key_is_learned_to_end_by_silence() -> None:
    wedge = Wedge()
    bench = signed_in(order(), gear=Gear(wedge))
    bench.say(p.CommandGiven("test-card"))
    at = 0
    for code in NEEDED:
        (scan,) = press(wedge, german(code.text), 10, end=False, at=at)
        assert scan.ended == "silence"
        bench.say(scan)
        at += 10_000 * MS
    assert bench.view.card is not None
    assert "card.find.no_end" in [one.words.key for one in bench.view.card.findings]
    fresh = Wedge(BurstRule(frames=(("F13", "badge"),)))
    restarted(bench, gear=Gear(fresh))
    assert [one.text for one in press(fresh, MUG, 10, end=False)] == [MUG]
    # Five quick keys without an end are no code.
    assert press(fresh, "12345", 10, end=False, at=at) == []


def test_a_card_without_a_keyboard_to_listen_to() -> None:
    heard: list[ScannerTaught] = []
    card = TestCard(heard.append, lambda: None)
    card.begin()
    for code in NEEDED:
        card.take(p.CodeScanned(code.text, "]C0", "scanner"))
    card.end()
    assert [(one.device, one.median_ms) for one in heard] == [("scanner", 0)]


def test_facts_name_the_scanner_that_read_the_code() -> None:
    bench = signed_in(order())
    bench.say(p.CodeScanned("T-O-1", "", "scanner-2"), p.CodeScanned(MUG, "", "scanner-2"))
    bench.say(p.CodeScanned("nothing-known", "", "scanner"))
    bodies = {r.event.kind: r.event.body for r in bench.store.records}
    assert bodies["ItemVerified"]["scanner"] == "scanner-2"
    assert bodies["InputRefused"]["scanner"] == "scanner"
    bench.say(p.CommandGiven("quantity", "0"), p.CommandGiven("dance"))
    assert bench.store.records[-1].event.body["scanner"] == ""
    assert isinstance(bench.station.core, Core)
