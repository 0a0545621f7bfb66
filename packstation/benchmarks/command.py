"""``packstation bench [NAME...]``."""

from __future__ import annotations

import sys
from argparse import Namespace
from typing import Protocol

from packstation.benchmarks import LONG, NAMES
from packstation.benchmarks.run import run as measure
from packstation.benchmarks.run import table
from packstation.domain.errors import InputInvalid


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
    documents = measure(names, lambda line: print(line, file=sys.stderr, flush=True))
    out.show({"benchmarks": documents}, table(documents))
    return 0
