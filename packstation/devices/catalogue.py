"""Models of devices: one row of facts each, in explicit tuples.

A new scale is a decoder and a row here; nothing registers itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeVar

from msgspec import Struct

from packstation.devices.dimensioners import cubiscan
from packstation.devices.dimensioners.framed import COMMA_SEPARATED, FramedPattern
from packstation.devices.framing import EndFramer, Framer, ReportFramer
from packstation.devices.opening import LineSettings
from packstation.devices.printers import brother_ql, cpcl, epl2, escpos, tspl, zpl
from packstation.devices.printers.talk import PrinterTalk
from packstation.devices.scales import (
    comma,
    hid_pos,
    mt_sics,
    nci,
    ohaus,
    sbi,
    sma,
    toledo_8217,
    yaohua,
)
from packstation.devices.scales.outcomes import serial_told
from packstation.devices.steady import Once
from packstation.domain.errors import SettingsError
from packstation.domain.sizes import SizeReading
from packstation.domain.weights import Reading


class ScaleModel(Struct, frozen=True):
    """Facts of a scale's protocol.

    ``ask`` is sent every ``period_s`` seconds (nothing is sent where it is empty: the
    scale streams); ``decode(frame, unit)`` reads a frame whose line end is in it;
    ``identify`` and ``identity`` ask for and read the serial number, without side effects;
    ``telling`` is False where the answer does not tell the family, so that it is no probe.
    ``unit_sent`` is False for protocols whose unit is a setting; ``once`` is set for scales
    that answer only when the weight is new, whose silence is no sleep; ``transport`` is
    "line" (serial or TCP) or "hid". A stable weight counts once ``confirm`` frames in a row
    agree: two where the frame has a sum or the bus checks itself, three where at most parity
    does, more where not even the width of the frame tells a lost digit or a doubled one. ``zero``
    sets it to zero where the protocol has a word for that; sent only when a person asks.
    """

    id: str
    line: LineSettings
    ask: bytes
    period_s: float
    framer: Callable[[], Framer]
    decode: Callable[[bytes, str], Reading]
    identify: bytes = b""
    identity: Callable[[bytes], str] | None = None
    telling: bool = True
    unit_sent: bool = True
    once: Once | None = None
    transport: str = "line"
    confirm: int = 3
    zero: bytes = b""


class DimensionerModel(Struct, frozen=True):
    """Facts of a dimensioner: ``ask`` makes it measure (empty: its own button does).

    ``decoder(settings)`` makes the decoder of a frame from the device's settings.
    """

    id: str
    line: LineSettings
    ask: bytes
    framer: Callable[[], Framer]
    decoder: Callable[[Mapping[str, object]], Callable[[bytes], SizeReading]]


class ScannerModel(Struct, frozen=True):
    """Facts of a scanner's interface; ``transport``: line, hid or keyboard."""

    id: str
    line: LineSettings
    transport: str = "line"


class CameraModel(Struct, frozen=True):
    """How a camera is reached: "uvc" by the system, "mjpeg" over the network."""

    id: str


class LightModel(Struct, frozen=True):
    """Facts of an andon light; ``transport``: usb (busylight-core), net, or line."""

    id: str
    line: LineSettings
    transport: str


class PrinterModel(Struct, frozen=True):
    """Facts of a printer: its language, what it takes, how its line is set and it is talked to."""

    id: str
    media: str
    line: LineSettings | None
    talk: PrinterTalk | None = None


def _lines() -> EndFramer:
    """Lines that end in LF, kept; no reply of a scale is longer than 64 bytes."""
    return EndFramer(b"\n", limit=64, keep=True)


SCALES: Final = (
    ScaleModel(
        id="mt-sics",
        line=LineSettings(baud=9600),
        ask=mt_sics.ASK,
        zero=b"Z\r\n",
        period_s=0.1,
        # The longest weight reply has 20 bytes; I0 and I1 answers stay under 64.
        framer=lambda: EndFramer(b"\n", limit=64, keep=True),
        decode=mt_sics.decode,
        identify=mt_sics.IDENTIFY,
        identity=mt_sics.identity,
    ),
    ScaleModel(
        id="toledo-8217",
        line=LineSettings(baud=9600, bytesize=7, parity="E"),
        ask=toledo_8217.ASK,
        zero=b"Z",
        period_s=0.1,
        framer=toledo_8217.framer,
        decode=toledo_8217.decode,
        unit_sent=False,
    ),
    ScaleModel(
        id="nci-scp01",
        line=LineSettings(baud=9600, bytesize=7, parity="E"),
        ask=nci.ASK,
        zero=b"Z\r",
        period_s=0.1,
        framer=lambda: EndFramer(b"\x03", limit=48, keep=True, mask=0x7F),
        decode=nci.decode,
    ),
    ScaleModel(
        id="sma",
        line=LineSettings(baud=9600),
        ask=sma.ASK,
        zero=b"\nZ\r",
        period_s=0.1,
        framer=lambda: EndFramer(b"\r", limit=64, keep=True),
        decode=sma.decode,
    ),
    ScaleModel(
        id="sartorius-sbi",
        line=LineSettings(baud=9600, parity="O"),
        ask=sbi.ASK,
        zero=b"\x1bV",
        period_s=0.2,
        framer=_lines,
        decode=sbi.decode,
    ),
    ScaleModel(
        id="and-standard",
        line=LineSettings(baud=2400, bytesize=7, parity="E"),
        ask=comma.ASK_A_AND_D,
        zero=b"Z\r\n",
        period_s=0.2,
        framer=_lines,
        decode=comma.decode_a_and_d,
        identify=comma.IDENTIFY_A_AND_D,
        identity=serial_told,
        telling=False,
    ),
    ScaleModel(
        id="st-gs",
        line=LineSettings(baud=9600),
        ask=b"",
        period_s=0.2,
        framer=_lines,
        decode=comma.decode_st_gs,
    ),
    ScaleModel(
        id="cas-22",
        line=LineSettings(baud=9600),
        ask=b"",
        period_s=0.2,
        framer=_lines,
        decode=comma.decode_cas,
    ),
    ScaleModel(
        id="ohaus",
        line=LineSettings(baud=9600),
        ask=ohaus.ASK_OHAUS,
        zero=b"Z\r\n",
        period_s=0.2,
        framer=_lines,
        decode=ohaus.decode_ohaus,
        identify=ohaus.IDENTIFY_OHAUS,
        identity=serial_told,
        telling=False,
    ),
    ScaleModel(
        id="adam",
        line=LineSettings(baud=4800),
        ask=ohaus.ASK_ADAM,
        period_s=0.5,
        framer=_lines,
        decode=ohaus.decode_adam,
        once=Once(),
    ),
    ScaleModel(
        id="yaohua-a9",
        line=LineSettings(baud=9600),
        ask=b"",
        period_s=0.2,
        framer=yaohua.framer_a9,
        decode=yaohua.decode_a9,
        unit_sent=False,
        confirm=2,
    ),
    ScaleModel(
        id="yaohua-a12",
        line=LineSettings(baud=9600),
        ask=b"",
        period_s=0.2,
        framer=_lines,
        decode=yaohua.decode_a12,
        confirm=2,
    ),
    ScaleModel(
        id="yaohua-reversed",
        line=LineSettings(baud=9600),
        ask=b"",
        period_s=0.2,
        framer=yaohua.framer_equals,
        decode=yaohua.decode_reversed,
        unit_sent=False,
        confirm=6,
    ),
    ScaleModel(
        id="yaohua-forward",
        line=LineSettings(baud=9600),
        ask=b"",
        period_s=0.2,
        framer=yaohua.framer_equals,
        decode=yaohua.decode_forward,
        unit_sent=False,
        confirm=6,
    ),
    ScaleModel(
        id="hid-pos",
        line=LineSettings(),
        ask=b"",
        period_s=0.2,
        framer=ReportFramer,
        decode=hid_pos.decode,
        transport="hid",
        confirm=2,
    ),
)
DIMENSIONERS: Final = (
    DimensionerModel(
        id="cubiscan",
        line=LineSettings(baud=9600),
        ask=cubiscan.MEASURE,
        framer=cubiscan.framer,
        decoder=lambda _: cubiscan.decode,
    ),
    DimensionerModel(
        id="framed",
        line=LineSettings(baud=9600),
        ask=b"",
        framer=lambda: EndFramer(b"\n", limit=256, keep=True),
        decoder=lambda settings: (
            FramedPattern(
                str(settings.get("pattern", COMMA_SEPARATED)),
                unit=str(settings.get("unit", "cm")),
                weight_unit=str(settings.get("weight_unit", "kg")),
            ).decode
        ),
    ),
)
SCANNERS: Final = (
    ScannerModel(id="serial", line=LineSettings(baud=9600)),
    ScannerModel(id="hid-pos", line=LineSettings(), transport="hid"),
    ScannerModel(id="keyboard", line=LineSettings(), transport="keyboard"),
)
CAMERAS: Final = (CameraModel("uvc"), CameraModel("mjpeg"))
LIGHTS: Final = (
    LightModel(id="busylight", line=LineSettings(), transport="usb"),
    LightModel(id="tower", line=LineSettings(), transport="net"),
    LightModel(id="relay", line=LineSettings(baud=9600), transport="line"),
)
PRINTERS: Final = (
    PrinterModel(id="zpl", media="zpl", line=LineSettings(baud=9600), talk=zpl.TALK),
    PrinterModel(id="tspl", media="tspl", line=LineSettings(baud=9600), talk=tspl.TALK),
    PrinterModel(id="epl2", media="epl2", line=LineSettings(baud=9600), talk=epl2.TALK),
    PrinterModel(id="cpcl", media="cpcl", line=LineSettings(baud=19200), talk=cpcl.TALK),
    PrinterModel(id="escpos", media="escpos", line=LineSettings(baud=9600), talk=escpos.TALK),
    PrinterModel(id="brother-ql", media="brother-ql", line=LineSettings(), talk=brother_ql.TALK),
    PrinterModel(id="folder", media="pdf", line=None),
    PrinterModel(id="spool", media="pdf", line=None),
)

_Model = TypeVar(
    "_Model", ScaleModel, DimensionerModel, ScannerModel, LightModel, PrinterModel, CameraModel
)


def scale_model(name: str) -> ScaleModel:
    """The scale of that id; `SettingsError` names those there are."""
    return _row(SCALES, name)


def dimensioner_model(name: str) -> DimensionerModel:
    """The dimensioner of that id; `SettingsError` names those there are."""
    return _row(DIMENSIONERS, name)


def camera_model(name: str) -> CameraModel:
    """The camera of that id; `SettingsError` names those there are."""
    return _row(CAMERAS, name)


def scanner_model(name: str) -> ScannerModel:
    """The scanner of that id; `SettingsError` names those there are."""
    return _row(SCANNERS, name)


def light_model(name: str) -> LightModel:
    """The light of that id; `SettingsError` names those there are."""
    return _row(LIGHTS, name)


def printer_model(name: str) -> PrinterModel:
    """The printer of that id; `SettingsError` names those there are."""
    return _row(PRINTERS, name)


def _row(rows: tuple[_Model, ...], name: str) -> _Model:
    for row in rows:
        if row.id == name:
            return row
    raise SettingsError(name="model", value=name, allowed=", ".join(row.id for row in rows))
