"""Prices of a shipment by tariffs: pure, exact, explained (FORMATS.md "packstation.tariff/1")."""

from packstation.domain.rating.plans import Plans
from packstation.domain.rating.quotes import quote, to_json

__all__ = ["Plans", "quote", "to_json"]
