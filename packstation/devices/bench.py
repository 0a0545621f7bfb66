"""Opens all devices of a bench from plain configuration rows."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Final, TypeVar, cast

from msgspec import Struct, field
from msgspec.structs import replace

from packstation.devices.camera.watch import CameraTiming
from packstation.devices.catalogue import (
    camera_model,
    dimensioner_model,
    light_model,
    printer_model,
    scale_model,
    scanner_model,
)
from packstation.devices.health import Reporter
from packstation.devices.hid import SCALE_USE, SCANNER_USE, Api, hid_opener, system_api
from packstation.devices.hid_scanning import HidScanner
from packstation.devices.hotplug import Hotplug, HotplugTiming
from packstation.devices.keyboards import KeyboardDevice
from packstation.devices.known import InMind, Known
from packstation.devices.leaving import CLOSE_S, after, join_all
from packstation.devices.lights.frames import channels_of, relay_frames, tower_frames
from packstation.devices.lights.lamp import FrameLight, LineLamp
from packstation.devices.lights.udp import is_udp, udp_opener
from packstation.devices.lights.usb import FindLamps, UsbLight, system_lamps
from packstation.devices.link import Link, LinkTiming
from packstation.devices.opened import Handle, OpenBench, Waiting
from packstation.devices.opening import (
    LineSettings,
    Opener,
    SerialAddress,
    opener,
    parse_address,
    replay_speed,
    usb_address,
)
from packstation.devices.options import UNITS
from packstation.devices.printers.borrowed import BorrowedPrinter
from packstation.devices.printers.folder import FolderPrinter
from packstation.devices.printers.queues import is_queue, spooler_of
from packstation.devices.printers.rows import KINDS as PRINTER_KINDS
from packstation.devices.printers.rows import bench_printers, lies_in
from packstation.devices.printers.shared import LeavingPrinter, SharedPrinter
from packstation.devices.printers.sharing import SCHEME, borrow_of, share_of
from packstation.devices.printers.spooled import SpooledPrinter, SpoolTiming
from packstation.devices.printers.talk import one_way
from packstation.devices.printers.timing import PrinterTiming
from packstation.devices.printers.worker import PrinterWorker
from packstation.devices.rows import check_rows, faults, place_of
from packstation.devices.scanners import (
    ACTIONS,
    ENCODINGS,
    Orders,
    Scanner,
    ScannerTiming,
    SerialScanner,
)
from packstation.devices.sizing import Dimensioner, DimensionerConversation
from packstation.devices.tapes import Tapes
from packstation.devices.weighing import Scale, ScaleConversation, ScaleTiming
from packstation.domain.errors import SettingsError
from packstation.domain.printers import PrintTable, print_table
from packstation.station.frames import CAMERA_USES, FramePort
from packstation.station.ports import Post, Printer

T = TypeVar("T")
# What every bench prints, where nobody says more.
DOCUMENTS: Final = ("label", "cn22")
# With its jitter of a quarter and the time to open still under two seconds.
CALL_AGAIN_S: Final = 1.4


class DeviceConfig(Struct, frozen=True):
    """One device; its ``kind`` (`packstation.devices.options`) is the ``id`` where none is given.

    ``address`` as in FORMATS.md "Commands", or a folder for the model "folder".
    ``settings`` may hold what `packstation.devices.options` has for its kind and model.
    """

    kind: str
    model: str
    address: str
    id: str = ""
    settings: Mapping[str, object] = field(default_factory=dict)

    @property
    def device(self) -> str:
        """The device's id in all it reports."""
        return self.id or self.kind


Free = Callable[[str, str], Callable[[], None]]
"""By id and address: what is called in a device's thread before its port is opened."""

_Build = Callable[[], Handle]


def _at_once(_: str, __: str) -> Callable[[], None]:
    """No port is waited for."""
    return lambda: None


class DeviceTimings(Struct, frozen=True):
    """All timings, so that tests and the demo can be quick; and where HID devices come from.

    ``free`` says what a device waits for before it opens its port (`leaving.Leaving`).
    """

    link: LinkTiming = field(default_factory=LinkTiming)
    scanner: ScannerTiming = field(default_factory=ScannerTiming)
    scale: ScaleTiming = field(default_factory=ScaleTiming)
    printer: PrinterTiming = field(default_factory=PrinterTiming)
    spool: SpoolTiming = field(default_factory=SpoolTiming)
    camera: CameraTiming = field(default_factory=CameraTiming)
    hid: Callable[[], Api] = system_api
    lamps: FindLamps = system_lamps
    free: Free = _at_once
    hotplug: HotplugTiming = field(default_factory=HotplugTiming)


class Kept(Struct, frozen=True):
    """What outlives a run: who belongs where, and the folder for recordings, None for none."""

    known: Known = field(default_factory=InMind)
    recordings: Path | None = None


class ReadyBench(Struct, frozen=True):
    """Devices whose rows can be used and of which nothing is open yet."""

    configs: tuple[DeviceConfig, ...]
    builders: tuple[tuple[DeviceConfig, _Build], ...]
    reporters: Mapping[str, Reporter]
    table: PrintTable
    recordings: Path | None
    hotplug: HotplugTiming

    def open(self) -> OpenBench:
        """Open them; once. Raises `SettingsError` where a door for other benches is taken."""
        # First the tapes: they hold the opening too.
        tapes = Tapes(self.recordings, self.configs, self.reporters)
        try:
            handles = _all_or_none(self.builders)
        except SettingsError:
            tapes.close()
            raise
        watch = Hotplug(timing=self.hotplug)
        for config in self.configs:
            handle = handles[config.device]
            if isinstance(handle, Waiting):
                watch.add(handle.retry_now, _name(config.address))
        dimensioners = [one for one in handles.values() if isinstance(one, Dimensioner)]
        return OpenBench(
            handles,
            {
                config.device: cast("Printer", handles[config.device])
                for config in self.configs
                if config.kind in PRINTER_KINDS
            },
            dimensioners[0] if dimensioners else None,
            {name: one for name, one in handles.items() if isinstance(one, Scanner)},
            watch,
            self.table,
            self.reporters,
            tapes,
            {name: one for name, one in handles.items() if isinstance(one, FramePort)},
        )


def open_devices(
    configs: Sequence[DeviceConfig],
    post: Post,
    *,
    mono_ns: Callable[[], int] = time.monotonic_ns,
    timings: DeviceTimings | None = None,
    table: PrintTable | None = None,
    kept: Kept | None = None,
    bench: str = "",
) -> OpenBench:
    """Open every device; what they have to say comes through ``post``, from their threads.

    A device that is not there is reported and tried again for as long as the bench is open.
    ``table`` says where documents go; without one it is made of the rows alone. ``kept``
    is what outlives them, and ``bench`` our name for other benches. Raises `SettingsError` for a
    row that cannot be used; nothing is open then.
    """
    ready = ready_devices(
        configs, post, mono_ns=mono_ns, timings=timings, table=table, kept=kept, bench=bench
    )
    return ready.open()


def ready_devices(
    configs: Sequence[DeviceConfig],
    post: Post,
    *,
    mono_ns: Callable[[], int] = time.monotonic_ns,
    timings: DeviceTimings | None = None,
    table: PrintTable | None = None,
    kept: Kept | None = None,
    bench: str = "",
) -> ReadyBench:
    """As `open_devices`, but nothing is opened: rows that cannot be used disturb no device."""
    check_rows(configs)
    table = table or print_table(bench_printers(configs), (), DOCUMENTS)
    times = timings or DeviceTimings()
    kept = kept or Kept()
    reporters = {
        config.device: Reporter(
            config.device, post, mono_ns=mono_ns, known=kept.known, place=_place(config)
        )
        for config in configs
    }
    builders = tuple(
        (config, _named(config, reporters[config.device], times, bench)) for config in configs
    )
    return ReadyBench(tuple(configs), builders, reporters, table, kept.recordings, times.hotplug)


def why_refused(configs: Sequence[DeviceConfig], bench: str = "") -> Iterator[SettingsError]:
    """Everything for which `open_devices` would refuse these rows; nothing is opened."""
    yield from faults(configs)
    for config in configs:
        if any(faults((config,))):
            continue
        try:
            _named(config, Reporter(config.device, lambda _: None), DeviceTimings(), bench)
        except SettingsError as exc:
            yield exc


def _all_or_none(builders: Sequence[tuple[DeviceConfig, _Build]]) -> dict[str, Handle]:
    """A door that others print through may be taken: what was opened before it is given back."""
    handles: dict[str, Handle] = {}
    try:
        for config, build in builders:
            handles[config.device] = build()
    except SettingsError:
        for handle in handles.values():
            handle.end()
        join_all(tuple(handles.values()), CLOSE_S)
        raise
    return handles


def _place(config: DeviceConfig) -> str:
    """What is set up there; another address or model is another place."""
    return f"{config.device} {config.model} {config.address}"


def _name(address: str) -> str:
    """The name in the system's folder of devices, where the address is one."""
    try:
        parsed = parse_address(address)
    except SettingsError:  # a queue, a folder, a camera of the network
        return ""
    return parsed.path if isinstance(parsed, SerialAddress) else ""


def _patience(address: str, link: LinkTiming) -> LinkTiming:
    """Nobody tells when a peer of the network is back: it is called again within two seconds."""
    if not address.startswith("tcp://"):
        return link
    return replace(link, longest_pause_s=min(link.longest_pause_s, CALL_AGAIN_S))


def _named(config: DeviceConfig, reporter: Reporter, times: DeviceTimings, bench: str) -> _Build:
    """What is refused is refused with the device's name."""
    try:
        return _device(config, reporter, times, bench)
    except SettingsError as exc:
        name = str(exc.fields["name"])
        if "[" in name:
            raise
        named = {**exc.fields, "name": f"{place_of(config)}.{name}"}
        raise SettingsError(exc.key, **named) from exc


def _device(config: DeviceConfig, reporter: Reporter, times: DeviceTimings, bench: str) -> _Build:
    """A device of our own, a printer of ours that others use, or one of another bench."""
    row, told = f"DEVICES[{config.device}]", config.settings
    times = replace(times, link=_patience(config.address, times.link))
    if config.kind not in PRINTER_KINDS:
        return _builder(config, reporter, times)
    (printer,) = bench_printers((config,))
    lies = lies_in(printer)
    if config.address.startswith(SCHEME):
        borrow = borrow_of(row, config.address, told, bench, lies)
        return lambda: BorrowedPrinter(borrow, reporter, times.link)
    share, make = share_of(row, told, bench, lies), _printer(config, reporter, times)
    return make if share is None else lambda: SharedPrinter(share, reporter, make)


def _builder(config: DeviceConfig, reporter: Reporter, times: DeviceTimings) -> _Build:
    match config.kind:
        case "scanner" | "badge":
            return _scanner(config, reporter, times)
        case "pedal":
            return lambda: KeyboardDevice(reporter)
        case "light":
            return _light(config, reporter, times)
        case "scale":
            return _scale(config, reporter, times)
        case "dimensioner":
            return _dimensioner(config, reporter, times)
        case _:
            return _camera(config, reporter, times)


def _scanner(config: DeviceConfig, reporter: Reporter, times: DeviceTimings) -> _Build:
    model = scanner_model(config.model)
    if model.transport == "keyboard":
        return lambda: KeyboardDevice(reporter)
    timing = times.scanner
    again_ms = _number(config, "again_ms", round(timing.again_s * 1000))
    timing = replace(timing, again_s=again_ms / 1000).replayed(replay_speed(config.address) or 1.0)
    encoding = _word(config, "encoding", ENCODINGS)
    scanner: SerialScanner | HidScanner
    if model.transport == "hid":
        address = usb_address(config.address)
        scanner = HidScanner(address.vid, timing, encoding=encoding)
        open_port: Opener = hid_opener(address, SCANNER_USE, times.hid, scanner.opened)
    else:
        orders = Orders(ACTIONS[_word(config, "commands", tuple(ACTIONS))])
        scanner = SerialScanner(timing, encoding=encoding, orders=orders)
        open_port = _opener(config, model.line, keepalive=True)
    opening = _freed(config, reporter, times, open_port)
    link = Link(reporter, opening, scanner.converse, times.link)
    return lambda: Scanner(_started(link), scanner.orders)


def _light(config: DeviceConfig, reporter: Reporter, times: DeviceTimings) -> _Build:
    model = light_model(config.model)
    if model.transport == "usb":
        find = _freed(config, reporter, times, lambda: times.lamps(config.address))
        return lambda: UsbLight(reporter, find)
    if model.transport == "line":
        light = FrameLight(relay_frames(channels_of(config.settings.get("channels"))))
    else:
        light = FrameLight(tower_frames(config.settings.get("frames")))
    net = is_udp(config.address)
    open_port = udp_opener(config.address) if net else _opener(config, model.line)
    opening = _freed(config, reporter, times, open_port)
    link = Link(reporter, opening, light.converse, times.link)
    return lambda: LineLamp(_started(link), light)


def _scale(config: DeviceConfig, reporter: Reporter, times: DeviceTimings) -> _Build:
    model = scale_model(config.model)
    speed = replay_speed(config.address)
    timing = times.scale if speed is None else times.scale.replayed(speed)
    if "period_ms" in config.settings:
        timing = replace(timing, period_s=_number(config, "period_ms", 100) / 1000)
    unit = _word(config, "unit", UNITS)
    conversation = ScaleConversation(model, unit=unit, capacity=_capacity(config), timing=timing)
    open_port: Opener
    if model.transport == "hid":
        open_port = hid_opener(usb_address(config.address), SCALE_USE, times.hid)
    else:
        open_port = _opener(config, model.line)
    opening = _freed(config, reporter, times, open_port)
    link = Link(reporter, opening, conversation.converse, times.link)
    return lambda: Scale(_started(link), conversation)


def _dimensioner(config: DeviceConfig, reporter: Reporter, times: DeviceTimings) -> _Build:
    model = dimensioner_model(config.model)
    decode = model.decoder(config.settings)
    conversation = DimensionerConversation(model.framer, decode, ask=model.ask)
    open_port = _opener(config, model.line, keepalive=True)
    opening = _freed(config, reporter, times, open_port)
    link = Link(reporter, opening, conversation.converse, times.link)
    return lambda: Dimensioner(_started(link), conversation)


def _printer(
    config: DeviceConfig, reporter: Reporter, times: DeviceTimings
) -> Callable[[], LeavingPrinter]:
    model = printer_model(config.model)
    if model.id == "spool" or is_queue(config.address):
        spooler = spooler_of(config.address)
        # A label costs money and is scanned on its box; a paper is neither.
        believed = _switch(config, "believe_queue", default=model.id == "spool")
        return lambda: SpooledPrinter(reporter, spooler, times.spool, believed=believed)
    if model.line is None or model.talk is None:
        return lambda: FolderPrinter(reporter, Path(config.address))
    open_port = _freed(config, reporter, times, _opener(config, model.line))
    talk = model.talk if _switch(config, "status", default=True) else one_way(model.talk)
    if not _switch(config, "purge", default=True):
        talk = replace(talk, purge=b"")
    return lambda: PrinterWorker(reporter, open_port, talk, times.printer, times.link)


def _camera(config: DeviceConfig, reporter: Reporter, times: DeviceTimings) -> _Build:
    """Nothing of OpenCV or the decoders is imported before its thread opens it."""
    from packstation.devices.camera.sources import CameraLine, source_opener
    from packstation.devices.camera.worker import Camera

    use(config)
    line = CameraLine(
        width=_number(config, "width", 1920),
        height=_number(config, "height", 1080),
        fps=_number(config, "fps", 30),
        exposure=_exposure(config),
    )
    open_source = source_opener(camera_model(config.model).id, config.address, line)
    opening = _freed(config, reporter, times, open_source)
    camera = Camera(reporter, opening, times.camera, times.link)

    def build() -> Handle:
        camera.start()
        return camera

    return build


def use(config: DeviceConfig) -> str:
    """What a camera is for, one of `CAMERA_USES`; "" for other devices."""
    return _word(config, "use", CAMERA_USES) if config.kind == "camera" else ""


def _freed(
    config: DeviceConfig, reporter: Reporter, times: DeviceTimings, opening: Callable[[], T]
) -> Callable[[], T]:
    """The opener that waits until who was there before has let the port go."""
    before = times.free(config.device, config.address)
    return after(before, opening, lambda: reporter.closing)


def _started(link: Link) -> Link:
    link.start()
    return link


def _opener(config: DeviceConfig, line: LineSettings, *, keepalive: bool = False) -> Opener:
    settings = LineSettings(
        baud=_number(config, "baud", line.baud),
        bytesize=_number(config, "bytesize", line.bytesize),
        parity=_parity(config, line.parity),
        stopbits=_number(config, "stopbits", line.stopbits),
    )
    return opener(config.address, settings, keepalive=keepalive)


# What stands in a row has been checked (`packstation.devices.rows`); here it is only read.


def _number(config: DeviceConfig, name: str, default: int) -> int:
    value = config.settings.get(name)
    return value if isinstance(value, int) else default


def _exposure(config: DeviceConfig) -> float | None:
    """In the driver's own unit, which is below zero on Windows; None leaves it automatic."""
    value = config.settings.get("exposure")
    return value if isinstance(value, int | float) else None


def _switch(config: DeviceConfig, name: str, *, default: bool) -> bool:
    value = config.settings.get(name)
    return value if isinstance(value, bool) else default


def _word(config: DeviceConfig, name: str, allowed: tuple[str, ...]) -> str:
    """The first where none is set."""
    return str(config.settings.get(name, allowed[0]))


def _capacity(config: DeviceConfig) -> Decimal | None:
    value = config.settings.get("capacity")
    return None if value is None else Decimal(str(value).strip())


def _parity(config: DeviceConfig, default: str) -> str:
    return str(config.settings.get("parity", default)).upper()
