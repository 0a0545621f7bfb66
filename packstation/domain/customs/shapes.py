"""Fields of another shape than order/1 has: a finding of the nearest rule, never a refusal.

Table ``shapes`` says for each path (``lines[].quantity``) the kind of value and the rule that it
belongs to; table ``shape_words`` what is said of a kind. A rule that found the same field has said
it better, so nothing is said twice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from msgspec import Struct

from packstation.domain.customs.case import Case, Raw
from packstation.domain.customs.field_words import field_in_words
from packstation.domain.customs.findings import LANGUAGES, Finding, Severity
from packstation.domain.customs.pack import Moment, Pack
from packstation.domain.customs.rates import currency_of
from packstation.domain.customs.reading import count_of, day_of, moment_of, number_of
from packstation.domain.customs.same import Same
from packstation.domain.quantities import CURRENCIES, minor_units
from packstation.first_use import shaped

_NOTHING: Final = "-"
_SHOWN: Final = 120
_PLAIN_AMOUNT: Final = re.compile(r"-?\d{1,15}(\.\d{1,6})?", re.ASCII)
_COUNTRY: Final = re.compile(r"[A-Z]{2}", re.ASCII)
_TEXTS: Final = frozenset({"text", "code"})
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


Parts = Sequence[tuple[str, Any]]
Kind = Callable[[Any, "Shape", Case], Parts]
Fault = tuple["Shape", str, Any]


# Freight is judged as a line (`wanted`), also by packs that were signed before it had a class.
_AS: Final[Mapping[str, str]] = {"freight": "dedicated_line"}


class Shape(Struct, frozen=True, kw_only=True):
    """What stands at a path; ``values`` are those of kind one_of, text has ``most`` characters."""

    path: str = ""
    kind: str = "object"
    rule: str = ""
    required: bool = False
    severity: Severity = "BLOCK"
    values: tuple[str, ...] = ()
    most: int = 500


class _Node:
    """A place in the tree of shapes: its fields by name, "[]" the items of a list."""

    def __init__(self) -> None:
        self.shape = Shape()
        self.inside: dict[str, _Node] = {}
        self.required: tuple[str, ...] = ()
        self.text = False
        self.judge: Kind = _object


def misshapen(
    case: Case, found: Iterable[Finding], moment: Moment | None = None
) -> tuple[Finding, ...]:
    """Findings of shapes that no finding of a rule is about; of rules looked at in ``moment``."""
    known = [one.field for one in found]
    silent = {
        rule.id for rule in case.pack.rules if moment is not None and moment not in rule.moments
    }
    tree = _tree(Same(case.pack.tables))
    return tuple(
        _finding(case.pack, shape, field, value)
        for shape, field, value in _inside(case, tree, case.raw)
        if shape.rule not in silent and not any(_same(field, one) for one in known)
    )


def _same(field: str, told: str) -> bool:
    """Whether one of two paths is the other or leads to it."""
    short, long = sorted((field, told), key=len)
    return long.startswith(short) and long[len(short) :][:1] in {"", ".", "["}


def _inside(case: Case, node: _Node, value: Any) -> Sequence[Fault]:  # noqa: ANN401 - any JSON
    """What is wrong inside of a list or object, by its path from there; in the table's order."""
    if isinstance(value, list):
        return _of_items(case, node, value) if "[]" in node.inside else ()
    if not isinstance(value, dict):
        return ()
    found: dict[str, Sequence[Fault]] = {}
    for name in node.required:
        if (one := value.get(name)) is None or one == "":
            found[name] = ((node.inside[name].shape, name, None),)
    # Orders have few of the fields that there are: what they have is looked up, not the table.
    inside = node.inside
    for name, one in value.items():
        inner = inside.get(name)
        if inner is None or one is None or one == "":
            continue
        # Nearly every field is a plain text, which needs no call.
        if inner.text and type(one) is str and len(one) <= inner.shape.most and one.isprintable():
            continue
        wrong = inner.judge(one, inner.shape, case)
        if wrong:
            found[name] = [(inner.shape, f"{name}{more}", part) for more, part in wrong]
        elif inner.inside and (below := _inside(case, inner, one)):
            between = "" if isinstance(one, list) else "."
            found[name] = [(shape, f"{name}{between}{at}", it) for shape, at, it in below]
    return [fault for name in node.inside for fault in found.get(name, ())] if found else ()


def _of_items(case: Case, node: _Node, value: Sequence[Any]) -> list[Fault]:
    found: list[Fault] = []
    inner = node.inside["[]"]
    for place, one in enumerate(value):
        wrong = inner.judge(one, inner.shape, case)
        if wrong:
            at = _place(node, place, one)
            found += [(inner.shape, f"[{at}]{more}", part) for more, part in wrong]
        elif inner.inside and (below := _inside(case, inner, one)):
            at, between = _place(node, place, one), "" if isinstance(one, list) else "."
            found += [(shape, f"[{at}]{between}{rest}", it) for shape, rest, it in below]
    return found


def _place(listed: _Node, place: int, one: object) -> str:
    """Products are known by their SKU."""
    sku = one.get("sku") if listed.shape.path == "products" and isinstance(one, Mapping) else None
    return sku[:_SHOWN] if isinstance(sku, str) and sku else str(place)


def _finding(pack: Pack, shape: Shape, field: str, value: object) -> Finding:
    text = None if value is None else " ".join(str(value).split())[:_SHOWN]
    row = _words(pack).get(_told_as(shape, value), {})
    fill = {"v": text or "-", "values": ", ".join(shape.values), "most": str(shape.most)}
    named = field_in_words(pack, field)
    said = {one: str(row.get(one, "{field}: {v}")) for one in LANGUAGES}
    listed = row.get("allowed", "")
    needs = listed if isinstance(listed, dict) else dict.fromkeys(LANGUAGES, str(listed))
    return Finding(
        rule=shape.rule,
        severity=shape.severity,
        field=field,
        value=text,
        messages={one: _filled(form, {**fill, "field": named[one]}) for one, form in said.items()},
        allowed=_filled(needs["en"], fill),
        needs={one: _filled(text, fill) for one, text in needs.items()} if needs is listed else {},
    )


def _told_as(shape: Shape, value: object) -> str:
    """The row of words: a sign that nobody sees is told as such, whatever the text's length."""
    if value is None:
        return "missing"
    unseen = shape.kind in _TEXTS and isinstance(value, str) and _CONTROL.search(value)
    return "control" if unseen else shape.kind


def unjudged(rule: str, pack: Pack, why: str) -> Finding:
    """A rule that could not be followed for what the order holds: somebody has to look at it."""
    return _finding(pack, Shape(kind="unjudged", rule=rule), "order", why)


def _filled(form: str, words: Mapping[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda place: words.get(place[1], place[0]), form)


def _words(pack: Pack) -> Mapping[str, Raw]:
    return {str(row.get("kind")): row for row in pack.tables.get("shape_words", ())}


@lru_cache(maxsize=4)
def _tree(tables: Same[Mapping[str, Sequence[Raw]]]) -> _Node:
    top = _Node()
    for shape in shaped(tables.value.get("shapes", ()), tuple[Shape, ...]):
        node = top
        for name in shape.path.replace("[]", ".[]").split("."):
            node = node.inside.setdefault(name, _Node())
        node.shape, node.judge, node.text = shape, KINDS[shape.kind], shape.kind in _TEXTS
    _close(top)
    return top


def _close(node: _Node) -> None:
    """Say of each place in the tree which of its fields must be there."""
    node.required = tuple(name for name, one in node.inside.items() if one.shape.required)
    for one in node.inside.values():
        _close(one)


# Kinds: each answers the paths inside of the value that are wrong, with what stands there.


def _kind(test: Callable[[Any], bool]) -> Kind:
    return lambda value, _, __: () if test(value) else (("", value),)


def _one_of(value: object, shape: Shape, _: Case) -> Parts:
    right = isinstance(value, str) and _AS.get(value.strip(), value.strip()) in shape.values
    return () if right else (("", value),)


def _money(value: object, _: Shape, __: Case) -> Parts:
    """A plain decimal, a currency of ISO 4217, no more places than that has."""
    if not isinstance(value, dict):
        return (("", value),)
    amount, currency = value.get("amount"), value.get("currency")
    if not isinstance(currency, str) or currency not in CURRENCIES:
        return ((".currency", _NOTHING if currency is None else currency),)
    text = str(amount) if isinstance(amount, str | int | Decimal) else ""
    if not _PLAIN_AMOUNT.fullmatch(text):
        return ((".amount", _NOTHING if amount is None else amount),)
    if len(text.partition(".")[2].rstrip("0")) > minor_units(currency):
        return ((".amount", f"{amount} {currency}"),)
    return ()


def _sum(value: object, shape: Shape, case: Case) -> Parts:
    """An amount that may be nothing and is not below it."""
    wrong = _money(value, shape, case)
    if wrong or not isinstance(value, dict) or Decimal(str(value["amount"])) >= 0:
        return wrong
    return ((".amount", f"{value['amount']} {value['currency']}"),)


def _product(value: object, _: Shape, case: Case) -> Parts:
    known = isinstance(value, str) and value.strip() in case.products
    return () if known else (("", value),)


def _text(value: object, shape: Shape, _: Case) -> Parts:
    if not isinstance(value, str) or len(value) > shape.most:
        return (("", value),)
    # What can be printed has no sign that nobody sees.
    return () if value.isprintable() or not _CONTROL.search(value) else (("", value),)


def _code(value: object, shape: Shape, case: Case) -> Parts:
    """Text, or a number that somebody wrote without quotes: the rule itself says what it lost."""
    return () if count_of(value) is not None else _text(value, shape, case)


def _is_above(value: object) -> bool:
    found = number_of(value)
    return found is not None and found > 0


def _count(value: object, _: Shape, __: Case) -> Parts:
    return () if (count_of(value) or 0) > 0 else (("", value),)


def _is_size(value: object) -> bool:
    found = number_of(value)
    return found is not None and found >= 0


def _object(value: object, _: Shape, __: Case) -> Parts:
    return () if isinstance(value, dict) else (("", value),)


def _list(value: object, _: Shape, __: Case) -> Parts:
    return () if isinstance(value, list) else (("", value),)


KINDS: Final[Mapping[str, Kind]] = {
    "object": _object,
    "list": _list,
    "filled_list": _kind(lambda value: isinstance(value, list) and bool(value)),
    "text": _text,
    "code": _code,
    "flag": _kind(lambda value: isinstance(value, bool)),
    "count": _count,
    "size": _kind(_is_size),
    "number": _kind(lambda value: number_of(value) is not None),
    "above": _kind(_is_above),
    "currency": _kind(lambda value: currency_of(value) in CURRENCIES),
    "sum": _sum,
    "country": _kind(lambda value: isinstance(value, str) and bool(_COUNTRY.fullmatch(value))),
    "moment": _kind(lambda value: moment_of(value) is not None),
    "day": _kind(lambda value: day_of(value) is not None),
    "one_of": _one_of,
    "money": _money,
    "product": _product,
    "any": _kind(lambda _: True),
}
