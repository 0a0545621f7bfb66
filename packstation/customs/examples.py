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
from typing import Any, Final

import msgspec
from msgspec import Struct

from packstation.domain.customs.findings import Severity
from packstation.domain.errors import InputInvalid

MOMENT: Final = "2026-11-22T09:00:00Z"


class Example(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One order: ``patch`` over ``base``, as of ``at``.

    A bad one says which ``field`` is found, how severely, and which rules are found ``also``.
    """

    name: str
    base: str = "base"
    patch: dict[str, Any] = {}
    at: datetime = datetime.fromisoformat(MOMENT)
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
    return tuple(_of_file(path) for path in sorted(folder.glob("R*.json")))


def _of_file(path: Path) -> Examples:
    try:
        return msgspec.convert(_json(path), Examples)
    except (ValueError, msgspec.ValidationError) as exc:
        raise InputInvalid(path=path.name, value=str(exc), allowed="examples of a rule") from exc


def order_of(folder: Path, example: Example) -> dict[str, Any]:
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
