"""Sample views of the Devices pages: a device, a scale's health, and every step of adding one."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from functools import cache

from msgspec.structs import replace

from packstation.documents.maker import Documents
from packstation.domain.printers import Stock
from packstation.station.look_view import LookView
from packstation.station.viewing.units import grams, seconds
from packstation.station.views import (
    AddDeviceView,
    ByteView,
    DevicePageView,
    DeviceView,
    Fact,
    HealthView,
    PickView,
    PrinterPageView,
    RungView,
    ScaleView,
    Screen,
    StationView,
    Words,
)
from tests.documents.samples import FONTS, RUSSIAN, papers
from tests.ui.sample_order import NOW, base, commands, devices

_SICS = "S S      1.250 kg\\r\\n"
_HEX = "53 20 53 20 20 20 20 20 20 31 2E 32 35 30 20 6B 67 0D 0A"
ADDRESS = "usb:0403:6001:FTAK38VN"


def _page(language: str, kind: str, *, fault: str = "") -> tuple[StationView, DeviceView]:
    rows = devices(language, fault)
    device = next(row for row in rows if row.kind == kind)
    view = replace(
        base(Screen.DEVICE, language),
        order=None,
        lines=(),
        current=None,
        deadline=None,
        carton=None,
        step=0,
        devices=rows,
        scale=ScaleView("STABLE", 1250, "1250", "g"),
        commands=commands(
            "device-edit",
            "device-replace",
            "device-remove",
            "back",
            plain=("device-edit", "device-replace", "device-remove", "back"),
        ),
        clock="14:14",
    )
    return view, device


def _heard() -> tuple[ByteView, ...]:
    moving = [
        ByteView(NOW, _HEX, f"S D      {value} kg\\r\\n", f"{value} kg", "MOTION")
        for value in ("1.251", "1.262", "1.190", "0.846", "0.213")
    ]
    newest = ByteView(NOW, _HEX, _SICS, "1.250 kg", "STABLE", 12)
    return (newest, *moving, ByteView(NOW, _HEX, _SICS, "0.000 kg", "STABLE", 240))


def facts_of(*rows: tuple[str, str | Words]) -> tuple[Fact, ...]:
    return tuple((Words(f"dev.fact.{name}"), value) for name, value in rows)


def _tests(*names: str) -> tuple[PickView, ...]:
    return tuple(PickView(name, Words(f"dev.test.{name}")) for name in names)


def _health(**more: object) -> HealthView:
    plot = [0] * 30 + [213, 846, 1190, 1262, 1251] + [1250] * 60
    known = HealthView(
        noise=grams(Decimal("0.4")),
        zero=grams(Decimal(0)),
        drift=grams(Decimal(1), signed=True),
        settling=seconds(0.8),
        moving=Words("unit.percent", (("n", 12),)),
        checked_at=NOW - timedelta(days=4),
        deviation=grams(Decimal(2), signed=True),
        due=Words("dev.due.fine", (("n", 3),), n=3),
        due_state="fine",
        plot=tuple(map(Decimal, plot)),
    )
    return replace(known, **more)


def device_scale(language: str) -> StationView:
    """A scale that is well."""
    view, device = _page(language, "scale")
    page = DevicePageView(
        device=device,
        heard=_heard(),
        facts=facts_of(
            ("model", "mt-sics"),
            ("address", ADDRESS),
            ("serial", "B935281047"),
            ("line", "9600 8 N"),
            ("frames", "18402"),
            ("bad", "0"),
            ("losses", "1"),
        ),
        tests=_tests("zero", "check"),
        health=_health(),
    )
    return replace(view, page=page)


def device_check(language: str) -> StationView:
    """The reference weight is asked for; the last check was off."""
    view = device_scale(language)
    assert view.page is not None
    health = _health(
        due=Words("dev.due.failed"),
        due_state="failed",
        deviation=grams(Decimal(-11), signed=True),
        passed=False,
        checking=Words("dev.check.put", (("g", 1000),)),
    )
    empty = ScaleView("ZERO", 0, "0", "g")
    return replace(view, page=replace(view.page, health=health), scale=empty)


@cache
def _picture(document: str, language: str) -> bytes:
    """As the station has it drawn."""
    maker = Documents(FONTS)
    if document == "test":
        return maker.test_preview("07", language, Stock("", 100, 150), "%PS:tested:label:0")
    sheet = document == "cn22"
    stock = Stock("", 210, 297, 300, "pdf", "sheet") if sheet else Stock("", 100, 150)
    return maker.preview(document, papers(to=RUSSIAN), stock)


def device_printer(language: str) -> StationView:
    """A label printer that has printed a label; its roll goes on for a while."""
    view, device = _page(language, "label")
    device = replace(device, printed=376, roll_left=124)
    rungs = (("spooled", None), ("accepted", 0.1), ("idle", 1.8), ("counted", 2.0))
    done = tuple(
        RungView(Words(f"rung.{name}"), "done", seconds(after, signed=True) or "")
        for name, after in rungs
    )
    page = DevicePageView(
        device=device,
        facts=facts_of(
            ("left", "124"),
            ("printed", "376"),
            ("stock", "100x150"),
            ("dpi", "203"),
            ("language", "ZPL"),
            ("queue", "bench 08: 2 · bench 09: 1"),
            ("address", "tcp://192.168.1.40:9100"),
            ("serial", "D4J204801234"),
            ("losses", "0"),
        ),
        tests=_tests("label", "use", "roll", "record"),
        printer=PrinterPageView(
            notes=(Words("dev.printer.gets.label"),),
            job=Words("paper.label"),
            waybill="LP742003130CN",
            rungs=(*done, RungView(Words("rung.printed"), "done")),
            shown=Words("dev.preview.label"),
            preview=_picture("label", language),
        ),
    )
    return replace(view, page=page)


def device_printer_low(language: str) -> StationView:
    """Its roll ends soon, and of the test label nobody knows whether it came out."""
    view = device_printer(language)
    assert view.page is not None
    rungs = (("spooled", "done"), ("accepted", "done"), ("idle", "unsure"), ("printed", "waiting"))
    printer = PrinterPageView(
        notes=(Words("dev.printer.unproven"),),
        job=Words("dev.preview.test"),
        rungs=tuple(RungView(Words(f"rung.{name}"), state) for name, state in rungs),
        shown=Words("dev.preview.test"),
        preview=_picture("test", language),
    )
    device = replace(view.page.device, roll_left=9, roll_low=True)
    return replace(view, page=replace(view.page, printer=printer, device=device))


def device_papers(language: str) -> StationView:
    """A paper printer with a form."""
    view, device = _page(language, "papers")
    page = DevicePageView(
        device=device,
        facts=facts_of(("sheet", "a4"), ("dpi", "300"), ("language", "PDF")),
        tests=_tests("codes", "record"),
        printer=PrinterPageView(
            notes=(Words("dev.printer.gets.cn22"),),
            shown=Words("dev.preview.cn22"),
            preview=_picture("cn22", "en"),
        ),
    )
    return replace(view, page=page)


def device_fault(language: str) -> StationView:
    """The label printer is out of paper."""
    view, device = _page(language, "label", fault="label")
    page = DevicePageView(
        device=device,
        heard=(ByteView(NOW, "02 30 33 30 2C 31 2C 30 03 0D 0A", "\\x02030,1,0\\x03\\r\\n"),),
        facts=facts_of(
            ("model", "zpl"),
            ("address", "tcp://192.168.1.40:9100"),
            ("serial", "D4J204801234"),
            ("stock", "100x150"),
            ("dpi", "203"),
            ("losses", "3"),
        ),
        tests=_tests("label", "use", "roll", "record"),
        printer=PrinterPageView(
            job=Words("paper.label"),
            waybill="LP742003130CN",
            rungs=(
                RungView(Words("rung.spooled"), "done"),
                RungView(Words("rung.accepted"), "running"),
                RungView(Words("rung.idle"), "waiting"),
                RungView(Words("rung.printed"), "waiting"),
            ),
        ),
    )
    return replace(view, page=page)


def device_scanner(language: str) -> StationView:
    """A scanner that has read two codes."""
    view, device = _page(language, "scanner")
    heard = (
        ByteView(NOW, "5D 45 30 36 39 34 30 39 31 32 37", "]E06940912700428\\r"),
        ByteView(NOW, "5D 43 31 4C 50 37 34", "]C1LP742003130CN\\r", count=2),
    )
    facts = facts_of(("model", "serial"), ("address", "usb:0C2E:0901:18204B0123"), ("losses", "0"))
    return replace(view, page=DevicePageView(device=device, heard=heard, facts=facts))


# --- adding -------------------------------------------------------------------------------


def adding_view(language: str, step: str, rail: int, **more: object) -> StationView:
    view, _ = _page(language, "scale")
    words = Words(str(more.pop("main", f"add.step.{step}")))
    adding = AddDeviceView(step=step, rail=rail, main=words, **more)  # type: ignore[arg-type]
    return replace(
        view,
        screen=Screen.ADD_DEVICE,
        adding=adding,
        commands=commands("accept", "back", plain=("accept", "back")),
    )


def add_kind(language: str) -> StationView:
    """Which kind of device."""
    kinds = ("scanner", "scale", "label", "papers", "dimensioner", "camera")
    rows = tuple(PickView(kind, Words(f"screen.device.{kind}"), icon=kind) for kind in kinds)
    return adding_view(language, "kind", 1, picks=rows)


def add_port(language: str) -> StationView:
    """Which port; one of them is taken."""
    rows = (
        PickView(ADDRESS, text="FT232R USB UART", detail="FTDI · FTAK38VN", icon="find"),
        PickView(
            "usb:0C2E:0901",
            text="Honeywell 1950",
            detail="Honeywell · 18204B0123",
            note=Words("add.used_by", (("d", "scanner"),)),
            icon="find",
        ),
        PickView("/dev/ttyS0", text="ttyS0", icon="find"),
        PickView("unplug", Words("add.by_plug"), icon="undo"),
        PickView("typed", Words("add.by_address"), icon="keypad"),
    )
    return adding_view(
        language,
        "port",
        2,
        picks=rows,
        second=Words("add.how.port"),
        problem=Words("add.port_used", (("d", "scanner"),)),
        cure=Words("add.port_used.cure"),
    )


def add_unplug(language: str) -> StationView:
    """The plug was pulled; it is to be put in again."""
    return adding_view(language, "unplug", 2, main="add.plug", second=Words("add.how.unplug"))


_KNOWN = (("address", ADDRESS), ("identity", "FTAK38VN"))


def add_probe(language: str) -> StationView:
    """The scale is being listened to."""
    heard = (ByteView(NOW, "82 30 B1 2E B2 35 30 8D", "\\x820\\xb1.\\xb250\\x8d"),)
    return adding_view(
        language,
        "probe",
        3,
        second=Words("add.how.probe"),
        facts=facts_of(*_KNOWN),
        heard=heard,
        progress=(5, 18),
        now="9600 7E1 · ESC P",
    )


def add_silent(language: str) -> StationView:
    """Nothing came."""
    rows = (PickView("again", Words("add.again")), PickView("model", Words("add.by_model")))
    return adding_view(
        language,
        "probe",
        3,
        main="add.step.unheard",
        second=Words("add.how.probe"),
        picks=rows,
        facts=facts_of(*_KNOWN),
        problem=Words("add.finding.garbage"),
        cure=Words("add.finding.garbage.cure"),
    )


def add_weigh(language: str) -> StationView:
    """Two formats read the same bytes: a known weight decides, and the last one did not fit."""
    rows = tuple(PickView(str(g), Words("add.known", (("g", g),))) for g in (500, 1000, 2000))
    return adding_view(
        language,
        "weigh",
        3,
        second=Words("add.weigh.open"),
        picks=(*rows, PickView("other", Words("add.other_weight"))),
        facts=facts_of(
            *_KNOWN,
            ("model", "yaohua-forward / yaohua-reversed"),
            ("line", "9600 8N1"),
            ("frames", "14"),
        ),
        heard=(ByteView(NOW, "3D 30 30 30 31 2E 30 30 30", "=0001.000", count=14),),
        giant="1.000 kg",
        problem=Words("add.settle.disagree", (("read", "1.000 kg"),)),
        cure=Words("add.settle.disagree.cure"),
    )


def add_trial(language: str) -> StationView:
    """A scanner is tried."""
    rows = (
        PickView("next", Words("add.yes.scanner"), icon="check"),
        PickView("no", Words("add.not_so"), icon="back"),
    )
    return adding_view(
        language,
        "trial",
        4,
        main="add.trial.scanner",
        second=Words("add.how.scanner"),
        picks=rows,
        facts=facts_of(*_KNOWN, ("model", "serial")),
        giant="6940912700428",
    )


def add_camera(language: str) -> StationView:
    """A camera is tried: its picture is beside the question."""
    rows = (
        PickView("next", Words("add.yes.camera"), icon="check"),
        PickView("no", Words("add.not_so"), icon="back"),
    )
    view = adding_view(
        language,
        "trial",
        4,
        main="add.trial.camera",
        second=Words("add.how.camera"),
        picks=rows,
        facts=facts_of(("address", "/dev/v4l/by-id/usb-BRIO-video-index0"), ("model", "uvc")),
    )
    return replace(view, look=LookView("camera"))


def add_models(language: str) -> StationView:
    """The model is chosen by hand from a long list."""
    names = (
        "mt-sics toledo-8217 nci-scp01 sma sartorius-sbi and-standard st-gs cas-22 ohaus adam "
        "yaohua-a9 yaohua-a12 yaohua-reversed yaohua-forward"
    ).split()
    rows = tuple(PickView(name, text=name) for name in names)
    return adding_view(language, "model", 3, picks=rows, facts=facts_of(*_KNOWN))


def add_confirm(language: str) -> StationView:
    """All is known: save it."""
    rows = (
        PickView("save", Words("add.save"), icon="check"),
        PickView("device_name", Words("add.name")),
        PickView("capacity", Words("add.capacity")),
    )
    return adding_view(
        language,
        "confirm",
        5,
        main="add.confirm.add",
        picks=rows,
        facts=facts_of(
            *_KNOWN,
            ("model", "toledo-8217"),
            ("line", "9600 7E1"),
            ("frames", "12"),
            ("check", Words("dev.checked.parity")),
            ("unit", "kg"),
            ("capacity", "15"),
        ),
    )
