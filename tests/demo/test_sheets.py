"""Sheets of a printer's tray are whole labels again."""

from __future__ import annotations

import pytest

from packstation.demo.sheets import times, whole


@pytest.mark.parametrize(
    ("sheets", "language", "count", "label"),
    [
        ([b"a"], "zpl", 1, b"a"),
        ([b"a", b"b"], "zpl", 2, b"b"),
        ([b"a", b"b"], "escpos", 1, b"ab"),
        ([b"a", b"b", b"a", b"b"], "escpos", 2, b"ab"),
        ([], "brother-ql", 0, b""),
    ],
)
def test_sheets_of_a_label_are_one_print(
    sheets: list[bytes], language: str, count: int, label: bytes
) -> None:
    assert times(sheets, language) == count
    assert whole(sheets, language) == label
