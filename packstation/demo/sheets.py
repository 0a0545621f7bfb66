"""Sheets that came out of a printer, put together to whole labels again.

A label that is too long for its stock comes out on several sheets, each with the waybill's code
(receipt rolls, Brother), so that two sheets of a waybill are not yet two prints of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

# A ZPL label is one format, however long its form.
ONE_SHEET = "zpl"


def times(sheets: Sequence[bytes], language: str) -> int:
    """How often a label came out, by all sheets with its waybill."""
    if language == ONE_SHEET:
        return len(sheets)
    return max(Counter(sheets).values(), default=0)


def whole(sheets: Sequence[bytes], language: str) -> bytes:
    """A label as it came out last: all its sheets, each once."""
    if language == ONE_SHEET:
        return sheets[-1]
    return b"".join(dict.fromkeys(sheets))
