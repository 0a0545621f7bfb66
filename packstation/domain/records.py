"""Documents on the way in: order/1, catalog/1, cartons/1, tariff/1, shipment/1 (FORMATS.md).

A bad record never loses the others of its file: decoding answers the good ones and, for each bad
one, where it is wrong, the value and what is allowed. Absent, null and "" all mean "not known"
and are dropped before a record is looked at. Numbers with a point are read as exact decimals.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Final, Generic, TypeVar, cast

import msgspec
from msgspec import Struct

from packstation.domain.cartons.contrary import of_carton
from packstation.domain.catalog import Product
from packstation.domain.errors import InputInvalid
from packstation.domain.marketplaces import from_ozon, from_shopify, is_ozon, is_shopify
from packstation.domain.orders import Order
from packstation.domain.parcels import Carton
from packstation.first_use import shaped

T = TypeVar("T")
Raw = dict[str, Any]

# Free-form parts: null says something there ("value": null = still to give).
_FREE: Final = frozenset(
    (
        "requirements channel_limits channel_status invoice signer origin_statement buyer delivery "
        "labels"
    ).split()
)
_SHOWN: Final = 80
_MISSING: Final = re.compile(r"Object missing required field `(.+?)`")
_EXTRA: Final = re.compile(r"Object contains unknown field `(.+?)`")
_HALF: Final = re.compile("[\ud800-\udfff]")
_RULE: Final = re.compile(r"([\w.\[\]]+): (.+) is allowed")
_STEP: Final = re.compile(r"\[(\d+|\.\.\.)\]|([^.\[\]]+)")


class Problem(Struct, frozen=True, kw_only=True):
    """What is wrong with a record; ``record`` counts from 0 in its file, ``path`` is inside it."""

    record: int
    path: str
    value: str
    allowed: str

    @property
    def message(self) -> str:
        """The same in one line."""
        where = self.path or "record"
        return f"{where}: {self.value} is not allowed; allowed: {self.allowed}"

    def to_json(self) -> Raw:
        return {**msgspec.to_builtins(self), "message": self.message}


class Decoded(Struct, Generic[T], frozen=True):
    """The good records of a file with their place in it, and the problems of the bad ones."""

    good: tuple[tuple[int, T], ...]
    bad: tuple[Problem, ...]

    @property
    def records(self) -> tuple[T, ...]:
        """The good records alone."""
        return tuple(record for _, record in self.good)


def read_json(data: bytes) -> object:
    """The JSON value of ``data`` (UTF-8, with or without a byte order mark), decimals exact.

    Raises:
        InputInvalid: it is no JSON; ``path`` is "file".
    """
    if not data.strip():
        raise InputInvalid(path="file", value="it is empty", allowed="JSON")
    try:
        text = data.decode("utf-8-sig")
        value: object = json.loads(text, parse_float=Decimal, parse_constant=_no_number)
    except UnicodeDecodeError as exc:
        where = f"no UTF-8 at byte {exc.start}"
        raise InputInvalid(path="file", value=where, allowed="UTF-8") from exc
    except RecursionError as exc:
        raise InputInvalid(path="file", value="nested too deeply", allowed="JSON") from exc
    except ValueError as exc:
        raise InputInvalid(path="file", value=str(exc)[:_SHOWN], allowed="JSON") from exc
    return value


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is no JSON number")


def decode_orders(data: bytes) -> Decoded[Order]:
    """Orders of a file: one order or posting, a list of them, or an API answer as it came.

    Records of Ozon and Shopify are known by their fields and mapped; their problems name the
    path in the record as it came.

    Raises:
        InputInvalid: the file is no JSON, or JSON of another shape.
    """
    return orders_of(_list_of(read_json(data), ("orders", "order", "postings", "result")))


def orders_of(raws: Iterable[object], *, strict: bool = True) -> Decoded[Order]:
    """Orders of raw records (see `decode_orders`); ``strict=False`` reads "2" as a number too."""

    def one(raw: Raw) -> Order:
        if is_ozon(raw):
            return from_ozon(raw)
        if is_shopify(raw):
            return from_shopify(raw)
        return shaped(raw, Order, strict=strict)

    return _decoded(raws, one, Order, _order_rules)


def decode_catalog(data: bytes) -> Decoded[Product]:
    """Products of a catalog/1 file, or of a plain list of products.

    Raises:
        InputInvalid: the file is no JSON, or JSON of another shape.
    """
    return products_of(_list_of(_with_schema(data, "packstation.catalog/1"), ("products",)))


def products_of(raws: Iterable[object], *, strict: bool = True) -> Decoded[Product]:
    """Products of raw records."""

    def one(raw: Raw) -> Product:
        return shaped(raw, Product, strict=strict)

    return _decoded(raws, one, Product, _product_rules)


def decode_cartons(data: bytes) -> Decoded[Carton]:
    """Cartons of a cartons/1 file, or of a plain list of cartons.

    Raises:
        InputInvalid: the file is no JSON, or JSON of another shape.
    """
    return cartons_of(_list_of(_with_schema(data, "packstation.cartons/1"), ("cartons",)))


def cartons_of(raws: Iterable[object], *, strict: bool = True) -> Decoded[Carton]:
    """Cartons of raw records."""
    known: set[str] = set()

    def rules(carton: Carton) -> tuple[str, str, str] | None:
        if carton.code in known:
            return "code", shown(carton.code), "each code once"
        known.add(carton.code)
        wrong = next(of_carton(carton), None)
        return (wrong[0], shown(wrong[1]), wrong[2]) if wrong else None

    return _decoded(raws, lambda raw: shaped(raw, Carton, strict=strict), Carton, rules)


def decode_one(raw: object, shape: type[T]) -> T:
    """One document of ``shape`` from its JSON value.

    Raises:
        InputInvalid: with the path, the value and what is allowed.
    """
    found = _decoded([raw], lambda record: shaped(record, shape), shape)
    if found.bad:
        wrong = found.bad[0]
        raise InputInvalid(path=wrong.path, value=wrong.value, allowed=wrong.allowed)
    return found.good[0][1]


def _with_schema(data: bytes, schema: str) -> object:
    document = read_json(data)
    given = document.get("schema", schema) if isinstance(document, dict) else schema
    if given != schema:
        raise InputInvalid(path="schema", value=shown(given), allowed=schema)
    return document


def _list_of(document: object, keys: tuple[str, ...]) -> list[object]:
    """The records of a document: itself, its elements, or what stands under one of ``keys``."""
    for _ in range(3):
        if isinstance(document, list):
            return document
        if not isinstance(document, dict):
            break
        inner = next((document[k] for k in keys if isinstance(document.get(k), dict | list)), None)
        if inner is None:
            return [document]
        document = inner
    raise InputInvalid(path="file", value=shown(document), allowed="an object or a list")


def _decoded(
    raws: Iterable[object],
    convert: Callable[[Raw], T],
    shape: type[T],
    rules: Callable[[T], tuple[str, str, str] | None] = lambda _: None,
) -> Decoded[T]:
    good: list[tuple[int, T]] = []
    bad: list[Problem] = []
    for at, raw in enumerate(raws):
        if not isinstance(raw, dict):
            bad.append(Problem(record=at, path="", value=shown(raw), allowed="an object"))
            continue
        known = cast("Raw", _known(raw))
        try:
            _whole(known)
            record = convert(known)
        except msgspec.ValidationError as exc:
            bad.append(_problem(at, raw, str(exc), shape))
            continue
        except UnicodeEncodeError:
            path, text = next(halves(raw), ("", "the name of a field"))
            # Escaped: no file, log or screen takes half a character.
            half = json.dumps(text)[:_SHOWN]
            bad.append(Problem(record=at, path=path, value=half, allowed="whole characters"))
            continue
        broken = rules(record)
        if broken:
            path, value, allowed = broken
            bad.append(Problem(record=at, path=path, value=value, allowed=allowed))
        else:
            good.append((at, record))
    return Decoded(tuple(good), tuple(bad))


def _whole(raw: Raw) -> None:
    """Whether it can be written anywhere.

    Raises:
        UnicodeEncodeError: half a surrogate pair is in it, which no database or log takes.
    """
    json.dumps(raw, ensure_ascii=False, default=str).encode()


def halves(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Where half a character stands, as JSON's escapes allow: a moment or number cannot be read."""
    if isinstance(value, str) and _HALF.search(value):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            if _HALF.search(str(key)):
                yield "", str(key)
                return
            yield from halves(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from halves(inner, f"{path}[{at}]")


def _known(value: object) -> object:
    """``value`` without the keys that say "not known"."""
    if isinstance(value, list):
        return [_known(item) for item in value]
    if isinstance(value, dict):
        return {
            key: item if key in _FREE else _known(item)
            for key, item in value.items()
            if item is not None and item != ""
        }
    return value


def _product_rules(product: Product) -> tuple[str, str, str] | None:
    texts = (
        ("names", product.names, 500),
        ("packing.instruction", product.packing.instruction, 300),
    )
    for path, said, most in texts:
        for language, text in said.items():
            if len(text) > most:
                return f"{path}.{language}", shown(text), f"at most {most} characters"
    return None


def _order_rules(order: Order) -> tuple[str, str, str] | None:
    seen: set[int] = set()
    for at, line in enumerate(order.lines):
        if line.line in seen:
            return f"lines[{at}].line", str(line.line), "each line number once"
        seen.add(line.line)
    return None


def _problem(at: int, raw: Raw, message: str, shape: type) -> Problem:
    words, _, place = message.partition(" - at `$")
    path = _steps(place.rstrip("`"))
    allowed = words.replace("`", "").removeprefix("Expected ").split(", got ")[0]
    if match := _MISSING.match(words):
        path.append(match[1])
        allowed = "a value (required)"
    elif match := _EXTRA.match(words):
        path.append(match[1])
        allowed = "only the fields of the format"
    elif match := _RULE.match(words):
        path += _steps(match[1])
        allowed = match[2]
    elif words.startswith("Invalid value"):
        allowed = "a value of the format"
    elif words.startswith("Invalid enum value"):
        allowed = ", ".join(_choices(shape, path)) or "a value of the format"
    return Problem(record=at, path=_written(path), value=shown(_at(raw, path)), allowed=allowed)


def _steps(place: str) -> list[int | str]:
    steps = _STEP.findall(place)
    return [int(index) if index.isdigit() else (key or "*") for index, key in steps]


def _written(path: list[int | str]) -> str:
    parts = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(parts).removeprefix(".")


def _at(value: object, path: list[int | str]) -> object:
    for step in path:
        if isinstance(value, dict) and step != "*":
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int):
            value = value[step]
    return value


def shown(value: object) -> str:
    """A value as JSON for the eye, at most 80 characters; half a character as its escape."""
    whole = json.dumps(value, ensure_ascii=False, default=str)
    text = _HALF.sub(lambda found: f"\\u{ord(found[0]):04x}", whole)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _choices(shape: type, path: list[int | str]) -> list[str]:
    """What the JSON Schema of ``shape`` lists at ``path``."""
    schema = msgspec.json.schema(shape)
    node = _resolved(schema, schema["$defs"])
    for step in path:
        inner = node.get("items") if isinstance(step, int) else node.get("properties", {}).get(step)
        node = _resolved(inner or {}, schema["$defs"])
    return [str(choice) for choice in node.get("enum", ())]


def _resolved(node: Mapping[str, Any], definitions: Mapping[str, Any]) -> Mapping[str, Any]:
    options = node.get("anyOf", ())
    node = next((option for option in options if option.get("type") != "null"), node)
    return definitions[node["$ref"].rsplit("/", 1)[1]] if "$ref" in node else node
