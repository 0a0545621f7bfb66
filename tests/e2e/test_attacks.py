"""Hostile scans, bad lines, pulled cables, a full disk, a mad server: said, and nothing lost."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from packstation.bootstrap.server import connect_to
from packstation.bootstrap.station import Connect
from packstation.client.enrolment import Enrolment
from packstation.demo.hands import lamp
from packstation.devices.sim.faults import LINE_FAULTS
from packstation.documents.label.preflight import preflight
from packstation.domain.errors import StorageError
from packstation.domain.events import Record
from packstation.station.ports import Draft
from packstation.station.views import Screen
from packstation.storage.database import Database, Raw
from tests.client.scripted import Reply, scripted
from tests.e2e.rig import STATION, Rig

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

STATES = [
    Screen.SIGN_IN,
    Screen.QUEUE,
    Screen.SCANNING,
    Screen.CARTONING,
    Screen.WEIGHING,
    Screen.CONFIRMING,
]
HOSTILE = {
    "terminal escapes": b"\x1b[2J\x1b]0;owned\x07\x1b[31mA",
    "ten kilobytes": b"A" * 10_000,
    "nul inside": b"69012\x0034567899",
    "emoji": "😀👩‍👩‍👧‍👦🏴‍☠️".encode(),
    "sql": b"'; DROP TABLE event; --",
    "sql that answers": b"' OR 1=1 UNION SELECT doc FROM person --",
    "zpl": b"^XA^FO10,10^FDx^FS^XZ~JA~JR",
    "zpl status": b"~HS~DGR:A.GRF",
    "no such command": b"%PS:" + b"x" * 300,
    "a huge count": b"%PS:quantity:99999999999999999999",
    "badge of nobody": b"%PB:../../../../etc/passwd",
    "group separators": b"]C1" + b"\x1d" * 60 + b"01",
    "right to left": "\u202e\u2066gnp.exe".encode(),
    "format strings": b"%s%n%x{0.__class__}${jndi:ldap://x}",
    "markup": b"<script>alert(1)</script><img src=x>",
    "no text at all": b"\xff\xfe\xfa\x80\x81",
    "path": b"../../../../etc/shadow",
    "other digits": "٦٩٠١٢٣٤٥٦٧٨٩٢".encode(),
}


@pytest.fixture
def rig(tmp_path: Path, qapp: object) -> Iterator[Rig]:
    made = Rig(tmp_path)
    yield made
    made.close()


def finish(rig: Rig) -> int:
    """The order goes through after all, with one label; the facts of its sound journal."""
    rig.reach(Screen.COMPLETED)
    papers = rig.sim.papers()
    assert len(papers) == 1
    assert preflight(papers[0].payload, labels=1).formats == 1
    return rig.sound()


@pytest.mark.parametrize("screen", STATES)
def test_a_hostile_scan_is_refused_on_screen_and_changes_nothing(rig: Rig, screen: Screen) -> None:
    rig.reach(screen)
    before = rig.view.order

    for name, data in HOSTILE.items():
        rig.raw(data + b"\r")
        rig.until(lambda view: view.alert is not None)
        alert = rig.view.alert
        assert alert is not None
        assert alert.headline.key.startswith(("no.", "bad.")), name
        shown = (alert.text_read, *alert.compare, *(str(arg) for _, arg in alert.headline.args))
        assert all(len(text) <= 512 for text in shown), name
        controls = [c for text in shown for c in text if unicodedata.category(c) == "Cc"]
        assert not [c for c in controls if c != "\x1d"], name
        assert rig.view.screen is screen, name
        assert rig.view.order == before, name
        if screen is Screen.SIGN_IN:
            rig.scan_for("%PB:ly-0107", lambda view: view.screen is not Screen.SIGN_IN)
            rig.opened.station.sign_out("test")
            rig.until(lambda view: view.screen is Screen.SIGN_IN)
        else:
            rig.dismiss()

    assert finish(rig) > 10


def test_blank_frames_are_no_scans(rig: Rig) -> None:
    rig.reach(Screen.SCANNING)
    facts = rig.sound()

    for data in (b"\r", b"\r\n\r\n", b"\x00\x00\r", b"   \r", b"\x1b\r", b"\x1d\r"):
        rig.raw(data)
    rig.rest(0.4)

    assert rig.view.screen is Screen.SCANNING
    assert rig.sound() == facts or rig.view.alert is not None
    rig.dismiss()
    assert finish(rig) > 10


@pytest.mark.parametrize("device", ["scanner", "scale"])
@pytest.mark.parametrize("fault", [fault for fault in LINE_FAULTS if fault != "unplug"])
def test_a_bad_line_never_packs_the_wrong_thing(rig: Rig, device: str, fault: str) -> None:
    rig.reach(Screen.SCANNING if device == "scanner" else Screen.WEIGHING)
    rig.sim.set_fault(device, fault, on=True)

    if device == "scanner":
        assert rig.view.current is not None
        code = rig.products[rig.view.current.product.sku].codes[0].text
        for _ in range(3):
            rig.scan(code)
            rig.rest(0.5)
            if rig.view.alert is not None and rig.view.screen is Screen.SCANNING:
                rig.sim.set_fault(device, fault, on=False)
                rig.dismiss()
                rig.sim.set_fault(device, fault, on=True)
            if rig.view.screen is not Screen.SCANNING:
                break
    else:
        expected = rig.view.weigh.expected_g if rig.view.weigh else None
        rig.sim.place(expected or 500)
        rig.rest(2.0)
    rig.sim.set_fault(device, fault, on=False)
    rig.rest(0.3)
    rig.dismiss()

    assert finish(rig) > 10
    wanted = {line.line: line.quantity for line in rig.orders[0].lines}
    packed: dict[int, int] = {}
    for fact in rig.facts("ItemVerified"):
        line, units = fact["line"], fact["units"]
        assert isinstance(line, int)
        assert isinstance(units, int)
        packed[line] = packed.get(line, 0) + units
    assert packed == wanted


def test_every_cable_can_be_pulled_in_every_state(rig: Rig) -> None:
    devices = ("scanner", "scale", "label")
    for screen in STATES:
        rig.reach(screen)
        for device in devices:
            rig.sim.set_fault(device, "unplug", on=True)
        rig.until(lambda view: all(lamp(view, d) in {"fault", "off"} for d in devices))
        assert rig.view.screen is screen
        for device in devices:
            rig.sim.set_fault(device, "unplug", on=False)
        rig.ready()

    assert finish(rig) > 10


@pytest.mark.parametrize("fault", ["half_label", "paper_out", "head_open", "unplug"])
def test_a_printer_in_trouble_prints_one_label_in_the_end(rig: Rig, fault: str) -> None:
    rig.reach(Screen.WEIGHING)
    rig.sim.set_fault("label", fault, on=True)
    if fault == "unplug":
        rig.until(lambda view: lamp(view, "label") == "fault")
    rig.step()
    rig.until(lambda view: view.screen is Screen.PRINTING or lamp(view, "label") == "fault")
    if fault == "half_label":
        rig.until(lambda view: view.label is not None and view.label.unsure)
    rig.sim.set_fault("label", fault, on=False)
    if rig.view.label is not None and rig.view.label.unsure:
        rig.scan_for("%PS:no", lambda view: view.label is not None and not view.label.unsure)
        rig.scan("%PS:reprint")

    assert finish(rig) > 10


# --- the disk ---------------------------------------------------------------------------------


class FullDisk:
    """The database may not grow any more: SQLite answers as on a full disk, on every handle."""

    def __init__(self, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
        self._database, self._full = database, False
        opened = database._connect

        def connect() -> Raw:
            raw = opened()
            if self._full:
                self._say(raw)
            return raw

        monkeypatch.setattr(database, "_connect", connect)

    @staticmethod
    def _say(raw: Raw) -> None:
        (pages,) = raw.execute("PRAGMA page_count").fetchone() or (1,)
        raw.execute(f"PRAGMA max_page_count = {pages}")

    def fill(self) -> None:
        self._full = True
        self._say(self._database.raw)

    def free(self) -> None:
        self._full = False
        self._database.raw.execute("PRAGMA max_page_count = 1073741823")


def test_on_a_full_disk_nothing_turns_green_until_there_is_room(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig.reach(Screen.SCANNING)
    disk = FullDisk(rig.opened.store.database, monkeypatch)
    disk.fill()
    for number in range(400):
        rig.scan_for(f"UNKNOWN-{number}", lambda view: view.alert is not None)
        alert = rig.view.alert
        if alert is not None and alert.headline.key == "hold.storage":
            break
        rig.dismiss()
    stored = rig.sound()
    assert rig.view.alert is not None
    assert rig.view.alert.headline.key == "hold.storage"
    assert rig.view.order is not None
    assert rig.view.order.units_done == 0

    disk.free()
    rig.dismiss()

    assert rig.sound() >= stored
    assert finish(rig) > 10


KINDS = (
    "CartonAssigned",
    "ParcelWeighed",
    "ServiceSelected",
    "LabelIssued",
    "PrintStarted",
    "PrintAdvanced",
    "DocumentPrinted",
    "LabelApplied",
)


@pytest.mark.parametrize("kind", KINDS)
def test_a_commit_that_failed_strands_no_parcel(
    rig: Rig, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig.reach(Screen.CARTONING)
    append, failures = rig.opened.store.events.append, [kind]

    def full_once(drafts: Sequence[Draft]) -> tuple[Record, ...]:
        if failures and any(type(draft.fact).__name__ == kind for draft in drafts):
            failures.clear()
            raise StorageError("error.storage.full", path="station.sqlite3", cause="full")
        return append(drafts)

    monkeypatch.setattr(rig.opened.store.events, "append", full_once)
    while failures:
        rig.step()
    if rig.view.alert is not None:
        rig.dismiss()

    assert finish(rig) > 10


# --- the server -------------------------------------------------------------------------------

GARBAGE = {
    "another shape": Reply({"gen": "x", "hw": -5, "rows": 7, "clock": None}),
    "no object": Reply(["<html>"] * 1000),
    "teapot": Reply({"code": "teapot"}, 418),
    "broken": Reply({"code": "oops", "detail": "x" * 5000}, 500),
    "hung up": Reply(status=0),
    "moved": Reply({}, 302, {"Location": "http://127.0.0.1:9/"}),
    "far ahead": Reply(
        {"gen": 99, "hw": 10**15, "durable": 10**15, "clock": {"now": "2026-11-21T08:00:00Z"}}
    ),
}
PATHS = ("/v1/hello", "/v1/journal", "/v1/changes", "/v1/pools/lease", "/v1/status", "/v1/clock")


def enrolled(folder: Path, url: str) -> Connect:
    known = Enrolment(server_url=url, station_id=STATION, name="07", site="GZ-1")
    return connect_to(known, folder)


@pytest.mark.parametrize("name", GARBAGE)
def test_a_mad_server_stops_nobody(tmp_path: Path, qapp: object, name: str) -> None:
    with scripted() as script:
        for path in PATHS if name != "far ahead" else PATHS[1:]:
            script.on(path, GARBAGE[name])
        rig = Rig(tmp_path, enrolled(tmp_path, script.url))
        try:
            finish(rig)
            rig.until(lambda _: bool(script.asked))
            assert rig.view.sync.state in {"offline", "sending"}
            assert rig.view.sync.waiting >= 0
        finally:
            rig.close()
