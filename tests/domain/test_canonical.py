"""The quick way to the canonical form gives the form of the library that follows the RFC."""

from __future__ import annotations

from typing import Any

import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from packstation.domain.canonical import dumps

ATOMS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
VALUES = st.recursive(
    ATOMS, lambda some: st.lists(some) | st.dictionaries(st.text(), some), max_leaves=20
)


def _either(encode: Any, value: object) -> bytes | type[Exception]:  # noqa: ANN401 - a function
    try:
        made: bytes = encode(value)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as exc:
        return type(exc)
    return made


@given(VALUES)
@example({"\ue000": 1, "\U0001f600": 2})  # UTF-16 units and code points sort differently
@example({"b": 2**53 - 1, "a": [-(2**53) + 1, True, None, '\x7f\u2028"\\\x1f\u0085']})
@example(2**53)
@example([1.0, 1e21, -0.0])
def test_every_value_has_the_form_of_the_rfc(value: object) -> None:
    assert _either(dumps, value) == _either(rfc8785.dumps, value)


def test_every_character_is_written_as_the_rfc_says() -> None:
    for start in range(0, 0x110000, 0x800):
        if start != 0xD800:
            text = "".join(map(chr, range(start, start + 0x800)))
            assert dumps(text) == rfc8785.dumps(text)


@pytest.mark.parametrize("value", [{1: "a"}, {"a": {"b"}}, {"a": object()}, float("nan")])
def test_what_is_no_json_is_refused(value: object) -> None:
    with pytest.raises(rfc8785.CanonicalizationError):
        dumps(value)


@pytest.mark.parametrize("value", ["\ud800", {"a": "\ud800"}, {"\ud800": "a"}, ["a", "\udfff"]])
def test_half_a_surrogate_pair_is_refused_as_the_library_does(value: object) -> None:
    assert _either(dumps, value) == _either(rfc8785.dumps, value)
    assert _either(dumps, value) in {UnicodeEncodeError, rfc8785.CanonicalizationError}


def test_deep_nesting_is_as_deep_as_the_library_goes() -> None:
    deep: Any = "end"
    for _ in range(150):
        deep = {"a": [deep]}
    assert dumps(deep) == rfc8785.dumps(deep)
