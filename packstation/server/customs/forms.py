"""What the office may change, as rows; a form read into JSON values, and what it changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

from msgspec import Struct

from packstation.server.customs.fixes import put_at, text_of, value_at

Kind = Literal["line", "text", "lines", "count", "decimal", "money", "choice", "yes"]
MOST: Final = 2000


class Field(Struct, frozen=True):
    """A field by its path in catalog/1 or order/1; ``why``: a change of it wants a reason."""

    path: str
    kind: Kind = "line"
    options: tuple[str, ...] = ()
    why: bool = False


class Group(Struct, frozen=True):
    """Fields that stand together; its name is ``customs.group.NAME``."""

    name: str
    fields: tuple[Field, ...]


SKU: Final = (
    Group(
        "goods",
        (
            Field("customs.description", "text", why=True),
            Field("customs.descriptions.zh", "text", why=True),
            Field("customs.descriptions.ru", "text", why=True),
            Field("customs.hs", why=True),
            Field("customs.origin"),
            Field("customs.material"),
            Field("customs.net_g", "count"),
            Field("customs.unit_value", "money"),
        ),
    ),
    Group(
        "battery",
        (
            Field("goods.battery", "choice", ("none", "built_in", "packed_with", "alone")),
            Field("goods.battery_type", "choice", ("", "li_ion", "li_metal", "na_ion")),
            Field("goods.battery_wh", "decimal"),
            Field("goods.battery_li_g", "decimal"),
            Field("goods.battery_cells", "count"),
            Field("goods.battery_count", "count"),
            Field("goods.battery_needed", "count"),
            Field("goods.un383"),
            Field("goods.soc_percent", "count"),
        ),
    ),
)

CATEGORIES: Final = (
    "sale_of_goods",
    "gift",
    "documents",
    "commercial_sample",
    "returned_goods",
    "other",
)
PAYERS: Final = ("", "account", "sender", "recipient", "third")
# The country is not the office's: another destination is another service and another price.
ORDER: Final = (
    Group(
        "to",
        (
            Field("ship_to.name"),
            Field("ship_to.company"),
            Field("ship_to.lines", "lines"),
            Field("ship_to.city"),
            Field("ship_to.region"),
            Field("ship_to.postcode"),
            Field("ship_to.phone"),
            Field("ship_to.email"),
            Field("ship_to.tax_id"),
            Field("ship_to.eori"),
            Field("ship_to.vat"),
        ),
    ),
    Group(
        "trade",
        (
            Field("category", "choice", CATEGORIES),
            Field("category_text"),
            Field("tax_scheme", "choice", ("", "ioss", "voec", "uk_vat", "gst")),
            Field("marketplace_collects", "yes", ("", "yes", "no")),
            Field("incoterm"),
            Field("named_place"),
            Field("duty_payer", "choice", PAYERS),
            Field("duty_account"),
            Field("ship_from.ioss"),
            Field("ship_from.voec"),
            Field("ship_from.eori"),
            Field("ship_from.vat"),
            Field("ship_from.customs_code"),
            Field("ship_from.uscc"),
            Field("cn_export_mode", "choice", ("", "9610", "9710", "9810", "1210")),
        ),
    ),
)


# Of an order, and on no page: whoever sends the orders puts them right and sends them again.
SENT: Final = (
    "declared_total",
    "gift_message",
    "invoice",
    "ioss_registration",
    "lines",
    "note",
    "origin_statement",
    "payment",
    "requirements",
    "ship_to.country",
)


def fields_of(groups: tuple[Group, ...]) -> tuple[Field, ...]:
    """All fields of groups."""
    return tuple(field for group in groups for field in group.fields)


def shown(raw: Mapping[str, Any], field: Field) -> dict[str, str]:
    """What stands in the inputs of a field, by the input's name."""
    value = value_at(raw, field.path)
    if field.kind == "money":
        worth = value if isinstance(value, Mapping) else {}
        return {
            field.path: str(worth.get("amount", "")),
            f"{field.path}.currency": str(worth.get("currency", "")),
        }
    if field.kind == "lines":
        return {field.path: "\n".join(value) if isinstance(value, list | tuple) else ""}
    if isinstance(value, bool):
        return {field.path: "yes" if value else "no"}
    return {field.path: str(value)}


def given(form: Mapping[str, Any], groups: tuple[Group, ...]) -> dict[str, Any]:
    """The JSON value of each field that a form has; "" for an empty one."""
    return {field.path: _value(form, field) for field in fields_of(groups) if field.path in form}


def _value(form: Mapping[str, Any], field: Field) -> Any:  # noqa: ANN401 - any JSON value
    text = str(form.get(field.path, ""))[:MOST].strip()
    match field.kind:
        case "count":
            return int(text) if text.isascii() and text.isdigit() else text
        case "money":
            currency = str(form.get(f"{field.path}.currency", ""))[:8].strip().upper()
            return {"amount": text, "currency": currency} if text or currency else ""
        case "lines":
            return [line.strip() for line in text.splitlines() if line.strip()]
        case "yes":
            return {"yes": True, "no": False}.get(text, "")
        case _:
            return " ".join(text.split())


def changed(before: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Fields whose value is another one: what was and what is put there."""
    pairs = {path: (value_at(before, path), value) for path, value in values.items()}
    return {path: pair for path, pair in pairs.items() if text_of(pair[0]) != text_of(pair[1])}


def put(raw: dict[str, Any], changes: Mapping[str, tuple[Any, Any]]) -> dict[str, Any]:
    """``raw`` with the changes in it."""
    for path, (_, value) in changes.items():
        put_at(raw, path, value)
    return raw


def wants_reason(groups: tuple[Group, ...], changes: Mapping[str, object]) -> bool:
    """Whether somebody must say why."""
    return any(field.why and field.path in changes for field in fields_of(groups))
