"""Ways of working by scan alone: a code of the card does what its key does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from packstation.domain.barcodes import BENCH_COMMANDS
from packstation.station.help_book import CODES
from packstation.station.views import Screen, StationView
from tests.e2e.test_flows import FlowRig, made

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

# What a code leads to from the queue: the screen, and what is open on it.
LEADS: dict[str, tuple[Screen, str]] = {
    "single": (Screen.FAST, ""),
    "find": (Screen.QUEUE, "find"),
    "tasks": (Screen.ROWS, "tasks"),
    "history": (Screen.QUEUE, "history"),
    "returned": (Screen.QUEUE, "returned"),
    "measure": (Screen.ROWS, "measure"),
    "shift-start": (Screen.ROWS, "shift-start"),
    "shift-end": (Screen.ROWS, "shift-end"),
    "note": (Screen.QUEUE, "note"),
    "handover": (Screen.ROWS, "handover"),
    "consignment": (Screen.ROWS, "consignment"),
    "goods-labels": (Screen.GOODS_LABELS, ""),
    "my-settings": (Screen.MY_SETTINGS, ""),
    "more": (Screen.ROWS, "more"),
    "help": (Screen.HELP, ""),
    "batch": (Screen.SCANNING, ""),
}


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory, qapp: object) -> Iterator[FlowRig]:
    del qapp
    orders = [made(f"C-{n}", "0*1 1*1", 0.1 * n) for n in (1, 2)]
    bench = FlowRig(tmp_path_factory.mktemp("codes"), *orders)
    yield bench
    bench.close()


def opened(view: StationView) -> tuple[Screen, str]:
    entry = view.entry.kind if view.entry else ""
    page = view.page_rows.name if view.page_rows and view.screen is Screen.ROWS else ""
    return view.screen, entry or page


@pytest.mark.parametrize("command", LEADS)
def test_a_code_opens_what_its_key_opens(rig: FlowRig, command: str) -> None:
    rig.scan_for(f"%PS:{command}", lambda view: opened(view) == LEADS[command])
    if command == "batch":
        assert [hint.key for hint in rig.view.hints] == ["hint.batch"]
        return
    rig.scan_for("%PS:back", lambda view: view.entry is None and view.page_rows is None)
    rig.scan_for("%PS:queue", lambda view: view.screen is Screen.QUEUE)


def test_pages_of_rows_scroll_and_filter_by_scan(rig: FlowRig) -> None:
    rig.scan_for("%PS:history", lambda view: view.page_rows is not None)
    assert rig.view.page_rows is not None
    assert opened(rig.view) == (Screen.ROWS, "history")
    rig.scan_for("%PS:filter", lambda view: bool(view.page_rows and _chosen(view) != "all"))
    rig.scan_for("%PS:next-row", lambda _: rig.opened.station.core.desk.flow.page.top > 0)
    rig.scan_for("%PS:previous-row", lambda _: rig.opened.station.core.desk.flow.page.top == 0)
    rig.scan_for("%PS:back", lambda view: view.screen is Screen.SCANNING)


def _chosen(view: StationView) -> str:
    page = view.page_rows
    return next(one.name for one in page.filters if one.chosen) if page else ""


def test_an_order_is_put_aside_by_scan_alone(rig: FlowRig) -> None:
    order, core = rig.order(), rig.opened.station.core
    for place in ("SHELF-9", "SHELF-8"):
        rig.scan_for("%PS:park", lambda _: core.desk.parking)
        rig.scan_for(place, lambda _: core.session.state == "parked")
        assert rig.facts("SessionParked")[-1]["place"] == place
        rig.scan_for("%PS:queue", lambda view: view.screen is Screen.QUEUE)
        if place == "SHELF-9":
            rig.scan_for(order, lambda view: view.screen is Screen.SCANNING)


def test_the_last_rows_of_the_menu_have_a_key_and_a_code(rig: FlowRig) -> None:
    page = rig.key("Home", "F9").page_rows
    assert page is not None
    assert [row.id for row in page.rows[8:]] == ["shift-end", "handover", "consignment", "training"]
    for key, row in zip("90", page.rows[8:], strict=False):
        rig.key("Home", "F9", key)
        assert opened(rig.view) == (Screen.ROWS, row.id)
    rig.key("Home", "F9")
    asked: list[bool] = []
    rig.opened.station.core.train = lambda: asked.append(True)
    rig.key("End")
    rig.scan_for("%PS:training", lambda _: len(asked) == 2)
    rig.key("Home")


def test_the_help_shows_codes_and_a_code_shows_them(rig: FlowRig) -> None:
    for topic in CODES:
        rig.scan_for(f"%PS:help:{topic}", lambda view, t=topic: _codes(view) == CODES[t])  # type: ignore[misc]
    rig.scan_for("%PS:back", lambda view: view.help is None)
    assert rig.view.alert is None


def _codes(view: StationView) -> tuple[str, ...]:
    return view.help.codes if view.help else ()


def test_a_code_locks_the_bench_for_the_next_person(rig: FlowRig) -> None:
    rig.scan_for("%PS:person", lambda view: view.locked)
    assert rig.opened.station.core.session.live is False


def test_every_way_of_working_is_tried_here() -> None:
    others = {"filter", "previous-row", "next-row", "queue", "person", "training"}
    grades = {f"grade-{one}" for one in "abcd"}  # of returns, which are not built yet
    assert set(BENCH_COMMANDS) <= set(LEADS) | others | grades
