"""Rows of letterheads at a bench: read once, and a broken one costs no parcel its papers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from packstation.assets import resource
from packstation.bootstrap.late import LateDocuments
from packstation.documents.letterheads import Letterheads
from packstation.documents.maker import Documents
from packstation.domain.labels import media
from packstation.domain.printers import PDF, SHEET, Stock
from packstation.domain.templates import Template
from packstation.station.ports import DocumentMaker
from tests.documents.papers.consignments import letterhead, parcel
from tests.documents.papers.pages import faults, text

SIDES = media("a4", 300)
SHEETS = Stock("a4", SIDES.width_mm, SIDES.height_mm, 300, PDF, SHEET)


def row(template: Template, **other: object) -> dict[str, Any]:
    """As it comes over the wire."""
    body: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(template))
    return {**body, **other}


@pytest.mark.parametrize("late", [LateDocuments(), Documents(resource("fonts"))])
def test_papers_have_the_letterhead_that_was_pulled(late: DocumentMaker) -> None:
    one = parcel(1)
    assert "sales@example.com" not in text(late.make("invoice", one, SHEETS).payload)
    late.letterheads((row(letterhead()), row(letterhead(id="other", store="elsewhere"))))
    job = late.make("invoice", one, SHEETS)
    assert job.plain is None
    assert "sales@example.com" in text(job.payload)
    late.letterheads(())
    assert "sales@example.com" not in text(late.make("invoice", one, SHEETS).payload)


@pytest.mark.parametrize(
    "broken",
    [
        {"letterhead": 5},
        {"images": {"x": "not base64"}},
        {"images": {letterhead().logo: ""}},
        {"texts": [{"place": "elsewhere", "language": "en", "text": "x"}]},
        {"colour": "red"},
    ],
    ids=lambda value: next(iter(value)),
)
def test_a_broken_row_is_named_and_the_paper_is_plain(broken: dict[str, object]) -> None:
    late = LateDocuments()
    late.letterheads((row(letterhead(), **broken),))
    job = late.make("invoice", parcel(1), SHEETS)
    assert job.plain == ("baiyun", "template.logo")
    assert faults(job.payload) == []


def test_a_row_that_nobody_knows_the_use_of_is_let_be() -> None:
    found = Letterheads()
    found.take((row(letterhead(), destinations=5), {}, row(letterhead(id="good"))))
    assert [one.id for one in found()] == ["good"]


def test_letterheads_are_read_where_they_are_taken_and_not_where_a_paper_is_drawn() -> None:
    found, seen = Letterheads(), []

    def rows() -> Iterator[dict[str, Any]]:
        """While the new ones are read a paper has all of the old ones, and never a part of each."""
        for name in ("new-1", "new-2"):
            seen.append([one.id for one in found()])
            yield row(letterhead(id=name))

    found.take((row(letterhead(id="old-1")), row(letterhead(id="old-2"))))
    before = found()
    found.take(rows())
    assert seen == [["old-1", "old-2"]] * 2
    assert [one.id for one in before] == ["old-1", "old-2"]
    assert [one.id for one in found()] == ["new-1", "new-2"]
    assert found() is found()
