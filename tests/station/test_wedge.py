from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packstation.station.ports import CodeScanned
from packstation.station.scantext import LONGEST
from packstation.station.wedge import BurstRule, GiveBack, Key, Out, Pressed, Scan, Wedge, fitted

MS = 1_000_000
EAN = "6901234567892"


class Keyboard:
    """Presses keys at chosen gaps and lets time pass as the window's timer would."""

    def __init__(self, wedge: Wedge) -> None:
        self.wedge = wedge
        self.now = 1_000 * MS
        self.out: list[Out] = []
        self.passed: list[Key] = []

    def wait(self, ms: float) -> None:
        self.now += int(ms * MS)
        deadline = self.wedge.deadline_ns
        if deadline is not None and self.now > deadline:
            self.out += self.wedge.tick(self.now)

    def press(
        self, text: str, gap_ms: float = 10, name: str = "", *, repeat: bool = False
    ) -> Pressed:
        self.wait(gap_ms)
        key = Key(text, self.now, name, repeat)
        pressed = self.wedge.press(key)
        self.out += pressed.out
        # What reaches the focused widget: keys given back, then the key itself.
        if not pressed.eaten:
            self.passed.append(key)
        return pressed

    def type(self, text: str, gap_ms: float = 10) -> None:
        for char in text:
            self.press(char, gap_ms)

    def scan(self, text: str, gap_ms: float = 10, end: str = "\r") -> None:
        self.type(text, gap_ms)
        self.press(end, gap_ms)

    @property
    def codes(self) -> list[CodeScanned]:
        return [one.code for one in self.out if isinstance(one, Scan)]

    @property
    def texts(self) -> list[str]:
        return [code.text for code in self.codes]

    @property
    def given(self) -> str:
        return "".join(
            key.text for one in self.out if isinstance(one, GiveBack) for key in one.keys
        )


@pytest.fixture
def keyboard() -> Keyboard:
    return Keyboard(Wedge())


@pytest.mark.parametrize("end", ["\r", "\n", "\t"])
def test_a_burst_with_an_end_is_a_scan_and_its_end_is_eaten(keyboard: Keyboard, end: str) -> None:
    keyboard.scan(EAN, end=end)
    assert keyboard.texts == [EAN]
    assert (keyboard.given, keyboard.passed) == ("", [])
    assert keyboard.wedge.deadline_ns is None


def test_an_end_may_be_told_by_name(keyboard: Keyboard) -> None:
    keyboard.type(EAN)
    keyboard.press("", name="Enter")
    assert keyboard.texts == [EAN]


def test_a_scan_tells_its_source_aim_and_time(keyboard: Keyboard) -> None:
    keyboard.scan("]C1" + EAN)
    code = keyboard.codes[0]
    assert (code.text, code.aim, code.source) == (EAN, "]C1", "wedge")
    assert (code.raw, code.received_ns) == (b"]C1" + EAN.encode(), keyboard.now)


def test_typing_is_given_back_in_order_with_its_enter(keyboard: Keyboard) -> None:
    keyboard.type("hello", gap_ms=150)
    keyboard.press("\r", 150)
    assert keyboard.codes == []
    assert keyboard.given == "hello"
    assert [key.text for key in keyboard.passed] == ["\r"]


def test_fast_typing_is_not_a_scan_when_its_median_is_human(keyboard: Keyboard) -> None:
    keyboard.scan("admin", gap_ms=60)
    assert (keyboard.codes, keyboard.given) == ([], "admin")


def test_three_quick_characters_are_no_code(keyboard: Keyboard) -> None:
    keyboard.scan("abc")
    assert (keyboard.codes, keyboard.given) == ([], "abc")


def test_a_burst_without_an_end_in_time_is_given_back(keyboard: Keyboard) -> None:
    keyboard.type(EAN)
    keyboard.wait(121)
    assert (keyboard.codes, keyboard.given) == ([], EAN)


def test_an_end_that_comes_just_in_time_counts(keyboard: Keyboard) -> None:
    keyboard.type(EAN)
    keyboard.press("\r", 120)
    assert keyboard.texts == [EAN]


def test_a_few_characters_are_held_no_longer_than_a_gap(keyboard: Keyboard) -> None:
    keyboard.type("ab")
    keyboard.wait(81)
    assert keyboard.given == "ab"


def test_the_timer_is_not_needed_where_keys_follow(keyboard: Keyboard) -> None:
    late = keyboard.now + 10_000 * MS
    keyboard.type("abcd")
    pressed = keyboard.wedge.press(Key("\r", late))
    assert pressed == Pressed(
        eaten=False,
        out=(GiveBack(pressed.out[0].keys),),  # type: ignore[union-attr]
    )


def test_a_late_character_begins_a_new_burst(keyboard: Keyboard) -> None:
    keyboard.type("abcd")
    keyboard.press("6", 100)
    keyboard.type(EAN[1:])
    keyboard.press("\r")
    assert (keyboard.texts, keyboard.given) == ([EAN], "abcd")


def test_a_key_typed_before_a_scan_goes_back_alone(keyboard: Keyboard) -> None:
    keyboard.press("x")
    keyboard.wait(90)
    keyboard.scan(EAN)
    assert (keyboard.texts, keyboard.given) == ([EAN], "x")


def test_shift_inside_a_scan_is_let_through_and_does_not_split_it(keyboard: Keyboard) -> None:
    for char in "LP123456785CN":
        assert not keyboard.press("", 1, name="Shift").eaten
        keyboard.press(char, 5)
    keyboard.press("\r")
    assert keyboard.texts == ["LP123456785CN"]


def test_an_arrow_key_gives_back_what_was_held_and_passes(keyboard: Keyboard) -> None:
    keyboard.type("ab")
    assert not keyboard.press("", name="Left").eaten
    assert keyboard.given == "ab"
    assert [key.name for key in keyboard.passed] == ["Left"]


def test_a_key_held_down_is_a_person(keyboard: Keyboard) -> None:
    keyboard.press("7")
    for _ in range(10):
        keyboard.press("7", 30, repeat=True)
    keyboard.press("\r")
    assert (keyboard.codes, len(keyboard.passed)) == ([], 11)


def test_a_trigger_held_down_is_one_scan(keyboard: Keyboard) -> None:
    keyboard.scan(EAN)
    keyboard.scan(EAN)
    keyboard.wait(500)
    keyboard.scan(EAN)
    assert keyboard.texts == [EAN, EAN]


def test_control_characters_are_dropped_and_gs_is_kept(keyboard: Keyboard) -> None:
    keyboard.scan("10A\x0fBC\x1d37\x1b12")
    assert keyboard.texts == ["10ABC\x1d3712"]


def test_a_substitute_stands_for_gs() -> None:
    keyboard = Keyboard(Wedge(BurstRule(gs="|")))
    keyboard.scan("10ABC|3712")
    assert keyboard.texts == ["10ABC\x1d3712"]


def test_a_burst_of_control_characters_types_nothing(keyboard: Keyboard) -> None:
    keyboard.scan("\x12\x0f\x1b\x03")
    assert (keyboard.out, keyboard.passed) == ([], [])


def test_an_endless_burst_is_cut_and_named(keyboard: Keyboard) -> None:
    keyboard.scan("9" * 2000, gap_ms=1)
    code = keyboard.codes[0]
    assert (len(code.text), code.text[-1], code.error) == (LONGEST, "…", "too_long")
    assert keyboard.given == ""


def test_an_endless_burst_without_an_end_is_cut_by_time(keyboard: Keyboard) -> None:
    keyboard.type("9" * 2000, gap_ms=1)
    keyboard.wait(200)
    assert [code.error for code in keyboard.codes] == ["too_long"]


# --- framed by a prefix -----------------------------------------------------------------


@pytest.fixture
def framed() -> Keyboard:
    return Keyboard(Wedge(BurstRule(prefix="F13"), source="wedge-2"))


def test_a_prefix_makes_a_scan_at_any_speed(framed: Keyboard) -> None:
    assert framed.press("", name="F13").eaten
    framed.scan("T-1", gap_ms=200)
    assert framed.texts == ["T-1"]
    assert framed.codes[0].source == "wedge-2"


def test_a_prefix_may_be_a_character() -> None:
    keyboard = Keyboard(Wedge(BurstRule(prefix="\x02")))
    keyboard.scan("\x02T-1", gap_ms=200)
    assert keyboard.texts == ["T-1"]


def test_typing_before_the_prefix_is_given_back(framed: Keyboard) -> None:
    framed.type("ab")
    framed.press("", name="F13")
    framed.scan("T-1")
    assert (framed.given, framed.texts) == ("ab", ["T-1"])


def test_a_frame_that_stalls_is_torn_and_never_typed(framed: Keyboard) -> None:
    framed.press("", name="F13")
    framed.type("690123")
    framed.wait(600)
    assert [(code.text, code.error) for code in framed.codes] == [("690123…", "torn")]
    assert framed.given == ""


def test_a_second_prefix_tears_the_frame_before(framed: Keyboard) -> None:
    framed.press("", name="F13")
    framed.type("690123")
    framed.press("", name="F13")
    framed.scan("T-1")
    assert [(code.text, code.error) for code in framed.codes] == [("690123…", "torn"), ("T-1", "")]


def test_an_empty_frame_is_nothing(framed: Keyboard) -> None:
    framed.press("", name="F13")
    assert framed.press("\r").eaten
    framed.press("", name="F13")
    framed.wait(600)
    assert framed.out == []
    assert framed.wedge.deadline_ns is None


def test_other_keys_inside_a_frame_are_swallowed(framed: Keyboard) -> None:
    framed.press("", name="F13")
    framed.type("T-")
    assert framed.press("", name="F5").eaten
    framed.scan("1")
    assert framed.texts == ["T-1"]


# --- learning ---------------------------------------------------------------------------


def test_the_test_card_teaches_a_slow_scanner(keyboard: Keyboard) -> None:
    keyboard.scan("TEST-CARD", gap_ms=50)
    assert keyboard.codes == []
    keyboard.wait(1000)
    keyboard.wedge.expect("TEST-CARD")
    keyboard.scan("TEST-CARD", gap_ms=50)
    keyboard.wait(1000)
    keyboard.scan(EAN, gap_ms=50)
    assert keyboard.texts == ["TEST-CARD", EAN]


def test_other_scans_while_the_test_card_is_awaited(keyboard: Keyboard) -> None:
    keyboard.wedge.expect("TEST-CARD")
    keyboard.scan(EAN)
    assert (keyboard.texts, keyboard.wedge.rule) == ([EAN], BurstRule())
    keyboard.scan("nothing", gap_ms=200)
    assert keyboard.given == "nothing"


@given(st.lists(st.integers(min_value=0, max_value=2_000 * MS), max_size=40))
def test_a_learned_rule_is_only_ever_wider_and_has_a_bound(gaps: list[int]) -> None:
    at, keys = 0, [Key("x", 0)]
    for gap in gaps:
        at += gap
        keys.append(Key("x", at))
    rule = fitted(BurstRule(), keys)
    assert BurstRule().median_ns <= rule.median_ns <= 120 * MS
    assert BurstRule().gap_ns <= rule.gap_ns <= 300 * MS
    assert BurstRule().end_ns <= rule.end_ns <= 300 * MS


# --- whatever is pressed ----------------------------------------------------------------

KEYS = st.tuples(
    st.sampled_from(["a", "7", "-", "]", "\r", "\t", "", "\x1d", "\x02"]),
    st.integers(min_value=0, max_value=700),
    st.sampled_from(["", "", "", "Shift", "Left", "F13"]),
)


@given(st.lists(KEYS, max_size=60), st.sampled_from(["", "F13", "\x02"]))
def test_without_a_scan_every_key_reaches_the_widget_once_and_in_order(
    presses: Sequence[tuple[str, int, str]], prefix: str
) -> None:
    wedge = Wedge(BurstRule(prefix=prefix))
    now, reached, all_keys, scans = 0, [], [], 0
    for number, (text, gap, name) in enumerate(presses):
        now += gap * MS
        key = Key(text, now, name, native=number)
        all_keys.append(key)
        pressed = wedge.press(key)
        for one in pressed.out:
            if isinstance(one, GiveBack):
                reached += [held.native for held in one.keys]
            else:
                scans += 1
                assert one.code.text
        if not pressed.eaten:
            reached.append(number)
    for one in wedge.tick(now + 10_000 * MS):
        if isinstance(one, GiveBack):
            reached += [held.native for held in one.keys]
    assert wedge.deadline_ns is None
    modifiers = [key.native for key in all_keys if key.name == "Shift"]
    plain = [number for number in reached if number not in modifiers]
    assert plain == sorted(plain)  # type: ignore[type-var]
    assert len(set(plain)) == len(plain)
    # A burst of nothing but control characters is no scan and is not typed either.
    if not prefix and not scans and "\x02" not in {text for text, _, _ in presses}:
        assert sorted(reached) == list(range(len(presses)))  # type: ignore[type-var]
