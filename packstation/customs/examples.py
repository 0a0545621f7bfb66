"""Orders that break just one rule, and orders that only just do not: the proof of every rule.

``RULE.json`` in the folder ``examples`` lists ``ok`` and ``bad`` cases; each is a base order
(``BASE.json``: ``base``, ``us``, ...) and a merge patch (RFC 7396) that makes the one thing
different. A list may also be patched by an object whose keys are the places of its items:
``{"products": {"0": {"customs": {"hs": "77"}}}}``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec
from msgspec import Struct

from packstation.domain.customs.findings import Severity
from packstation.domain.errors import InputInvalid
from packstation.first_use import shaped

MOMENT: Final = "2026-11-22T09:00:00Z"
Read = TypeVar("Read", bound=Struct)


class Patched(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One order: ``patch`` over ``base``, as of ``at``."""

    name: str
    base: str = "base"
    patch: dict[str, Any] = {}
    at: datetime = datetime.fromisoformat(MOMENT)


class Example(Patched, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One order of a rule.

    A bad one says which ``field`` is found, how severely, and which rules are found ``also``.
    """

    field: str = ""
    severity: Severity | None = None
    also: tuple[str, ...] = ()


class Examples(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Those of one rule."""

    rule: str
    ok: tuple[Example, ...]
    bad: tuple[Example, ...]


def read_examples(folder: Path) -> tuple[Examples, ...]:
    """Those of all rules, by their ids.

    Raises:
        InputInvalid: a file of another shape; ``path`` is its name.
    """
    return tuple(read_file(path, Examples) for path in sorted(folder.glob("R*.json")))


def read_file(path: Path, shape: type[Read]) -> Read:
    """One file of examples.

    Raises:
        InputInvalid: of another shape; ``path`` is its name.
    """
    try:
        return shaped(_json(path), shape)
    except (ValueError, msgspec.ValidationError) as exc:
        raise InputInvalid(path=path.name, value=str(exc), allowed=shape.__name__) from exc


def order_of(folder: Path, example: Patched) -> dict[str, Any]:
    """The whole order of an example, decimals exact."""
    base = folder / f"{example.base}.json"
    if not base.is_file():
        raise InputInvalid(path="base", value=example.base, allowed=" ".join(_bases(folder)))
    patched = merged(_json(base), example.patch)
    return dict(patched)


def merged(target: Any, patch: Any) -> Any:  # noqa: ANN401 - any JSON
    """``target`` changed by a merge patch (RFC 7396, section 2): null removes, lists are whole."""
    if not isinstance(patch, dict):
        return patch
    if isinstance(target, list) and patch and all(place.isdigit() for place in patch):
        return [
            merged(one, patch[str(at)]) if str(at) in patch else one
            for at, one in enumerate(target)
        ]
    kept = target if isinstance(target, dict) else {}
    changed = {name: merged(kept.get(name), one) for name, one in patch.items() if one is not None}
    return {name: one for name, one in kept.items() if name not in patch} | changed


def _bases(folder: Path) -> Iterator[str]:
    return (one.stem for one in sorted(folder.glob("*.json")) if not one.stem.startswith("R"))


def _json(path: Path) -> Any:  # noqa: ANN401 - any JSON
    return json.loads(path.read_text("utf-8"), parse_float=Decimal)
