"""Devices that come and go while the bench runs: ports, probes, trials, the settings file.

``station.workshop.DeviceWorkshop`` on this machine. Opening and closing devices only starts
threads and tells them to end, so it is done on the main one; whoever opens a port that another
still holds waits for it in its own thread (`devices.leaving`). What asks a port or writes a file
says so.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final, Protocol, runtime_checkable

from msgspec import Struct, field
from msgspec.structs import replace

from packstation.bootstrap.editing import fields_of
from packstation.devices.bench import (
    DeviceConfig,
    DeviceTimings,
    Kept,
    ReadyBench,
    ready_devices,
)
from packstation.devices.camera.listing import BY_ID, camera_name, list_cameras
from packstation.devices.catalogue import (
    CAMERAS,
    DIMENSIONERS,
    LIGHTS,
    PRINTERS,
    SCALES,
    SCANNERS,
)
from packstation.devices.health import cause_of
from packstation.devices.leaving import CLOSE_S, Leaving, Left
from packstation.devices.opened import OpenBench
from packstation.devices.options import KINDS
from packstation.devices.printers.rows import bench_printers
from packstation.devices.probing import ScaleProbe
from packstation.devices.rows import check_rows
from packstation.devices.sizing import Dimensioner
from packstation.domain.errors import SettingsError
from packstation.domain.labels import MEDIA_MM
from packstation.domain.printers import PrintTable
from packstation.settings.keys import SettingInvalid
from packstation.station.desk import Desk
from packstation.station.frames import FramePort
from packstation.station.gear import Gear
from packstation.station.ports import Measurer, Post, Printer
from packstation.station.workshop import FieldRow, NewDevice, PortRow, PrinterNamed, Probe

log = logging.getLogger(__name__)

Keep = Callable[[Sequence[DeviceConfig]], None]
"""Writes the rows where they are read at the next start; raises SettingInvalid."""

# Labels that a bench's printer may hold; sheets belong to the paper printer.
STOCKS: Final = tuple(name for name in MEDIA_MM if name not in {"a4", "cn22"})
_UNNAMED: Final = frozenset({"device.unknown", "device.speaks"})
_LABEL, _PAPERS = "label", "papers"
_HID = "hid-pos"


@runtime_checkable
class Zeroed(Protocol):
    """A scale that obeys a word for zero."""

    @property
    def can_zero(self) -> bool: ...
    def zero(self) -> None:
        """Set it to zero now."""


@runtime_checkable
class Tried(Protocol):
    """A device that can do something to be seen by itself."""

    def test(self, what: str) -> bool:
        """Do it; False where it cannot."""


class Wiring(Struct, frozen=True):
    """What devices are handed out to, and how they are opened.

    ``table`` makes routes of rows; ``keep`` is None where rows are given and cannot be changed.
    """

    desk: Desk
    post: Post
    kept: Kept
    gear: Gear
    bench: str
    table: Callable[[Sequence[DeviceConfig]], PrintTable]
    timings: DeviceTimings | None = None
    keep: Keep | None = None
    leaving: Leaving = field(default_factory=Leaving)
    printers: dict[str, Printer] = field(default_factory=dict)
    measurers: list[Measurer] = field(default_factory=list)


class _Probing:
    """``station.workshop.Probe``: closed on the main thread, so its end is not waited for."""

    def __init__(self, address: str, probe: ScaleProbe, leaving: Leaving) -> None:
        self._address, self._probe, self._leaving = address, probe, leaving

    def settle(self, grams: int) -> None:
        """See `devices.probing.ScaleProbe.settle`."""
        self._probe.settle(grams)

    def close(self) -> None:
        """Let it end; nothing is posted afterwards."""
        self._leaving.take([Left("", self._address, self._probe)])


class Workshop:
    """Every device is a bench of its own here, so that one can go and the others stay."""

    def __init__(self, wiring: Wiring, label: Callable[[str], None]) -> None:
        """``label`` prints the test label of a printer by its id."""
        self._wiring, self._label = wiring, label
        self.cameras: dict[str, FramePort] = {}
        self._rows: dict[str, DeviceConfig] = {}
        self._tried: dict[str, DeviceConfig] = {}
        self._open: dict[str, OpenBench] = {}

    # --- the bench's own --------------------------------------------------------------------

    def begin(self, rows: Iterable[DeviceConfig]) -> None:
        """Open the bench as configured; raises SettingsError before anything is opened."""
        self._rows = {row.device: row for row in rows}
        self._open = {"": self._ready(tuple(self._rows.values()), self._rows).open()}
        self._hand_out()

    def close_all(self) -> None:
        """Close what is open; for the program's end: waits for all, within one limit."""
        wiring = self._wiring
        benches, self._open = tuple(self._open.values()), {}
        wiring.leaving.take([Left("", "", bench, bench.done) for bench in benches])
        if not wiring.leaving.join(CLOSE_S):
            log.warning("not all devices have ended in %s s", CLOSE_S)

    def _ready(
        self, opening: Sequence[DeviceConfig], rows: Mapping[str, DeviceConfig]
    ) -> ReadyBench:
        """What of all ``rows`` is to be opened; raises SettingsError, and nothing has changed."""
        wiring = self._wiring
        return ready_devices(
            opening,
            wiring.post,
            timings=replace(wiring.timings or DeviceTimings(), free=wiring.leaving.wait_for),
            table=wiring.table(tuple(rows.values())),
            bench=wiring.bench,
            kept=wiring.kept,
        )

    def accept(self, device: str) -> tuple[str, str] | None:
        """`packstation.station.ports.DeviceCare`."""
        found = (bench.accept(device) for bench in self._open.values())
        return next((told for told in found if told is not None), None)

    def record(self, device: str, minutes: int) -> str | None:
        """`packstation.station.ports.DeviceCare`."""
        found = (bench.record(device, minutes) for bench in self._open.values())
        return next((path for path in found if path is not None), None)

    def _hand_out(self) -> None:
        """Printers, measurers and routes as they are now."""
        wiring, benches = self._wiring, tuple(self._open.values())
        printers = {name: one for bench in benches for name, one in bench.printers.items()}
        wiring.printers.clear()
        wiring.printers.update(printers)
        wiring.measurers[:] = [b.dimensioner for b in benches if b.dimensioner is not None][:1]
        scanners = {name: one for bench in benches for name, one in bench.scanners.items()}
        wiring.gear.scanners.clear()
        wiring.gear.scanners.update(scanners)
        self.cameras.clear()
        for bench in benches:
            self.cameras.update(bench.cameras)
        wiring.gear.lights.clear()
        for bench in benches:
            wiring.gear.lights.update(bench.lights)
        for name in scanners.keys() & wiring.desk.devices.keys():
            actions = tuple(f"scanner-{action}" for action in scanners[name].actions)
            wiring.desk.devices[name].actions = actions
        handles = self._handles()
        rows = [row for row in (self._rows | self._tried).values() if row.device in handles]
        wiring.desk.printing.table = wiring.table(rows)

    def _handles(self) -> dict[str, object]:
        return {name: one for b in self._open.values() for name, one in b.handles.items()}

    # --- what there is ----------------------------------------------------------------------

    def kinds(self) -> tuple[str, ...]:
        """Kinds with a model; none where the bench's devices are given."""
        if self._wiring.keep is None:
            return ()
        return tuple(kind for kind in KINDS if self.models(kind))

    def models(self, kind: str) -> tuple[str, ...]:
        """By the catalogue."""
        match kind:
            case "scale":
                return tuple(row.id for row in SCALES if row.transport == "line")
            case "scanner" | "badge":
                return tuple(row.id for row in SCANNERS)
            case "dimensioner":
                return tuple(row.id for row in DIMENSIONERS)
            case "camera":
                return tuple(row.id for row in CAMERAS)
            case "light":
                return tuple(row.id for row in LIGHTS)
            case "pedal":
                return ("keyboard",)
            case "label":
                return tuple(row.id for row in PRINTERS if row.talk is not None)
            case "papers":
                return tuple(row.id for row in PRINTERS if row.talk is None)
        return ()

    def stocks(self) -> tuple[str, ...]:
        """Label papers."""
        return STOCKS

    def ports(self) -> tuple[PortRow, ...]:
        """Ports with a name for people; blocking."""
        from packstation.devices.discovery import list_ports
        from packstation.devices.hid import list_scales, list_scanners

        told = {str(row["address"]): ("scale", _HID) for row in list_scales()}
        told |= {str(row["address"]): ("scanner", _HID) for row in list_scanners()}
        rows = tuple(
            self.port_row(row, told) for row in list_ports() if row.get("kind") != "camera"
        )
        return (*rows, *self.camera_rows(), PortRow("usb", "USB", kind="light", model="busylight"))

    def camera_rows(self, folder: Path = BY_ID) -> tuple[PortRow, ...]:
        """Cameras by the names that udev gives them; none where there is no udev."""
        used = {row.address: row.device for row in self._rows.values()}
        return tuple(
            PortRow(
                str(row["address"]),
                camera_name(Path(str(row["address"])).name),
                used_by=used.get(str(row["address"]), ""),
                kind="camera",
                model="uvc",
            )
            for row in list_cameras(folder)
        )

    def port_row(self, row: Mapping[str, object], told: Mapping[str, tuple[str, str]]) -> PortRow:
        """A row of ``devices list``; ``told`` names kind and model of HID addresses."""
        address, port = str(row["address"]), str(row["port"])
        used = (r.device for r in self._rows.values() if r.address in {address, port})
        printer = _PAPERS if row.get("model") in {"pdf", "spool"} else _LABEL
        kind, model = told.get(address, (printer if "kind" in row else "", ""))
        return PortRow(
            address=address,
            name=str(row["description"] or port),
            maker=str(row["manufacturer"]),
            identity=str(row["serial"] or row["location"]),
            used_by=next(used, ""),
            kind=kind,
            model=model,
        )

    def probe(self, address: str) -> Probe:
        """See `devices.probing.ScaleProbe`; it gives its port back without being waited for."""
        leaving = self._wiring.leaving
        probe = ScaleProbe(address, self._wiring.post, before=leaving.wait_for("", address))
        return _Probing(address, probe, leaving)

    def identify(self, address: str) -> PrinterNamed:
        """See `devices.discovery.identify`; blocking."""
        from packstation.devices.discovery import identify

        try:
            self._wiring.leaving.wait_for("", address)()
        except OSError as failure:
            return PrinterNamed(address, "", cause=cause_of(failure, was_open=False))
        said = identify(address)
        if said.get("found"):
            label = said["kind"] == _LABEL
            return PrinterNamed(address, str(said["model"]) if label else "", str(said["identity"]))
        cause = str(said.get("cause", ""))
        return PrinterNamed(address, "", cause="" if cause in _UNNAMED else cause)

    # --- changing ---------------------------------------------------------------------------

    def open(self, device: NewDevice) -> None:
        """On the main thread; what was open under its id is closed, and waited for by its thread.

        Raises SettingsError for a row that cannot be used: what is open stays open then.
        """
        row = _config(device)
        rows = self._rows | {device.id: row}
        # Twice: what cannot be used closes nothing, and what is closed has to be waited for.
        self._ready((row,), rows)
        before = self._tried.get(device.id) or self._rows.get(device.id)
        held = device.id in self._handles()
        self._end([device.id])
        try:
            self._start(row, rows)
        except SettingsError:
            if held and before is not None:
                self._start(before, self._rows)
            raise
        finally:
            self._hand_out()

    def _start(self, row: DeviceConfig, rows: Mapping[str, DeviceConfig]) -> None:
        self._open[row.device] = self._ready((row,), rows).open()
        self._tried[row.device] = row

    def close(self, device: str) -> None:
        """On the main thread; the settings stay as they are."""
        self._end([device])
        self._hand_out()

    def _end(self, devices: Iterable[str]) -> None:
        """Take them off the bench and tell them to end, all before the first is waited for."""
        left = []
        for device in devices:
            row = self._tried.pop(device, None) or self._rows.get(device)
            for name, bench in tuple(self._open.items()):
                if device in bench.handles:
                    rest, alone = bench.part(device)
                    if name == device:
                        del self._open[name]
                        alone = bench
                    else:
                        self._open[name] = rest
                    address = row.address if row is not None else ""
                    left.append(Left(device, address, alone, alone.done))
        self._wiring.leaving.take(left)

    def save(self, change: str, device: NewDevice, replaces: str = "") -> None:
        """Write the rows; blocking. What is open changes with `changed`."""
        if self._wiring.keep is None:
            raise SettingsError(name="DEVICES", value=device.id, allowed="-")
        gone = {device.id, replaces}
        rows = [row for row in self._rows.values() if row.device not in gone]
        if change != "removed":
            rows.append(_proven(_config(device)) if device.proven else _config(device))
        try:
            self._wiring.keep(rows)
        except SettingInvalid as exc:
            log.warning("settings not saved: %s", exc)
            raise SettingsError(**exc.fields) from exc
        self._rows = {row.device: row for row in rows}

    def changed(self) -> None:
        """Open what was added, close what was removed."""
        handles = self._handles()
        self._end(handles.keys() - self._rows.keys())
        self._tried.clear()
        for name, row in self._rows.items():
            if name not in handles:
                self.open(NewDevice(row.kind, row.model, row.address, name, row.settings))
        self._hand_out()

    def fields(self, device: NewDevice) -> tuple[FieldRow, ...]:
        """See `bootstrap.editing`."""
        return fields_of(_config(device), STOCKS) if self._wiring.keep else ()

    def check(self, device: NewDevice) -> None:
        """The row among the others; what a printer's stock says is read too."""
        row = _config(device)
        check_rows([*(one for one in self._rows.values() if one.device != row.device), row])
        bench_printers((row,))

    # --- trying -----------------------------------------------------------------------------

    def test(self, device: str, what: str) -> bool:
        """Zero, measure, print a test label, or what a device can do by itself."""
        handle = self._handles().get(device)
        if what == "label" and device in self._wiring.printers:
            self._label(device)
        elif what == "light" and device in self._wiring.gear.lights:
            self._wiring.gear.lights[device].test()
        elif what == "zero" and isinstance(handle, Zeroed) and handle.can_zero:
            handle.zero()
        elif what == "measure" and isinstance(handle, Dimensioner):
            handle.measure()
        else:
            return isinstance(handle, Tried) and handle.test(what)
        return True

    def can_zero(self, device: str) -> bool:
        """Whether its protocol has a word for it."""
        handle = self._handles().get(device)
        return isinstance(handle, Zeroed) and handle.can_zero


def _config(device: NewDevice) -> DeviceConfig:
    return DeviceConfig(device.kind, device.model, device.address, device.id, dict(device.options))


def _proven(row: DeviceConfig) -> DeviceConfig:
    """A label printer whose test label a person has seen needs no other."""
    if row.kind != _LABEL:
        return row
    settings = {**row.settings, "confirmed": bench_printers((row,))[0].identity}
    return DeviceConfig(row.kind, row.model, row.address, row.id, settings)
