"""Papers of 60 and 200 lines: each page tells where it stands, sums go on from page to page."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final

import pdfplumber
import pytest
from msgspec.structs import replace

from packstation.documents.fonts import Fonts
from packstation.documents.papers.making import PaperAsked, make_paper
from tests.documents.papers.pages import cells, faults, missing
from tests.documents.papers.worlds import MIXED, WORLDS, asked
from tests.documents.samples import FONTS

FACES: Final = Fonts(FONTS)
BACK: Final = {"category": "returned_goods"}
# Which of the sums that are carried stands where in the row, counted from the right.
CARRIED: Final[tuple[tuple[str, dict[str, Any], int], ...]] = (
    ("invoice", {}, 1),
    ("proforma", {}, 1),
    ("packing-list", {}, 2),
    ("sli", {}, 3),
    ("origin", {}, 2),
    ("origin-request", {}, 2),
    ("returns", BACK, 3),
)
# 20 lines: the promise of 60 KiB; what further pages may add.
_MOST, _A_PAGE, _FIRST = 60 * 1024, 4 * 1024, 2
_GLYPH: Final = 330


def lines_of(pdf: bytes) -> list[list[str]]:
    """The lines of text of each page."""
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        return [page.extract_text(x_tolerance=1).splitlines() for page in document.pages]


def sums(page: Sequence[str], word: str) -> list[Decimal]:
    """The figures of a page's row of subtotals; [] where it has none."""
    rows = [line for line in page if line.startswith(word)]
    assert len(rows) <= 1
    return [Decimal(one) for row in rows for one in re.findall(r"(?<![\w.])\d+(?:\.\d+)?", row)]


@pytest.mark.parametrize(("count", "world"), [(60, "latin"), (200, "mixed")])
@pytest.mark.parametrize(("kind", "fields", "figures"), CARRIED)
def test_each_page_goes_on_from_the_one_before(
    kind: str, fields: dict[str, Any], figures: int, world: str, count: int
) -> None:
    pdf = make_paper(asked(kind, WORLDS[world], count, **fields), FACES)
    pages = lines_of(pdf)

    assert faults(pdf, [(210, 297)]) == []
    assert cells(pdf) == []
    for number, page in enumerate(pages, start=1):
        assert any(re.search(rf" {number} / {len(pages)}$", line) for line in page)
        # The head of the table, once.
        assert sum(line.startswith("No.") for line in page) == 1
    for before, after in pairwise(pages):
        brought = sums(after, "Brought forward")
        assert len(brought) == figures
        assert sums(before, "Carried forward") == brought
    assert not sums(pages[0], "Brought forward")
    assert not sums(pages[-1], "Carried forward")


@pytest.mark.parametrize("count", [200])
def test_a_slip_repeats_its_head_and_tells_its_pages(count: int) -> None:
    pages = lines_of(make_paper(asked("slip", MIXED, count, gift_message=""), FACES))

    assert len(pages) > 1
    for number, page in enumerate(pages, start=1):
        assert any(line.endswith(f"{number} / {len(pages)}") for line in page)
        assert sum("Количество" in line for line in page) == 1


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize(("kind", "fields", "figures"), CARRIED)
def test_twenty_lines_are_sixty_kilobytes_in_any_script(
    kind: str, fields: dict[str, Any], figures: int, world: str
) -> None:
    assert figures
    assert len(make_paper(asked(kind, WORLDS[world], 20, **fields), FACES)) <= _MOST


def rare(kind: str, count: int, **fields: Any) -> tuple[PaperAsked, str]:  # noqa: ANN401 - any field
    """Goods whose names are rare Han and Cyrillic, no two alike, and all their characters."""
    # Every fifth of the second half of GBK's Han (level two of GB 2312 and what came after).
    rows = (bytes((high, low)) for high in range(0xD8, 0xF8) for low in range(0xA1, 0xFF))
    han = [one for one in (row.decode("gbk", "ignore") for row in rows) if one][:: 3000 // count]
    slavic = [chr(at) for at in (*range(0x0400, 0x0460), *range(0x0490, 0x0500))]
    one = asked(kind, MIXED, count, **fields)
    made = dict(one.parcel.products)
    for at, (sku, product) in enumerate(made.items()):
        letters = slavic[at % len(slavic)], slavic[(at * 7 + 3) % len(slavic)]
        words = f"{han[at % len(han)]}{han[(at * 11 + 5) % len(han)]}料 {''.join(letters)} {at}"
        customs = replace(product.customs, description=words, descriptions={})
        made[sku] = replace(product, customs=customs, names={"ru": words})
    said = "".join(made[line.sku].name("ru") for line in one.parcel.order.lines)
    return replace(one, parcels=(replace(one.parcel, products=made),)), said


@pytest.mark.parametrize(("kind", "count"), [("invoice", 20), ("invoice", 200), ("slip", 200)])
def test_rare_han_and_cyrillic_cost_what_their_letters_cost(kind: str, count: int) -> None:
    question, said = rare(kind, count)
    pdf = make_paper(question, FACES)
    pages = lines_of(pdf)

    # Fonts are embedded and cut down, nothing overlaps, and all of it can be copied out.
    assert faults(pdf, [(210, 297)]) == []
    assert missing(pdf, [said[:6], said[-6:]]) == []
    letters = len(set(said))
    assert len(pdf) <= _MOST + max(0, len(pages) - _FIRST) * _A_PAGE + letters * _GLYPH
    if count == 20:
        assert len(pdf) <= _MOST
