"""What the rules found: all of it at once, each naming field, value and what is allowed."""

from __future__ import annotations

from typing import Final, Literal

from msgspec import Struct

from packstation.domain.quantities import Money

Severity = Literal["BLOCK", "OVERRIDE", "WARN", "INFO"]
SEVERITIES: Final[tuple[Severity, ...]] = ("BLOCK", "OVERRIDE", "WARN", "INFO")
LANGUAGES: Final = ("en", "zh", "ru")


class Finding(Struct, frozen=True, kw_only=True):
    """One rule that does not hold for one field.

    ``field`` is a path of order/1, e.g. ``products[SKU].customs.hs``; ``value`` what stands there
    as text, None where nothing does; ``messages`` by language. ``suggestion`` is what a person may
    start from (the tariff's words for the goods, an address cut at its words), never filled in.
    ``allowed`` is a code, a number or English; ``needs`` the same by language where it is words.
    """

    rule: str
    severity: Severity
    field: str
    value: str | None
    messages: dict[str, str]
    allowed: str = ""
    suggestion: str = ""
    needs: dict[str, str] = {}

    def needed(self, language: str) -> str:
        """What is allowed, in ``language`` where it is words."""
        return self.needs.get(language[:2]) or self.allowed

    def message(self, language: str) -> str:
        """Its words in ``language`` (en, zh, ru, also zh_Hans), else in English."""
        return self.messages.get(language[:2]) or self.messages.get("en", "")


class Estimate(Struct, frozen=True, kw_only=True):
    """A cost at the border, as information: nobody promises it."""

    code: str
    amount: Money


class Checked(Struct, frozen=True, kw_only=True):
    """What a rule pack says of one order.

    ``form``: cn22, cn23, or None for a courier. ``pack`` is the version of the rules, ``digest``
    the SHA-256 of the data that was checked: a label of other data must not be printed.
    """

    order_id: str
    findings: tuple[Finding, ...]
    form: str | None
    pack: str
    digest: str
    estimates: tuple[Estimate, ...] = ()

    @property
    def ok(self) -> bool:
        """Nothing blocks."""
        return not any(finding.severity == "BLOCK" for finding in self.findings)

    def of(self, *severities: Severity) -> tuple[Finding, ...]:
        """Findings of these severities, in the order of the rules."""
        return tuple(finding for finding in self.findings if finding.severity in severities)
