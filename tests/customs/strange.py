"""Orders of any shape: a right one in which something stands that nobody would write."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from packstation.assets import resource
from packstation.customs.packs import read_folder
from packstation.customs.tables import Tables
from packstation.domain.customs.checking import check
from packstation.domain.customs.findings import Checked
from packstation.domain.customs.pack import Pack
from tests.customs.test_examples import EXAMPLES, FOLDER

PACK: Pack = read_folder(resource("customs"))
TABLES = Tables()
MOMENT = EXAMPLES[0].ok[0].at
HOSTILE: tuple[Any, ...] = (
    "",
    " ",
    "two",
    "NaN",
    "1E+9999",
    "-1",
    "1e400",
    "\ud800",
    "{v} {0} %s",
    "'; DROP TABLE orders; --",
    "\x00\x1b[2J",
    "أحمد",
    "สมชาย",
    "𠮷田",
    "x" * 3000,
    "２",
    None,
    True,
    0,
    -5,
    10**200,
    Decimal("1E+9999"),
    "1E+300000",
    Decimal("0.1"),
    [],
    {},
    [[]],
    [None],
    ["a", 1, {}],
    {"amount": 1},
    {"amount": "1E+9999", "currency": "CNY"},
    {"amount": "NaN", "currency": "XXX"},
    {"sku": [1], "line": {}, "quantity": {}},
)
VALUES = st.one_of(
    st.sampled_from(HOSTILE),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.decimals() | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=6,
    ),
)


def base(name: str = "base") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        (FOLDER / f"{name}.json").read_text("utf-8"), parse_float=Decimal
    )
    return found


def places(value: Any, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:  # noqa: ANN401 - any JSON
    """Every place in a document."""
    if at:
        yield at
    inside = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for name, one in inside:
        yield from places(one, (*at, name))


def with_value(raw: dict[str, Any], at: tuple[str | int, ...], value: object) -> dict[str, Any]:
    """The document with another value at a place."""
    made = copy.deepcopy(raw)
    inside: Any = made
    for name in at[:-1]:
        inside = inside[name]
    inside[at[-1]] = value
    return made


def checked(raw: dict[str, Any]) -> Checked:
    return check(raw, PACK, TABLES, MOMENT)
