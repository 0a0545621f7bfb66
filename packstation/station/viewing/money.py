"""Amounts and spans of time as the screen writes them."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from packstation.domain.quantities import Money, minor_units
from packstation.station.views import Words

SIGNS: Final = {
    "CNY": "¥",
    "EUR": "€",
    "USD": "$",
    "GBP": "£",
    "RUB": "₽",
    "JPY": "JP¥",
    "BRL": "R$",
}
THIN: Final = "\u2009"


def amount(value: Decimal, currency: str) -> str:
    """Like ¥1 078.24: sign first, thin spaces between thousands, minus in front."""
    quantum = Decimal(1).scaleb(-minor_units(currency))
    text = f"{abs(value).quantize(quantum):,}".replace(",", THIN)
    sign = SIGNS.get(currency, f"{currency}{THIN}")
    return f"{'−' if value < 0 else ''}{sign}{text}"


def money(value: Money | None) -> str:
    """An amount, or "" where there is none."""
    return amount(value.amount, value.currency) if value else ""


def time_left(seconds: int) -> Words | None:
    """How long until a moment; None once it is past."""
    if seconds < 0:
        return None
    if seconds < 3600:
        return Words("left.min", (("m", seconds // 60),))
    if seconds < 48 * 3600:
        return Words("left.h_min", (("h", seconds // 3600), ("m", seconds % 3600 // 60)))
    return Words("left.days", (("n", seconds // 86400),), seconds // 86400)
