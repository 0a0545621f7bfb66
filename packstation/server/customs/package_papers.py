"""Papers of an order for its way through customs, as files: one by one, what cannot be made named.

They are the bench's own (`documents.papers.sets`): forms for each parcel, the destination's
language second, a CN 22 that has no room made as a CN 23 with an invoice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from packstation.documents.fonts import Fonts
from packstation.documents.papers import sets
from packstation.documents.papers.making import PAPERS
from packstation.documents.papers.sets import Asked, Consignment, Paper
from packstation.domain.customs.wanted import PaperWanted
from packstation.domain.errors import PackstationError

# Papers for the consignment's way through customs, not for its box.
WANTED: Final = frozenset({"cn22", "cn23", "invoice", "proforma", "packing-list", "origin", "sli"})
Said = Mapping[str, str]
NOTHING: Final[Said] = {}


class Missed(NamedTuple):
    """A document's kind, why it is not there (a key), the field named, and words by language."""

    kind: str
    why: str
    field: str = ""
    said: Said = NOTHING


def papers(
    consignment: Consignment, wanted: Sequence[PaperWanted], fonts: Fonts, missed: list[Missed]
) -> Iterator[tuple[str, str, bytes]]:
    """Kind, file and content of each; kinds that could not be made go into ``missed``."""
    # What a carrier takes as data is a paper for a broker all the same.
    asked = sets.asked_by([one for one in wanted if one.kind in WANTED])
    done: set[str] = set()
    for one in asked:
        for paper in _made(consignment, one, asked, fonts, missed):
            name = _name(paper)
            if name not in done:
                done.add(name)
                yield paper.kind, name, paper.payload


def _made(
    consignment: Consignment,
    one: Asked,
    asked: Sequence[Asked],
    fonts: Fonts,
    missed: list[Missed],
) -> Sequence[Paper]:
    if one.kind not in PAPERS:
        missed.append(Missed(one.kind, "no_maker"))
        return ()
    try:
        made = sets.make_set(consignment, (one,), fonts)
    except PackstationError as exc:
        missed.append(Missed(one.kind, exc.key, str(exc.fields.get("field", ""))))
        return ()
    own = {other.kind for other in asked} - {one.kind}
    return [paper for paper in made if paper.kind not in own]  # each where it is asked for


def _name(paper: Paper) -> str:
    return f"{paper.kind}-{paper.parcel}.pdf" if paper.parcel else f"{paper.kind}.pdf"
