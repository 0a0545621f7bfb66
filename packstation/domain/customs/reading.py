"""JSON values of an order as what they stand for; None where they are something else."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Final

from packstation.domain.quantities import CURRENCIES, Money

# A text like 1E+999999 is a finite decimal that no sum survives.
PLACES: Final = 18


def number_of(value: object) -> Decimal | None:
    """A JSON number, or text of one, exactly; at most 18 digits on either side of the point."""
    if type(value) is not int and not isinstance(value, str | Decimal):
        return None
    if isinstance(value, int) and abs(value) >= 10**PLACES:
        return None
    try:
        found = Decimal(value)
    except InvalidOperation:
        return None
    if not found.is_finite() or (found and abs(found.adjusted()) > PLACES):
        return None
    return found


def count_of(value: object) -> int | None:
    """A whole number of things, 0 or more, given as a number."""
    if type(value) is int:
        return value if 0 <= value < 10**PLACES else None
    found = None if isinstance(value, str) else number_of(value)
    return int(found) if found is not None and found >= 0 and found == int(found) else None


def moment_of(value: object) -> datetime | None:
    """RFC 3339 with its zone."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


def day_of(value: object) -> date | None:
    """A day as YYYY-MM-DD."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def money_of(value: object) -> Money | None:
    """An amount {"amount","currency"}."""
    if not isinstance(value, dict):
        return None
    amount, currency = number_of(value.get("amount")), value.get("currency")
    if amount is None or not isinstance(currency, str) or currency not in CURRENCIES:
        return None
    return Money(amount, currency)
