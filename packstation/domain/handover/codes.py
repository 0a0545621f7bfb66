"""Bar codes of lists, bags and pallets: short enough to type, told apart by their first letters.

``MF-261123-7KQ2V``: what it is, the site's day, and five letters of its id without those that
look like others (Crockford's alphabet), so benches that are away from each other do not meet.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Final

MANIFEST: Final = "MF"
UNITS: Final[Mapping[str, str]] = {"bag": "BG", "pallet": "PL", "gaylord": "GL"}
_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_SSCC: Final = 18
_CODE: Final = re.compile(rf"(MF|BG|PL|GL)-\d{{6}}-[{_LETTERS}]{{5}}")


def code_of(prefix: str, day: str, name: str) -> str:
    """The code of the thing with id ``name``, begun on ``day`` (ISO)."""
    number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:4])
    letters = "".join(_LETTERS[number >> (5 * place) & 31] for place in range(5))
    return f"{prefix}-{day[2:4]}{day[5:7]}{day[8:10]}-{letters}"


def is_sscc(code: str) -> bool:
    """Whether a bag's code is a GS1 number and not one of ours."""
    return len(code) == _SSCC and code.isascii() and code.isdigit()


def is_code(text: str) -> bool:
    """Whether a scanned text is such a code."""
    return _CODE.fullmatch(text) is not None
