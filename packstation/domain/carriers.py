"""The seam to carriers: what one can do, what is asked of it, what it answers.

Source: reference/carriers.md, section 2. Only the server calls carriers (``server/labels.py``);
a bench buys through it and holds no key. An adapter of a carrier is a ``CarrierGateway``;
``Partly`` refuses by name whatever it does not offer, so an adapter writes down only what it does.

``key`` = parcel id/attempt names one purchase for ever (ARCHITECTURE "Money moves in two facts"):

* a carrier asked twice by one key sells at most once,
* an answer that got lost is found again by ``find(key)``, never by buying,
* a number or a label that is not there yet is no error: ``Bought.state`` is ``pending``, and
  whoever waits asks ``find`` (number) or ``label`` (file) again, later.

Every method may raise ``LabelRefused`` (nothing was done; ``reason`` of ``REASONS``) and
``LabelOutcomeUnknown`` (nobody knows; ask by key) of ``domain.errors``; ``quote`` and ``track``,
which change nothing, raise ``RateUnavailable`` where there was no answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Final, Literal, NoReturn, Protocol

from msgspec import Struct

from packstation.domain.errors import LabelRefused
from packstation.domain.orders import Address
from packstation.domain.quantities import Money
from packstation.domain.services import Quoted, RefusedService
from packstation.domain.shipments import Shipment

# Why a carrier says no; an adapter maps the carrier's own codes to these and keeps its words in
# ``detail``. What no map knows is "carrier".
REASONS: Final = frozenset(
    {
        "address",  # the recipient's or sender's, or a place that is not served
        "weight",
        "size",
        "value",  # declared value, currency or insured sum
        "goods",  # what lies inside: batteries, liquids, brands ...
        "service",  # unknown, closed, or not for this country
        "option",  # cash on delivery, signature, pickup point ...
        "documents",  # customs data or papers are missing or wrong
        "account",  # ours at this carrier is shut: nothing new is bought by it
        "credentials",  # our key is unknown, expired or may not do this
        "limit",  # money, credit or a quota has run out
        "numbers",  # no waybill numbers are left
        "duplicate",  # sold under this key to somebody who is not us
        "tendered",  # too late to void: it is on its way
        "never_bought",
        "label_size",  # what came back does not fit the stock, and was voided
        "label_file",  # what came back is no label, again and again, and was voided
        "not_offered",  # this carrier cannot do that at all
        "invalid",  # the request itself is wrong; ``detail`` names field and value
        "carrier",  # it gave no reason that we know; its words are in ``detail``
    }
)
Capability = Literal["rate", "buy", "label", "void", "track", "manifest", "paperless", "intercept"]
State = Literal["done", "pending"]


class Capabilities(Struct, frozen=True, kw_only=True):
    """What a carrier's adapter can do; what it cannot is refused as ``not_offered``.

    ``label``: files can be asked for again by key. ``late_numbers``: a sale may come back without
    its waybill number. ``media``: label files it makes (``application/pdf``), the preferred first.
    ``settle_s``: for so long after a request without an answer a sale may still appear, so that
    "not found" before then means nothing.
    """

    rate: bool = False
    buy: bool = True
    label: bool = False
    void: bool = False
    track: bool = False
    manifest: bool = False
    paperless: bool = False
    intercept: bool = False
    late_numbers: bool = False
    media: tuple[str, ...] = ()
    settle_s: float = 0

    def can(self, what: Capability) -> bool:
        """Whether it offers that."""
        return bool(getattr(self, what))


class LabelWanted(Struct, frozen=True, kw_only=True):
    """Stock in the printer: ``media`` of the file, sides in mm, dots per inch; 0 or "": any."""

    media: str = ""
    width_mm: float = 0
    height_mm: float = 0
    dpi: int = 0


class LabelFile(Struct, frozen=True, kw_only=True):
    """A label as it came, byte for byte; sides in mm and ``dpi`` as found in it, 0: not said."""

    content: bytes
    media: str
    width_mm: float = 0
    height_mm: float = 0
    dpi: int = 0


class GoodsLine(Struct, frozen=True, kw_only=True):
    """Units of one product in the parcel, as declared; ``net_g`` and ``value`` are of one unit.

    ``units`` is what single units bear, by kind (serial, and those of ``requirements.KINDS``);
    there may be fewer of them than units.
    """

    sku: str
    quantity: int
    description: str = ""
    local_description: str = ""
    hs: str = ""
    origin: str = ""
    net_g: int | None = None
    value: Money | None = None
    battery: str = "none"
    classes: tuple[str, ...] = ()
    units: tuple[Mapping[str, str], ...] = ()


class BuyRequest(Struct, frozen=True, kw_only=True):
    """Buy a label by ``key`` for one parcel.

    ``gross_g`` whole grams, ``size_mm`` length, width, height or (); ``options`` are those of
    tariffs (signature, insurance, cod, pickup_point ...), ``pickup_point`` its code; ``order`` is
    the shop's own number of the order. ``goods`` is () where nobody told what lies inside.
    """

    key: str
    parcel: str
    carrier: str
    service: str
    site: str = ""
    order: str = ""
    gross_g: int = 0
    size_mm: tuple[int, ...] = ()
    sender: Address = Address()
    recipient: Address = Address()
    goods: tuple[GoodsLine, ...] = ()
    category: str = "sale_of_goods"
    incoterm: str = ""
    options: tuple[str, ...] = ()
    pickup_point: str = ""
    cod: Money | None = None
    insured: Money | None = None
    wanted: LabelWanted = LabelWanted()


class Bought(Struct, frozen=True, kw_only=True):
    """What a key bought.

    ``waybill`` "" = the number is not ready yet; ``state`` pending: number or file come later.
    ``ref`` is the carrier's own id of the sale. ``price`` is what it says it charges, where it
    does. ``fault`` names what was wrong with the file that came (``carriers/label_files.py``).
    """

    waybill: str = ""
    state: State = "done"
    label: LabelFile | None = None
    ref: str = ""
    voided: bool = False
    price: Money | None = None
    fault: str = ""


class TrackEvent(Struct, frozen=True, kw_only=True):
    """One line of a parcel's way: the carrier's own code and words beside what they mean.

    ``status`` is "" where no map knows the code.
    """

    waybill: str
    raw_code: str
    raw_text: str
    at: datetime | None
    place: str = ""
    status: str = ""


class ManifestAsked(Struct, frozen=True, kw_only=True):
    """Hand ``waybills`` over: ``key`` names this manifest for ever, as a label's does.

    ``containers``: bags, pallets or gaylords that they lie in.
    """

    key: str
    service: str
    waybills: tuple[str, ...]
    day: str = ""
    containers: int = 0


class Manifested(Struct, frozen=True, kw_only=True):
    """The carrier's own manifest; ``missing`` are waybills that it does not know or take.

    ``papers`` are what belongs to it besides, by name: labels of its bags.
    """

    ref: str
    file: LabelFile | None = None
    missing: tuple[str, ...] = ()
    papers: tuple[tuple[str, LabelFile], ...] = ()


class CarrierGateway(Protocol):
    """A carrier's online service; see the module for what every method keeps to."""

    @property
    def capabilities(self) -> Capabilities:
        """What it offers."""

    def buy(self, request: BuyRequest) -> Bought:
        """Buy the label of ``request.key``; the same key again answers the same sale."""

    def find(self, key: str) -> Bought | None:
        """What ``key`` bought; None when nothing was ever bought by it."""

    def label(self, key: str, wanted: LabelWanted) -> LabelFile | None:
        """The file of what ``key`` bought, checked; None: not ready yet.

        What came and is no label is ``LabelOutcomeUnknown`` with its ``fault``.
        """

    def void(self, key: str) -> None:
        """Take the label of ``key`` back; a second time changes nothing."""

    def quote(self, shipment: Shipment) -> tuple[Quoted | RefusedService, ...]:
        """What its services cost, and which are refused."""

    def track(self, waybills: tuple[str, ...]) -> tuple[TrackEvent, ...]:
        """What is known of these parcels, the oldest first; an unknown one has no line."""

    def manifest(self, asked: ManifestAsked) -> Manifested:
        """Hand parcels over; by key, once."""

    def submit_papers(self, key: str, paper: str, file: LabelFile) -> None:
        """Give a customs paper (``invoice``, ``cn23``) to the carrier as data."""

    def intercept(self, key: str, wish: str) -> None:
        """Stop a parcel on its way; ``wish``: return, hold."""


class Partly:
    """A carrier of whom nothing is offered yet: adapters extend it by what they can."""

    capabilities: Capabilities = Capabilities(buy=False)

    def buy(self, request: BuyRequest) -> Bought:
        """Refused as ``not_offered``, as all that follows."""
        not_offered("buy", request.key)

    def find(self, key: str) -> Bought | None:
        not_offered("find", key)

    def label(self, key: str, wanted: LabelWanted) -> LabelFile | None:  # noqa: ARG002
        not_offered("label", key)

    def void(self, key: str) -> None:
        not_offered("void", key)

    def quote(self, shipment: Shipment) -> tuple[Quoted | RefusedService, ...]:  # noqa: ARG002
        not_offered("rate")

    def track(self, waybills: tuple[str, ...]) -> tuple[TrackEvent, ...]:  # noqa: ARG002
        not_offered("track")

    def manifest(self, asked: ManifestAsked) -> Manifested:
        not_offered("manifest", asked.key)

    def submit_papers(self, key: str, paper: str, file: LabelFile) -> None:  # noqa: ARG002
        not_offered("paperless", key)

    def intercept(self, key: str, wish: str) -> None:  # noqa: ARG002
        not_offered("intercept", key)


def not_offered(what: str, key: str = "") -> NoReturn:
    """Refuse ``what``.

    Raises:
        LabelRefused: always; ``reason`` not_offered.
    """
    raise LabelRefused(label_key=key, reason="not_offered", detail=what)


def refused(key: str, reason: str, detail: str = "") -> LabelRefused:
    """The refusal of a key; a ``reason`` that ``REASONS`` does not have becomes "carrier"."""
    if reason not in REASONS:
        reason, detail = "carrier", f"{reason}: {detail}" if detail else reason
    return LabelRefused(label_key=key, reason=reason, detail=detail[:500])


def charged(amount: str, currency: str) -> Money | None:
    """What a carrier says that it charges; None where that is no price above or of 0."""
    try:
        value = Decimal(amount)
        return Money(value, currency) if value.is_finite() and value >= 0 else None
    except (ArithmeticError, ValueError):
        return None
