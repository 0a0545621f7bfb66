"""Every cause, kind, fee and wrong cell has its words in every language."""

from __future__ import annotations

from decimal import Decimal

import pytest

from packstation.carriers.invoice_maps import built_in
from packstation.domain.costs.explaining import KINDS, Cause
from packstation.i18n import LANGUAGES
from packstation.server.costs import export
from packstation.server.costs.listing import OFF
from packstation.server.words import Words

CELLS = "amount weight side waybill cut date currency word missing sum charges before".split()
CAUSES = (
    *(
        Cause(kind=kind, amount=Decimal(3), ours="1", theirs="2")
        for kind in KINDS
        if kind not in {"within", "match"}
    ),
    Cause(kind="unknown", amount=Decimal(3)),
    Cause(kind="currency", amount=Decimal(0), ours="CNY", theirs="USD"),
    Cause(kind="weight", amount=Decimal(3), ours="1200", theirs="1300", likely=True),
    Cause(kind="fee", amount=Decimal(3), code="fuel", theirs="3", likely=True),
    Cause(kind="fee", amount=Decimal(3), code="fuel", theirs="3"),
    Cause(kind="fee", amount=Decimal(-3), code="fuel", ours="3", theirs="0"),
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_without_words(language: str) -> None:
    words = Words(language)
    told = [export.why(one, "CNY", words) for one in CAUSES]
    told += [words.say(f"costs.kind.{kind}") for kind in (*KINDS, OFF)]
    told += [words.say(f"costs.cell.{code}", f="66") for code in CELLS]
    assert [one for one in told if "costs." in one] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_fees_of_the_maps_that_ship_have_names(language: str) -> None:
    words = Words(language)
    maps = built_in().values()
    codes = {code for one in maps for code in (*one.amounts, *one.codes.values())}
    assert [code for code in sorted(codes) if export.fee(code, words) == code] == []
    assert export.fee("Address Correction", words) == "Address Correction"


def test_figures_are_written_as_the_reader_writes_them() -> None:
    heavy = Cause(kind="weight", amount=Decimal("-1234.5"), ours="1200", theirs="1100.5")
    assert export.why(heavy, "CNY", Words("ru")) == (
        "Выставлено 1\N{THIN SPACE}100,5 г, ожидалось 1\N{THIN SPACE}200 г "
        "(\N{MINUS SIGN}¥1\N{THIN SPACE}234,50)"
    )
    zone = Cause(kind="zone", amount=Decimal(0), ours="1", theirs="2000")
    assert export.why(zone, "CNY", Words("en")) == "Zone 2000 billed, 1 predicted"
