"""What happened at the bench, as the session's ``decide`` understands it.

Routing has already looked codes up: an input carries what its guard needs
(sides, tare, price, a refusal found by a pure rule) and nothing else.
``refusal`` is the message key of why a guard says no, or "".
"""

from __future__ import annotations

from msgspec import Struct

from packstation.domain.learning.band import Band
from packstation.domain.packing.choice_facts import ServiceWeighed
from packstation.domain.packing.customs_facts import PapersChecked
from packstation.domain.packing.facts import LinePlan
from packstation.domain.packing.plan import Change, Given, PaperDue
from packstation.domain.packing.session import Session
from packstation.domain.quantities import Money


class Input(Struct, frozen=True, kw_only=True):
    """Base of all inputs."""


class OpenOrder(Input, frozen=True, kw_only=True):
    """An order, tote, waybill or item code led to this order."""

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
    refusal: str = ""


class FastLane(Input, frozen=True, kw_only=True):
    """Carton by rule and a weight learned with enough certainty."""

    carton: str
    tare_g: int
    gross_g: int
    outer_mm: tuple[int, ...] = ()


class ItemScanned(Input, frozen=True, kw_only=True):
    """An item's code: ``units`` of ``sku``. ``today`` (ISO date) judges expiry.

    ``given`` are values that the marketplace wants of it; ``seen`` names which of its own codes
    (serial, or a kind) another box of the site has already, "" for none. ``typed`` names what of
    lot, serial and expiry was typed by hand.
    """

    sku: str
    units: int = 1
    code: str = ""
    lot: str = ""
    serial: str = ""
    expiry: str = ""
    today: str = ""
    variant_of: str = ""
    source: str = "device"
    given: tuple[Given, ...] = ()
    typed: tuple[str, ...] = ()
    seen: str = ""
    fast: FastLane | None = None


class UndoAsked(Input, frozen=True, kw_only=True):
    """Take a scan of the open parcel back: the one at ``place`` from 0, None the last."""

    place: int | None = None


class ShortDeclared(Input, frozen=True, kw_only=True):
    """Units of a line (default: the current one, all due) are missing."""

    line: int | None = None
    units: int | None = None
    supervisor: str = ""


class ContentsAccepted(Input, frozen=True, kw_only=True):
    """Nothing is due and the open box may be closed (after it was opened again)."""


class NextParcelAsked(Input, frozen=True, kw_only=True):
    """Close this box; the rest goes into another."""


class CartonChosen(Input, frozen=True, kw_only=True):
    """A carton was scanned or the proposed one accepted, or own packaging declared."""

    carton: str
    tare_g: int = 0
    outer_mm: tuple[int, ...] = ()
    kind: str = "box"
    source: str = "scanned"
    reason: str = ""
    refusal: str = ""
    offered: str = ""


class WeightRead(Input, frozen=True, kw_only=True):
    """A weight: ``newer`` = stable after a change since the carton was assigned.

    A ``typed`` one (no scale works) names the supervisor ``by`` whose badge and PIN allow it.
    ``band``: what was learned of such a parcel, None: nothing; ``sees``: it would show the
    lightest thing missing. ``digit_mg``: the scale's last digit; ``leans_g``: it is in doubt;
    ``allowed_ppm``: the site's rate of false alarms, 0 the usual one.
    """

    grams: int
    stable: bool = True
    newer: bool = True
    source: str = "scale"
    stability: str = "device"
    by: str = ""
    band: Band | None = None
    sees: bool = False
    digit_mg: int = 0
    leans_g: int = 0
    allowed_ppm: int = 0


class SizeRead(Input, frozen=True, kw_only=True):
    """Outer sides from a dimensioner, the carton's own size, or typed."""

    length_mm: int
    width_mm: int
    height_mm: int
    source: str = "carton"
    refusal: str = ""


class OpenAgainAsked(Input, frozen=True, kw_only=True):
    """Open the box again."""


class ServiceChosen(Input, frozen=True, kw_only=True):
    """A service by rule or person.

    ``ungated``: the site lets a parcel go on whose marketplace has not answered yet.
    ``checked`` is what the customs rules say of the parcel as that service takes it, ``as_data``
    the kinds of papers that go as data and are not printed. ``options`` are bought with it,
    ``weighed`` says how it was judged.
    """

    carrier: str
    service: str
    price: Money
    billable_g: int = 0
    documents: tuple[str, ...] = ("label",)
    tariff: str = ""
    by: str = "rule"
    reason: str = ""
    refusal: str = ""
    ungated: bool = False
    papers: tuple[PaperDue, ...] = ()
    as_data: tuple[str, ...] = ()
    checked: PapersChecked | None = None
    options: tuple[str, ...] = ()
    weighed: ServiceWeighed | None = None


class LabelAnswered(Input, frozen=True, kw_only=True):
    """The carrier's answer: ``outcome`` is issued, refused, never_bought or unknown."""

    key: str
    outcome: str
    waybill: str = ""
    source: str = "pool"
    blob: str = ""
    reason: str = ""
    detail: str = ""
    used_before: bool = False


class PrintBegun(Input, frozen=True, kw_only=True):
    """A document is about to be sent to a printer."""

    job: str
    document: str
    printer: str = ""
    sha256: str = ""
    language: str = ""
    stock: str = ""
    labels: int = 1
    checked: str = ""


class PrintReported(Input, frozen=True, kw_only=True):
    """A printer's word: ``outcome`` is a rung, or printed, failed, uncertain; told ``at``."""

    job: str
    document: str
    outcome: str
    cause: str = ""
    at: str = ""


class PrintMoveAsked(Input, frozen=True, kw_only=True):
    """An unfinished document is to come out of another printer.

    ``withdrawn``: the first has given it back untouched; ``cleared``: a person emptied it.
    """

    document: str
    printer: str
    withdrawn: bool = False
    cleared: bool = False


class PrintAnswered(Input, frozen=True, kw_only=True):
    """A person's answer to "Did it come out?"."""

    came_out: bool


class ReprintAsked(Input, frozen=True, kw_only=True):
    """Print a document again; ``allowed`` by the site's rule."""

    document: str = "label"
    reason: str = ""
    allowed: bool = True


class VoidAsked(Input, frozen=True, kw_only=True):
    """Take the label back."""

    reason: str = ""


class VoidAnswered(Input, frozen=True, kw_only=True):
    """The carrier's answer to a void: voided, refused or unknown."""

    key: str
    outcome: str
    reason: str = ""


class WaybillScanned(Input, frozen=True, kw_only=True):
    """A waybill was read; ``next_parcel_id`` names the parcel that may follow.

    ``checked`` is what the customs rules say of the parcel as it is about to close.
    """

    waybill: str
    next_parcel_id: str = ""
    checked: PapersChecked | None = None


class PapersLooked(Input, frozen=True, kw_only=True):
    """The customs rules were asked; ``stop``: it may not go on as it is, ``note`` names fields.

    ``rev``, ``digest`` and ``prints`` of an order that changed meanwhile and is right now.
    """

    checked: PapersChecked
    stop: bool = False
    note: str = ""
    rev: int | None = None
    digest: str = ""
    prints: tuple[str, ...] = ()


class ConfirmPaper(Input, frozen=True, kw_only=True):
    """A paper is stuck on, or lies in the pouch; "" is the first that waits for it."""

    document: str = ""
    by: str = "person"


class ParkAsked(Input, frozen=True, kw_only=True):
    """Finish later; ``place`` was scanned."""

    place: str
    reason: str = ""


class ResumeAsked(Input, frozen=True, kw_only=True):
    """A parked order was scanned on a bench that holds the claim."""

    rev: int | None = None
    refusal: str = ""


class TakeOverAsked(Input, frozen=True, kw_only=True):
    """An order that another bench parked was scanned here; ``kept`` is its session as parked."""

    order_id: str
    rev: int
    session: str
    bench: str
    kept: Session


class HoldRaised(Input, frozen=True, kw_only=True):
    """Stopped by the order, the server, a person or a rule."""

    reason: str
    by: str = ""
    note: str = ""
    rev: int | None = None
    changes: tuple[Change, ...] = ()


class HoldReleased(Input, frozen=True, kw_only=True):
    """The cause is gone."""

    cause: str = ""
    rev: int | None = None


class OverrideAsked(Input, frozen=True, kw_only=True):
    """A supervisor's badge and PIN were right; ``refusal`` when the role may not."""

    by: str
    reason: str
    action: str = "release"
    refusal: str = ""


class PutBackScanned(Input, frozen=True, kw_only=True):
    """All items are out and lie in this tote."""

    tote: str


class CancelAsked(Input, frozen=True, kw_only=True):
    """End this session without a parcel."""

    reason: str = ""


class ReopenAsked(Input, frozen=True, kw_only=True):
    """Open a completed order again."""

    by: str
    reason: str
    parcel_id: str = ""
    tendered: bool = False
    refusal: str = ""
