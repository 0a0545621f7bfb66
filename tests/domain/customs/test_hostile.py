"""Every field of an order, taken over by what no field expects: findings, never a crash."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest

from packstation.assets import resource
from packstation.domain.customs.checking import check
from tests.domain.customs import rig

BASE = json.loads((resource("customs", "examples") / "base.json").read_text("utf-8"))
HOSTILE: tuple[Any, ...] = (
    None, True, -1, Decimal("1E+40"), "", "\u202eevil {v}\x00", "سمية 𠮷 ไทย", "x" * 3000,
    ["x", 5], {"a": {}},
)  # fmt: skip

Path = tuple[str | int, ...]


def paths(value: Any, path: Path = ()) -> Iterator[Path]:  # noqa: ANN401 - any JSON
    if path:
        yield path
    if isinstance(value, dict | list):
        rows = value.items() if isinstance(value, dict) else enumerate(value)
        for name, one in rows:
            yield from paths(one, (*path, name))


def changed(path: Path, value: object) -> dict[str, Any]:
    order: dict[str, Any] = deepcopy(BASE)
    at: Any = order
    for name in path[:-1]:
        at = at[name]
    at[path[-1]] = deepcopy(value)
    return order


@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: repr(value)[:20])
def test_no_field_of_an_order_can_stop_the_check(value: object) -> None:
    for path in paths(BASE):
        found = check(changed(path, value), rig.pack(), rig.tables(), rig.NOW)
        assert all(one.messages["en"] and one.field for one in found.findings), path
