"""No paper shows an IOSS number: it travels as data only, so that nobody copies it off a parcel.

Reference: customs, section 1.2 and rule R27. It may come in by any field that is printed, such
as a description or a reference, so it is the finished pages that are looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from packstation.domain.customs.regimes import bare_ioss
from packstation.domain.customs.scripts import plain
from packstation.domain.errors import DocumentError
from packstation.domain.labels import Barcode, Label, Text
from packstation.domain.orders import Order

_BETWEEN: Final = re.compile(r"[\W_]+")
# Shorter ones are no numbers of the scheme (12 characters) and would be found by chance.
_LEAST: Final = 8


def refuse_ioss(pages: Sequence[Label], order: Order) -> None:
    """DocumentError naming the field of ``pages`` that has the sender's IOSS number."""
    given = order.ship_from.ioss
    number = bare_ioss(given) or _compact(given)
    if len(number) < _LEAST:
        return
    # Nearly always it is nowhere, which one look at all the words together tells.
    if number not in _compact("".join(text for page in pages for _, text in _shown(page))):
        return
    for page in pages:
        for role, shown in _shown(page):
            if number in _compact(shown):
                raise DocumentError("error.document.ioss", field=role)


def _shown(page: Label) -> Iterator[tuple[str, str]]:
    for element in page.elements:
        if isinstance(element, Text):
            yield element.role, "".join(element.lines)
        elif isinstance(element, Barcode):
            yield element.role, element.data


def _compact(text: str) -> str:
    return _BETWEEN.sub("", plain(text)).upper()
