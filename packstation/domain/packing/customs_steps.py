"""How the facts of customs change a session."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from msgspec.structs import replace

from packstation.domain.packing.customs_facts import PaperConfirmed, PapersChecked
from packstation.domain.packing.facts import Fact, OverrideGranted, ServiceSelected
from packstation.domain.packing.session import Paper, Session


def papers_of(service: ServiceSelected | None) -> tuple[Paper, ...]:
    """What is printed for a parcel of this service, in its order."""
    names = service.documents if service else ("label",)
    told = {one.document: one for one in (service.papers if service else ())}
    return tuple(
        Paper(
            document=name,
            copies=told[name].copies if name in told else 1,
            tray=told[name].tray if name in told else "",
            confirm=name in told and told[name].confirm,
            mark=told[name].mark if name in told else "",
        )
        for name in names
    )


def _checked(s: Session, fact: PapersChecked) -> Session:
    return replace(s, checked=fact)


def _released(s: Session, fact: OverrideGranted) -> Session:
    """Of the order as it was checked last; what was released of another is asked again."""
    if not fact.rules:
        return s
    order = s.checked.order if s.checked is not None else ""
    before = s.released if order == s.released_of else ()
    names = tuple(dict.fromkeys((*before, *fact.rules)))
    return replace(s, released=names, released_of=order)


def _confirmed(s: Session, fact: PaperConfirmed) -> Session:
    papers = tuple(
        replace(paper, confirmed=True) if paper.document == fact.document else paper
        for paper in s.parcel.papers
    )
    return s.with_parcel(papers=papers)


CUSTOMS_STEPS: Final[Mapping[type[Fact], Callable[[Session, Any], Session]]] = {
    PapersChecked: _checked,
    PaperConfirmed: _confirmed,
    OverrideGranted: _released,
}
