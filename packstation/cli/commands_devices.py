"""The rows of the commands about devices; `commands` has the parser."""

from __future__ import annotations

from typing import Final

from packstation.cli.specs import Spec, arg

_MODEL: Final = arg("--model", required=True, metavar="ID", help="model id, e.g. mt-sics")
_UNIT: Final = arg(
    "--unit", default="kg", help="unit of a model that sends none: kg (default), g, lb, oz, jin"
)
_PORTS: Final = "a serial port, usb:VID:PID[:SERIAL], usb:VID:PID@SOCKET or tcp://HOST:PORT"

DEVICES: Final = (
    Spec("devices list", "devices:list_ports", "serial ports", "packstation devices list"),
    Spec(
        "devices identify",
        "devices:identify",
        "what answers at a port",
        "packstation devices identify /dev/ttyUSB0",
        (arg("port", metavar="PORT", help=_PORTS),),
    ),
    Spec(
        "devices read",
        "devices:read",
        "readings of a scale, one a line",
        "packstation devices read --port tcp://192.0.2.7:4001 --model mt-sics --count 5",
        (
            arg("--port", metavar="PORT", help=_PORTS),
            arg("--replay", metavar="FILE", help="a recording instead of a port"),
            arg("--speed", type=int, default=1, metavar="N", help="play it N times as fast (1)"),
            _MODEL,
            arg("--count", type=int, metavar="N", help="end after N readings (else with Ctrl-C)"),
            _UNIT,
        ),
    ),
    Spec(
        "devices decode",
        "devices:decode",
        "what bytes of a device mean",
        'packstation devices decode --model mt-sics --hex "53 20 53 20 ... 0D 0A" --json',
        (
            _MODEL,
            arg("--hex", metavar="BYTES", help="one frame as hex bytes"),
            arg("--hex-file", metavar="FILE", help="one frame of hex bytes a line"),
            _UNIT,
        ),
    ),
    Spec(
        "devices simulate",
        "devices:simulate",
        "simulated devices on real ports, until Ctrl-C",
        "packstation devices simulate bench.json",
        (
            arg("config", metavar="CONFIG", help="what to simulate (JSON)"),
            arg("--out", default=".", metavar="DIR", help="folder for links and labels (.)"),
        ),
    ),
    Spec(
        "devices rules",
        "devices:rules",
        "udev rules for the ports of a bench (Linux)",
        "packstation devices rules | sudo tee /etc/udev/rules.d/70-packstation.rules",
    ),
)
