"""The open order of the sample views: four lines, seven units, to Kazan."""

from __future__ import annotations

from datetime import UTC, datetime

from packstation.station.views import (
    CartonView,
    CommandView,
    DeadlineView,
    DeviceView,
    LineView,
    OrderView,
    PersonView,
    ScaleView,
    Screen,
    StationView,
    SyncView,
    Words,
)
from tests.ui.sample_goods import product

NOW = datetime(2026, 11, 21, 6, 8, tzinfo=UTC)
DUE = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
WAYBILL = "LP742003188CN"
LINES = (("TB-LIN-SND", 1), ("MG-ENM-MOS", 3), ("SK-WOL-RST", 2), ("NB-A6-DOT", 1))
_PEOPLE = {
    "en": ("Lin Yue", "LY", "07", "Kazan"),
    "zh_Hans": ("林悦", "林", "07", "喀山"),
    "ru": ("Айгуль Сафина", "АС", "07", "Казань"),
}
_F = {
    "undo": ("F4", "cmd.undo"),
    "next-parcel": ("F5", "cmd.next_parcel"),
    "short": ("F6", "cmd.short"),
    "hold": ("F8", "cmd.hold"),
    "help": ("F1", "cmd.help"),
    "carton": ("F3", "cmd.carton"),
    "own-box": ("F6", "cmd.own_box"),
    "accept": ("Enter", "cmd.accept"),
    "open": ("F4", "cmd.open"),
    "service": ("F7", "cmd.service"),
    "reprint": ("F9", "cmd.reprint"),
    "void": ("F10", "cmd.void"),
    "manual": ("F2", "cmd.manual"),
    "supervisor": ("F12", "cmd.supervisor"),
    "reopen": ("F4", "cmd.reopen"),
    "yes": ("1", "cmd.yes"),
    "no": ("2", "cmd.no"),
    "cancel": ("Esc", "cmd.cancel"),
    "back": ("Esc", "cmd.back"),
    "device-edit": ("F2", "cmd.device_edit"),
    "device-replace": ("F6", "cmd.device_replace"),
    "device-remove": ("F10", "cmd.device_remove"),
}


def ok() -> CommandView:
    """Enter on a refusal."""
    return CommandView("accept", "Enter", Words("cmd.ok"), coded=False)


def commands(*names: str, plain: tuple[str, ...] = ()) -> tuple[CommandView, ...]:
    """Commands of a foot or an alert; those in ``plain`` carry no code."""
    return tuple(
        CommandView(name, _F[name][0], Words(_F[name][1]), coded=name not in plain)
        for name in names
    )


def person(language: str) -> PersonView:
    """Who packs in this language."""
    name, initials, bench, _ = _PEOPLE[language]
    return PersonView(name, initials, bench, "packer", language)


def city(language: str) -> str:
    """Where the sample order goes."""
    return _PEOPLE[language][3]


def devices(language: str, fault: str = "") -> tuple[DeviceView, ...]:
    """Four devices; ``fault`` names the kind that is out of order."""
    rows = (
        ("scanner", "serial · ttyACM0 · GS1", "]E06940912700428 \\r"),
        ("scale", "MT-SICS · 9600 8N1 · ttyUSB0", "S S        420 g \\r\\n"),
        ("label", "ZPL · 203 dpi · usb 0A5F:0164 · 100 × 150 mm", "030,0,0,0482,000"),
        ("papers", "IPP · A4", "job 318 completed"),
    )
    return tuple(
        DeviceView(
            id=kind,
            kind=kind,
            name="",
            state="fault" if kind == fault else "ok",
            detail=detail,
            cause=Words("printer.paper_out") if kind == fault else None,
            cure=Words("dev.paper") if kind == fault else None,
            still=(Words("dev.still.scan"), Words("dev.still.weigh"), Words("dev.still.rate"))
            if kind == fault
            else (),
            since=NOW if kind == fault else None,
            last=last,
            last_at=NOW,
        )
        for kind, detail, last in rows
    )


def carton(code: str = "C3", price: str = "¥1.10") -> CartonView:
    """The box of the sample order, packed as in the picture."""
    placements = (
        ("TB-LIN-SND", (4, 4, 0), (292, 120, 18)),
        ("NB-A6-DOT", (2, 126, 0), (150, 72, 30)),
        ("MG-ENM-MOS", (4, 4, 18), (94, 94, 85)),
        ("MG-ENM-MOS", (101, 4, 18), (94, 94, 85)),
        ("MG-ENM-MOS", (198, 4, 18), (94, 94, 85)),
        ("SK-WOL-RST", (4, 126, 30), (140, 70, 22)),
        ("SK-WOL-RST", (4, 126, 52), (140, 70, 22)),
    )
    return CartonView(code, "box", (300, 200, 120), 71, price, 95, placements)


def lines(language: str, done: tuple[int, ...]) -> tuple[LineView, ...]:
    """The order's lines with ``done`` units each; the first one still due is current."""
    first = next((i for i, (_, n) in enumerate(LINES) if done[i] < n), -1)
    return tuple(
        LineView(
            line=i + 1,
            product=product(sku, language),
            due=total - done[i],
            done=done[i],
            total=total,
            state="done" if done[i] == total else "current" if i == first else "due",
        )
        for i, (sku, total) in enumerate(LINES)
    )


def base(screen: Screen, language: str, done: tuple[int, ...] = (1, 3, 2, 1)) -> StationView:
    """The open order on ``screen`` with ``done`` units of each line."""
    rows = lines(language, done)
    return StationView(
        screen=screen,
        serial=1,
        person=person(language),
        clock="14:08",
        order=OrderView(
            order_id="40112233-0007-1",
            channel="Ozon",
            city=city(language),
            country="RU",
            tote="T-112",
            parcel=1,
            parcels=1,
            units_done=sum(done),
            units_total=7,
            lines_done=sum(row.state == "done" for row in rows),
            lines_total=len(rows),
        ),
        lines=rows,
        current=next((row for row in rows if row.state == "current"), None),
        scale=ScaleView("STABLE", 420, "420", "g"),
        devices=devices(language),
        sync=SyncView("synced", 0, None, 240),
        deadline=DeadlineView(DUE, "18:00", 3 * 3600 + 52 * 60, "¥7.20", "warn"),
        carton=carton(),
    )
