"""One order checked: findings, form, estimates, and the hash of what was looked at."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

import msgspec

from packstation.domain.customs.case import Raw
from packstation.domain.customs.evaluate import evaluate
from packstation.domain.customs.findings import Checked
from packstation.domain.customs.landed import estimates
from packstation.domain.customs.pack import Moment, Pack
from packstation.domain.customs.reference import Reference
from packstation.domain.customs.registry import case_of
from packstation.domain.customs.wanted import form_of

# What only the bench knows changes while the parcel is packed: no paper shows it.
BENCH: Final = "bench"
_ordered = msgspec.json.Encoder(order="deterministic").encode


def check(
    raw: Raw, pack: Pack, reference: Reference, now: datetime, moment: Moment | None = None
) -> Checked:
    """What the rules say of an order/1 document as JSON values; it may be misshapen anywhere."""
    case = case_of(raw, pack, reference, now)
    return Checked(
        order_id=str(raw.get("order_id") or ""),
        findings=evaluate(case, moment),
        form=form_of(case),
        pack=pack.version,
        digest=digest(raw),
        estimates=estimates(case),
    )


def digest(raw: Raw) -> str:
    """SHA-256 of an order document with its keys in order and decimals as text; hex."""
    told = {name: value for name, value in raw.items() if name != BENCH}
    try:
        text = _ordered(told)
    except (TypeError, ValueError):
        # What no order should hold: keys that are no text, half a surrogate pair.
        text = json.dumps(_plain(told), sort_keys=True).encode("ascii")
    return hashlib.sha256(text).hexdigest()


def _plain(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return value
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, int | float | Decimal) else value
