"""The number of a tax scheme as the destination reads it: rows decide, days count."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from packstation.domain.customs.sender_references import TABLE, by_pack
from packstation.domain.orders import Address
from tests.documents.samples import papers
from tests.domain.customs import rig

TABLES = rig.pack().tables
SENDER = Address(name="Lin Yue", country="CN", voec="2012345", ioss="IM2760000006")
NORWAY = Address(name="Kari", city="Oslo", country="NO")


def reference(date: str, **more: str) -> tuple[str, str]:
    parcel = replace(papers(to=NORWAY, sender=replace(SENDER, **more)), date=date)
    return by_pack(parcel, TABLES).reference


@pytest.mark.parametrize(
    ("date", "shown"),
    [
        ("2020-03-31", ""),
        ("2020-04-01", "VOEC No. 2012345"),
        ("2026-11-22", "VOEC No. 2012345"),
        ("", ""),
        ("some day", ""),
    ],
)
def test_the_day_of_the_parcel_counts(date: str, shown: str) -> None:
    assert reference(date) == ((shown, "ship_from.voec") if shown else ("", ""))


def test_a_number_of_another_shape_is_not_shown() -> None:
    assert reference("2026-11-22", voec="201234") == ("", "")
    assert reference("2026-11-22", voec="") == ("", "")


def test_without_a_table_nothing_is_known() -> None:
    parcel = papers(to=NORWAY, sender=SENDER)
    assert by_pack(parcel, {}) == parcel


def test_rows_can_be_entered_for_any_country() -> None:
    row = {"to": ["CH"], "caption": "VAT No.", "fields": ["vat"], "source": "a test"}
    parcel = papers(to=replace(NORWAY, country="CH"), sender=replace(SENDER, vat="CHE123456788"))
    told = by_pack(parcel, {TABLE: (row,)})
    assert told.reference == ("VAT No. CHE123456788", "ship_from.vat")
