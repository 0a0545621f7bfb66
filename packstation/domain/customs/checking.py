"""One order checked: findings, form, estimates, and the hash of what was looked at."""

from __future__ import annotations

import hashlib
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

import msgspec
import rfc8785
from msgspec.structs import replace

from packstation.domain.customs.case import Case, Raw, at_path
from packstation.domain.customs.evaluate import HOSTILE, evaluate, shown
from packstation.domain.customs.findings import Checked, Estimate, Finding
from packstation.domain.customs.landed import estimates
from packstation.domain.customs.pack import Moment, Pack
from packstation.domain.customs.reference import Reference
from packstation.domain.customs.regimes import IOSS, without_ioss
from packstation.domain.customs.registry import case_of
from packstation.domain.customs.shapes import misshapen
from packstation.domain.customs.taming import tamed
from packstation.domain.customs.wanted import form_of

# What only the bench knows changes while the parcel is packed: no paper shows it.
BENCH: Final = "bench"
_sorted: Final = msgspec.json.Encoder(order="deterministic").encode
# What UTF-8 begins a letter beyond 16 bits with.
_ASTRAL: Final = (b"\xf0", b"\xf1", b"\xf2", b"\xf3", b"\xf4")


def check(
    raw: Raw, pack: Pack, reference: Reference, now: datetime, moment: Moment | None = None
) -> Checked:
    """What the rules say of an order/1 document as JSON values; it may be misshapen anywhere."""
    kept = tamed(raw)
    case = case_of(kept, pack, reference, now)
    found = evaluate(case, moment)
    found += misshapen(case, found, moment)
    number = at_path(kept, IOSS)
    return Checked(
        order_id=without_ioss(shown(kept.get("order_id")) or "", number),
        findings=tuple(_hidden(one, number) for one in sorted(found, key=lambda one: one.rule)),
        form=_form(case),
        pack=pack.version,
        digest=_digest(kept),
        estimates=_estimates(case),
    )


def _hidden(found: Finding, number: object) -> Finding:
    """Without the IOSS number that somebody has typed into the wrong field."""
    return replace(
        found,
        value=found.value and without_ioss(found.value, number),
        allowed=without_ioss(found.allowed, number),
        suggestion=without_ioss(found.suggestion, number),
        needs={name: without_ioss(text, number) for name, text in found.needs.items()},
        messages={name: without_ioss(text, number) for name, text in found.messages.items()},
    )


def _form(case: Case) -> str | None:
    """None too where the order's data are of no use; a finding says so."""
    try:
        return form_of(case)
    except HOSTILE:
        return None


def _estimates(case: Case) -> tuple[Estimate, ...]:
    try:
        return estimates(case)
    except HOSTILE:
        return ()


def digest(raw: Raw) -> str:
    """SHA-256 of an order document as RFC 8785 writes it, decimals as text; hex."""
    return _digest(tamed(raw))


def _digest(kept: Raw) -> str:
    told = {name: value for name, value in kept.items() if name != BENCH}
    written = _sorted(told)
    if any(
        one in written for one in _ASTRAL
    ):  # the RFC sorts keys by UTF-16 units, which differs only then
        written = rfc8785.dumps(_plain(told))
    return hashlib.sha256(written).hexdigest()


def _plain(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, Decimal) else value
