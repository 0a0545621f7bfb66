"""Every language of the table writes, and settings beyond its words are refused."""

from __future__ import annotations

from itertools import pairwise

import pytest
from msgspec.structs import replace

from packstation.documents.fonts import Fonts
from packstation.documents.label.languages import (
    LANGUAGES,
    LabelLanguage,
    LanguageSettings,
    language,
    writer,
)
from packstation.documents.label.shipping import shipping_labels
from packstation.documents.maker import Documents
from packstation.domain.errors import DocumentError, SettingsError
from packstation.domain.labels import Media
from tests.documents.samples import FONTS, papers

BY_ID = [pytest.param(row, id=row.id) for row in LANGUAGES]


def test_the_ids_are_the_printer_models() -> None:
    assert [row.id for row in LANGUAGES] == "zpl tspl epl2 cpcl escpos brother-ql".split()


@pytest.mark.parametrize("row", BY_ID)
def test_the_maker_speaks_the_language_of_its_printer(row: LabelLanguage) -> None:
    maker = Documents(FONTS, language=row.id)
    maker.warm()
    made = [maker.make("label", papers()), maker.test_label("GZ-1", "ru")]

    assert [one.media for one in made] == [row.id, row.id]
    assert all(one.payload for one in made)
    assert maker.make("label", papers()) == made[0]


def test_a_language_nobody_speaks_is_refused() -> None:
    with pytest.raises(DocumentError) as refused:
        language("dpl")
    assert refused.value.fields == {"field": "language", "value": "dpl"}


@pytest.mark.parametrize("row", BY_ID)
def test_darkness_and_speed_keep_to_what_the_language_can_say(
    row: LabelLanguage, fonts: Fonts
) -> None:
    for name, limits in (("darkness", row.darkness), ("speed", row.speed)):
        for value in limits or ():
            writer(row.id, fonts, replace(LanguageSettings(), **{name: value}))
        for value in (limits[0] - 1, limits[1] + 1) if limits else ():
            with pytest.raises(SettingsError) as refused:
                writer(row.id, fonts, replace(LanguageSettings(), **{name: value}))
            assert refused.value.fields["name"] == name


def test_languages_that_share_a_stock_draw_it_in_their_own_bytes(fonts: Fonts) -> None:
    labels = shipping_labels(papers(), Media(100, 150), fonts)
    made = [writer(row.id, fonts).write(labels) for row in LANGUAGES if row.id[0] in "ztc"]

    assert all(one != other for one, other in pairwise(made))
