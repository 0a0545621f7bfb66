"""Orders, products, cartons and readings as shapes."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from packstation.domain.catalog import Product
from packstation.domain.errors import DeviceOffline, PackstationError
from packstation.domain.orders import Address, Deadline, Order, OrderLine
from packstation.domain.parcels import Carton
from packstation.domain.quantities import Size
from packstation.domain.weights import Reading, ScaleState, WeightBand


def test_the_earliest_handover_counts() -> None:
    early, late = datetime(2026, 11, 21, 9, tzinfo=UTC), datetime(2026, 11, 21, 18, tzinfo=UTC)
    order = Order(
        order_id="O-1",
        ship_to=Address(country="RU"),
        lines=(OrderLine(line=1, sku="A", quantity=1),),
        deadlines=(
            Deadline(kind="deliver", at=early),
            Deadline(kind="handover", at=late),
            Deadline(kind="handover", at=early),
        ),
    )
    assert order.handover() == Deadline(kind="handover", at=early)
    assert Order(order_id="O-2", ship_to=Address(), lines=order.lines).handover() is None


def test_a_product_is_named_in_the_nearest_language() -> None:
    product = Product(sku="A", names={"en": "mug", "zh": "杯子"})
    assert product.name("zh_Hans") == "杯子"
    assert product.name("ru") == "mug"
    assert Product(sku="B", names={"ru": "чашка"}).name("en") == "чашка"
    assert Product(sku="C").name("en") == "C"


def test_a_carton_without_outer_sides_has_its_inner_ones() -> None:
    assert Carton(code="C", inner_mm=(3, 2, 1)).outer == Size(3, 2, 1)
    assert Carton(code="C", inner_mm=(3, 2, 1), outer_mm=(5, 4, 3)).outer == Size(5, 4, 3)


def test_only_a_stable_reading_has_grams_to_capture() -> None:
    still = Reading(state=ScaleState.STABLE, value=Decimal("1.2505"), unit="kg")
    moving = Reading(state=ScaleState.MOTION, value=Decimal("1.2505"), unit="kg")
    assert (still.grams, moving.grams) == (1251, None)
    assert (moving.shown_grams, Reading(state=ScaleState.OVER).shown_grams) == (1251, None)
    assert Reading(state=ScaleState.STABLE).grams is None


def test_a_band_tells_how_far_off() -> None:
    band = WeightBand(1000, 20)
    assert [band.deviation(g) for g in (979, 980, 1020, 1021)] == [-21, 0, 0, 21]


def test_errors_carry_ids_and_a_message_key() -> None:
    error = DeviceOffline(device="scale", cause="EIO")
    assert isinstance(error, PackstationError)
    assert (error.key, error.retryable) == ("error.device.offline", True)
    assert str(error) == "error.device.offline device='scale' cause='EIO'"
