"""Who it goes to and where: names, required fields, postcodes, telephones, countries, alphabets.

Source: reference: customs, R05-R10, 1.2 (a Latin line for city and country). What a country
requires is Google's address data, which is known to be too strict in places: those are rows of
``address_relaxed`` and only warn.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, Final

from packstation.domain.countries import ALPHA2
from packstation.domain.customs.case import Case, Item, Raw, at_path
from packstation.domain.customs.descriptions import scripts_of
from packstation.domain.customs.facts import Fact, Facts
from packstation.domain.customs.latin import TABLE as LATIN_TABLE
from packstation.domain.customs.latin import latin, legible
from packstation.domain.customs.operators import HOLDS, Found, Look, Operators, Wrong
from packstation.domain.customs.rows import held
from packstation.domain.customs.scripts import folded, letters, written_in

_INITIAL: Final = re.compile(r"[^\W\d_]")
_WORDS: Final = re.compile(r"[^\W_]+")
MUST: Final = "must"
SHOULD: Final = "should"


def table_country(case: Case, country: object) -> str:
    """The country under which an address is looked up: XI is written as in GB.

    Column ``written_as`` of the table ``country_codes``.
    """
    rows = case.pack.tables.get("country_codes", ())
    other = (row["written_as"] for row in rows if row["code"] == country and "written_as" in row)
    return next(other, country) if isinstance(country, str) else ""


def street(raw: Raw, party: str) -> str | None:
    """The lines of an address in one, None where there are none."""
    lines = at_path(raw, f"{party}.lines")
    texts = lines if isinstance(lines, list | tuple) else (lines,)
    found = " ".join(one.strip() for one in texts if isinstance(one, str) and one.strip())
    return found or None


def needs(case: Case, field: str) -> str | None:
    """Whether the destination asks for a field of order/1: must, should, or None.

    A region is not asked for where the city is one by itself (table ``city_regions``).
    """
    country = at_path(case.raw, "ship_to.country")
    rules = case.reference.address(table_country(case, country))
    if rules is None or field not in rules.required:
        return None
    if field == "region" and _city_is_region(case, country):
        return None
    return SHOULD if _relaxed(case, country, field) else MUST


def _city_is_region(case: Case, country: object) -> bool:
    city = plain_name(at_path(case.raw, "ship_to.city"))
    rows = case.pack.tables.get("city_regions", ())
    names = (name for row in rows if row["country"] == country for name in row["names"])
    return city in {plain_name(name) for name in names}


def _relaxed(case: Case, country: object, field: str) -> bool:
    rows = case.pack.tables.get("address_relaxed", ())
    return any(field in row["fields"] for row in rows if country in row["countries"])


def plain_name(text: object) -> str:
    """A place's name for comparing: small, without accents, marks and blanks.

    >>> plain_name(" São  Paulo. ")
    'sao paulo'
    """
    if not isinstance(text, str):
        return ""
    # Small only after the letters are plain: a mathematical A has no small letter of its own.
    parts = unicodedata.normalize("NFKD", text)
    bare = "".join(one for one in parts if not unicodedata.combining(one))
    return " ".join(_WORDS.findall(unicodedata.normalize("NFKD", bare.casefold())))


def _needs(field: str) -> Fact:
    def wanted(case: Case, _: Item) -> str | None:
        return needs(case, field)

    return wanted


def _street_of(party: str) -> Fact:
    def lines(case: Case, _: Item) -> str | None:
        return street(case.raw, party)

    return lines


def _named(party: str) -> Fact:
    """The person, else the company."""

    def name(case: Case, _: Item) -> object:
        return at_path(case.raw, f"{party}.name") or at_path(case.raw, f"{party}.company")

    return name


def _full(party: str) -> Fact:
    """The same, None where initials are all of it: another check says so."""

    def name(case: Case, item: Item) -> object:
        found = _named(party)(case, item)
        return None if isinstance(found, str) and only_initials(found) else found

    return name


def _phone_needed(case: Case, _: Item) -> bool:
    """Whether the carrier's class or the destination gives nothing out without a telephone."""
    known = [at_path(case.raw, path) for path in ("service_class", "ship_to.country")]
    return any(one in known for one in case.pack.lists.get("phone_needed", ()))


def _has_goods(case: Case, _: Item) -> bool:
    """Whether anything but papers is inside; a category that is not known has goods."""
    return bool(at_path(case.raw, "category") != "documents")


FACTS_ORDER: Final[Facts] = {
    "addressee": _named("ship_to"),
    "sender": _named("ship_from"),
    "addressee_full": _full("ship_to"),
    "sender_full": _full("ship_from"),
    "street": _street_of("ship_to"),
    "sender_street": _street_of("ship_from"),
    "needs_lines": _needs("lines"),
    "needs_city": _needs("city"),
    "needs_region": _needs("region"),
    "needs_postcode": _needs("postcode"),
    "phone_needed": _phone_needed,
    "has_goods": _has_goods,
}


def only_initials(name: str) -> bool:
    """Whether each word is one letter, of an alphabet that has capitals: J. S.

    >>> only_initials("J. S."), only_initials("J. Smith"), only_initials("王 伟")
    (True, False, False)
    """
    words = _WORDS.findall(folded(name))
    return bool(words) and all(
        len(word) == 1 and word.lower() != word.upper() and _INITIAL.match(word) for word in words
    )


def _name(value: object, than: int, _: Look) -> Found:
    """At least ``than`` letters, not initials alone."""
    good = isinstance(value, str) and len(letters(value)) >= than and not only_initials(value)
    return HOLDS if good else (Wrong(),)


def _postcode(value: object, than: str, look: Look) -> Found:
    """As the country ``than`` writes it; where it has no pattern any will do."""
    rules = look.case.reference.address(table_country(look.case, than))
    if rules is None or not rules.postcode:
        return HOLDS
    text = folded(str(value)).upper().strip()
    if isinstance(value, str) and re.fullmatch(rules.postcode, text, re.IGNORECASE):
        return HOLDS
    number = isinstance(value, int) and not isinstance(value, bool)
    return (Wrong(allowed=rules.example, says="postcode.number" if number else ""),)


def _postcode_within(value: object, than: str, look: Look) -> Found:
    """A postcode of a territory that is in the group ``than`` (table ``territories``)."""
    prefixes = [
        one
        for row in held(look.case, "territories")
        if than in row["into"]
        for one in row.get("prefixes", ())
    ]
    text = "".join(value.split()).upper() if isinstance(value, str) else ""
    return (
        HOLDS
        if text.startswith((*prefixes,))
        else (Wrong(allowed=", ".join(f"{one}…" for one in prefixes)),)
    )


def _phone(value: object, than: str, look: Look) -> Found:
    """A number that can be dialled from the country ``than``."""
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return HOLDS if look.case.reference.phone(text, table_country(look.case, than)) else (Wrong(),)


def _served(value: object, _: object, look: Look) -> Found:
    """A country code that is assigned, or taken as one (table ``country_codes``)."""
    rows = {str(row["code"]): str(row["use"]) for row in _country_rows(look)}
    use = rows.get(value) if isinstance(value, str) else None
    if isinstance(value, str) and (value == use or (use is None and value in ALPHA2)):
        return HOLDS
    hint = use or _capitals(value)
    says = "" if hint or not value else "country.unknown"
    return (Wrong(allowed=hint, suggestion=hint, words={"use": hint}, says=says),)


def _country_rows(look: Look) -> Iterable[Mapping[str, Any]]:
    return look.case.pack.tables.get("country_codes", ())


def _capitals(value: object) -> str:
    upper = value.strip().upper() if isinstance(value, str) else ""
    return upper if upper in ALPHA2 else ""


def _assigned(value: object, _: object, __: Look) -> Found:
    """A country code of ISO 3166-1: the EU and others that only look like one are none."""
    hint = _capitals(value)
    if isinstance(value, str) and value in ALPHA2:
        return HOLDS
    return (Wrong(allowed=hint, suggestion=hint),)


def _in_latin(value: object, _: object, look: Look) -> Found:
    """Legible on the way: Latin letters in it, or a letter table that writes it in them.

    Within a country its own alphabet does.
    """
    return (Wrong(),) if _foreign(value, look) and not _latin(value, look) else HOLDS


def _latin_given(value: object, _: object, look: Look) -> Found:
    """Legible as it stands; else papers bear the line that is the suggestion (``latin``)."""
    line = _latin(value, look) if _foreign(value, look) else ""
    return (Wrong(suggestion=line, words={"latin": line}),) if line else HOLDS


def _latin(value: object, look: Look) -> str:
    """A city in the letters of table ``latin``, "" where they do not write it."""
    there = at_path(look.case.raw, "ship_to.country")
    return latin(str(value), str(there), look.case.pack.tables.get(LATIN_TABLE, ()))


def _foreign(value: object, look: Look) -> bool:
    """Whether a text has letters that nobody reads on the way."""
    if not isinstance(value, str) or legible(value):
        return False
    there, here = (at_path(look.case.raw, f"{at}.country") for at in ("ship_to", "ship_from"))
    home = there is not None and there == here
    return not home or written_in(value, scripts_of(look.case, there)) != len(letters(value))


def _region(value: object, than: str, look: Look) -> Found:
    """A region of the country ``than`` by code or name, where its regions are known."""
    rules = look.case.reference.address(table_country(look.case, than))
    known = {plain_name(name) for row in rules.regions for name in row} if rules else set()
    if not known or plain_name(value) in known:
        return HOLDS
    return (Wrong(allowed=_codes(rules.regions if rules else ())),)


def _codes(regions: Iterable[tuple[str, str]]) -> str:
    return ", ".join(dict.fromkeys(code for code, _ in regions))


OPERATORS: Final[Operators] = {
    "name": _name,
    "postcode_of": _postcode,
    "postcode_within": _postcode_within,
    "phone_in": _phone,
    "served": _served,
    "assigned_country": _assigned,
    "in_latin": _in_latin,
    "latin_given": _latin_given,
    "region_of": _region,
}
