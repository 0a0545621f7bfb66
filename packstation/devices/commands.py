"""What ``packstation devices ...`` does, as plain functions with JSON-able answers."""

from __future__ import annotations

import queue
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from packstation.devices import discovery, readings
from packstation.devices.bench import DeviceConfig, DeviceTimings, open_devices
from packstation.devices.opened import OpenBench
from packstation.devices.sim.shelf import Shelf, ShelfRow, shelf_rows
from packstation.devices.weighing import ScaleTiming
from packstation.domain.errors import DeviceOffline, InputInvalid, SettingsError
from packstation.station.ports import (
    CodeScanned,
    DeviceHealth,
    DeviceState,
    Happening,
    Post,
    ScaleRead,
    SizeMeasured,
)

# A reading as it comes, without waiting for a second one that agrees.
_NOT_UNDERSTOOD: Final = frozenset(("scale.garbled", "scale.other_model"))
_RAW: Final = DeviceTimings(scale=ScaleTiming(confirm=1))


def list_devices() -> list[dict[str, object]]:
    """``devices list``: the serial ports of this machine."""
    return discovery.list_ports()


def identify(port: str) -> dict[str, object]:
    """``devices identify PORT``: see `discovery.identify`; ``found`` False is exit status 1."""
    return discovery.identify(port)


def decode(model: str, hex_bytes: str, *, unit: str = "kg") -> dict[str, object]:
    """``devices decode --hex``: one frame; `InputInvalid` for text that is no hex bytes."""
    return readings.decode(model, parse_hex(hex_bytes), unit=unit)


def decode_lines(model: str, text: str, *, unit: str = "kg") -> Iterator[dict[str, object]]:
    """``devices decode --hex-file``: one frame a line; empty lines are skipped."""
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            yield readings.decode(model, parse_hex(line, path=f"line {number}"), unit=unit)


def read(
    port: str,
    model: str,
    *,
    count: int | None = None,
    unit: str = "kg",
    baud: int | None = None,
    timings: DeviceTimings = _RAW,
) -> Iterator[dict[str, object]]:
    """``devices read``: readings or scanned codes as they come, ``count`` of them or without end.

    A dimensioner is asked again after every answer. A recording (``replay:FILE``) ends them.

    Raises `DeviceOffline` (``cause``) when the port does not open or is lost, and
    `SettingsError` for an address or a model that is none.
    """
    kind, name = _reader(model)
    settings: dict[str, object] = {"unit": unit} if kind == "scale" else {}
    if baud is not None:
        settings["baud"] = baud
    heard: queue.SimpleQueue[Happening] = queue.SimpleQueue()
    config = DeviceConfig(kind, name, port, settings=settings)
    bench = _opened(config, heard.put, timings)
    try:
        while count is None or count > 0:
            happening = heard.get()
            if isinstance(happening, DeviceHealth):
                if _played(port, happening):
                    return
                _raise_lost(port, happening)
                if bench.dimensioner is not None:
                    bench.dimensioner.measure()
            found = _document(happening)
            if found is not None:
                yield found
                count = None if count is None else count - 1
                if bench.dimensioner is not None:
                    bench.dimensioner.measure()
    finally:
        bench.close()


def _opened(config: DeviceConfig, post: Post, timings: DeviceTimings) -> OpenBench:
    """What is refused is named as on a command line, which has no rows."""
    try:
        return open_devices([config], post, timings=timings)
    except SettingsError as exc:
        name = str(exc.fields["name"]).rpartition(".")[2]
        raise SettingsError(exc.key, **{**exc.fields, "name": name}) from exc


def _reader(model: str) -> tuple[str, str]:
    """Kind and model of the device to open; scanners and badge readers are read alike."""
    if model in readings.SCANNER_READS:
        return "scanner", readings.SCANNER_READS[model]
    sides = readings.is_dimensioner(model, readings.SCANNER_READS)
    return ("dimensioner" if sides else "scale"), model


def _played(port: str, health: DeviceHealth) -> bool:
    """Whether a recording came to its end."""
    return port.startswith("replay") and health.cause == "device.unplugged"


def _document(happening: Happening) -> dict[str, object] | None:
    if isinstance(happening, ScaleRead) and happening.reading.error != "offline":
        return readings.reading_document(happening.reading)
    if isinstance(happening, SizeMeasured):
        return readings.size_document(happening.reading)
    if isinstance(happening, CodeScanned):
        return readings.scan_document(happening)
    return None


def simulate(config: Mapping[str, object], folder: Path) -> Shelf:
    """``devices simulate CONFIG``: simulated devices; print ``addresses()``, close at the end.

    ``{"seed": 1, "devices": [{"kind": "scale", "transport": "pty", "link": "scale",
    "grams": 1250, "faults": ["unstable"]}, {"kind": "label", "transport": "tcp"},
    {"kind": "scanner", "codes": ["6901234567892"], "every_s": 2}]}``; relative links and the
    folder of printed labels lie in ``folder``. `InputInvalid` names what is wrong.
    """
    rows: list[ShelfRow] = shelf_rows(config)
    seed = config.get("seed", 1)
    if not isinstance(seed, int):
        raise InputInvalid(path="seed", value=seed, allowed="a whole number")
    return Shelf(rows, folder, seed=seed)


def parse_hex(text: str, *, path: str = "hex") -> bytes:
    """Bytes of hex digits with or without spaces; `InputInvalid` otherwise."""
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise InputInvalid(path=path, value=text[:80], allowed="hex bytes: 53 20 0D") from None


def _raise_lost(port: str, health: DeviceHealth) -> None:
    # A scale that cannot be understood is still there: its readings tell.
    if health.state is DeviceState.FAULT and health.cause not in _NOT_UNDERSTOOD:
        raise DeviceOffline(device=port, cause=health.cause, detail=health.detail)
