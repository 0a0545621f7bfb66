"""The scanner's test card as it is read: which codes came, what is wrong, what undoes it.

One card a scanner: codes of another scanner begin another one. The window shows `CardView`;
what was learned is a fact (`ScannerTaught`), so it holds until the next card is read.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from packstation.domain.packing.device_facts import ScannerTaught
from packstation.domain.testcard import CARD_CODES, NEEDED_CODES
from packstation.station.keymap import (
    GS,
    CardRead,
    Diagnosis,
    Finding,
    read_card,
    recognise,
)
from packstation.station.ports import CodeScanned, Happening
from packstation.station.views import CardRow, CardView, FindingView, Words
from packstation.station.wedge import BurstRule, Wedge

CARD_PAGE: Final = "test-card"
_MS: Final = 1_000_000
_GS_SHOWN: Final = "␝"


def taught(device: str, told: Diagnosis, rule: BurstRule | None) -> ScannerTaught:
    """The lesson of a card; ``rule`` where the scanner poses as a keyboard."""
    repair = told.repair
    timing = rule or BurstRule(median_ns=0, gap_ns=0, end_ns=0)
    return ScannerTaught(
        device=device,
        alt=repair.alt,
        lead=repair.lead,
        tail=repair.tail,
        gs=repair.gs,
        chars=repair.chars,
        found=tuple(finding.key for finding in told.findings),
        silent=timing.silent,
        median_ms=timing.median_ns // _MS,
        gap_ms=timing.gap_ns // _MS,
        end_ms=timing.end_ns // _MS,
    )


class ScannerLearned(Happening, frozen=True):
    """A card was read where no station was yet (first start): keep what it taught."""

    lesson: ScannerTaught


class _Card(Struct):
    reads: dict[str, CardRead]
    told: Diagnosis
    strange: str = ""


class TestCard:
    """The card that is being read; ``lesson`` gets each one that is read to its end."""

    __test__ = False  # no test of pytest's

    def __init__(
        self, lesson: Callable[[ScannerTaught], None], wedge: Callable[[], Wedge | None]
    ) -> None:
        """``wedge`` answers the filter of the scanners that pose as keyboards, if any."""
        self._lesson = lesson
        self._filter = wedge
        self._card = _Card({}, Diagnosis())
        self.source = ""
        self.awaited = False

    def begin(self) -> None:
        """A fresh card; slow keyboard scanners are listened to with patience."""
        self._card, self.source, self.awaited = _Card({}, Diagnosis()), "", True
        if wedge := self._filter():
            wedge.expect(*(code.text for code in CARD_CODES))

    def end(self) -> None:
        """The card is put away."""
        self.awaited = False
        if wedge := self._filter():
            wedge.expect()

    @property
    def done(self) -> bool:
        """Whether all codes that are needed have been read."""
        return set(NEEDED_CODES) <= set(self._card.reads)

    def take(self, scan: CodeScanned) -> str:
        """Read one code; the earcon of how it went."""
        if scan.source != self.source:
            self._card, self.source = _Card({}, Diagnosis()), scan.source
        name = None if scan.error else recognise(scan.text)
        if name is None:
            self._card.strange = scan.text.replace(GS, _GS_SHOWN)
            return "unknown_code"
        card = self._card
        card.strange = ""
        card.reads[name] = CardRead(scan.text, scan.aim, scan.ended)
        needed = {key: read for key, read in card.reads.items() if key in NEEDED_CODES}
        card.told = read_card(needed)
        if not self.done:
            return "ok"
        if name in NEEDED_CODES:
            self._lesson(taught(self.source, card.told, self._rule()))
        return "parcel_complete" if card.told.works else "weight_off"

    def _rule(self) -> BurstRule | None:
        wedge = self._filter()
        return wedge.rule if wedge is not None and self.source in wedge.sources else None

    def view(self) -> CardView:
        """What the screen shows."""
        card = self._card
        told = card.told if card.reads else Diagnosis()
        if self.done and not told.findings:
            told = replace(told, findings=(Finding("fine", "ok"),))
        return CardView(
            source=self.source,
            rows=tuple(_row(name, card) for name in NEEDED_CODES),
            findings=tuple(_finding(one) for one in told.findings if self._shown(one)),
            strange=card.strange,
            done=self.done,
            works=told.works,
        )

    def _shown(self, finding: Finding) -> bool:
        """What only the whole card can prove is not said before it is read."""
        return self.done or finding.key != "aim_off"


def _row(name: str, card: _Card) -> CardRow:
    read = card.reads.get(name)
    if read is None:
        return CardRow(name, "due")
    printed = next(code.text for code in CARD_CODES if code.name == name)
    state = "read" if read.text == printed else "odd"
    return CardRow(name, state, read.text.replace(GS, _GS_SHOWN))


def _finding(finding: Finding) -> FindingView:
    key = f"card.find.{finding.key}"
    about = Words(f"card.layout.{finding.about}") if finding.key == "layout" else None
    return FindingView(
        level=finding.level,
        words=Words(key, (("t", finding.about),)),
        cure=None if finding.level == "ok" else Words(f"{key}.cure"),
        about=about,
    )
