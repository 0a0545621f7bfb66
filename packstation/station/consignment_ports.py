"""Who draws the marks of a consignment; part of ``ports.DocumentMaker``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from packstation.domain.consignment.papers import MarkPaper
from packstation.domain.labels import PrintJob
from packstation.domain.printers import Stock


class ConsignmentMaker(Protocol):
    """Draws marks of cartons and pallets; raises DocumentError; ``job`` is left ""."""

    def marks(self, papers: Sequence[MarkPaper], stock: Stock) -> PrintJob:
        """A label for each."""
