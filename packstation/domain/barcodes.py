"""What a scanned text means: FORMATS.md "Scanned codes", reference/devices.md sections 2.4-2.7.

`parse_code` answers for every text and never raises. The check digit is trusted over the AIM
identifier, because makers deviate; the identifier decides only where two readings are both valid,
and it keeps command codes out of bar codes that belong to products.

Commands: ``%PS:<command>``, in any case of letters. ``quantity``, ``carton`` and ``service`` may
carry an argument after a further colon: ``%PS:quantity:12``, ``%PS:carton:C3``,
``%PS:service:e-packet``; so may ``help``, a topic or
words: ``%PS:help:weighing``; ``printer`` and ``roll``, a printer's id: ``%PS:printer:label-2``.
``%PS:tested:label-2:0a1b2c3d`` stands on a printer's test label.
Badges: ``%PB:<id>``, letters, digits and ``._-``, up to 64.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any, ClassVar, Final

from msgspec import Struct

from packstation.domain import gs1, s10
from packstation.domain.errors import InputInvalid

MAX_LENGTH: Final = 512

# Of an open order, in the order in which a packer meets them; the first sheet of cards.
ORDER_COMMANDS: Final = tuple(
    (
        "accept next-parcel undo short hold reprint void cancel quantity carton manual service "
        "supervisor reopen open park yes no back help photo printer roll"
    ).split()
)
# Ways of working and pages over the queue; the second sheet.
BENCH_COMMANDS: Final = tuple(
    (
        "single batch find filter tasks history returned measure shift-start shift-end note "
        "handover goods-labels my-settings person training more queue previous-row next-row "
        "grade-a grade-b grade-c grade-d"
    ).split()
)
# On the second sheet too, behind the others; the board on a small screen has no room for them.
CARD_COMMANDS: Final = ("consignment",)
COMMANDS: Final = frozenset((*ORDER_COMMANDS, *BENCH_COMMANDS, *CARD_COMMANDS))
# Said by one label alone, so on no card: a printer's test label was read.
TESTED: Final = "tested"
_DEVICE: Final = r"[A-Za-z0-9._-]{1,32}"
_ARGUMENTS: Final = {
    "quantity": re.compile(r"[1-9][0-9]{0,3}"),
    "carton": re.compile(r"[^\s:]{1,32}"),
    "service": re.compile(r"[^\s:]{1,64}"),
    "help": re.compile(r"[a-z_-]{1,40}"),
    "printer": re.compile(_DEVICE),
    "roll": re.compile(_DEVICE),
    TESTED: re.compile(rf"{_DEVICE}:[0-9a-f]{{8}}"),
}
_BADGE: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
_AIM: Final = re.compile(r"\][A-Za-z][0-9A-Za-z]")
_DIGITS: Final = re.compile(r"[0-9]+")
_DATE: Final = 10

# AIM identifiers of GS1 symbols (FNC1 in first place), and of those that hold product numbers.
_GS1_AIMS: Final = frozenset(["]C1", "]d2", "]Q3", "]e0", "]e1", "]e2", "]J1"])
_PRODUCT_AIMS: Final = _GS1_AIMS | {f"]E{n}" for n in range(8)} | {"]I1"}


class Gtin(Struct, frozen=True):
    """A trade item: ``gtin14`` padded with zeros, ``text`` as scanned."""

    kind: ClassVar[str] = "gtin"
    gtin14: str
    text: str

    def to_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "valid": True, "gtin": self.gtin14, "text": self.text}


class Gs1(Struct, frozen=True):
    """GS1 elements: AI -> value, dates ISO, measures as decimals."""

    kind: ClassVar[str] = "gs1"
    elements: dict[str, str]
    text: str

    @property
    def gtin(self) -> str:
        """GTIN-14 of the item (01), else of the contents (02), else ""."""
        return self.elements.get("01") or self.elements.get("02", "")

    @property
    def lot(self) -> str:
        """Batch or lot (10)."""
        return self.elements.get("10", "")

    @property
    def serial(self) -> str:
        """Serial number (21)."""
        return self.elements.get("21", "")

    @property
    def expiry(self) -> str:
        """Expiry as an ISO date: (17), else the day of (7003), else ""."""
        return self.elements.get("17") or self.elements.get("7003", "")[:_DATE]

    @property
    def count(self) -> int | None:
        """Count of items (37), else (30)."""
        digits = self.elements.get("37") or self.elements.get("30")
        return int(digits) if digits else None

    @property
    def sscc(self) -> str:
        """The logistic unit (00)."""
        return self.elements.get("00", "")

    def to_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "valid": True, "elements": self.elements, "text": self.text}


class Sscc(Struct, frozen=True):
    """A logistic unit by itself: 18 digits, with or without (00)."""

    kind: ClassVar[str] = "sscc"
    sscc: str
    text: str

    def to_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "valid": True, "sscc": self.sscc, "text": self.text}


class Waybill(Struct, frozen=True):
    """A postal item's identifier of UPU S10, compact."""

    kind: ClassVar[str] = "waybill"
    s10: str
    text: str

    def to_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "valid": True, "format": "s10", "text": self.s10}


class Command(Struct, frozen=True):
    """A command of `COMMANDS`; ``argument`` "" or what `_ARGUMENTS` allows."""

    kind: ClassVar[str] = "command"
    command: str
    argument: str = ""
    text: str = ""

    def to_json(self) -> dict[str, Any]:
        extra = {"argument": self.argument} if self.argument else {}
        return {"kind": self.kind, "valid": True, "command": self.command, **extra}


class Badge(Struct, frozen=True):
    """Somebody's badge: an opaque id, identification and not proof."""

    kind: ClassVar[str] = "badge"
    badge: str
    text: str = ""

    def to_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "valid": True, "badge": self.badge}


class Unknown(Struct, frozen=True):
    """No known code, or one that is wrong.

    ``reason`` for the catalogue of words: empty, too_long, control, check_digit, gs1, s10,
    command, badge or none (a plain text that may still be an order, a tote, a carton or a shop's
    own code). ``text`` is "" where the scan was hostile: nothing of it travels any further.
    """

    kind: ClassVar[str] = "unknown"
    error: str
    reason: str = "none"
    text: str = ""

    def to_json(self) -> dict[str, Any]:
        extra = {"text": self.text} if self.text else {}
        return {"kind": self.kind, "valid": False, "error": self.error, **extra}


ScannedCode = Gtin | Gs1 | Sscc | Waybill | Command | Badge | Unknown


def parse_code(text: str, aim: str = "", *, prefer_upce: bool = False) -> ScannedCode:
    """What ``text`` means; ``aim`` is the AIM identifier ("]C1") or "" where none came with it.

    Eight digits can be both a GTIN-8 and a UPC-E: ``]E4`` makes them a GTIN-8, ``]E0`` a UPC-E,
    else ``prefer_upce`` decides.
    """
    refusal = _hostile(text)
    if refusal is not None:
        return refusal
    text = text.strip(" \t\r\n")
    if not aim and _AIM.match(text):
        aim, text = text[:3], text[3:]
    marked = text.startswith(gs1.GS)
    text = text.strip(gs1.GS)
    if not text:
        return Unknown("empty", "empty")
    if text[:4].upper() in {"%PS:", "%PB:"}:
        return _own(text, aim)
    if _DIGITS.fullmatch(text) and not marked and aim not in _GS1_AIMS:
        return _number(text, aim, prefer_upce=prefer_upce)
    return _text(text, certain=marked or aim in _GS1_AIMS)


def _hostile(text: str) -> Unknown | None:
    if len(text) > MAX_LENGTH:
        return Unknown(f"{len(text)} characters, {MAX_LENGTH} are allowed", "too_long")
    text = text.strip(" \t\r\n")
    if text.isascii() and text.isprintable():
        return None
    for at, char in enumerate(text):
        if char != gs1.GS and unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"}:
            return Unknown(f"control character U+{ord(char):04X} at {at}", "control")
    return None


def _own(text: str, aim: str) -> Command | Badge | Unknown:
    mark, rest = text[:4].upper(), text[4:].strip()
    reason = "command" if mark == "%PS:" else "badge"
    if aim in _PRODUCT_AIMS:
        return Unknown(f"a {reason} in a product's symbol {aim}", reason, text)
    if reason == "badge":
        known = _BADGE.fullmatch(rest)
        return Badge(rest, text) if known else Unknown("badge: not an id", reason, text)
    name, colon, argument = rest.partition(":")
    name = name.lower()
    if name not in COMMANDS and name != TESTED:
        return Unknown(f"command: {name!r} is not known", reason, text)
    allowed = _ARGUMENTS.get(name)
    if colon and (allowed is None or not allowed.fullmatch(argument)):
        return Unknown(f"command: {name} does not take {argument!r}", reason, text)
    return Command(name, argument, text)


def _number(text: str, aim: str, *, prefer_upce: bool) -> ScannedCode:
    length = len(text)
    if length == 8:
        return _eight(text, aim, prefer_upce=prefer_upce)
    if length in {12, 13, 14}:
        problem = gs1.check_problem(text)
        return Unknown(problem, "check_digit", text) if problem else Gtin(text.zfill(14), text)
    if length == 18:
        problem = gs1.check_problem(text)
        return Unknown(problem, "check_digit", text) if problem else Sscc(text, text)
    return _text(text, certain=False)


def _eight(text: str, aim: str, *, prefer_upce: bool) -> Gtin | Unknown:
    upc_a = expand_upce(text)
    problem = gs1.check_problem(text)
    upce_first = aim != "]E4" and (prefer_upce or aim == "]E0")
    if upc_a and (problem or upce_first):
        return Gtin(upc_a.zfill(14), text)
    return Unknown(problem, "check_digit", text) if problem else Gtin(text.zfill(14), text)


def expand_upce(text: str) -> str:
    """The UPC-A of eight digits N S1-S6 C, or "" where they are no valid UPC-E.

    The last of S1-S6 tells how zeros were left out (reference/devices.md section 2.5).
    """
    system, digits, check = text[0], text[1:7], text[7]
    if system not in "01":
        return ""
    last = digits[5]
    if last in "012":
        body = digits[:2] + last + "0000" + digits[2:5]
    elif last == "3":
        body = digits[:3] + "00000" + digits[3:5]
    elif last == "4":
        body = digits[:4] + "00000" + digits[4]
    else:
        body = digits[:5] + "0000" + last
    upc_a = system + body + check
    return "" if gs1.check_problem(upc_a) else upc_a


def _text(text: str, *, certain: bool) -> ScannedCode:
    if text[:7].lower() == "http://" or text[:8].lower() == "https://":
        return _elements(text, link=True)
    if certain:
        return _elements(text, link=False)
    if s10.looks_like(text):
        return _waybill(text)
    if text[:1].isdigit():
        # Without FNC1 many plain texts happen to start like an element ("40112233-0007-1" would
        # be a (401)); only one with an item's or a unit's valid number in it is believed.
        found = _elements(text, link=False)
        if isinstance(found, Sscc) or (isinstance(found, Gs1) and (found.gtin or found.sscc)):
            return found
        if text[:2] in {"00", "01", "02"} and len(text) >= 16 and isinstance(found, Unknown):
            return found
    return Unknown("no known code", "none", text)


def _elements(text: str, *, link: bool) -> Gs1 | Sscc | Unknown:
    if not text.isascii():
        return Unknown("GS1: not ASCII", "gs1", text)
    try:
        elements = gs1.digital_link(text) if link else gs1.element_string(text)
    except gs1.Gs1Refused as exc:
        return Unknown(f"GS1: {exc}", "gs1", text)
    return Sscc(elements["00"], text) if elements.keys() == {"00"} else Gs1(elements, text)


def _waybill(text: str) -> Waybill | Unknown:
    try:
        return Waybill(str(s10.parse(text)), text)
    except InputInvalid as exc:
        wanted = exc.fields
        error = f"{wanted['path']}: {wanted['allowed']} expected, {wanted['value']} found"
        return Unknown(error, "s10", text)
