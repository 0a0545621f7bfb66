"""A pedal is pressed, learned, given a meaning, tried and saved; it works at once."""

from __future__ import annotations

import pytest

from packstation.domain.barcodes import COMMANDS
from packstation.domain.errors import SettingsError
from packstation.i18n import load
from packstation.station import ports as p
from packstation.station import workshop as w
from packstation.station.pedal import KEYS_OWN, MEANINGS, Pedals, Step, meaning, steps_of
from packstation.station.views import StationView, Words
from packstation.station.wedge import Key
from tests.station.bench_hands import Floor


def learning() -> Floor:
    floor = Floor()
    floor.unlock()
    floor.pick("pedal")
    return floor


def key(floor: Floor) -> str:
    assert floor.view.adding is not None
    return floor.view.adding.main.key


def problem(floor: Floor) -> str:
    assert floor.view.adding is not None
    found = floor.view.adding.problem
    return found.key if found else ""


def listens(floor: Floor) -> bool:
    return floor.gear.pedals.listening


def press(floor: Floor, name: str) -> StationView:
    return floor.say(w.KeyHeard(name))


def added(floor: Floor, name: str = "F13", command: str = "accept") -> None:
    press(floor, name)
    floor.pick(command)
    floor.say(p.AnswerGiven(yes=True))
    floor.pick("save")


def test_a_key_is_learned_given_a_meaning_tried_and_works_at_once() -> None:
    floor = learning()
    assert key(floor) == "add.step.press"
    assert listens(floor)
    press(floor, "F13")
    assert key(floor) == "add.step.meaning"
    assert not listens(floor)
    assert floor.view.adding is not None
    assert floor.view.adding.giant == "F13"
    floor.pick("next-parcel")
    assert key(floor) == "add.trial.pedal"
    assert floor.hands.log[-1] == "open pedal keyboard"
    press(floor, "F14")
    assert problem(floor) == "add.pedal.other"
    press(floor, "F13")
    assert problem(floor) == ""
    assert floor.view.adding.giant == "F13"
    named = [(name.args, value) for name, value in floor.view.adding.facts]
    assert named[0] == ((("key", "F13"),), Words("card.command.next-parcel"))
    floor.say(p.AnswerGiven(yes=True))
    assert not listens(floor)
    floor.pick("save")
    (change, device, replaces) = floor.hands.saves[0]
    assert (change, device.kind, device.address, replaces) == ("added", "pedal", "keyboard", "")
    assert device.options == {"keys": {"F13": "next-parcel"}}
    assert floor.gear.pedals.keys == {"F13": Step("next-parcel", "pedal")}
    assert floor.view.page is not None
    assert floor.view.page.facts[0][1] == Words("card.command.next-parcel")


def test_a_second_key_and_a_key_that_was_the_wrong_one() -> None:
    floor = learning()
    press(floor, "F13")
    floor.pick("accept")
    floor.say(p.AnswerGiven(yes=True))
    floor.pick("press")
    press(floor, "F20")
    floor.pick("undo")
    floor.command("back", "back")
    assert key(floor) == "add.step.press"
    press(floor, "F14")
    floor.pick("hold")
    floor.say(p.AnswerGiven(yes=True))
    floor.pick("save")
    assert floor.hands.saves[0][1].options == {"keys": {"F13": "accept", "F14": "hold"}}


def test_keys_that_people_need_and_keys_of_another_pedal_are_refused() -> None:
    floor = learning()
    assert press(floor, "F4").earcon == "unknown_code"
    assert problem(floor) == "add.pedal.taken"
    added(floor)
    floor.command("back", "add-device")
    floor.pick("pedal")
    press(floor, "F13")
    assert problem(floor) == "add.pedal.used"
    added(floor, "F14", "undo")
    assert floor.gear.pedals.keys == {
        "F13": Step("accept", "pedal"),
        "F14": Step("undo", "pedal-2"),
    }


def test_a_denied_pedal_is_asked_again_and_leaving_ends_the_lesson() -> None:
    floor = learning()
    press(floor, "F13")
    floor.pick("accept")
    floor.say(p.AnswerGiven(yes=False))
    assert (key(floor), problem(floor)) == ("add.step.meaning", "add.no.pedal")
    press(floor, "F19")
    assert key(floor) == "add.step.meaning"
    floor.command("back")
    assert listens(floor)
    floor.command("cancel")
    assert not listens(floor)
    press(floor, "F19")


def test_replacing_and_removing_change_the_keys_at_once() -> None:
    floor = learning()
    added(floor)
    floor.command("device-replace")
    assert key(floor) == "add.step.press"
    added(floor, "F13", "undo")
    assert floor.gear.pedals.keys == {"F13": Step("undo", "pedal")}
    floor.command("device-replace", "back")
    assert floor.view.adding is None
    floor.pick("pedal")
    floor.command("device-remove")
    assert floor.gear.pedals.keys == {}


def test_every_meaning_is_a_command_has_a_name_and_is_on_some_leaf() -> None:
    assert set(MEANINGS) <= COMMANDS | KEYS_OWN
    assert len(set(MEANINGS)) == len(MEANINGS)
    for language in ("en", "zh_Hans", "ru"):
        assert all(load(language).say(meaning(one).key) != meaning(one).key for one in MEANINGS)
    floor = learning()
    press(floor, "F13")
    seen: list[str] = []
    while "accept" not in seen or floor.picks()[0] != "accept":
        seen += floor.picks()[:-1]
        floor.pick("more")
    assert seen == list(MEANINGS)


def test_a_key_is_heard_once_a_step_and_rows_without_sense_are_refused() -> None:
    pedals = Pedals()
    pedals.listening = True
    steps = (Key("", 0, "F13"), Key("", 9, "F13"), Key("", 10**9, "F13", repeat=True))
    assert [pedals.heard(one) for one in steps] == ["F13", "", ""]
    pedals.listening = False
    assert pedals.heard(Key("", 10**10, "F13")) == ""
    rows: tuple[dict[str, object], ...] = ({}, {"keys": {}}, {"keys": {"F13": "dance"}})
    for wrong in rows:
        with pytest.raises(SettingsError):
            steps_of("pedal", wrong)
