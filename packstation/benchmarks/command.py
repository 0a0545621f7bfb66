"""``packstation bench [NAME...]``."""

from __future__ import annotations

import sys
from argparse import Namespace
from typing import Any, Final, Protocol

from packstation.benchmarks import LONG, NAMES
from packstation.benchmarks.run import run as measure
from packstation.benchmarks.run import table
from packstation.domain.errors import InputInvalid

MOST_SEEDS: Final = 1000


class Answer(Protocol):
    """Where the answer goes: as JSON, or as text for people."""

    def show(self, document: object, text: str) -> None:
        """Write one answer."""


def run(args: Namespace, out: Answer) -> int:
    """Measure what was asked for, else all; a goal that was missed is told, and is no failure."""
    names = tuple(args.names) or NAMES
    for name in names:
        if name not in (*NAMES, *LONG):
            raise InputInvalid(path="NAME", value=name, allowed=", ".join((*NAMES, *LONG)))
    asked = {"sync": _seeded(args)} if names == ("sync",) else {}
    documents = measure(
        names,
        lambda line: print(line, file=sys.stderr, flush=True),
        quick=args.quick,
        seeds=() if asked else seeds_of(args.seeds),
        asked=asked,
    )
    out.show({"benchmarks": documents}, table(documents))
    return 0


def _seeded(args: Namespace) -> dict[str, Any]:
    """``--seeds N`` plays 1..N.

    Raises:
        InputInvalid: that is no count.
    """
    text = args.seeds or "0"
    if not (text.isascii() and text.isdigit() and len(text) < 8):
        raise InputInvalid(path="--seeds", value=text, allowed="2000")
    return {"count": int(text), "seed": args.seed, "mutant": args.mutant}


def seeds_of(text: str) -> tuple[int, ...]:
    """``7``, ``2001-2020`` or several of them with commas between.

    Raises:
        InputInvalid: it is none of these, or more than a thousand.
    """
    seeds: list[int] = []
    for part in filter(None, text.split(",")):
        first, dash, last = part.partition("-")
        last = last if dash else first
        if not all(each.isascii() and each.isdigit() and len(each) < 10 for each in (first, last)):
            raise InputInvalid(path="--seeds", value=part, allowed="7 or 2001-2020")
        if not 0 <= int(last) - int(first) < MOST_SEEDS:
            raise InputInvalid(path="--seeds", value=part, allowed=f"at most {MOST_SEEDS}")
        seeds += range(int(first), int(last) + 1)
    return tuple(seeds)
