"""The Devices pages as views: one device, and a device that is being added."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from packstation.domain.recognition import Finding
from packstation.domain.scale_health import Figures
from packstation.station.adding_pedal import key_facts
from packstation.station.core import Core
from packstation.station.desk import DeviceRecord
from packstation.station.device_desk import DeviceDesk
from packstation.station.device_state import Heard, Trace, Wizard
from packstation.station.look_view import LookView
from packstation.station.viewing import frame
from packstation.station.viewing.printer_page import paper_facts, printer_page
from packstation.station.viewing.units import grams, seconds, short
from packstation.station.views import (
    AddDeviceView,
    ByteView,
    DevicePageView,
    DeviceView,
    Fact,
    HealthView,
    Words,
)

# Steps of the rail by page of the wizard.
RAIL: Final[Mapping[str, int]] = {
    "kind": 1,
    "port": 2,
    "unplug": 2,
    "identify": 3,
    "probe": 3,
    "model": 3,
    "weigh": 3,
    "stock": 3,
    "dpi": 3,
    "press": 2,
    "meaning": 3,
    "trial": 4,
    "confirm": 5,
}
_SHOWN_BYTES: Final = 24
_OF_KIND: Final = frozenset({"trial"})


def page(core: Core, desk: DeviceDesk) -> DevicePageView | None:
    """The device that is shown; None where it is gone."""
    pages = core.desk.pages
    record = core.desk.devices.get(pages.device)
    if record is None:
        return None
    device = next(one for one in frame.devices(core) if one.id == pages.device)
    trace = pages.trace(pages.device)
    scale = record.info.kind == "scale"
    return DevicePageView(
        device=device,
        heard=heard(trace),
        facts=_facts(record, trace, pages.losses.get(pages.device, 0), device),
        tests=desk.tests(),
        health=health(core, desk, pages.device) if scale else None,
        printer=printer_page(desk.printers, record, device),
    )


def heard(trace: Trace) -> tuple[ByteView, ...]:
    """The last bytes, newest first."""
    return tuple(map(_bytes, reversed(trace.rows)))


def _bytes(row: Heard) -> ByteView:
    raw, reading = row.raw[-_SHOWN_BYTES:], row.reading
    value = ""
    if reading is not None and reading.value is not None:
        value = f"{reading.value:f} {reading.unit}".strip()
    return ByteView(
        at=row.at,
        hex=raw.hex(" ").upper(),
        text=frame.printable(raw),
        value=value,
        state=str(reading.state) if reading else "",
        count=row.count,
    )


def _facts(record: DeviceRecord, trace: Trace, losses: int, device: DeviceView) -> tuple[Fact, ...]:
    info = record.info
    options = info.options
    line = " ".join(
        str(options[name]) for name in ("baud", "bytesize", "parity") if name in options
    )
    rows: tuple[Fact, ...] = (
        *paper_facts(device),
        *key_facts(options.get("keys")),
        (Words("dev.fact.model"), "" if device.language else info.model),
        (Words("dev.fact.address"), info.address),
        (Words("dev.fact.serial"), record.serial),
        (Words("dev.fact.line"), line),
        (Words("dev.fact.unit"), str(options.get("unit", ""))),
        (Words("dev.fact.frames"), "" if device.language else str(trace.frames)),
        (Words("dev.fact.bad"), str(trace.bad) if info.kind == "scale" else ""),
        (Words("dev.fact.losses"), str(losses)),
    )
    return tuple((name, value) for name, value in rows if value)


# --- health of a scale --------------------------------------------------------------------


def health(core: Core, desk: DeviceDesk, device: str) -> HealthView:
    """Noise, zero, settling, the last check and when the next is due."""
    pages = core.desk.pages
    figures = pages.health_of(device).figures()
    due, check = desk.checks.due(device), pages.checks.get(device)
    rule = desk.checks.rule(device)
    days = (("n", due.days),) if due.state == "fine" else ()
    return HealthView(
        noise=grams(figures.noise_g),
        zero=grams(figures.zero_g),
        drift=grams(figures.drift_g, signed=True),
        settling=seconds(figures.settling_s),
        moving=None if figures.moving is None else Words("unit.percent", (("n", figures.moving),)),
        checked_at=check.at if check else None,
        deviation=grams(check.deviation_g, signed=True) if check else None,
        passed=check.passed if check else True,
        due=Words(f"dev.due.{due.state}", days, n=due.days if days else None),
        due_state=due.state,
        plot=figures.plot,
        checking=Words("dev.check.put", (("g", rule.reference_g),)) if pages.checking else None,
    )


def note(core: Core, desk: DeviceDesk, device: DeviceView) -> Words | None:
    """The card's own line of a scale: noise at rest, and when the reference weight is due."""
    if device.kind != "scale":
        return None
    figures: Figures = core.desk.pages.health_of(device.id).figures()
    due = desk.checks.due(device.id)
    if due.state in {"failed", "overdue"}:
        return Words(f"dev.due.{due.state}")
    if figures.noise_g is None:
        return None
    noise = (("g", short(figures.noise_g)),)
    if due.state != "fine":
        return Words("dev.noise", noise)
    return Words("dev.noise_due", (*noise, ("n", due.days)), n=due.days)


# --- adding -------------------------------------------------------------------------------


def adding(core: Core, desk: DeviceDesk) -> AddDeviceView:
    """The step that is shown."""
    wizard = core.desk.pages.wizard or Wizard()
    problem = wizard.problem
    return AddDeviceView(
        step=wizard.step,
        rail=RAIL[wizard.step],
        main=_main(wizard),
        second=_second(wizard),
        picks=desk.adding.picks(),
        heard=heard(wizard.heard),
        facts=_chosen(wizard),
        giant=_giant(wizard),
        progress=wizard.probed[:2] if wizard.step == "probe" and wizard.busy else (0, 0),
        now=wizard.probed[2] if wizard.step == "probe" and wizard.busy else "",
        problem=problem,
        cure=Words(f"{problem.key}.cure") if problem and not _told(problem) else None,
    )


def tried_look(core: Core) -> LookView | None:
    """The picture of a camera on trial."""
    wizard = core.desk.pages.wizard
    tried = wizard is not None and wizard.kind == "camera" and wizard.trial
    return LookView(tried) if tried else None


def _told(problem: Words) -> bool:
    """Errors of settings say themselves what is allowed; all other causes have a cure."""
    return problem.key.startswith("error.")


def _main(wizard: Wizard) -> Words:
    if wizard.step == "trial":
        return Words(f"add.trial.{wizard.kind}")
    if wizard.step == "unplug" and wizard.gone:
        return Words("add.plug")
    if wizard.step == "probe" and not wizard.busy:
        return Words("add.step.unheard")
    if wizard.step == "confirm":
        return Words(f"add.confirm.{'replace' if wizard.replaces else 'add'}")
    return Words(f"add.step.{wizard.step}")


def _second(wizard: Wizard) -> Words | None:
    if wizard.step == "weigh" and wizard.recognition is not None:
        sure = wizard.recognition.finding is Finding.FOUND
        return Words("add.weigh.sure" if sure else "add.weigh.open")
    if wizard.step in {"kind", "model", "stock", "dpi", "meaning", "confirm"}:
        return None
    return Words(f"add.how.{wizard.kind if wizard.step in _OF_KIND else wizard.step}")


def _giant(wizard: Wizard) -> str:
    """What the device says now, where it is looked at."""
    if wizard.step == "trial":
        return "" if wizard.kind == "label" else wizard.proof
    if wizard.step == "meaning":
        return wizard.key
    if wizard.step == "weigh" and wizard.recognition and wizard.recognition.first:
        return wizard.recognition.first.shown
    return ""


def _chosen(wizard: Wizard) -> tuple[Fact, ...]:
    """What is known of it so far."""
    found = wizard.candidate
    first = wizard.recognition.first if wizard.recognition else None
    shown = found or (first if wizard.step == "weigh" else None)
    line = f"{shown.baud} {shown.bytesize}{shown.parity}1" if shown and shown.baud else ""
    names = {one.model for one in wizard.recognition.candidates} if wizard.recognition else set()
    model = wizard.model or " / ".join(sorted(names))
    options = wizard.options
    rows: tuple[Fact, ...] = (
        *key_facts(options.get("keys")),
        (Words("dev.fact.address"), wizard.port.address if wizard.port else ""),
        (Words("dev.fact.identity"), wizard.identity),
        (Words("dev.fact.model"), model if wizard.step not in {"kind", "port"} else ""),
        (Words("dev.fact.line"), line),
        (Words("dev.fact.frames"), str(shown.good) if shown else ""),
        (Words("dev.fact.check"), Words(f"dev.checked.{shown.check}") if shown else ""),
        *(
            (Words(f"dev.fact.{name}"), str(options[name]))
            for name in ("unit", "stock", "dpi", "capacity", "name")
            if name in options
        ),
    )
    return tuple((name, value) for name, value in rows if value)
