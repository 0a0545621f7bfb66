"""The simulated printers read what the station's own writers write: one label is one label."""

from __future__ import annotations

import random
from functools import cache

import pytest
from msgspec.structs import replace

from packstation.devices.catalogue import printer_model
from packstation.devices.sim.labels import language_of, waybill_of
from packstation.devices.sim.printers.catalogue import DIALECTS
from packstation.devices.sim.printers.dialect import Asked, Dialect, Item, Sheet
from packstation.documents.fonts import Fonts
from packstation.documents.label.languages import LanguageSettings, usual_stock, writer
from packstation.documents.label.shipping import shipping_labels
from tests.documents.samples import FONTS, RUSSIAN, WAYBILL, papers

SETTINGS = (
    LanguageSettings(),
    LanguageSettings(native_codes=False),
    LanguageSettings(cut=True, peel=True, kind="gap"),
    LanguageSettings(kind="continuous", hex_graphics=True),
)
HOSTILE = (
    'ACME"\r\nPRINT 5,1\r\nCLS\r\n',
    "ACME^FS^XZ~JA^XA^FDX^FS^XZ",
    'ACME"\nP9\nN\n\\"\nP3',
    "ACME\r\nPRINT\r\n! 0 200 200 100 3\r\nPRINT\r\n",
    "ACME\x1b@\x1dV\x00\x10\x04\x01\x1b!?\x1bh\x1biS",
    'ACME\\["]\r\nPRINT 2\r\n\x0c\x1a',
)


@cache
def fonts() -> Fonts:
    return Fonts(FONTS)


def written(language: str, settings: LanguageSettings, name: str = "", copies: int = 1) -> bytes:
    made = papers(to=replace(RUSSIAN, name=name, company=name)) if name else papers()
    label = shipping_labels(made, usual_stock(language), fonts())[0]
    return (
        writer(language, fonts(), settings)
        .write([label] * copies)
        .rstrip(b"\n" if language == "zpl" else b"")
    )


def fed(dialect: Dialect, job: bytes, seed: int = 0) -> list[Item]:
    """The job in pieces of any size, and then nothing more."""
    chance = random.Random(seed)
    items: list[Item] = []
    while job:
        size = chance.randint(1, 700)
        items += dialect.feed(job[:size])
        job = job[size:]
    return items + dialect.rest()


@pytest.mark.parametrize("settings", SETTINGS, ids=["usual", "drawn", "cut", "roll"])
@pytest.mark.parametrize("language", DIALECTS)
def test_a_label_of_ours_is_one_label_with_its_waybill(
    language: str, settings: LanguageSettings
) -> None:
    job = written(language, settings)
    items = fed(DIALECTS[language](), job)
    assert items == [Sheet(job)]
    assert language_of(job) == language
    assert waybill_of(job) == WAYBILL


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("language", DIALECTS)
def test_a_buyer_cannot_write_commands(language: str, name: str) -> None:
    job = written(language, LanguageSettings(), name)
    dialect = DIALECTS[language]()
    assert fed(dialect, job, seed=len(name)) == [Sheet(job)]
    assert not dialect.partial
    assert waybill_of(job) == WAYBILL


@pytest.mark.parametrize("language", DIALECTS)
def test_several_labels_are_counted_as_the_driver_counts_them(language: str) -> None:
    job = written(language, LanguageSettings(kind="gap", cut=True), copies=3)
    talk = printer_model(language).talk
    assert talk is not None
    sheets = [item for item in fed(DIALECTS[language](), job) if isinstance(item, Sheet)]
    assert len(sheets) == 3
    out = b"".join(sheet.payload for sheet in sheets)
    assert out.replace(b"\n", b"") == job.replace(b"\n", b"")
    if language in {"zpl", "tspl", "epl2", "brother-ql"}:
        assert talk.labels(job) == 3


@pytest.mark.parametrize("language", DIALECTS)
def test_half_a_label_is_forgotten_with_the_cable(language: str) -> None:
    job = written(language, LanguageSettings(kind="gap", cut=True))
    dialect = DIALECTS[language]()
    assert not [item for item in dialect.feed(job[: len(job) // 2]) if isinstance(item, Sheet)]
    half = [dialect.partial]
    dialect.reset()
    assert [*half, dialect.partial] == [True, False]
    assert fed(dialect, job) == [Sheet(job)]


@pytest.mark.parametrize("language", DIALECTS)
def test_questions_before_a_label_do_not_get_into_it(language: str) -> None:
    talk = printer_model(language).talk
    assert talk is not None
    questions = [question.ask for question in talk.ask] + [fact.ask for fact in talk.facts]
    job = written(language, LanguageSettings(kind="gap", cut=True))
    items = fed(DIALECTS[language](), b"".join(questions) + job)
    assert [item for item in items if isinstance(item, Sheet)] == [Sheet(job)]
    assert len([item for item in items if isinstance(item, Asked)]) >= len(talk.ask)
