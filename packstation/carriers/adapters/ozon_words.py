"""What Ozon's Seller API reads and writes: postings, parcels, exemplars, limits. Pure.

Source: public clients of the interface and descriptions among them, read in November 2026;
docs/carriers.md says which statement rests on what. Weights are grams, limits of sides centimetres.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from packstation.carriers.adapters import parts
from packstation.domain.carriers import BuyRequest, GoodsLine, LabelWanted, refused

Json = dict[str, Any]

OPEN: Final = "awaiting_packaging"
SHIPPED: Final = frozenset(
    {
        "awaiting_deliver",
        "sent_by_seller",
        "driver_pickup",
        "delivering",
        "delivered",
        "not_accepted",
        "arbitration",
        "client_arbitration",
    }
)
FAILED: Final = "ship_failed"
# Something about the buyer is missing before anything may be packed.
_UNREADY: Final = frozenset(
    {
        "awaiting_registration",
        "awaiting_verification",
        "awaiting_approve",
        "posting_awaiting_passport_data",
        "posting_registration_error",
    }
)
_CANCELLED: Final = "cancelled"
# What stands in code and words of a refusal: the reason.
WORDS: Final[parts.Words] = (
    ("already_shipped", "duplicate"),
    ("already shipped", "duplicate"),
    ("has_incorrect_status", "duplicate"),
    ("api-key", "credentials"),
    ("client-id", "credentials"),
    ("api key", "credentials"),
    ("too many", "limit"),
    ("rate limit", "limit"),
    ("weight", "weight"),
    ("exemplar", "documents"),
    ("gtd", "documents"),
    ("rnpt", "documents"),
    ("mark", "documents"),
    ("country", "documents"),
    ("passport", "documents"),
    ("price", "value"),
    ("delivery_method", "service"),
    ("quantity", "goods"),
    ("product", "goods"),
    ("posting", "invalid"),
)
# Marks of a unit, and what they are called there.
_MARKS: Final = {"mark": "mandatory_mark", "jw_uin": "jw_uin", "imei": "imei"}
_NEEDS: Final = {
    "is_mandatory_mark_needed": "mark",
    "is_jw_uin_needed": "jw_uin",
    "is_imei_needed": "imei",
    "is_gtd_needed": "gtd",
    "is_rnpt_needed": "rnpt",
    "is_weight_needed": "weight",
}
_REQUIRING: Final = {
    "products_requiring_mandatory_mark": "mark",
    "products_requiring_jw_uin": "jw_uin",
    "products_requiring_imei": "imei",
    "products_requiring_gtd": "gtd",
    "products_requiring_rnpt": "rnpt",
    "products_requiring_weight": "weight",
    "products_requiring_country": "country",
    "products_requiring_change_country": "country",
}
# Labels are made in two sizes: 58 x 40 mm, and 75 x 120 mm.
BIG: Final = "big_label"
SMALL: Final = "small_label"
_SMALL_MM: Final = 60.0
# Of the largest 64-bit number, and one.
_DIGITS: Final = 20

Needs = frozenset[tuple[str, str]]
Units = dict[str, tuple[Mapping[str, str], ...]]


# --- postings ----------------------------------------------------------------------------------


def status_of(posting: object) -> str:
    """Its state."""
    return parts.text(posting, "status")


def cancelled(posting: object) -> bool:
    """Whether it was called off."""
    return status_of(posting).startswith(_CANCELLED)


def failed(posting: object) -> bool:
    """Whether the last shipping of it came to nothing."""
    return parts.text(posting, "substatus") == FAILED


def waybill_of(posting: object) -> str:
    """What stands on its label: the carrier's number, else Ozon's code, else the posting's own."""
    codes = (("tracking_number",), ("barcodes", "upper_barcode"), ("posting_number",))
    return next((said for path in codes if (said := parts.text(posting, *path))), "")


def related(posting: object) -> tuple[str, ...]:
    """Postings that were split off, or that it was split from."""
    return tuple(map(str, _listed(posting, "related_postings", "related_posting_numbers")))


def goods_of(posting: object) -> dict[str, int]:
    """Units by product number."""
    counted: Counter[str] = Counter()
    for one in parts.rows(posting, "products"):
        counted[parts.text(one, "sku")] += _count(one)
    return dict(counted)


def _count(product: object) -> int:
    said = parts.text(product, "quantity")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < _DIGITS else 0


def judge(key: str, posting: object, method: str) -> None:
    """Refuse what cannot be packed now, or goes another way.

    Raises:
        LabelRefused: ``duplicate`` it is shipped already; else what keeps it.
    """
    status, sub = status_of(posting), parts.text(posting, "substatus")
    if status in SHIPPED:
        raise refused(key, "duplicate", f"posting: {status}")
    if {status, sub} & _UNREADY:
        raise refused(key, "documents", f"posting: {status} {sub}")
    if status != OPEN:
        raise refused(key, "carrier", f"posting: {status} {sub}".rstrip())
    its = parts.text(posting, "delivery_method", "id")
    if its != method:
        raise refused(key, "service", f"delivery method: {its}; the service's: {method}")


def parcel_of(request: BuyRequest, posting: object) -> Units:
    """What lies inside by product number, each unit with what it bears.

    Raises:
        LabelRefused: ``goods``: something that the posting does not have, or more of it.
    """
    numbers = {
        parts.text(one, "offer_id"): parts.text(one, "sku")
        for one in parts.rows(posting, "products")
    }
    left = goods_of(posting)
    units: Units = {}
    for line in request.goods:
        number = numbers.get(line.sku, "")
        if not number:
            raise refused(request.key, "goods", f"{line.sku}: not in posting {request.order}")
        units[number] = units.get(number, ()) + _each(line)
        if len(units[number]) > left[number]:
            said = f"{line.sku}: {len(units[number])} units; the posting has {left[number]}"
            raise refused(request.key, "goods", said)
    if not units:
        raise refused(request.key, "goods", "nothing inside")
    return units


def skus_of(request: BuyRequest) -> dict[str, int]:
    """Units by our SKU."""
    counted: Counter[str] = Counter()
    for line in request.goods:
        counted[line.sku] += line.quantity
    return dict(counted)


def _each(line: GoodsLine) -> tuple[Mapping[str, str], ...]:
    known = line.units[: line.quantity]
    return (*known, *({} for _ in range(line.quantity - len(known))))


def within(request: BuyRequest, limits: object) -> None:
    """Refuse what the place that takes the parcel does not take; a limit of 0 is none.

    Raises:
        LabelRefused: ``weight`` or ``size``.
    """
    grams = parts.grams(request)
    most, least = (_figure(limits, f"{end}_posting_weight") for end in ("max", "min"))
    if (most and grams > most) or grams < least:
        raise refused(request.key, "weight", f"gross_g: {grams}; {least} to {most} is allowed")
    sides = sorted(parts.centimetres(side) for side in request.size_mm)
    room = sorted(_figure(limits, name) for name in ("width", "length", "height"))
    if all(room) and any(has > there for has, there in zip(sides, room, strict=False)):
        said = " x ".join(f"{side:g}" for side in reversed(room))
        raise refused(request.key, "size", f"size: above {said} cm")


def _figure(limits: object, name: str) -> Decimal:
    try:
        value = Decimal(parts.text(limits, name) or "0")
    except InvalidOperation:
        return Decimal(0)
    if not value.is_finite() or value <= 0:
        return Decimal(0)
    whole = value.to_integral_value()
    return whole if whole == value else value


# --- exemplars ---------------------------------------------------------------------------------


def needs_of(posting: object, told: object = None) -> Needs:
    """(product number, kind) of what Ozon wants of each unit; ``told`` by create-or-get."""
    wanted = {
        (str(number), kind)
        for name, kind in _REQUIRING.items()
        for number in _listed(posting, "requirements", name)
    }
    wanted |= {
        (parts.text(one, "product_id"), kind)
        for one in parts.rows(told, "products")
        for name, kind in _NEEDS.items()
        if one.get(name) is True
    }
    return frozenset(wanted)


def _listed(document: object, *path: str) -> list[Any]:
    told = parts.under(document, *path)
    return told if isinstance(told, list) else []


def lacking(units: Units, needs: Needs) -> tuple[str, ...]:
    """What is wanted and was not captured: ``product: kind``."""
    return tuple(
        f"{number}: {kind}"
        for number, kind in sorted(needs)
        if any(not unit.get(kind) for unit in units.get(number, ()))
    )


def countries(units: Units, needs: Needs) -> Iterator[tuple[str, str]]:
    """(product number, country) to be set."""
    for number, kind in sorted(needs):
        if kind == "country" and units.get(number):
            yield number, units[number][0]["country"]


def exemplars_of(
    key: str, units: Units, told: object
) -> tuple[list[Json], dict[str, tuple[str, ...]]]:
    """All exemplars of the posting with ours filled in, and the numbers of ours by product.

    Ozon wants all of them each time: those of other parcels go back as they came.

    Raises:
        LabelRefused: ``documents``: there are fewer exemplars than units.
    """
    products: list[Json] = []
    ours: dict[str, tuple[str, ...]] = {}
    for one in parts.rows(told, "products"):
        number, rows = parts.text(one, "product_id"), parts.rows(one, "exemplars")
        mine = units.get(number, ())
        if len(rows) < len(mine):
            said = f"{number}: {len(rows)} exemplars for {len(mine)} units"
            raise refused(key, "documents", said)
        bare: tuple[Mapping[str, str], ...] = ({},) * (len(rows) - len(mine))
        filled = [_filled(row, unit) for row, unit in zip(rows, (*mine, *bare), strict=True)]
        ours[number] = tuple(str(row["exemplar_id"]) for row in filled[: len(mine)])
        products.append({"product_id": as_number(number), "exemplars": filled})
    absent = sorted(set(units) - set(ours))
    if absent:
        raise refused(key, "documents", f"no exemplars of {absent[0]}")
    return products, ours


def _filled(row: Json, unit: Mapping[str, str]) -> Json:
    """An exemplar; what nobody captured of it stays as Ozon has it."""
    gtd = unit.get("gtd") or parts.text(row, "gtd")
    rnpt = unit.get("rnpt") or parts.text(row, "rnpt")
    held = parts.rows(row, "marks")
    marks = {parts.text(one, "mark_type"): parts.text(one, "mark") for one in held}
    marks |= {name: unit[kind] for kind, name in _MARKS.items() if unit.get(kind)}
    weight = _figure(unit, "weight") or _figure(row, "weight")
    filled: Json = {
        "exemplar_id": as_number(parts.text(row, "exemplar_id")),
        "gtd": gtd,
        "is_gtd_absent": not gtd,
        "rnpt": rnpt,
        "is_rnpt_absent": not rnpt,
        "marks": [{"mark": mark, "mark_type": name} for name, mark in marks.items() if mark],
    }
    return filled | ({"weight": weight} if weight else {})


def complaints(told: object) -> tuple[str, ...]:
    """What a check of exemplars found wrong, of validate and of status."""
    found: list[str] = []
    for product in parts.rows(told, "products"):
        number = parts.text(product, "product_id")
        found += [f"{number}: {one}" for one in _errors(product)]
        for row in parts.rows(product, "exemplars"):
            found += [f"{number}: {one}" for one in _errors(row)]
            for mark in parts.rows(row, "marks"):
                found += [f"{number}: {one}" for one in _errors(mark)]
    return tuple(found)


def _errors(row: Json) -> list[str]:
    said = [row.get("error")]
    for name in ("errors", "error_codes", "gtd_error_codes", "rnpt_error_codes"):
        said += _listed(row, name)
    return [str(one) for one in said if one]


def as_number(said: str) -> int | str:
    """Their ids are 64-bit numbers; one that is none goes back as it came."""
    return int(said) if said.isascii() and said.isdecimal() and len(said) < _DIGITS else said


# --- shipping, labels, hand-over ---------------------------------------------------------------


def shipping_of(
    posting: str, units: Units, ours: Mapping[str, tuple[str, ...]], *, whole: bool
) -> tuple[str, Json]:
    """Where and what to send: all that is left is shipped, a part is split off and shipped."""
    products: list[Json] = [
        {"product_id": as_number(number), "quantity": len(each)} for number, each in units.items()
    ]
    if whole:
        return "/v4/posting/fbs/ship", {
            "posting_number": posting,
            "packages": [{"products": products}],
            "with": {"additional_data": True},
        }
    for one, number in zip(products, units, strict=True):
        if ours.get(number):
            one["exemplarsIds"] = list(ours[number])
    return "/v4/posting/fbs/ship/package", {"posting_number": posting, "products": products}


def shipped_as(told: object) -> str:
    """The parcel's own posting number as the answer names it; "" where it names none."""
    result = parts.under(told, "result")
    if isinstance(result, list) and len(result) == 1:
        result = result[0]
    return result if isinstance(result, str) else ""


def label_kind(wanted: LabelWanted) -> str:
    """Which of the two sizes fits the stock better."""
    return SMALL if 0 < wanted.width_mm <= _SMALL_MM else BIG


def task_of(told: object, kind: str) -> str:
    """The number of the task that makes labels of this size, else of the only one."""
    rows = parts.rows(told, "tasks") or parts.rows(told, "result", "tasks")
    of_kind = [one for one in rows if parts.text(one, "task_type") == kind]
    chosen = of_kind or (rows if len(rows) == 1 else [])
    return parts.text(chosen[0], "task_id") if chosen else ""


def made_of(told: object) -> tuple[str, str]:
    """State of a task (pending, in_progress, completed, error; "" for none), address of its file.

    A file of which our posting was left out is an error.
    """
    result = parts.under(told, "result")
    told = result if isinstance(result, dict) else told
    status = parts.under(told, "status")
    code = parts.text(status, "code") if isinstance(status, dict) else parts.text(told, "status")
    left_out = parts.rows(status, "unprinted_postings") or parts.rows(told, "unprinted_postings")
    return "error" if left_out else code, parts.text(told, "file_url")


def refusal_of(told: object) -> tuple[str, str]:
    """Reason and words of an error: {code, message, details}."""
    said = " ".join(parts.text(told, name) for name in ("code", "message")).strip()
    return parts.reason_of(WORDS, said) or "carrier", said


def open_carriages(told: object, method: str) -> Iterator[str]:
    """Carriages of a delivery method that nobody has approved yet."""
    for row in parts.rows(told, "methods") or parts.rows(told, "result"):
        if parts.text(row, "delivery_method_id") != method:
            continue
        for one in parts.rows(row, "carriages"):
            if parts.text(one, "status") == "new":
                yield parts.text(one, "id") or parts.text(one, "carriage_id")
