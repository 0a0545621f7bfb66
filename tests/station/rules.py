"""A small pack of rules for benches on fakes, and tables that know nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from packstation.customs.packs import pack_of
from packstation.domain.customs.reference import AddressRules, Hit

WORDS = {"en": "{field} is missing", "zh": "缺少 {field}", "ru": "Нет поля {field}"}
ABROAD = [{"fact": "abroad", "is": "eq", "than": True}]


def rule(name: str, checks: list[dict[str, Any]], **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """A row of a pack."""
    return {
        "id": name,
        "title": name,
        "severity": "BLOCK",
        "source": "test",
        "reviewed_on": "2026-11-01",
        "checks": checks,
        "messages": WORDS,
        **more,
    }


def there(fact: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """The fact must be known."""
    return {"fact": fact, "is": "present", **more}


def of_line(name: str) -> dict[str, Any]:
    """A field of every product's customs data must be known."""
    field = f"products[{{sku}}].customs.{name}"
    return there(f"product.customs.{name}", scope="line", field=field)


RULES = [
    rule("R05", [there(f"ship_to.{name}") for name in ("name", "city")]),
    rule("R06", [{"fact": "ship_to.lines", "is": "ne", "than": [], "field": "ship_to.lines"}]),
    rule("R14", [of_line("description")], applies=ABROAD),
    rule("R16", [of_line("hs")], applies=ABROAD),
    rule("R19", [of_line("origin")], applies=ABROAD),
    rule("R20", [of_line("unit_value")], applies=ABROAD),
]


def pack(*rules: dict[str, Any], version: str = "2026-11-22", **more: Any) -> Any:  # noqa: ANN401
    """The small pack with more rules in it."""
    whole: Mapping[str, Any] = {
        "version": version,
        "reviewed_on": "2026-11-01",
        "source": "test",
        "rules": [*RULES, *rules],
        **more,
    }
    return pack_of(whole)


PACK = pack()


class NoTables:
    """A reference without a row."""

    def address(self, _: str) -> AddressRules | None:
        return None

    def phone(self, _: str, __: str) -> str:
        return ""

    def hs(self, _: str) -> str:
        return ""

    def unprintable(self, _: str) -> str:
        return ""

    def parties(self, _: str, __: float) -> tuple[Hit, ...]:
        return ()
