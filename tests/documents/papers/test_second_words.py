"""The destination's language second: words on commercial papers, forms and slips."""

from __future__ import annotations

import json

import pytest
from msgspec.structs import replace

from packstation.assets import resource
from packstation.documents.fonts import Fonts
from packstation.documents.papers.commercial_words import words
from packstation.documents.papers.making import make_paper
from packstation.documents.papers.slip import slip_words
from packstation.documents.papers.words import SECOND, language_of, of_locale, spoken
from tests.documents.papers.pages import faults, missing
from tests.documents.papers.worlds import LATIN, SHEET, World, asked
from tests.documents.samples import FONTS

FACES = Fonts(FONTS)
LANGUAGES = ("ja", "nb", "pt", "it", "nl", "pl", "de", "fr", "es", "zh", "ru")
PAPERS = ("invoice", "proforma", "packing-list", "sli", "origin-request", "returns")


def world(language: str) -> World:
    """Goods with words of a language, of those that the fonts have."""
    others = tuple(f"{at} {SECOND[language]['contents']}" for at in range(len(LATIN.goods)))
    return replace(LATIN, second=language, others=others)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_every_word_and_a_face_for_it(language: str) -> None:
    for key, said in words().items():
        assert FACES.require(said[language], f"{language}.{key}")
    assert set(slip_words()[language]) == set(slip_words()["en"])
    for key, line in slip_words()[language].items():
        assert FACES.require(line, f"{language}.{key}")


def test_no_word_is_of_an_unknown_language() -> None:
    raw = json.loads(resource("papers", "words.json").read_text("utf-8"))
    assert all(set(said) == {"en", *LANGUAGES} for said in raw.values())
    assert set(SECOND) == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", PAPERS)
def test_commercial_papers_speak_it_second(kind: str, language: str) -> None:
    pdf = make_paper(asked(kind, world(language), 3, SHEET), FACES)

    assert faults(pdf, [(210, 297)]) == []
    said = [words()[key][language] for key in (kind, "description", "quantity", "page")]
    assert missing(pdf, said) == []


@pytest.mark.parametrize("count", [1, 8])
@pytest.mark.parametrize("language", ["ja", "nb"])
def test_forms_speak_it_too(language: str, count: int) -> None:
    pdf = make_paper(asked("cn23", world(language), count, SHEET), FACES)

    assert faults(pdf, [(210, 297)]) == []
    assert missing(pdf, [SECOND[language][key] for key in ("title", "origin", "gift")]) == []


@pytest.mark.parametrize(
    ("country", "language"), [("JP", "ja"), ("NO", "nb"), ("BR", "pt"), ("BE", "nl"), ("PL", "pl")]
)
def test_a_destination_has_its_language(country: str, language: str) -> None:
    assert language_of(country) == language


def test_norwegian_goes_by_three_codes() -> None:
    assert {of_locale(one) for one in ("nb", "no", "nn_NO", "NO-no")} == {"nb"}
    assert spoken({"no": " krus "}, "nb") == "krus"
    assert spoken({"nb": "", "nn": "kopp"}, "no_NO") == "kopp"
    assert spoken({"de": "Becher"}, "nb") == ""
    assert of_locale("zh_Hans") == "zh"
