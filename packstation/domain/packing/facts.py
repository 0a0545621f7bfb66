"""Facts of the bench, past tense; kinds are the class names (ARCHITECTURE's table).

Bodies hold ids, quantities, hashes and codes, never a buyer's name, address, phone, e-mail or
tax id. Weights are integer grams, sides integer millimetres, amounts decimal strings; no floats.
A fact's version is its ``V``; older versions are upcast on read by ``domain.events``.
"""

from __future__ import annotations

from typing import ClassVar

from msgspec import Struct

from packstation.domain.packing.plan import Change, PaperDue
from packstation.domain.packing.plan import LinePlan as LinePlan  # noqa: PLC0414 - known here
from packstation.domain.quantities import Money


class Fact(Struct, frozen=True, kw_only=True):
    """Base of all facts; a ``scanner`` in one is the id of the device that read the code."""

    V: ClassVar[int] = 1


class SessionOpened(Fact, frozen=True, kw_only=True):
    """A bench began an order at its revision ``rev``.

    ``digest`` is the SHA-256 of what packing depends on (lines, destination, service): it
    tells a changed order from one whose hold came or went; ``prints`` are short salted digests
    of its country, address, service and terms, to say which of them changed.
    """

    order_id: str
    rev: int
    lines: tuple[LinePlan, ...]
    parcel_id: str
    tote: str = ""
    allow_partial: bool = False
    measure: bool = False
    profile: str = "standard"
    digest: str = ""
    prints: tuple[str, ...] = ()


class ItemVerified(Fact, frozen=True, kw_only=True):
    """``units`` of a line were scanned and are right; ``source``: device, manual or camera.

    ``typed`` names what of lot, serial and expiry was typed by hand.
    """

    line: int
    sku: str
    units: int = 1
    code: str = ""
    lot: str = ""
    serial: str = ""
    expiry: str = ""
    source: str = "device"
    scanner: str = ""
    typed: tuple[str, ...] = ()


class ContentsVerified(Fact, frozen=True, kw_only=True):
    """Nothing more is due in this parcel."""


class ItemRejected(Fact, frozen=True, kw_only=True):
    """A scan that is not right here.

    ``reason``: not_in_order, wrong_variant, over_quantity, wrong_lot, expired, short_dated,
    serial_used, serial_missing, lot_missing, expiry_missing, too_many_units, not_yet,
    kit_parts, needs_missing, code_used. ``found`` is what stands there (a date, a value).
    """

    reason: str
    sku: str = ""
    code: str = ""
    line: int | None = None
    units: int = 1
    found: str = ""
    allowed: str = ""
    scanner: str = ""


class ItemRemoved(Fact, frozen=True, kw_only=True):
    """A verified scan was taken back, with its other ``codes`` (`plan.unit_codes`).

    ``place`` of the parcel's scans, from 0; None is the last.
    """

    line: int
    sku: str
    units: int = 1
    serial: str = ""
    codes: tuple[str, ...] = ()
    place: int | None = None


class ItemShorted(Fact, frozen=True, kw_only=True):
    """``units`` of a line are missing and will not be packed now."""

    line: int
    sku: str
    units: int
    by: str = ""


class ParcelSplit(Fact, frozen=True, kw_only=True):
    """This parcel is full; the rest goes into a next one."""


class CartonAssigned(Fact, frozen=True, kw_only=True):
    """The packaging of the current parcel. ``kind`` as in cartons/1.

    ``offered``: the carton that was proposed where another was taken, and ``reason`` why.
    """

    carton: str
    tare_g: int = 0
    outer_mm: tuple[int, ...] = ()
    kind: str = "box"
    source: str = "scanned"
    reason: str = ""
    offered: str = ""


class ParcelWeighed(Fact, frozen=True, kw_only=True):
    """Gross weight. ``source``: scale, learned or typed; ``stability`` device or software."""

    gross_g: int
    expected_g: int | None = None
    source: str = "scale"
    stability: str = "device"


class WeightDisputed(Fact, frozen=True, kw_only=True):
    """A stable weight outside the expected band."""

    gross_g: int
    expected_g: int
    tolerance_g: int


class ParcelReopened(Fact, frozen=True, kw_only=True):
    """The box was opened again before a label existed."""


class ParcelMeasured(Fact, frozen=True, kw_only=True):
    """Outer sides. ``source``: dimensioner, carton or typed."""

    length_mm: int
    width_mm: int
    height_mm: int
    source: str = "carton"


class ServiceSelected(Fact, frozen=True, kw_only=True):
    """The chosen service, its price, what is printed (``papers``), what goes ``as_data`` alone."""

    carrier: str
    service: str
    price: Money
    billable_g: int = 0
    documents: tuple[str, ...] = ("label",)
    tariff: str = ""
    by: str = "rule"
    reason: str = ""
    papers: tuple[PaperDue, ...] = ()
    as_data: tuple[str, ...] = ()
    options: tuple[str, ...] = ()


class LabelRequested(Fact, frozen=True, kw_only=True):
    """Committed before the carrier is asked. ``key`` = parcel id/attempt, ``checked`` a digest."""

    key: str
    carrier: str
    service: str
    rev: int
    attempt: int
    checked: str = ""


class LabelIssued(Fact, frozen=True, kw_only=True):
    """The waybill number exists. ``source``: pool, carrier or found (asked by key)."""

    key: str
    waybill: str
    carrier: str = ""
    service: str = ""
    source: str = "pool"
    blob: str = ""


class LabelRefused(Fact, frozen=True, kw_only=True):
    """The carrier said no, or it turned out that nothing was ever bought."""

    key: str
    reason: str
    detail: str = ""


class LabelUnresolved(Fact, frozen=True, kw_only=True):
    """Nobody knows whether it was bought; asked by key until answered."""

    key: str
    cause: str = ""


class LabelVoidRequested(Fact, frozen=True, kw_only=True):
    """About to ask the carrier to take the label back."""

    key: str
    waybill: str


class LabelVoided(Fact, frozen=True, kw_only=True):
    """The label is void; its number is never used again."""

    key: str
    waybill: str


class LabelVoidRefused(Fact, frozen=True, kw_only=True):
    """The carrier keeps the label alive."""

    key: str
    reason: str


class LabelVoidUnresolved(Fact, frozen=True, kw_only=True):
    """Nobody knows whether the void took; asked again by key."""

    key: str
    cause: str = ""


class PrintStarted(Fact, frozen=True, kw_only=True):
    """Intended: committed before the first byte goes to a printer.

    ``job`` = parcel id/attempt/document/copy number, and the number of its move where it has
    moved; ``sha256`` of the bytes, ``labels`` in ``language`` for ``stock``; ``checked``: digest.
    """

    job: str
    document: str
    printer: str = ""
    sha256: str = ""
    language: str = ""
    stock: str = ""
    labels: int = 1
    checked: str = ""


class PrintMoved(Fact, frozen=True, kw_only=True):
    """The unfinished job goes from printer ``source`` to ``target``, where it is drawn anew.

    ``proof`` says why nothing of it comes out of the first: withdrawn (no byte had left),
    failed (it told so) or cleared (a person emptied it after nobody knew).
    """

    job: str
    document: str
    source: str
    target: str
    move: int
    proof: str


class PrintAdvanced(Fact, frozen=True, kw_only=True):
    """A rung of the print ladder: spooled, accepted, idle, counted or fed, taken; ``at`` when."""

    job: str
    document: str
    rung: str
    at: str = ""


class DocumentPrinted(Fact, frozen=True, kw_only=True):
    """It came out. ``by``: device, person or scan.

    ``rung`` is the highest that its printer reached, ``rungs`` all with the times they were
    reached at; ``labels`` how many came out of ``printer``.
    """

    job: str
    document: str
    by: str = "device"
    printer: str = ""
    rung: str = ""
    rungs: tuple[tuple[str, str], ...] = ()
    labels: int = 1


class SpareCopyOut(Fact, frozen=True, kw_only=True):
    """A printer printed after all what had been given up: that copy must not be used."""

    job: str
    document: str
    printer: str = ""


class PrintFailed(Fact, frozen=True, kw_only=True):
    """It did not come out, and will not by itself."""

    job: str
    document: str
    cause: str = ""


class PrintUncertain(Fact, frozen=True, kw_only=True):
    """Nobody knows whether it came out: a person answers, nothing is re-sent."""

    job: str
    document: str
    cause: str = ""


class ReprintRequested(Fact, frozen=True, kw_only=True):
    """A person asked for another copy; counted."""

    document: str
    copy: int
    reason: str = ""


class LabelApplied(Fact, frozen=True, kw_only=True):
    """The label on the box was scanned and is this parcel's."""

    waybill: str
    scanner: str = ""


class LabelMismatched(Fact, frozen=True, kw_only=True):
    """The label on the box is another parcel's."""

    scanned: str
    expected: str
    scanner: str = ""


class ParcelOpened(Fact, frozen=True, kw_only=True):
    """The next parcel of the order begins."""

    parcel_id: str


class SessionCompleted(Fact, frozen=True, kw_only=True):
    """Every line is packed or shorted and every label is applied."""


class SessionParked(Fact, frozen=True, kw_only=True):
    """Finished later; the goods lie at ``place``."""

    reason: str
    place: str


class SessionHeld(Fact, frozen=True, kw_only=True):
    """Stopped, with the state to resume.

    ``reason``: cancelled, changed, customs, missing_item, missing_data, server, person;
    ``by`` who or what stopped it; ``line`` and ``units`` of a missing item; ``changes``
    what the order changed in. A weight outside its band and a refused label hold by their
    own facts. ``acceptance`` waits for a marketplace's word, ``requirement`` has its no.
    """

    reason: str
    by: str = ""
    note: str = ""
    rev: int | None = None
    line: int | None = None
    units: int | None = None
    changes: tuple[Change, ...] = ()


class SessionResumed(Fact, frozen=True, kw_only=True):
    """Goes on where it was; ``rev`` is the order's revision it goes on with."""

    rev: int | None = None
    cause: str = ""


class OverrideGranted(Fact, frozen=True, kw_only=True):
    """Badge, PIN and reason for one action; ``rules``: of customs (``PapersChecked.overrides``)."""

    by: str
    action: str
    reason: str
    rules: tuple[str, ...] = ()


class SessionCancelled(Fact, frozen=True, kw_only=True):
    """Ended without a parcel; ``tote`` took the goods back."""

    reason: str = ""
    tote: str = ""


class SessionReopened(Fact, frozen=True, kw_only=True):
    """Opened again after completion, before tender."""

    by: str
    reason: str
    parcel_id: str = ""


class InputRefused(Fact, frozen=True, kw_only=True):
    """An input that means nothing here; ``reason``: its words' key, ``text``: of known codes."""

    input: str
    state: str
    reason: str
    code_kind: str = ""
    text: str = ""
    scanner: str = ""


class PersonSignedIn(Fact, frozen=True, kw_only=True):
    """Someone took over the bench; ``badge`` is an opaque id."""

    badge: str
    method: str = "badge"
    scanner: str = ""


class PersonSignedOut(Fact, frozen=True, kw_only=True):
    """The bench is locked or left."""

    badge: str
    cause: str = ""


class PoolLeased(Fact, frozen=True, kw_only=True):
    """Numbers leased ahead from the server: serials ``first``..``last`` of one prefix."""

    lease: str
    carrier: str
    service: str
    prefix: str
    country: str
    first: int
    last: int
    expires: str = ""


class NumberUsed(Fact, frozen=True, kw_only=True):
    """A leased number was burned for a label, in the same commit as its issue."""

    lease: str
    number: str
    key: str


class NumberVoided(Fact, frozen=True, kw_only=True):
    """A burned number is void; it is never used again."""

    lease: str
    number: str
    key: str


class DeviceChanged(Fact, frozen=True, kw_only=True):
    """A device of the bench changed its state: ok, asleep, fault, off.

    ``serial``: the own serial number of another device than the one that belongs there (cause
    device.other), or of one that a person accepted in its place (device.accepted).
    """

    device: str
    state: str
    cause: str = ""
    serial: str = ""


class PrinterSwitched(Fact, frozen=True, kw_only=True):
    """From now on ``documents`` of this bench go to ``printer``; ``by`` whom."""

    printer: str
    documents: tuple[str, ...]
    by: str = ""


class PrinterConfirmed(Fact, frozen=True, kw_only=True):
    """``printer`` with this model, resolution and stock (its ``identity``) prints well.

    ``by``: scan (its test label was read) or used (labels of it were read before anyone asked).
    """

    printer: str
    identity: str
    by: str = "scan"


class RollChanged(Fact, frozen=True, kw_only=True):
    """A new roll lies in ``printer``; a person said so."""

    printer: str
    by: str = ""
