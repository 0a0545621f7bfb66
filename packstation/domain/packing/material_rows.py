"""Rows of materials and instructions; the session goes on whatever they say.

``scope`` is what a confirmation counts for: ``order``, ``parcel:<id>``, or ``shipment:<n>``,
where n counts the times that the order was opened again after it was complete.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from msgspec.structs import replace

from packstation.domain.packing import facts as f
from packstation.domain.packing import material_facts as m
from packstation.domain.packing import material_inputs as i
from packstation.domain.packing.session import Session

RULES: Final = "rules"  # the reason of a hold for two rules that contradict one another
CHOSEN: Final = "rule:"  # before the rule in the reason of the override that decides it


def scope(s: Session, once: str) -> str:
    """What a confirmation given now counts for."""
    if once == "parcel":
        return f"parcel:{s.parcel.id}"
    return f"shipment:{s.reopened}" if once == "shipment" else "order"


def materials(s: Session, what: object) -> tuple[f.Fact, ...] | None:
    """The facts of an input of this subject; None for all other inputs."""
    match what:
        case i.TaskShown():
            place = scope(s, what.once)
            shown = m.MaterialsShown(
                task=what.rule, moment=what.moment, scope=place, line=what.line
            )
            return (shown,) if (what.rule, place) not in s.shown else ()
        case i.TaskDone():
            return _done(s, what)
        case i.SuppliesTaken():
            return (m.SuppliesUsed(parcel=s.parcel.id, supplies=what.supplies),)
    return None


def _done(s: Session, what: i.TaskDone) -> tuple[f.Fact, ...]:
    place = scope(s, what.once)
    if (what.rule, place) in s.confirmed:
        return ()
    confirmed = m.InstructionConfirmed(task=what.rule, scope=place, how=what.how, value=what.value)
    return (confirmed,)


def decided(s: Session, reason: str, by: str) -> tuple[f.Fact, ...]:
    """The fact of a supervisor's choice between the two rules that a hold names."""
    named = s.hold_note.split()
    kept = reason.removeprefix(CHOSEN)
    if s.hold_reason != RULES or len(named) != 3 or kept not in named[1:]:
        return ()
    subject, one, other = named
    return (m.RuleDecided(subject=subject, one=one, other=other, kept=kept, by=by),)


def _shown(s: Session, fact: m.MaterialsShown) -> Session:
    return replace(s, shown=(*s.shown, (fact.task, fact.scope)))


def _confirmed(s: Session, fact: m.InstructionConfirmed) -> Session:
    return replace(s, confirmed=(*s.confirmed, (fact.task, fact.scope)))


def _kept(s: Session, fact: m.RuleDecided) -> Session:
    return replace(s, ruled=(*s.ruled, (fact.subject, fact.one, fact.other, fact.kept)))


STEPS: Final[Mapping[type[f.Fact], Callable[[Session, Any], Session]]] = {
    m.MaterialsShown: _shown,
    m.InstructionConfirmed: _confirmed,
    m.RuleDecided: _kept,
}
