"""Which unit lies in which session's box: serials and marks, kept in the journal's transaction."""

from __future__ import annotations

from packstation.domain.packing.facts import Fact, ItemRemoved, ItemVerified, SessionCancelled
from packstation.domain.packing.item_facts import RequirementGiven
from packstation.domain.packing.pass_facts import SessionTakenOver
from packstation.domain.packing.plan import Given, unit_codes
from packstation.storage import texts
from packstation.storage.database import Raw


def project(raw: Raw, session: str, fact: Fact) -> None:
    """Follow one fact of ``session``."""
    match fact:
        case ItemVerified():
            _packed(raw, session, unit_codes(fact.sku, fact.serial, ()))
        case RequirementGiven():
            given = Given(kind=fact.kind, value=fact.value)
            _packed(raw, session, unit_codes(fact.sku, "", (given,)))
        case ItemRemoved():
            for code in (*unit_codes(fact.sku, fact.serial, ()), *fact.codes):
                texts.UNIT_OUT.run(raw, code=code, of=session)
        case SessionTakenOver():
            # The same box goes on in another session.
            texts.UNITS_OUT.run(raw, of=fact.session)
            _packed(raw, session, tuple(sorted(fact.kept.unit_codes)))
        case SessionCancelled():
            texts.UNITS_OUT.run(raw, of=session)


def _packed(raw: Raw, session: str, codes: tuple[str, ...]) -> None:
    for code in codes:
        texts.UNIT_PACKED.run(raw, code=code, session=session)
