"""The papers of a parcel laid out once before its label is asked for, off the window's thread.

A letter that no font has, a field that is missing, contents that find no room: all of it is known
before a number is taken. What was laid out is printed as it is where nothing changed since
(`DocumentMaker.lay`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from packstation.domain.errors import DocumentError, FormOverflow, PackstationError
from packstation.domain.labels import ParcelPapers
from packstation.domain.packing.customs_steps import papers_of
from packstation.domain.packing.facts import ServiceSelected
from packstation.domain.packing.inputs import ServiceChosen
from packstation.domain.packing.plan import PaperDue
from packstation.domain.packing.session import Label, Parcel, Session
from packstation.domain.printers import Stock
from packstation.station.core import Core
from packstation.station.ports import DocumentMaker, Happening

# As long as a number of the UPU's: of what is bought online nobody knows it before.
UNKNOWN: Final = "RR123456785CN"
CN22: Final = "cn22"
CONTENTS: Final = "contents"


class Drawing(Struct, frozen=True):
    """A document as it will be printed: whose, on what, with all parcels of the order."""

    document: str
    papers: ParcelPapers
    stock: Stock
    others: tuple[ParcelPapers, ...] = ()


class Unmade(Struct, frozen=True):
    """A document that cannot be made, and why."""

    document: str
    why: PackstationError


class PapersTried(Happening, frozen=True):
    """All of a set were laid out; ``number`` is which set was asked for."""

    number: int
    unmade: tuple[Unmade, ...]


Draws = Callable[[Parcel], Iterable[Drawing]]
Then = Callable[[tuple[Unmade, ...]], None]


class Trial:
    """Lays out what would be printed; one set at a time, the last that was asked for counts."""

    def __init__(self, core: Core, documents: DocumentMaker, draws: Draws) -> None:
        """``draws`` answers what is printed of a parcel that has service, number and papers."""
        self._core = core
        self._documents = documents
        self._draws = draws
        self._number = 0
        self._pending: tuple[Session, Then] | None = None
        # The session went on meanwhile: whatever is due is started anew.
        self.again: Callable[[], None] = lambda: None

    def run(self, chosen: ServiceChosen, waybill: str, then: Then) -> None:
        """``then`` is told what cannot be made, () where all can."""
        core, documents = self._core, self._documents
        try:
            drawings = tuple(self._draws(parcel_with(core.session.parcel, chosen, waybill)))
        except DocumentError as exc:
            then((Unmade("label", exc),))
            return
        self._pending, self._number = (core.session, then), self._number + 1
        number = self._number
        lost = PapersTried(number, (Unmade("label", DocumentError(field="label")),))
        core.run(lambda: PapersTried(number, _tried(documents, drawings)), lost)

    def tried(self, done: PapersTried) -> None:
        """They were laid out; of a session that went on meanwhile it says nothing."""
        if self._pending is None or done.number != self._number:
            return
        (before, then), self._pending = self._pending, None
        if before is self._core.session:
            then(done.unmade)
        else:
            self.again()


def parcel_with(parcel: Parcel, chosen: ServiceChosen, waybill: str) -> Parcel:
    """The parcel as it is once its label was issued."""
    service = ServiceSelected(
        carrier=chosen.carrier,
        service=chosen.service,
        price=chosen.price,
        documents=chosen.documents,
        papers=chosen.papers,
        options=chosen.options,
    )
    label = Label(key="", attempt=0, status="issued", waybill=waybill)
    return replace(parcel, service=service, label=label, papers=papers_of(service))


def _tried(documents: DocumentMaker, drawings: Sequence[Drawing]) -> tuple[Unmade, ...]:
    """One after another, all of them: the packer is told of everything at once."""
    found = []
    for one in drawings:
        try:
            documents.lay(one.document, one.papers, one.stock, one.others)
        except PackstationError as exc:
            found.append(Unmade(one.document, exc))
    return tuple(found)


def too_much(unmade: Sequence[Unmade], papers: Sequence[PaperDue]) -> bool:
    """Whether a CN 22 has no room: a CN 23 with an invoice has more (reference: customs, 1.2).

    On a label only the contents are the form's, all else is the label's own.
    """
    carries = any(one.on_label for one in papers)
    full = (one for one in unmade if isinstance(one.why, FormOverflow))
    return any(
        one.document == CN22 or (carries and one.why.fields["field"] == CONTENTS) for one in full
    )
