"""The lists that adding a device picks from, by step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from packstation.domain.recognition import Candidate, Finding
from packstation.station.adding_pedal import PEDAL, meanings
from packstation.station.device_state import Wizard
from packstation.station.views import PickView, Words
from packstation.station.workshop import DeviceWorkshop

KNOWN_G: Final = (500, 1000, 2000)
UNITS: Final = ("kg", "lb", "g", "oz", "jin")
DPIS: Final = (203, 300, 600)
# A queue or a USB printer may hold labels as well as sheets.
_PRINTERS: Final = {"label", "papers"}


def rows_of(wizard: Wizard, workshop: DeviceWorkshop) -> tuple[PickView, ...]:
    """The rows of the wizard's step; none where it only waits."""
    rows = _ROWS.get(wizard.step)
    return rows(wizard, workshop) if rows else ()


def _kinds(_: Wizard, workshop: DeviceWorkshop) -> tuple[PickView, ...]:
    return tuple(
        PickView(kind, Words(f"screen.device.{kind}"), icon=kind) for kind in workshop.kinds()
    )


def _models(wizard: Wizard, workshop: DeviceWorkshop) -> tuple[PickView, ...]:
    return tuple(PickView(name, text=name) for name in workshop.models(wizard.kind))


def _stocks(_: Wizard, workshop: DeviceWorkshop) -> tuple[PickView, ...]:
    return tuple(PickView(name, text=f"{name} mm") for name in workshop.stocks())


def _ports(wizard: Wizard, _: DeviceWorkshop) -> tuple[PickView, ...]:
    rows = tuple(
        PickView(
            row.address,
            text=row.name,
            detail=" · ".join(part for part in (row.maker, row.identity) if part),
            note=Words("add.used_by", (("d", row.used_by),)) if row.used_by else None,
            icon="server" if row.address.startswith("tcp:") else "find",
        )
        for row in wizard.ports
        if _fits(row.kind, wizard.kind)
    )
    return (
        *rows,
        PickView("unplug", Words("add.by_plug"), icon="undo"),
        PickView("typed", Words("add.by_address"), icon="keypad"),
    )


def _fits(port: str, kind: str) -> bool:
    """A camera is on none of the ports that say nothing of themselves."""
    return port == kind or {port, kind} == _PRINTERS or (not port and kind != "camera")


def _after_probe(_: Wizard, __: DeviceWorkshop) -> tuple[PickView, ...]:
    return (
        PickView("again", Words("add.again"), icon="undo"),
        PickView("model", Words("add.by_model"), icon="find"),
    )


def _weights(wizard: Wizard, __: DeviceWorkshop) -> tuple[PickView, ...]:
    sure = wizard.recognition is not None and wizard.recognition.finding is Finding.FOUND
    rows = tuple(PickView(str(grams), Words("add.known", (("g", grams),))) for grams in KNOWN_G)
    skip = (PickView("skip", Words("add.no_weight")),) if sure else ()
    return (*rows, PickView("other", Words("add.other_weight")), *skip)


def _dpis(_: Wizard, __: DeviceWorkshop) -> tuple[PickView, ...]:
    return tuple(PickView(str(dpi), text=f"{dpi} dpi") for dpi in DPIS)


def _trial(wizard: Wizard, __: DeviceWorkshop) -> tuple[PickView, ...]:
    tests = {"label": ("label",), "dimensioner": ("measure",), "light": ("light",)}
    again = tuple(PickView(name, Words(f"add.test.{name}")) for name in tests.get(wizard.kind, ()))
    return (
        PickView("next", Words(f"add.yes.{wizard.kind}"), icon="check"),
        PickView("no", Words("add.not_so"), icon="back"),
        *again,
    )


def _confirm(wizard: Wizard, __: DeviceWorkshop) -> tuple[PickView, ...]:
    scale = wizard.kind == "scale"
    pedal = (PickView("press", Words("add.pedal.another"), icon="plus"),)
    return (
        PickView("save", Words("add.save"), icon="check"),
        PickView("device_name", Words("add.name"), detail=str(wizard.options.get("name", ""))),
        *(pedal if wizard.kind == PEDAL else ()),
        *((PickView("capacity", Words("add.capacity")),) if scale else ()),
        *((PickView("unit", Words("add.unit")),) if scale and "unit" in wizard.options else ()),
    )


_ROWS: Final[Mapping[str, Callable[[Wizard, DeviceWorkshop], tuple[PickView, ...]]]] = {
    "kind": _kinds,
    "port": _ports,
    "model": _models,
    "probe": _after_probe,
    "weigh": _weights,
    "stock": _stocks,
    "dpi": _dpis,
    "meaning": lambda wizard, _: meanings(wizard),
    "trial": _trial,
    "confirm": _confirm,
}


def options_of(candidate: Candidate) -> dict[str, object]:
    """What a recognised scale's row holds: its line, and the unit where it sends none."""
    found: dict[str, object] = {}
    if candidate.baud:
        found = {
            "baud": candidate.baud,
            "bytesize": candidate.bytesize,
            "parity": candidate.parity,
        }
    if candidate.unit:
        found["unit"] = candidate.unit
    return found
