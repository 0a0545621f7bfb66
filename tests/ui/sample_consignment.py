"""Sample views of a consignment: cartons, stacking, a pallet that is off, loose ones, done."""

from __future__ import annotations

from decimal import Decimal

from msgspec.structs import replace

from packstation.domain.consignment.consignments import Consignment
from packstation.station import consignment_hand as d
from packstation.station.handover_views import HandoverView, LoadRow, LoadUnitView
from packstation.station.viewing.consignment import foot
from packstation.station.views import ListRow, ListView, Screen, StationView, Words
from tests.ui.sample_order import base

_TITLE = "FBA15KQ2V9XU · Leipzig DE"
_CODES = tuple(f"0690123400000{n:04d}7" for n in range(4100, 4112))
_SHUT = (
    LoadUnitView("069012340000050019", "pallet", 12, 164_200, "closed"),
    LoadUnitView("069012340000050026", "pallet", 11, 139_850, "off", -12_340),
)
_OPEN = LoadUnitView("069012340000050033", "pallet", 7, 108_460)


class _Step:
    """Where the page stands, for its keys."""

    def __init__(self, step: str, pallet: str) -> None:
        self.now, self.current = d.Now(step), Consignment(id="O-1", pallet=pallet)


def _on(language: str, screen: Screen, step: str, pallet: str = "") -> StationView:
    view = replace(base(screen, language), order=None, lines=(), current=None, deadline=None)
    return replace(view, carton=None, step=0, commands=foot(_Step(step, pallet)))  # type: ignore[arg-type]


def _row(number: int, tone: str = "", kilograms: Decimal = Decimal("12.340")) -> LoadRow:
    words = Words("consignment.carton", (("number", number), ("kg", kilograms)))
    return LoadRow(_CODES[number % len(_CODES)], words, tone)


def _page(language: str, step: str, **more: object) -> StationView:
    known = HandoverView(
        step={d.STACK: "load", d.WEIGH: "weigh", d.CHECK: "check", d.DONE: "done"}[step],
        main=Words(f"consignment.do.{step}", (("n", 36),), 36),
        service=_TITLE,
        mode=Words("consignment.volume", (("v", Decimal("2.304")),)),
        count=30,
        due=36,
        gross_g=412_510,
        last=f"30 · {_CODES[6]}",
        unit=_OPEN,
        units=(*_SHUT, _OPEN),
        about="consignment",
    )
    shown = replace(known, **more)
    pallet = shown.unit.code if shown.unit else ""
    return replace(_on(language, Screen.CONSIGNMENT, step, pallet), handover=shown)


_LOOSE = tuple(_row(number) for number in range(31, 37))


def cartons(language: str) -> StationView:
    """All are packed, no pallet yet."""
    return _page(
        language,
        d.STACK,
        main=Words("consignment.do.all"),
        count=36,
        unit=None,
        units=(),
        last="",
        head=Words("consignment.head.cartons", (("n", 36),), 36),
        rows=tuple(reversed(_LOOSE)),
        more=30,
    )


def stack(language: str) -> StationView:
    """Onto the third pallet; six stand on none."""
    head = Words("consignment.head.loose", (("n", 6),), 6)
    return _page(language, d.STACK, head=head, rows=_LOOSE)


def weigh_off(language: str) -> StationView:
    """Lighter by one carton, which is named."""
    return _page(
        language,
        d.WEIGH,
        main=Words("handover.off.light", (("g", 12_310),)),
        weight=(96_150, 108_460, -12_310),
        head=Words("consignment.likely.gone"),
        rows=(_row(27, "stop"),),
    )


def check_loose(language: str) -> StationView:
    """Six stand on no pallet; the whole is priced."""
    return _page(
        language,
        d.CHECK,
        main=Words("consignment.do.loose", (("n", 6),), 6),
        count=36,
        code="¥3 412.80",
        unit=None,
        last="",
        head=Words("consignment.head.loose", (("n", 6),), 6),
        rows=tuple(replace(row, tone="warn") for row in _LOOSE),
    )


def done(language: str) -> StationView:
    """Finished: marks and the packing list came out."""
    head = Words("consignment.head.stacked")
    return _page(
        language, d.DONE, count=36, code="¥3 412.80", unit=None, last="", head=head, rows=()
    )


def choose(language: str) -> StationView:
    """Two are being worked on."""
    rows = tuple(
        ListRow(
            id=name,
            icon="box",
            text=name,
            detail=Words("consignment.row", (("n", count),), count),
            tone="now",
        )
        for name, count in ((_TITLE, 36), ("WB-2026-118 · Подольск RU", 1))
    )
    page = ListView(
        d.PAGE, Words("consignment.title"), Words("consignment.choose"), rows, total=len(rows)
    )
    return replace(_on(language, Screen.ROWS, d.CHOOSE), page_rows=page)


CONSIGNMENT = {
    "consignment-choose": choose,
    "consignment-cartons": cartons,
    "consignment-stack": stack,
    "consignment-weigh-off": weigh_off,
    "consignment-check-loose": check_loose,
    "consignment-done": done,
}
