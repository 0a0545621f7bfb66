"""Runs benchmarks one after the other, and shows what they measured as a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from types import MappingProxyType
from typing import Any, Final, cast

from packstation.benchmarks import LONG, NAMES, SEEDED
from packstation.benchmarks.figures import Result

HEAD: Final = ("benchmark", "measured", "reference", "ratio", "goal", "reached")

# Ratios below are shown by their first two digits.
_SMALL: Final = 0.1

Measure = Callable[..., list[Result]]


def run(
    names: Sequence[str] = NAMES,
    out: Callable[[str], None] = lambda _line: None,
    *,
    quick: bool = False,
    seeds: Sequence[int] = (),
    asked: Mapping[str, Mapping[str, Any]] = MappingProxyType({}),
) -> list[dict[str, Any]]:
    """Measure; each answer has name, figures, reference, ratio, goal, reached, missed.

    ``out`` is told what is being measured. ``quick`` is too short for figures that mean anything.
    ``seeds`` take the place of the published ones where a benchmark draws (`SEEDED`); ``asked``
    is more that was asked of a benchmark, by its name.

    Raises:
        KeyError: there is no such benchmark.
    """
    documents = []
    for name in names:
        measure = _measure(name)
        out(f"measuring {name} ...")
        drawn = {"seeds": seeds} if seeds and name in SEEDED else {}
        documents += [
            result.document() for result in measure(quick=quick, **drawn, **asked.get(name, {}))
        ]
    return documents


def _measure(name: str) -> Measure:
    if name not in (*NAMES, *LONG):
        raise KeyError(name)
    return cast("Measure", import_module(f"packstation.benchmarks.{name}").measure)


def table(documents: Sequence[Mapping[str, Any]]) -> str:
    """The answers as aligned text, a row each."""
    rows = [HEAD, *(_row(document) for document in documents)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
    return "\n".join(lines)


def _row(document: Mapping[str, Any]) -> tuple[str, ...]:
    missed = ", ".join(_plain(name) for name in document["missed"])
    return (
        document["name"],
        _shown(document["figures"]),
        _shown(document["reference"]),
        f"{document['ratio']:.2f}" if document["ratio"] >= _SMALL else f"{document['ratio']:.2g}",
        _shown(document["goal"], "<= "),
        f"no: {missed}" if missed else "yes",
    )


def _shown(figures: Mapping[str, float], sign: str = "") -> str:
    return ", ".join(
        f"{_plain(name)} {sign}{value:g}{_unit(name)}" for name, value in figures.items()
    )


def _unit(name: str) -> str:
    unit = name.rpartition("_")[2]
    return {"ms": " ms", "us": " µs", "mb": " MB", "permille": " ‰", "percent": " %"}.get(unit, "")


def _plain(name: str) -> str:
    return name.rpartition("_")[0] or name
