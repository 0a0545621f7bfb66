"""Labels for goods: symbols by check digit, lots, dates, SSCC, and no number twice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packstation.domain.barcodes import Gs1, Sscc, parse_code
from packstation.domain.catalog import Product, ProductCode
from packstation.domain.item_labels import (
    POOL,
    TRAINING,
    ItemLabel,
    SsccPool,
    code_of,
    elements,
    expiry_problem,
    lot_problem,
    marked,
    sscc,
    symbol_of,
)
from packstation.domain.packing.facts import PoolLeased, SessionCompleted
from packstation.domain.packing.product_facts import SsccAssigned

TODAY = "2026-11-22"


@pytest.mark.parametrize(
    ("code", "symbol"),
    [
        ("6901234567892", "ean13"),
        ("6901234567891", "code128"),
        ("16901234567899", "itf14"),
        ("012345678905", "upca"),
        ("96385074", "ean8"),
        ("TS-1", "code128"),
        ("٦٩٠١٢٣٤٥٦٧٨٩٢", "code128"),
    ],
)
def test_a_symbol_follows_length_and_check_digit(code: str, symbol: str) -> None:
    assert symbol_of(code) == symbol


def test_the_code_of_so_many_units_is_printed() -> None:
    codes = (
        ProductCode(text="SHOP-1"),
        ProductCode(text="012345678905"),
        ProductCode(text="6901234567892"),
        ProductCode(text="16901234567899", units=24),
    )
    shirt = Product(sku="TS", codes=codes)
    assert code_of(shirt) == "6901234567892"
    assert code_of(shirt, 24) == "16901234567899"
    assert code_of(shirt, 7) == "TS"
    assert code_of(Product(sku="TS", codes=codes[:1])) == "SHOP-1"


def test_lots_and_dates_that_cannot_be_printed_say_why() -> None:
    assert lot_problem("AB12/7") == ""
    assert lot_problem("x" * 21) == lot_problem("A(10)B") == "labels.bad.lot"
    assert expiry_problem("2027-12-31", TODAY) == ""
    assert expiry_problem("31.12.2027", TODAY) == "labels.bad.date"
    assert expiry_problem("2026-11-21", TODAY) == "labels.bad.past"


@given(
    st.from_regex(r"[A-Za-z0-9./_-]{1,20}", fullmatch=True),
    st.dates().filter(lambda d: 2000 <= d.year <= 2049),
)
def test_what_is_printed_is_understood_when_scanned(lot: str, day: object) -> None:
    text = elements("6901234567892", lot, str(day))
    wire = text.replace("(01)", "01").replace("(17)", "17").replace("(10)", "10", 1)
    found = parse_code(wire, "]d2")
    assert isinstance(found, Gs1)
    assert (found.gtin, found.lot, found.expiry) == ("06901234567892", lot, str(day))


def test_elements_that_are_not_known_are_left_out() -> None:
    assert elements("96385074", "", "") == "(01)00000096385074"


@given(st.integers(4, 12), st.integers(0, 10**8 - 1))
def test_an_sscc_is_one_or_none(length: int, serial: int) -> None:
    prefix = "4600000000000"[:length]
    made = sscc(prefix, serial)
    if serial >= 10 ** (16 - length):
        assert made is None
        return
    assert isinstance(parse_code(made or ""), Sscc)
    assert (made or "")[1:].startswith(prefix)


def test_no_prefix_no_number() -> None:
    assert sscc("", 1) is None
    assert sscc("46x0000", 1) is None
    assert sscc("4600000", -1) is None


def lease(name: str, first: int, last: int, expires: str = "") -> PoolLeased:
    return PoolLeased(
        lease=name,
        carrier=POOL[0],
        service=POOL[1],
        prefix="ZZ",
        country="ZZ",
        first=first,
        last=last,
        expires=expires,
    )


def test_no_number_is_given_twice_not_even_by_a_restored_server() -> None:
    pool = SsccPool()
    pool.apply_all([lease("a", 1, 3), lease("a", 1, 3), SessionCompleted()])
    first = pool.take("4600000", 2, TODAY)
    assert [fact.serial for fact in first] == [1, 2]
    pool.apply_all(first)
    pool.apply(lease("b", 1, 4))
    assert pool.left(TODAY) == 2
    rest = pool.take("4600000", 9, TODAY)
    pool.apply_all(rest)
    assert [fact.serial for fact in rest] == [3, 4]
    assert len({fact.sscc for fact in (*first, *rest)}) == 4


def test_old_leases_and_numbers_that_do_not_fit_are_let_be() -> None:
    pool = SsccPool()
    pool.apply(lease("old", 1, 9, "2026-11-21T00:00:00Z"))
    assert pool.left(TODAY) == 0
    pool.apply(lease("new", 99_999, 100_000, "2027-01-01T00:00:00Z"))
    assert [fact.serial for fact in pool.take("46000000000", 5, TODAY)] == [99_999]
    pool.apply(SsccAssigned(lease="gone", serial=5, sscc=""))
    assert pool.left(TODAY) == 2
    other = PoolLeased(
        lease="p", carrier="x", service="y", prefix="AA", country="CN", first=1, last=9
    )
    pool.apply(other)
    assert pool.left(TODAY) == 2


def test_what_is_printed_in_a_lesson_says_so_in_no_more_room() -> None:
    short = marked(ItemLabel(kind="sscc", data="00", name=""))
    assert short.name == TRAINING
    long = marked(ItemLabel(kind="product", name="Mug " * 20))
    assert long.name.startswith(f"{TRAINING} Mug")
    assert len(long.name) == 80
