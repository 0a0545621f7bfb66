"""What a printer says of itself in its IEEE 1284 device id (IEEE 1284-2000, section 7.6).

``MFG:Zebra ;CMD:EPL,ZPL;MDL:ZTC GK420d;CLS:PRINTER;`` - keys and values between semicolons,
each key in a short and a long spelling. The text comes from a device that anyone can plug in,
so it is read as hostile: bounded, printable characters only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from msgspec import Struct

_MOST: Final = 1024
_FIELD: Final = 80
_LONG: Final[Mapping[str, str]] = {
    "MANUFACTURER": "MFG",
    "MODEL": "MDL",
    "COMMAND SET": "CMD",
    "SERN": "SN",
    "SERIALNUMBER": "SN",
}
# Command sets as makers write them, and the model that speaks them. Of several the first row
# here wins: a Zebra that knows both says more of itself in ZPL than in EPL.
_LANGUAGES: Final = (
    (re.compile(r"ZPL", re.IGNORECASE), "zpl"),
    (re.compile(r"TSPL|TSC-?PL", re.IGNORECASE), "tspl"),
    (re.compile(r"EPL", re.IGNORECASE), "epl2"),
    (re.compile(r"CPCL", re.IGNORECASE), "cpcl"),
    (re.compile(r"ESC/?POS|EPSON.*POS", re.IGNORECASE), "escpos"),
)
_BROTHER_QL: Final = re.compile(r"brother\b.*\bQL-?\d", re.IGNORECASE)


class PrinterIdentity(Struct, frozen=True):
    """Maker, model, command sets and serial number; "" for what it does not say.

    ``language`` is the id of the printer model that speaks to it, where the command sets tell.
    """

    maker: str = ""
    model: str = ""
    commands: tuple[str, ...] = ()
    serial: str = ""
    language: str = ""


def parse_device_id(text: str) -> PrinterIdentity:
    """Read a device id; what cannot be read is "", never an error."""
    fields: dict[str, str] = {}
    for part in text[:_MOST].split(";"):
        key, colon, value = part.partition(":")
        name = key.strip().upper()
        if colon:
            fields.setdefault(_LONG.get(name, name), _clean(value))
    commands = tuple(one for raw in fields.get("CMD", "").split(",") if (one := raw.strip()))
    maker, model = fields.get("MFG", ""), fields.get("MDL", "")
    return PrinterIdentity(
        maker=maker,
        model=model,
        commands=commands,
        serial=fields.get("SN", ""),
        language=language_of(commands, f"{maker} {model}"),
    )


def language_of(commands: tuple[str, ...], name: str = "") -> str:
    """The printer model id for these command sets, or for what a maker and model are known by."""
    for pattern, model in _LANGUAGES:
        if any(pattern.search(command) for command in commands):
            return model
    return "brother-ql" if _BROTHER_QL.search(name) else ""


def _clean(value: str) -> str:
    return "".join(sign for sign in value if sign.isprintable()).strip()[:_FIELD]
