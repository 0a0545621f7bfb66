"""First start: three steps, each of which may be left for later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from packstation.domain.errors import NotAuthorised, ServerUnreachable
from packstation.domain.testcard import CARD_CODES
from packstation.domain.weights import Reading, ScaleState
from packstation.station import ports as p
from packstation.station.first_start import NEEDED, FirstStart, Found
from packstation.station.views import PersonView, Screen, StationView
from tests.station.desk import Later

SCALE = Found("scale", "mt-sics", "/dev/ttyS1", "mt-sics · ttyS1")
LABEL = Found("label", "zpl", "tcp://127.0.0.1:9100")


@dataclass
class Hands:
    """A server that knows one token, and two devices."""

    found: tuple[Found, ...] = (SCALE, LABEL)
    opened: list[tuple[Found, ...]] = field(default_factory=list)
    labels: int = 0

    def enrol(self, token: str) -> str:
        if token == "away":
            raise ServerUnreachable(cause="refused")
        if token != "good":
            raise NotAuthorised
        return "https://packs.example"

    def find(self) -> tuple[Found, ...]:
        return self.found

    def open(self, devices: Sequence[Found]) -> None:
        self.opened.append(tuple(devices))

    def print_test_label(self) -> None:
        self.labels += 1


class Setup:
    def __init__(self, **start: object) -> None:
        self.hands, self.later = Hands(), Later()
        self.views: list[StationView] = []
        self.kept: list[tuple[Found, ...]] = []
        person = PersonView(bench="07")
        self.first = FirstStart(self.hands, self.later, person, self.views.append, self.kept.append)
        self.later.post = self.first.handle
        self.first.start("https://packs.example", enrolled=bool(start.get("enrolled")))
        self.later.drain()

    def say(self, *happenings: p.Happening) -> StationView:
        for happening in happenings:
            self.first.handle(happening)
            self.later.drain()
        return self.views[-1]


def test_a_token_joins_and_finds_devices() -> None:
    desk = Setup()
    assert desk.views[-1].screen is Screen.ENROL
    assert desk.views[-1].entry is not None
    view = desk.say(p.TextEntered("token", "bad"))
    assert view.first is not None
    assert view.first.problem is not None
    assert (view.screen, view.first.problem.key) == (Screen.ENROL, "first.token_unknown")
    view = desk.say(p.TextEntered("token", "away"))
    assert view.first is not None
    assert view.first.problem is not None
    assert view.first.problem.key == "first.unreachable"
    view = desk.say(p.CodeScanned("good"))
    assert view.first is not None
    assert (view.screen, view.first.enrolled) == (Screen.FIND_DEVICES, True)
    assert [d.kind for d in view.devices] == ["scale", "label"]
    assert desk.hands.opened == [(SCALE, LABEL)]
    assert (desk.hands.labels, view.first.test_label) == (1, "asked")


def test_a_bench_that_has_joined_begins_with_its_devices() -> None:
    assert Setup(enrolled=True).views[-1].screen is Screen.FIND_DEVICES


def test_what_the_eyes_deny_is_not_kept() -> None:
    desk = Setup(enrolled=True)
    reading = Reading(state=ScaleState.STABLE, value=Decimal("0.42"), unit="kg")
    view = desk.say(p.ScaleRead("scale", reading, 1))
    assert view.scale.grams == 420
    view = desk.say(
        p.PrintProgress("first-start/label/1", "label", "printed"),
        p.DeviceHealth("label", p.DeviceState.FAULT, "printer.paper_out"),
        p.AnswerGiven(yes=True, about="scale"),
        p.AnswerGiven(yes=False, about="label"),
    )
    assert view.first is not None
    assert view.first.test_label == "printed"
    assert [d.state for d in view.devices] == ["ok", "off"]
    desk.say(p.CommandGiven("accept"), p.CommandGiven("accept"))
    assert desk.kept == [(SCALE,)]


def test_the_card_proves_layout_case_and_fnc1() -> None:
    desk = Setup(enrolled=True)
    view = desk.say(p.CommandGiven("accept"))
    assert view.screen is Screen.TEST_CARD
    assert desk.say(p.CodeScanned("PST-QYERTZAW")).earcon == "unknown_code"
    for code in CARD_CODES:
        view = desk.say(p.CodeScanned(code.text))
    assert view.first is not None
    assert {name for name, _ in view.first.card_read} == set(NEEDED)
    assert view.earcon == "parcel_complete"
    assert desk.say(p.CommandGiven("back")).screen is Screen.FIND_DEVICES


def test_everything_may_be_left_for_later() -> None:
    desk = Setup()
    desk.hands.found = ()
    view = desk.say(p.TextEntered("token", ""), p.CommandGiven("accept"))
    assert (view.screen, view.scale.state) == (Screen.FIND_DEVICES, "ASLEEP")
    assert desk.hands.labels == 0
    desk.say(p.Happening(), p.CommandGiven("accept"), p.CommandGiven("accept"))
    assert desk.kept == [()]
    count = len(desk.views)
    desk.say(p.CodeScanned("late"))
    assert len(desk.views) == count
