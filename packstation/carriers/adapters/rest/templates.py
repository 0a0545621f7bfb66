"""Requests made of templates: ``{recipient.name!|most:35}``, lists by ``$each``, parts by ``$if``.

A text that is one placeholder alone keeps its kind (whole numbers stay numbers); one that is empty
leaves its member out of an object. ``!`` wants a value; ``most:N`` refuses longer text rather than
cutting a street off; ``cut:N`` cuts where that harms nobody. What is refused is named by field
and value, and so is a control character anywhere.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

import msgspec

from packstation.domain.carriers import BuyRequest, GoodsLine, refused
from packstation.domain.errors import LabelRefused
from packstation.domain.orders import Address

Values = Mapping[str, Any]
_HOLE: Final = re.compile(r"\{([a-z_][a-z0-9_.]*)(!?)((?:\|[a-z0-9_]+(?::[^|{}]{1,40})?)*)\}")
_BRACE: Final = re.compile(r"[{}]")
_EACH, _IF, _VALUE = "$each", "$if", "$value"
ITEM: Final = "item"
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_SHOWN: Final = 60


def _most(text: str, limit: str) -> str:
    if len(text) > int(limit):
        raise ValueError(f"{len(text)} characters; at most {limit}")
    return text


FILTERS: Final[Mapping[str, Callable[[str, str], object]]] = {
    "upper": lambda text, _: text.upper(),
    "cut": lambda text, limit: text[: int(limit)],
    "most": _most,
    "base64": lambda text, _: base64.b64encode(text.encode()).decode(),
    # As a number of JSON, digit by digit: a float would make 1.1 of 1.10.
    "number": lambda text, _: msgspec.Raw(str(Decimal(text)).encode()),
    "digits": lambda text, _: re.sub(r"\D", "", text),
    "or": lambda text, other: text or other,
    "list": lambda text, _: text,
}
_WITH_NUMBER: Final = frozenset({"cut", "most"})


def filled(template: object, values: Values, key: str) -> Any:  # noqa: ANN401 - JSON
    """The template with its values; None for what is left out.

    Raises:
        LabelRefused: a value is missing or does not fit, by field.
    """
    match template:
        case str():
            return _text(template, values, key)
        case {"$each": str(name), "$value": part}:
            rows = values.get(name) or ()
            return [filled(part, {**values, **_prefixed(ITEM, row)}, key) for row in rows]
        case {"$if": str(name), "$value": part}:
            return filled(part, values, key) if values.get(name) else None
        case dict():
            made = ((name, filled(part, values, key)) for name, part in template.items())
            return {name: part for name, part in made if part is not None}
        case list():
            parts = (filled(part, values, key) for part in template)
            return [part for part in parts if part is not None]
        case _:
            return template


def filled_text(template: str, values: Values, key: str) -> str:
    """As ``filled``, of a header or a part of an address; "" for nothing."""
    found = filled(template, values, key)
    return "" if found is None else str(found)


def _text(template: str, values: Values, key: str) -> Any:  # noqa: ANN401 - JSON
    alone = _HOLE.fullmatch(template)
    if alone:
        value = _hole(alone, values, key)
        return None if value in ("", (), None) else value
    return _HOLE.sub(lambda hole: str(_hole(hole, values, key) or ""), template)


def _hole(hole: re.Match[str], values: Values, key: str) -> object:
    name, needed, filters = hole[1], bool(hole[2]), hole[3]
    value = values.get(name)
    if isinstance(value, tuple) and filters == "|list":
        return list(value)
    if isinstance(value, tuple):
        value = ", ".join(str(one) for one in value)
    if needed and value in (None, ""):
        raise _wrong(key, name, "", "is missing")
    if isinstance(value, str) and _CONTROL.search(value):
        raise _wrong(key, name, value, "has a control character")
    for one in filters.split("|")[1:]:
        word, _, argument = one.partition(":")
        if value is None:
            value = ""
        try:
            value = FILTERS[word](str(value), argument) if value != "" or word == "or" else ""
        except (ValueError, ArithmeticError) as exc:
            raise _wrong(key, name, str(value), str(exc)) from exc
    return value


def _wrong(key: str, name: str, value: str, what: str) -> LabelRefused:
    place = name.partition(".")[0]
    reason = {"recipient": "address", "sender": "address", ITEM: "documents"}.get(place, "invalid")
    shown = repr(value[:_SHOWN]) if value else ""
    return refused(key, reason, f"{name}: {shown} {what}".replace("  ", " "))


# --- names -------------------------------------------------------------------------------------


def values_of(request: BuyRequest, service: str) -> dict[str, Any]:
    """What templates of ``buy`` may name, by name."""
    sides = (*request.size_mm, 0, 0, 0)[:3]
    worth = [one.value * one.quantity for one in request.goods if one.value]
    same = len({one.currency for one in worth}) == 1
    return {
        **of_key(request.key),
        "order": request.order,
        "service": service,
        "gross_g": request.gross_g,
        "gross_kg": _plain(Decimal(request.gross_g) / 1000),
        **{f"{name}_mm": side for name, side in zip(_SIDES, sides, strict=True)},
        **{
            f"{name}_cm": _plain(Decimal(side) / 10)
            for name, side in zip(_SIDES, sides, strict=True)
        },
        **_prefixed("sender", _person(request.sender)),
        **_prefixed("recipient", _person(request.recipient)),
        "goods": tuple(_declared(one) for one in request.goods),
        "goods_value": _plain(sum((one.amount for one in worth), Decimal(0))) if same else "",
        "goods_currency": worth[0].currency if same else "",
        "category": request.category,
        "incoterm": request.incoterm,
        "options": request.options,
        **{f"option.{one}": True for one in request.options},
        "pickup_point": request.pickup_point,
        "cod": _plain(request.cod.amount) if request.cod else "",
        "cod_currency": request.cod.currency if request.cod else "",
        "insured": _plain(request.insured.amount) if request.insured else "",
        "insured_currency": request.insured.currency if request.insured else "",
    }


_SIDES: Final = ("length", "width", "height")


def of_key(key: str) -> dict[str, Any]:
    """What every template may name: the key, its two parts, and it without its slash."""
    parcel, _, attempt = key.rpartition("/")
    return {"key": key, "parcel": parcel, "attempt": attempt, "key_plain": f"{parcel}-{attempt}"}


def _person(address: Address) -> dict[str, Any]:
    lines = (*address.lines, "", "", "")
    plain = {name: getattr(address, name) for name in Address.__struct_fields__ if name != "lines"}
    street = {"line1": lines[0], "line2": lines[1], "line3": lines[2]}
    more = [line for line in address.lines[3:] if line]
    if more:  # nothing of an address is lost without a word
        street["line3"] = ", ".join((street["line3"], *more))
    return {**plain, **street, "lines": address.lines, "who": address.name or address.company}


def _declared(one: GoodsLine) -> dict[str, Any]:
    return {
        "sku": one.sku,
        "quantity": one.quantity,
        "description": one.description,
        "local_description": one.local_description,
        "hs": one.hs,
        "origin": one.origin,
        "net_g": one.net_g,
        "net_kg": _plain(Decimal(one.net_g) / 1000) if one.net_g is not None else "",
        "value": _plain(one.value.amount) if one.value else "",
        "currency": one.value.currency if one.value else "",
    }


def _prefixed(prefix: str, row: Mapping[str, Any]) -> dict[str, Any]:
    return {f"{prefix}.{name}": value for name, value in row.items()}


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}" if number else "0"


_SAMPLE: Final = BuyRequest(
    key="p/1", parcel="p", carrier="c", service="s", goods=(GoodsLine(sku="x", quantity=1),)
)
NAMES: Final = frozenset(values_of(_SAMPLE, "")) | frozenset(
    _prefixed(ITEM, _declared(GoodsLine(sku="x", quantity=1)))
)


# --- what is wrong with a template -------------------------------------------------------------


def faults(template: object, known: frozenset[str], path: str) -> Iterator[tuple[str, str, str]]:
    """Path, value and what is allowed, of every placeholder that means nothing."""
    match template:
        case str():
            yield from _text_faults(template, known, path)
        case dict():
            for word in (_EACH, _IF):
                if word in template:
                    name = template[word]
                    if template.keys() != {word, _VALUE} or not _names(name, known):
                        yield f"{path}.{word}", str(name), f"a name, with {_VALUE} beside"
            for name, part in template.items():
                if name not in {_EACH, _IF}:
                    yield from faults(part, known, f"{path}.{name}")
        case list():
            for number, part in enumerate(template):
                yield from faults(part, known, f"{path}[{number}]")


def _names(name: object, known: frozenset[str]) -> bool:
    return isinstance(name, str) and (name in known or name.startswith("option."))


def _text_faults(template: str, known: frozenset[str], path: str) -> Iterator[tuple[str, str, str]]:
    for hole in _HOLE.finditer(template):
        if hole[1] not in known:
            yield path, hole[0], "a name of docs/formats/carrier.md"
        for one in hole[3].split("|")[1:]:
            word, _, argument = one.partition(":")
            if word not in FILTERS:
                yield path, hole[0], " ".join(FILTERS)
            elif word in _WITH_NUMBER and not argument.isdecimal():
                yield path, hole[0], f"{word}:NUMBER"
    if _BRACE.search(_HOLE.sub("", template)):
        yield path, template[:_SHOWN], "{name}, {name!}, {name|filter}"
