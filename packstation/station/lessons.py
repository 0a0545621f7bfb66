"""What was learned of the scanners of a bench, and done to every code of theirs.

The facts say it (`ScannerTaught`), so it outlives the program; nothing is learned but by a
test card that somebody scanned.
"""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from packstation.domain.packing.device_facts import ScannerTaught
from packstation.domain.packing.facts import Fact
from packstation.station.keymap import ScanRepair
from packstation.station.ports import CodeScanned
from packstation.station.scantext import clean
from packstation.station.wedge import BurstRule, Wedge

_MS: Final = 1_000_000


class Lessons:
    """What is known of every scanner of the bench, by its id."""

    def __init__(self) -> None:
        """Nothing is known; ``wedge`` is told the timing of scanners that pose as keyboards."""
        self.wedge: Wedge | None = None
        self._known: dict[str, ScanRepair] = {}

    def learn(self, fact: Fact) -> None:
        """The newest lesson of a scanner counts; one of a newer program's shape is let pass."""
        if not isinstance(fact, ScannerTaught):
            return
        self._known[fact.device] = ScanRepair(
            alt=fact.alt, lead=fact.lead, tail=fact.tail, gs=fact.gs, chars=fact.chars
        )
        if self.wedge is not None and fact.device in self.wedge.sources:
            self.wedge.rule = _rule(self.wedge.rule, fact)

    def mended(self, scan: CodeScanned) -> CodeScanned:
        """The scan as it was printed."""
        repair = self._known.get(scan.source)
        if repair is None or scan.error:
            return scan
        text = repair.mend(scan.text)
        if text == scan.text:
            return scan
        # An identifier whose bracket was another character is only seen now.
        found = clean(text)
        aim, text = (scan.aim, text) if scan.aim else (found.aim, found.text)
        return replace(scan, text=text, aim=aim)

    def repair_of(self, device: str) -> ScanRepair:
        """What is done to a scanner's codes."""
        return self._known.get(device, ScanRepair())


def _rule(rule: BurstRule, fact: ScannerTaught) -> BurstRule:
    """Never narrower than what holds already."""
    return replace(
        rule,
        median_ns=max(rule.median_ns, fact.median_ms * _MS),
        gap_ns=max(rule.gap_ns, fact.gap_ms * _MS),
        end_ns=max(rule.end_ns, fact.end_ms * _MS),
        silent=rule.silent or fact.silent,
    )
