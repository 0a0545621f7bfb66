"""Text that would steer a terminal."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packstation.domain.escapes import escaped, escaped_json

STEERING = {"Cc", "Cf", "Cs", "Zl", "Zp"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("Весы 秤 \u3000 1\u00a0000", "Весы 秤 \u3000 1\u00a0000"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("\x9b31m", "\\x9b31m"),
        ("\x07\x7f\x00", "\\x07\\x7f\\x00"),
        ("a\u202eb\u2066c\u2069", "a\\u202eb\\u2066c\\u2069"),
        ("one\ntwo\r", "one\\ntwo\\r"),
        ("\u2028\udc80\U000e0041", "\\u2028\\udc80\\U000e0041"),
    ],
)
def test_what_steers_is_shown(text: str, shown: str) -> None:
    assert escaped(text) == shown


def test_lines_that_are_ours_stay() -> None:
    assert escaped("one\n\ttwo\x1b", keep="\n\t") == "one\n\ttwo\\x1b"


@given(st.text())
def test_nothing_that_steers_is_left(text: str) -> None:
    assert not {unicodedata.category(one) for one in escaped(text)} & STEERING


@given(st.text(st.characters(codec=None, exclude_categories=())))
def test_json_means_the_same(text: str) -> None:
    shown = escaped_json(json.dumps({"a": text}, ensure_ascii=False))
    assert not {unicodedata.category(one) for one in shown} & STEERING
    assert json.loads(shown) == {"a": text}
