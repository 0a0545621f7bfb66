"""Electronic customs data of parcels: ITMATT for posts, H7 for the EU's low values.

ITMATT mirrors CN 22 and CN 23 (UPU M33; reference: customs, section 1.3); H7 is the reduced data
set for consignments up to EUR 150 (UCC). Names of fields are ours, what they stand for is named
beside them: neither the UPU's nor the EU's message schema is shipped, so these are data sets for a
post or broker to map, not messages to send. IOSS rides here and on no paper: one a consignment,
role FR5 of data element 13 16 000 000. What lacks is a `Lack`; a parcel with one is not exported.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Literal

from msgspec import Struct

from packstation.domain import s10
from packstation.domain.customs import identifiers
from packstation.domain.customs.case import Case, at_path
from packstation.domain.customs.facts import fact
from packstation.domain.declaration import Declaration, DeclaredLine, declare
from packstation.domain.errors import DocumentError, InputInvalid
from packstation.domain.labels import ParcelPapers
from packstation.domain.orders import Address, Order
from packstation.domain.quantities import Money

FISCAL_ROLE: Final = "FR5"
# Regimes under which the number rides, and those that nobody could judge for lack of a rate.
_BY_IOSS: Final = frozenset({"eu_ioss", "xi_ioss"})
UNJUDGED: Final = frozenset({"eu_unknown", "xi_unknown"})
# What keeps goods out of the reduced data set, by the regime that they are under instead.
_NO_H7: Final = {
    "eu_standard": "declared_total",
    "eu_excise": "products[].goods.classes",
    "eu_excluded": "ship_to.postcode",
}
_RATE: Final = ("rates", "rate")
# Said of fields where nothing stands, too.
_OF_NOTHING: Final = frozenset({"gross", "worthless", "ioss", "worth", "rate", "chinese", "price"})
_HS: Final = re.compile(r"[0-9]{6}([0-9]{2}){0,2}")
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
Table = Sequence[Mapping[str, Any]]


ABSENT: Final = "absent"
WHYS: Final = frozenset(
    (
        f"{ABSENT} category s10 regime hs country worthless currencies gross ioss worth rate mode "
        "customs_code uscc chinese unpaid price paid"
    ).split()
)


class Lack(Struct, frozen=True, kw_only=True):
    """What keeps a parcel out of an export: a field of order/1, what stands there, what may.

    ``why``: what is wrong with it, one of `WHYS`; words are ``customs.lack.<why>``.
    """

    order_id: str
    parcel: int
    field: str
    value: str = ""
    allowed: str = ""
    why: str = ABSENT


class Party(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Sender or addressee, exporter or importer."""

    name: str
    company: str = ""
    lines: tuple[str, ...] = ()
    city: str = ""
    region: str = ""
    postcode: str = ""
    country: str
    phone: str = ""
    email: str = ""
    tax_id: str = ""
    vat: str = ""
    eori: str = ""


class Reference(Struct, frozen=True, kw_only=True):
    """An additional fiscal reference (EU data element 13 16 000 000)."""

    role: str
    id: str


class Piece(Struct, frozen=True, kw_only=True):
    """A content piece: net weight and value are of all of its units, rounded once."""

    number: int
    description: str
    quantity: int
    net_g: int
    value: Money
    hs: str
    origin: str


class ItmattItem(Struct, frozen=True, kw_only=True):
    """One postal item; ``category`` is a code of UPU list 136, ``item_id`` its S10 number.

    ``total`` is the sum of the pieces' values.
    """

    item_id: str
    order_id: str
    category: str
    category_text: str = ""
    posted_on: str
    sender: Party
    addressee: Party
    gross_g: int
    total: Money
    postal_charges: Money | None = None
    insurance: Money | None = None
    fiscal_references: tuple[Reference, ...] = ()
    licences: tuple[str, ...] = ()
    certificates: tuple[str, ...] = ()
    invoices: tuple[str, ...] = ()
    content: tuple[Piece, ...]


class Itmatt(Struct, frozen=True, kw_only=True):
    """packstation.itmatt/1."""

    schema: Literal["packstation.itmatt/1"] = "packstation.itmatt/1"
    prepared_at: str
    items: tuple[ItmattItem, ...]


class H7Consignment(Struct, frozen=True, kw_only=True):
    """One consignment; ``procedures`` are additional procedure codes, ``intrinsic`` goods only.

    ``transport_costs`` are those to the final destination, apart from the goods' value. Of a
    piece the first six digits of its code count.
    """

    reference: str
    transport_document: str
    order_id: str
    exporter: Party
    importer: Party
    procedures: tuple[str, ...]
    fiscal_references: tuple[Reference, ...] = ()
    gross_g: int
    intrinsic: Money
    transport_costs: Money | None = None
    invoices: tuple[str, ...] = ()
    goods: tuple[Piece, ...]


class H7(Struct, frozen=True, kw_only=True):
    """packstation.h7/1."""

    schema: Literal["packstation.h7/1"] = "packstation.h7/1"
    prepared_at: str
    consignments: tuple[H7Consignment, ...]


def itmatt(papers: ParcelPapers, case: Case) -> ItmattItem | tuple[Lack, ...]:
    """The item of a parcel; ``case`` is its order as the rules see it: regime and list 136."""
    order, found = papers.order, Lacks(papers)
    declared = found.declared()
    codes = case.pack.tables.get("upu136", ())
    code = next((str(row["code"]) for row in codes if row["category"] == order.category), "")
    found.need(code, "category", order.category, "UPU 136", "category")
    waybill = f"parcels[{papers.number - 1}].waybill"
    found.need(_is_s10(papers.waybill), waybill, papers.waybill, "S10", "s10")
    found.parties()
    references = found.fiscal(case)
    if found.lacks or declared is None:
        return tuple(found.lacks)
    return ItmattItem(
        item_id=papers.waybill,
        order_id=order.order_id,
        category=code,
        category_text=order.category_text or "",
        posted_on=papers.date,
        sender=party(order.ship_from),
        addressee=party(order.ship_to),
        gross_g=papers.gross_g,
        total=declared.totals[0],
        postal_charges=order.freight,
        insurance=order.insurance,
        fiscal_references=references,
        licences=told(order, "licence"),
        certificates=told(order, "certificate"),
        invoices=told(order, "no"),
        content=pieces(declared.lines),
    )


def h7(papers: ParcelPapers, case: Case) -> H7Consignment | tuple[Lack, ...]:
    """The consignment of a parcel of an order under one of the regimes of table ``h7``.

    The regime judges the whole order: its worth by dated rates, excise goods, and places outside
    of the EU's VAT area. So no parcel of a dearer order goes as a low value.
    """
    order, found = papers.order, Lacks(papers)
    declared = found.declared()
    regime, rows = fact(case, case.order, "regime"), case.pack.tables.get("h7", ())
    row = next((one for one in rows if one["regime"] == regime), None)
    found.judged(case)
    if regime not in UNJUDGED:
        field = _NO_H7.get(str(regime), "ship_to.country")
        found.need(row, field, regime, ", ".join(one["regime"] for one in rows), "regime")
    found.parties()
    references = found.fiscal(case)
    if found.lacks or declared is None or row is None:
        return tuple(found.lacks)
    return H7Consignment(
        reference=papers.parcel_id,
        transport_document=papers.waybill,
        order_id=order.order_id,
        exporter=party(order.ship_from),
        importer=party(order.ship_to),
        procedures=tuple(row["procedures"]),
        fiscal_references=references,
        gross_g=papers.gross_g,
        intrinsic=declared.totals[0],
        transport_costs=order.freight,
        invoices=told(order, "no"),
        goods=pieces(declared.lines),
    )


class Lacks:
    """What lacks of one parcel, gathered."""

    def __init__(self, papers: ParcelPapers) -> None:
        self.papers, self.lacks = papers, list[Lack]()

    def need(
        self, holds: object, field: str, value: object = "", allowed: str = "", why: str = ABSENT
    ) -> None:
        """A lack where ``holds`` does not; of a field where nothing stands it is that."""
        if not holds:
            papers = self.papers
            lack = Lack(
                order_id=papers.order.order_id,
                parcel=papers.number - 1,
                field=field,
                value=str(value or ""),
                allowed=allowed,
                why=why if value or why in _OF_NOTHING else ABSENT,
            )
            self.lacks.append(lack)

    def declared(self) -> Declaration | None:
        """Its declared lines, each with a code, an origin and a value, in one currency."""
        try:
            found = declare(self.papers)
        except DocumentError as exc:
            self.need(holds=False, field=str(exc.fields["field"]))
            return None
        for line in found.lines:
            field = f"products[{line.sku}].customs"
            self.need(_HS.fullmatch(line.hs), f"{field}.hs", line.hs, "6, 8, 10", "hs")
            origin, worth = line.origin, line.value.amount
            known = _COUNTRY.fullmatch(origin)
            self.need(known, f"{field}.origin", origin, "ISO 3166-1", "country")
            self.need(worth > 0, f"{field}.unit_value", worth, "> 0", "worthless")
        one = len(found.totals) == 1
        self.need(one, "products[].customs.unit_value", _currencies(found), "1", "currencies")
        net = sum(line.net_g for line in found.lines)
        gross = self.papers.gross_g
        field = f"parcels[{self.papers.number - 1}].gross_g"
        self.need(net <= gross, field, gross, f">= {net} g", "gross")
        return found

    def parties(self) -> None:
        """Name, street, town and country of both ends."""
        order = self.papers.order
        for role, address in (("ship_from", order.ship_from), ("ship_to", order.ship_to)):
            self.need(address.name.strip() or address.company.strip(), f"{role}.name")
            self.need(any(line.strip() for line in address.lines), f"{role}.lines")
            self.need(address.city.strip(), f"{role}.city")
            self.need(address.country, f"{role}.country")

    def fiscal(self, case: Case) -> tuple[Reference, ...]:
        """The IOSS number where the order's regime is that scheme: the seller's or the channel's.

        Where nobody can tell whether it is (no rate), that lacks.
        """
        if fact(case, case.order, "ioss_on") is not True:
            return ()
        self.judged(case)
        if fact(case, case.order, "regime") not in _BY_IOSS:
            return ()
        number = identifiers.compact(self.papers.order.ship_from.ioss)
        self.need(identifiers.ioss(number), "ship_from.ioss", allowed="IOSS", why="ioss")
        return (Reference(role=FISCAL_ROLE, id=number),)

    def judged(self, case: Case) -> None:
        """Whether anybody can say on which side of the EU's limit the goods are; said once."""
        if fact(case, case.order, "regime") not in UNJUDGED:
            return
        worth = fact(case, case.order, "goods_worth")
        field, why = ("products[].customs.unit_value", "worth") if worth is None else _RATE
        named = any(one.field == field for one in self.lacks)
        self.need(named, field, " ".join(worth or ()), why=why)


def party(address: Address) -> Party:
    """Who stands at an end of the way."""
    return Party(
        name=address.name.strip() or address.company,
        company=address.company if address.name.strip() else "",
        lines=tuple(line for line in address.lines if line.strip()),
        city=address.city,
        region=address.region,
        postcode=address.postcode,
        country=address.country,
        phone=address.phone,
        email=address.email,
        tax_id=address.tax_id,
        vat=address.vat,
        eori=address.eori,
    )


def pieces(lines: Iterable[DeclaredLine]) -> tuple[Piece, ...]:
    """Declared lines, numbered."""
    return tuple(
        Piece(
            number=number,
            description=line.description,
            quantity=line.quantity,
            net_g=line.net_g,
            value=line.value,
            hs=line.hs,
            origin=line.origin,
        )
        for number, line in enumerate(lines, start=1)
    )


def told(order: Order, name: str) -> tuple[str, ...]:
    """A number that the order's invoice names, as a list."""
    value = at_path(order.invoice or {}, name)
    return (str(value),) if isinstance(value, str | int) and not isinstance(value, bool) else ()


def _currencies(found: Declaration) -> str:
    return " ".join(one.currency for one in found.totals)


def _is_s10(text: str) -> bool:
    try:
        s10.parse(text)
    except InputInvalid:
        return False
    return True
