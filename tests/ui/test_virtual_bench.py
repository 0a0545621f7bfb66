"""The simulated bench's panel drives `BenchControls` and shows what it says."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from packstation.devices.sim.faults import FAULTS
from packstation.station.ports import PrintedPaper, SimulatedDevice, VirtualBenchView
from packstation.ui.widgets.virtual_bench import (
    Thing,
    VirtualBench,
    bench_width,
    make_virtual_bench,
    things_for,
)
from packstation.ui.words import Speakers
from tests.ui.sample_goods import product
from tests.ui.sample_views import sample
from tests.ui.stage_views import theme_of

pytestmark = pytest.mark.usefixtures("product_fonts")


DEVICES = tuple(
    SimulatedDevice(name, kind, FAULTS[kind])
    for name, kind in (("scanner", "scanner"), ("scale", "scale"), ("label", "label"))
)
ALL = (
    *DEVICES,
    *(
        SimulatedDevice(name, kind, FAULTS[kind])
        for name, kind in (
            ("dimensioner", "dimensioner"),
            ("label-2", "label"),
            ("badge", "badge"),
            ("light", "light"),
            ("camera", "camera"),
        )
    ),
)


class Hands:
    """Controls that remember what the panel did."""

    def __init__(self) -> None:
        self.done: list[tuple[object, ...]] = []
        faults = frozenset({("label", "paper_out")})
        self.state = VirtualBenchView(420, faults, (), devices=DEVICES)

    def place(self, grams: int) -> None:
        self.done.append(("place", grams))
        self.state = replace(self.state, on_scale_g=grams)

    def scan(self, text: str, aim: str = "") -> None:
        self.done.append(("scan", text, aim))

    def set_fault(self, device: str, fault: str, on: bool) -> None:
        self.done.append(("fault", device, fault, on))

    def stick_label(self, waybill: str) -> None:
        self.done.append(("stick", waybill))
        self.state = replace(self.state, stuck=waybill)

    def papers(self) -> tuple[PrintedPaper, ...]:
        return self.state.papers

    def view(self) -> VirtualBenchView:
        return self.state


THINGS = (
    Thing("product", "Blue mug", "6940912700435", product("MG-ENM-BLU", "en"), 185),
    Thing("product", "Mug", "6940912700428", product("MG-ENM-MOS", "en"), 185),
    Thing("product", "Socks", "6940912700602", product("SK-WOL-RST", "en"), 78),
    Thing("badge", "Lin Yue", "%PB:lin"),
    Thing("order", "S-10477", "T-121"),
    Thing("order", "S-10482", "T-117"),
    Thing("carton", "C4", "C4"),
    Thing("carton", "C3", "C3"),
)


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def panel(qtbot: QtBot, hands: Hands) -> VirtualBench:
    made = make_virtual_bench(theme_of(), Speakers().of("en"), hands, THINGS)
    qtbot.addWidget(made)
    made.resize(500, 1080)
    made.show_view(sample("scanning"))
    made.show()
    qtbot.waitExposed(made)
    return made


def _click(panel: VirtualBench, x: int, y: int) -> None:
    QTest.mouseClick(panel, Qt.MouseButton.LeftButton, pos=QPoint(x, y))


def test_goods_of_the_order_come_first_and_a_wrong_one_is_at_hand() -> None:
    shown = things_for(sample("scanning"), THINGS)
    assert [thing.name for thing in shown] == ["Mug", "Socks", "Blue mug"]


@pytest.mark.parametrize(
    ("view", "first"),
    [("sign-in", "Lin Yue"), ("locked", "Lin Yue"), ("queue", "S-10482"), ("cartoning", "C3")],
)
def test_each_state_offers_what_is_in_the_hand(view: str, first: str) -> None:
    assert things_for(sample(view), THINGS)[0].name == first


def test_a_touched_thing_is_scanned(panel: VirtualBench, hands: Hands) -> None:
    _click(panel, 70, 110)
    assert hands.done == [("scan", "6940912700428", "")]
    assert panel.field.text() == "6940912700428"


def test_any_text_can_be_scanned(panel: VirtualBench, hands: Hands) -> None:
    panel.field.setText("  %PS:undo ")
    QTest.mouseClick(panel.scan_button, Qt.MouseButton.LeftButton)
    panel.field.setText("")
    QTest.mouseClick(panel.scan_button, Qt.MouseButton.LeftButton)
    assert hands.done == [("scan", "%PS:undo", "")]


def test_a_thing_is_put_on_the_scale_and_taken_off(panel: VirtualBench, hands: Hands) -> None:
    QTest.mouseClick(panel.put_on, Qt.MouseButton.LeftButton)
    QTest.mouseClick(panel.take_off, Qt.MouseButton.LeftButton)
    assert hands.done == [("place", 605), ("place", 0)]
    assert panel.bench.on_scale_g == 0


def test_the_closed_box_is_put_on_with_what_it_should_weigh(
    panel: VirtualBench, hands: Hands
) -> None:
    panel.show_view(sample("weighing"))
    QTest.mouseClick(panel.put_on, Qt.MouseButton.LeftButton)
    assert hands.done == [("place", 1106)]


def test_faults_are_switches_that_show_the_bench(panel: VirtualBench, hands: Hands) -> None:
    card = panel.fault_card
    switches = {(switch.device, switch.fault): switch for switch in card.switches}
    assert switches["label", "paper_out"].isChecked()
    _open(panel, "scale")
    QTest.mouseClick(switches["scale", "unplug"], Qt.MouseButton.LeftButton)
    assert hands.done == [("fault", "scale", "unplug", True)]
    panel.refresh()
    hands.state = replace(hands.state, faults=frozenset())
    panel.refresh()
    assert not switches["label", "paper_out"].isChecked()


def _open(panel: VirtualBench, device: str) -> None:
    tab = next(tab for tab in panel.fault_card.tabs if tab.device.id == device)
    QTest.mouseClick(tab, Qt.MouseButton.LeftButton)


def test_every_fault_of_the_catalogue_is_on_some_page(panel: VirtualBench) -> None:
    card = panel.fault_card
    seen = set()
    for device in DEVICES:
        _open(panel, device.id)
        first = [switch.fault for switch in card.switches if switch.isVisible()]
        for _ in range(card.pages):
            seen |= {(s.device, s.fault) for s in card.switches if s.isVisible()}
            _open(panel, device.id)
        assert [switch.fault for switch in card.switches if switch.isVisible()] == first
    assert seen == {(device.id, fault) for device in DEVICES for fault in device.faults}


@pytest.mark.parametrize("lit", [frozenset(), frozenset({"green", "red"})])
def test_the_lamps_are_said_as_well_as_drawn(
    lit: frozenset[str], panel: VirtualBench, hands: Hands
) -> None:
    dark = panel.grab().toImage()
    hands.state = replace(hands.state, lit=lit)
    panel.show_view(sample("scanning"))
    panel.refresh()
    assert panel.bench.lit == lit
    assert panel.grab().toImage() != dark


def test_the_tab_of_a_device_in_trouble_shows_it(panel: VirtualBench) -> None:
    troubled = {tab.device.id for tab in panel.fault_card.tabs if tab.troubled}
    assert troubled == {"label"}
    assert panel.fault_card.heading() == "Label printer 1/4"


@pytest.mark.parametrize("language", ["en", "zh_Hans", "ru"])
@pytest.mark.parametrize(("profile", "height"), [("small", 768), ("wide", 1080)])
def test_no_word_of_any_fault_is_cut(
    qtbot: QtBot, language: str, profile: str, height: int
) -> None:
    hands, theme, words = Hands(), theme_of(profile, "light", language), Speakers().of(language)
    hands.state = replace(hands.state, devices=ALL, lit=frozenset({"amber"}))
    panel = make_virtual_bench(theme, words, hands, THINGS)
    qtbot.addWidget(panel)
    panel.resize(bench_width(theme), height)
    panel.show()
    qtbot.waitExposed(panel)
    for device in ALL:
        _open(panel, device.id)
        for _ in range(panel.fault_card.pages):
            for switch in panel.fault_card.switches:
                assert not switch.isVisible() or switch.fits(), switch.accessibleName()
            assert panel.fault_card.fits(), panel.fault_card.heading()
            _open(panel, device.id)


def test_a_printed_label_is_stuck_and_scanned(panel: VirtualBench, hands: Hands) -> None:
    papers = (PrintedPaper(1, b"", "LP1"), PrintedPaper(2, b"", "LP2"))
    hands.state = replace(hands.state, papers=papers)
    panel.refresh()
    panel.grab()
    QTest.mouseClick(panel.stick, Qt.MouseButton.LeftButton)
    QTest.mouseClick(panel.scan_paper, Qt.MouseButton.LeftButton)
    assert hands.done == [("stick", "LP2"), ("scan", "LP2", "]C1")]


def test_an_older_label_can_be_stuck_on_the_wrong_box(panel: VirtualBench, hands: Hands) -> None:
    papers = (PrintedPaper(1, b"", "LP1"), PrintedPaper(2, b"", "LP2"))
    hands.state = replace(hands.state, papers=papers)
    panel.refresh()
    panel.grab()
    QTest.mouseClick(panel.older, Qt.MouseButton.LeftButton)
    QTest.mouseClick(panel.stick, Qt.MouseButton.LeftButton)
    QTest.mouseClick(panel.older, Qt.MouseButton.LeftButton)
    QTest.mouseClick(panel.stick, Qt.MouseButton.LeftButton)
    assert hands.done == [("stick", "LP1"), ("stick", "LP2")]


def test_without_paper_there_is_nothing_to_stick(panel: VirtualBench, hands: Hands) -> None:
    panel.grab()
    panel.stick_paper()
    panel.scan_label()
    assert hands.done == []
    assert not panel.stick.isEnabled()


def test_the_code_field_stays_on_its_card_under_a_new_style_sheet(panel: VirtualBench) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    sheet = app.styleSheet()
    try:
        app.setStyleSheet("")
        theme_of().apply(app)  # its fields are as high as a glove
        app.processEvents()
        assert panel.field.minimumSizeHint().height() < panel._field_high()
    finally:
        app.setStyleSheet(sheet)
