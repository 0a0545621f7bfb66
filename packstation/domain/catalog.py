"""What is sold: document packstation.catalog/1 (FORMATS.md), frozen."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from msgspec import Meta, Struct
from msgspec.structs import replace

from packstation.domain.countries import national
from packstation.domain.quantities import Money

Sku = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[^\x00-\x1f\x7f]+(?!\n)$")]
Grams = Annotated[int, Meta(ge=0, le=10_000_000)]
Millimetres = Annotated[int, Meta(ge=0, le=100_000)]


class ProductCode(Struct, frozen=True, kw_only=True):
    """A bar code that stands for ``units`` of the product."""

    text: Annotated[str, Meta(min_length=1, max_length=128)]
    units: Annotated[int, Meta(ge=1, le=100_000)] = 1


class Tracking(Struct, frozen=True, kw_only=True):
    """What must be captured of each unit."""

    serial: bool = False
    lot: bool = False
    expiry: bool = False
    min_days_left: int = 0


class KitPart(Struct, frozen=True, kw_only=True):
    """A component of a kit."""

    sku: Sku
    quantity: Annotated[int, Meta(ge=1, le=100_000)] = 1


class Packing(Struct, frozen=True, kw_only=True):
    """How it wants to be packed.

    Of a kit: ``in_order`` packs its parts in their own sequence; ``prepacked`` says that it lies
    on the shelf as one thing, so that its own code counts it whole. ``no_stack``, ``padding_mm``,
    ``padding_percent`` and ``shape`` mean what they mean in items/1.
    """

    fragile: bool = False
    this_side_up: bool = False
    own_box: bool = False
    no_stack: bool = False
    padding_mm: Annotated[int, Meta(ge=0, le=1000)] = 0
    padding_percent: Annotated[int, Meta(ge=0, le=200)] = 0
    shape: Literal["box", "roll"] = "box"
    materials: tuple[str, ...] = ()
    instruction: dict[str, str] = {}
    in_order: bool = False
    prepacked: bool = False


class Goods(Struct, frozen=True, kw_only=True):
    """What transport must know of it."""

    battery: Literal["none", "built_in", "packed_with", "alone"] = "none"
    battery_wh: Decimal | None = None
    battery_li_g: Decimal | None = None
    battery_type: Literal["li_ion", "li_metal", "na_ion"] | None = None
    battery_cells: int | None = None
    battery_count: int | None = None
    battery_needed: int | None = None
    un383: str | None = None
    soc_percent: int | None = None
    classes: tuple[str, ...] = ()


class Customs(Struct, frozen=True, kw_only=True):
    """What customs must know of one unit.

    ``hs`` holds everywhere; tariffs add digits of their own, so ``hs_national`` has whole numbers
    by destination (ISO 3166-1, or EU for all its members).
    """

    description: str = ""
    hs: str = ""
    hs_national: dict[str, str] = {}
    origin: str = ""
    material: str = ""
    net_g: Grams | None = None
    unit_value: Money | None = None
    descriptions: dict[str, str] = {}
    brand: str = ""
    model: str = ""
    url: str = ""


class Product(Struct, frozen=True, kw_only=True):
    """One SKU."""

    sku: Sku
    names: dict[str, str] = {}
    image: str | None = None
    codes: tuple[ProductCode, ...] = ()
    weight_g: Grams | None = None
    length_mm: Millimetres | None = None
    width_mm: Millimetres | None = None
    height_mm: Millimetres | None = None
    tracking: Tracking = Tracking()
    kit: tuple[KitPart, ...] = ()
    packing: Packing = Packing()
    goods: Goods = Goods()
    customs: Customs = Customs()
    supplier: str | None = None

    def name(self, language: str) -> str:
        """Its name in ``language`` (en, zh, ru), else any, else the SKU."""
        names = self.names
        short = language.split("_", maxsplit=1)[0].split("-", maxsplit=1)[0]
        return names.get(short) or names.get("en") or next(iter(names.values()), self.sku)

    def declared_in(self, country: str) -> Product:
        """The same with the tariff number of ``country``, where it has one."""
        code = national(self.customs.hs_national, country)
        return replace(self, customs=replace(self.customs, hs=code)) if code else self


class Catalog(Struct, frozen=True, kw_only=True):
    """packstation.catalog/1."""

    schema: Literal["packstation.catalog/1"] = "packstation.catalog/1"
    products: tuple[Product, ...] = ()
