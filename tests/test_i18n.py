"""Catalogues: complete in all languages, plurals by number, arguments as a person reads them."""

from __future__ import annotations

import re
import string
import time
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packstation.assets import resource
from packstation.i18n import FALLBACK, LANGUAGES, Catalogue, load, parse_po, plural_rule

AREAS = sorted({path.stem for path in resource("translations").glob("*/*.po")})
NAMED = re.compile(r"""(?:Words|\.say|say)\(\s*"([a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+)\"""")
FORMS = {"en": 2, "zh_Hans": 1, "ru": 3}


def fragment(language: str, area: str) -> dict[str, tuple[str, ...]]:
    path = resource("translations", language, f"{area}.po")
    return dict(parse_po(path.read_text("utf-8")).texts) if path.is_file() else {}


def placeholders(forms: tuple[str, ...]) -> set[str]:
    return {name for form in forms for _, name, _, _ in string.Formatter().parse(form) if name}


def is_plural(language: str, area: str, key: str) -> bool:
    text = resource("translations", language, f"{area}.po").read_text("utf-8")
    return f'msgid "{key}"\nmsgid_plural' in text


@pytest.mark.parametrize("area", AREAS)
def test_every_language_has_the_same_keys(area: str) -> None:
    keys = {language: set(fragment(language, area)) for language in LANGUAGES}
    missing = {language: keys[FALLBACK] ^ found for language, found in keys.items()}
    assert not any(missing.values()), missing


@pytest.mark.parametrize("area", AREAS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_are_those_of_english(language: str, area: str) -> None:
    english = fragment(FALLBACK, area)
    odd = {
        key: forms
        for key, forms in fragment(language, area).items()
        if placeholders(forms) - placeholders(english.get(key, ()))
        or placeholders(english.get(key, ())) - placeholders(forms) - {"n"}
    }
    assert not odd


@pytest.mark.parametrize("area", AREAS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_plural_messages_have_all_forms_and_no_text_is_empty(language: str, area: str) -> None:
    for key, forms in fragment(language, area).items():
        wanted = FORMS[language] if is_plural(language, area, key) else 1
        assert len(forms) == wanted, key
        assert all(form.strip() for form in forms), key


def test_no_key_stands_in_two_areas() -> None:
    seen: dict[str, str] = {}
    for area in AREAS:
        for key in fragment(FALLBACK, area):
            assert seen.setdefault(key, area) == area, key


def test_every_key_that_the_program_names_is_in_the_catalogue(repository: Path) -> None:
    english = load(FALLBACK)
    named = {
        (key, path.relative_to(repository).as_posix())
        for path in sorted((repository / "packstation").rglob("*.py"))
        for key in NAMED.findall(path.read_text("utf-8"))
    }
    assert named
    missing = sorted(f"{key} ({path})" for key, path in named if not english.has(key))
    assert not missing, "\n".join(missing)


@pytest.mark.parametrize(
    ("language", "n", "said"),
    [
        ("en", 1, "1 label"),
        ("en", 0, "0 labels"),
        ("en", 112, "112 labels"),
        ("zh_Hans", 1, "1 张面单"),
        ("zh_Hans", 112, "112 张面单"),
        ("ru", 1, "1 этикетка"),
        ("ru", 2, "2 этикетки"),
        ("ru", 5, "5 этикеток"),
        ("ru", 11, "11 этикеток"),
        ("ru", 21, "21 этикетка"),
        ("ru", 112, "112 этикеток"),
    ],
)
def test_the_number_picks_the_form(language: str, n: int, said: str) -> None:
    assert load(language).say("frame.sync.labels", n) == said


@pytest.mark.parametrize(
    ("language", "value", "shown"),
    [
        ("en", 1104, "1\u2009104"),
        ("en", 999, "999"),
        ("en", -78, "\u221278"),
        ("en", 1234567, "1\u2009234\u2009567"),
        ("en", Decimal("1.9"), "1.9"),
        ("ru", Decimal("1234.50"), "1\u2009234,50"),
        ("zh_Hans", Decimal("0.4"), "0.4"),
        ("en", datetime(2026, 11, 21, 14, 8, 59, tzinfo=UTC), "14:08"),
        ("ru", "40112233-0007-1", "40112233-0007-1"),
    ],
)
def test_arguments_are_written_as_the_language_writes_them(
    language: str, value: object, shown: str
) -> None:
    assert isinstance(value, str | int | Decimal | datetime)
    assert load(language).show(value) == shown


def write(folder: Path, language: str, text: str) -> None:
    (folder / language).mkdir(parents=True, exist_ok=True)
    (folder / language / "a.po").write_text(text, "utf-8")


def test_a_word_that_a_language_lacks_is_said_in_english(tmp_path: Path) -> None:
    write(tmp_path, "en", 'msgid "a.b"\nmsgstr "{n} left of {m}"\n')
    write(tmp_path, "ru", 'msgid "a.c"\nmsgstr "x"\n')
    assert load("ru", tmp_path).say("a.b", 3, m=1000) == "3 left of 1\u2009000"
    assert not load("ru", tmp_path).has("a.b")


def test_a_key_that_nobody_has_is_said_as_it_is_and_told_once(
    caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    write(tmp_path, "en", 'msgid "a.b"\nmsgstr "x"\n')
    words = load("en", tmp_path)
    assert [words.say("no.such"), words.say("no.such")] == ["no.such", "no.such"]
    assert [record.message for record in caplog.records] == ["words.missing"]


def test_a_placeholder_without_its_argument_leaves_the_text_as_it_is(
    caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    write(tmp_path, "en", 'msgid "a.b"\nmsgstr "Box {code}"\n')
    assert load("en", tmp_path).say("a.b") == "Box {code}"
    assert [record.message for record in caplog.records] == ["words.placeholder"]


def test_an_unknown_language_is_english() -> None:
    assert load("fr").language == "en"


def test_lines_that_go_on_escapes_and_comments_are_read() -> None:
    found = parse_po(
        '# a comment\nmsgid ""\nmsgstr ""\n"Plural-Forms: nplurals=1; plural=0;\\n"\n\n'
        'msgid "long."\n"key"\nmsgstr "one "\n"\\"two\\"\\n"\n'
    )
    assert found.texts == {"long.key": ('one "two"\n',)}
    assert plural_rule(found.header)(5) == 0


def test_a_line_of_another_format_is_named() -> None:
    with pytest.raises(ValueError, match="line 2"):
        parse_po('msgid "a"\nwhatever\n')


def test_without_a_rule_the_plural_is_that_of_english() -> None:
    rule = plural_rule("")
    assert [rule(n) for n in (0, 1, 2)] == [1, 0, 1]


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"])))
def test_any_text_comes_back_from_a_catalogue(text: str) -> None:
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    assert parse_po(f'msgid "a.b"\nmsgstr "{quoted}"\n').texts == {"a.b": (text,)}


@given(st.text(), st.sampled_from(LANGUAGES))
def test_text_of_others_is_never_taken_for_a_placeholder(text: str, language: str) -> None:
    words: Catalogue = load(language)
    said = words.say("frame.bench", bench=text)
    assert text in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_is_read_before_anyone_waits_for_it(language: str) -> None:
    best = min(_timed(language) for _ in range(5))
    assert best < 0.1  # target 15 ms; the wide bound is for a busy machine


def _timed(language: str) -> float:
    started = time.thread_time()
    load(language)
    return time.thread_time() - started
