"""What marketplaces said of units, as pulled rows: told to the session once each."""

from __future__ import annotations

import logging
from collections.abc import Mapping

import msgspec

from packstation.domain.packing import Session
from packstation.domain.packing import item_inputs as ii
from packstation.domain.psp import RequirementBody
from packstation.first_use import shaped
from packstation.station.core import Core

log = logging.getLogger(__name__)


class Answers:
    """Reads the row of the open order; also after a restart, and when it was parked meanwhile."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def look(self) -> None:
        """Hand on every answer that is no fact yet."""
        core, session = self._core, self._core.session
        given = any(item.given for item in session.packed)
        if not session.live or not given:
            return
        for told in requirement_answers(core.cache.kept("requirement", session.order_id)):
            status = _status_of(core.session, told)
            if status is not None and status != told.outcome:
                core.submit(told)


def requirement_answers(body: Mapping[str, object]) -> tuple[ii.RequirementAnswered, ...]:
    """The answers of a pulled row `psp.RequirementBody`; none where it is misshapen."""
    try:
        answers = shaped(dict(body), RequirementBody).answers
    except msgspec.ValidationError as exc:
        log.warning("requirement row is misshapen: %s", type(exc).__name__)
        return ()
    return tuple(
        ii.RequirementAnswered(
            sku=one.sku, kind=one.kind, value=one.value, outcome=one.status, reason=one.reason
        )
        for one in answers
        if one.status in {"accepted", "refused"}
    )


def _status_of(session: Session, told: ii.RequirementAnswered) -> str | None:
    """The status of the value that an answer is about; None where no unit here has it."""
    found = {(item.sku, one.kind, one.value): one for item in session.packed for one in item.given}
    one = found.get((told.sku, told.kind, told.value))
    return one.status if one is not None else None
