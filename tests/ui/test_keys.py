"""Keys as mirrors of codes: the same everywhere, lent by a foot, picks and quantities."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt

from packstation.station.ports import ChoiceMade, CommandGiven, Happening
from packstation.station.views import (
    AlertView,
    CartonView,
    CommandView,
    EntryView,
    QueueRow,
    QueueView,
    Screen,
    ServiceRow,
    StationView,
    Words,
)
from packstation.ui.keys import Keys, Stroke, picks
from packstation.ui.plausible import judge
from tests.ui.frame_views import scanning

KEY = Qt.Key


def press(view: StationView, *keys: Qt.Key | str) -> list[Happening | None]:
    reader = Keys()
    return [reader.read(view, stroke(key)) for key in keys]


def stroke(key: Qt.Key | str) -> Stroke:
    if isinstance(key, str):
        return Stroke(ord(key.upper()), key)
    return Stroke(int(key))


@pytest.mark.parametrize(
    ("key", "command"),
    [
        (KEY.Key_Return, "accept"),
        (KEY.Key_Enter, "accept"),
        (KEY.Key_Escape, "back"),
        (KEY.Key_F1, "help"),
        (KEY.Key_F2, "manual"),
        (KEY.Key_F3, "carton"),
        (KEY.Key_F4, "undo"),
        (KEY.Key_F5, "next-parcel"),
        (KEY.Key_F6, "short"),
        (KEY.Key_F7, "service"),
        (KEY.Key_F8, "hold"),
        (KEY.Key_F9, "reprint"),
        (KEY.Key_F10, "void"),
        (KEY.Key_F11, "my-settings"),
        (KEY.Key_F12, "supervisor"),
    ],
)
def test_keys_mirror_the_codes(key: Qt.Key, command: str) -> None:
    assert press(replace(scanning(), commands=()), key) == [CommandGiven(command)]


def test_a_foot_may_lend_a_key_and_an_alert_takes_it_over() -> None:
    view = replace(scanning(), commands=(CommandView("open", "F4", Words("x")),))
    assert press(view, KEY.Key_F4) == [CommandGiven("open")]
    answers = (CommandView("accept", "Enter", Words("x")), CommandView("void", "F4", Words("x")))
    alert = AlertView("refusal", Words("x"), answers=answers)
    assert press(replace(view, alert=alert), KEY.Key_F4) == [CommandGiven("void")]


@pytest.mark.parametrize("key", [KEY.Key_F1, KEY.Key_F8, KEY.Key_F11, KEY.Key_F12])
def test_some_keys_mean_the_same_everywhere(key: Qt.Key) -> None:
    cap = f"F{int(key) - int(KEY.Key_F1) + 1}"
    view = replace(scanning(), commands=(CommandView("other", cap, Words("x")),))
    assert press(view, key) != [CommandGiven("other")]


def test_digits_and_a_star_are_a_quantity() -> None:
    assert press(scanning(), "1", "2", "*") == [None, None, CommandGiven("quantity", "12")]
    assert press(scanning(), "*") == [None]
    assert press(scanning(), "1", KEY.Key_F4, "*")[-1] is None


def test_no_more_than_four_digits_are_kept() -> None:
    assert press(scanning(), *"123456", "*")[-1] == CommandGiven("quantity", "3456")


def test_a_key_held_down_counts_once() -> None:
    assert Keys().read(scanning(), Stroke(int(KEY.Key_F4), repeat=True)) is None


def test_control_alt_m_mutes_and_other_chords_do_nothing() -> None:
    assert Keys().read(scanning(), Stroke(int(KEY.Key_M), control=True, alt=True)) == CommandGiven(
        "mute"
    )
    assert Keys().read(scanning(), Stroke(int(KEY.Key_X), control=True, alt=True)) is None


def row(order: str) -> QueueRow:
    return QueueRow(order, "15:00", None, "", None, "", (), "", None, "", "ready", Words("x"))


def service(name: str, state: str) -> ServiceRow:
    return ServiceRow("cn-post", name, name, "postal", None, "", "", state)


def lists() -> dict[str, tuple[StationView, tuple[str, ...]]]:
    base = replace(scanning(), screen=Screen.RATING)
    entry = EntryView("hold", Words("x"), choices=(("damaged", Words("x")), ("other", Words("x"))))
    box, more = CartonView("C3", "box", (1, 1, 1)), CartonView("C4", "box", (1, 1, 1))
    return {
        "entry": (replace(base, entry=entry), ("damaged", "other")),
        "typed entry": (replace(base, entry=EntryView("pin", Words("x"))), ()),
        "queue": (
            replace(base, screen=Screen.QUEUE, queue=QueueView((row("A"), row("B")))),
            ("A", "B"),
        ),
        "boxes": (
            replace(base, screen=Screen.CARTONING, carton=box, other_cartons=(more,)),
            ("C4",),
        ),
        "services": (
            replace(base, services=(service("e", "chosen"), service("x", "refused"))),
            ("cn-post/e",),
        ),
        "locked": (replace(base, locked=True, services=(service("e", "chosen"),)), ()),
        "scanning": (scanning(), ()),
    }


def test_a_list_over_a_question_takes_the_digits() -> None:
    view = lists()["entry"][0]
    view = replace(view, commands=(CommandView("yes", "1", Words("x")),))
    assert Keys().read(view, Stroke(0, "1")) == ChoiceMade(0, "damaged")
    assert Keys().read(replace(view, entry=None), Stroke(0, "1")) == CommandGiven("yes")


@pytest.mark.parametrize("name", sorted(lists()))
def test_one_to_four_pick_from_the_list_in_sight(name: str) -> None:
    view, ids = lists()[name]
    assert picks(view) == ids
    if ids:
        assert press(view, "1") == [ChoiceMade(0, ids[0])]
        assert press(view, "4") == [None]


def test_an_answer_that_has_a_digit_for_its_key_comes_before_a_list() -> None:
    view = replace(lists()["services"][0], commands=(CommandView("yes", "1", Words("x")),))
    assert press(view, "1") == [CommandGiven("yes")]


@pytest.mark.parametrize(
    ("kind", "value", "finding"),
    [
        ("pin", "", "frame.entry.empty"),
        ("pin", "123", "frame.entry.short"),
        ("pin", "1234", ""),
        ("quantity", "0", "frame.entry.number"),
        ("quantity", "12", ""),
        ("quantity", "1²", "frame.entry.number"),
        ("quantity", "10000", "frame.entry.number"),
        ("number", "RB123456785GB", ""),
        ("number", "RB 123 456 785 GB", ""),
        ("number", "RB123456784GB", "frame.entry.check"),
        ("number", "RB12", ""),
        ("serial", "A-1", ""),
        ("reason", "  ", "frame.entry.empty"),
    ],
)
def test_a_value_is_judged_while_it_is_typed(kind: str, value: str, finding: str) -> None:
    assert judge(kind, value) == finding
