"""Lithium and sodium batteries in the air: UN number, packing instruction, section, mark.

What counts is a row of the table ``batteries`` of the rule pack (`BatteryRow`), dated; nothing of
the law stands here. Source: ICAO Technical Instructions / IATA DGR, packing instructions 965 to
970 and 976 to 978, as reference: customs, section 2.7 has them, with its marks. A battery of one
cell is a cell, as UN 38.3 counts it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final, Literal

from msgspec import Struct

from packstation.domain.customs.reading import number_of

BatteryType = Literal["li_ion", "li_metal", "na_ion"]
Placed = Literal["built_in", "packed_with", "alone"]
TYPES: Final[tuple[BatteryType, ...]] = ("li_ion", "li_metal", "na_ion")
PLACED: Final[tuple[Placed, ...]] = ("built_in", "packed_with", "alone")
NONE: Final = "none"
# Said of a thing without a battery they contradict it.
_TELLING: Final = ("battery_type", "battery_wh", "battery_li_g", "battery_cells", "battery_count")
_ALL: Final = 100


class BatteryRow(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One packing instruction in the days it holds; ``unverified`` names doubtful fields.

    ``within``/``above``: the section inside and beyond the limits of energy. ``class_9``: those of
    them whose packages bear the class 9 label, ``unmarked``: those that bear no battery mark; a
    row that says nothing of them has both on all, rather one too many than none. Limits are of one
    cell and one battery, in Wh, of lithium metal in g of lithium, all included; ``net_max_g`` is
    of batteries a package. ``soc_max_percent`` counts above ``soc_above_wh`` (of any where null).
    A package of ``free_cells`` cells or ``free_batteries`` batteries bears no mark in a
    consignment of ``free_packages`` (0: always a mark).
    """

    type: BatteryType
    placed: Placed
    un: str
    pi: str
    within: str
    above: str
    class_9: tuple[str, ...] | None = None
    unmarked: tuple[str, ...] = ()
    cell_max: Decimal
    battery_max: Decimal
    net_max_g: int | None = None
    spare_sets: int | None = None
    soc_max_percent: int | None = None
    soc_above_wh: Decimal | None = None
    free_cells: int = 0
    free_batteries: int = 0
    free_packages: int = 0
    cargo_aircraft_only: bool = False
    valid_from: date | None = None
    valid_to: date | None = None
    source: str
    verified: bool = False
    unverified: tuple[str, ...] = ()


class Battery(Struct, frozen=True, kw_only=True):
    """The batteries of one SKU: ``units`` of goods with ``count`` batteries each.

    ``energy`` is Wh of a battery, of lithium metal g of lithium; ``needed`` how many the
    equipment runs on; ``net_g`` the net weight of a unit. None is not known.
    """

    sku: str
    placed: Placed
    type: BatteryType | None = None
    energy: Decimal | None = None
    cells: int | None = None
    count: int | None = None
    un383: str | None = None
    soc_percent: int | None = None
    needed: int | None = None
    net_g: int | None = None
    units: int = 1

    @property
    def batteries(self) -> int:
        """How many there are; one a unit where the catalogue does not say."""
        return (self.count or 1) * self.units


class Gap(Struct, frozen=True):
    """A field of ``goods`` that is missing (``value`` None), or cannot be, and what may be."""

    field: str
    value: str | None
    allowed: str


class Classified(Struct, frozen=True):
    """A battery and its instruction; ``section`` "" while data are missing."""

    battery: Battery
    row: BatteryRow
    section: str

    @property
    def codes(self) -> tuple[str, ...]:
        """Its names in the matrix of restrictions, the narrowest first.

        While data are missing it counts as small: that they are missing stops it anyway.
        """
        narrow = f"PI{self.row.pi}-{self.section or self.row.within}"
        return (narrow, f"PI{self.row.pi}", self.row.un, "battery")

    @property
    def described(self) -> str:
        """As people name it: UN3481, PI 967 II."""
        return f"{self.row.un}, PI {self.row.pi} {self.section}".rstrip()


def read_battery(goods: Mapping[str, Any], sku: str, units: int, net_g: object) -> Battery | None:
    """The battery of catalog/1 goods; None where there is none, or its place is no known one."""
    placed = goods.get("battery")
    if placed not in PLACED:
        return None
    kind = goods.get("battery_type")
    return Battery(
        sku=sku,
        placed=placed,
        type=kind if kind in TYPES else None,
        energy=_positive(goods.get(_energy_field(kind))),
        cells=_count(goods.get("battery_cells")),
        count=_count(goods.get("battery_count")),
        un383=str(goods.get("un383") or "").strip() or None,
        soc_percent=_percent(goods.get("soc_percent")),
        needed=_count(goods.get("battery_needed")),
        net_g=_count(net_g),
        units=units,
    )


def gaps(goods: Mapping[str, Any], rows: Sequence[BatteryRow], on: date) -> tuple[Gap, ...]:
    """What is missing or wrong in the goods of one SKU, all of it at once."""
    placed = goods.get("battery") or NONE
    if placed == NONE:
        told = any(_shown(goods.get(field)) not in {None, "0"} for field in _TELLING)
        return (Gap("battery", NONE, ", ".join(PLACED)),) if told else ()
    battery = read_battery(goods, "", 1, None)
    if battery is None:
        return (Gap("battery", _shown(placed), ", ".join((NONE, *PLACED))),)
    found = classify(battery, rows, on)
    if found is None:
        return (*_always(battery, goods), *_no_row(battery, rows, on))
    return (*_always(battery, goods), *_charge_gap(found, goods), *_spare_gap(found))


def classify(battery: Battery, rows: Sequence[BatteryRow], on: date) -> Classified | None:
    """Its packing instruction on a day; None where the type is not known or no row holds."""
    held = [row for row in rows if _fits(row, battery) and _holds(row, on)]
    if not held:
        return None
    row = max(held, key=lambda one: one.valid_from or date.min)
    return Classified(battery, row, _section(battery, row))


def marked(parcels: Sequence[Sequence[Classified]]) -> tuple[tuple[str, ...], ...]:
    """For each parcel of a consignment the UN numbers that its battery mark shows; () for none.

    The packages that count towards ``free_packages`` are those with batteries in them.
    """
    packages = sum(1 for held in parcels if held)
    return tuple(_marks(held, packages) for held in parcels)


def hazardous(held: Iterable[Classified]) -> bool:
    """Whether a package with these bears the class 9 label for lithium batteries."""
    return any(one.row.class_9 is None or one.section in one.row.class_9 for one in held)


def cargo_only(held: Iterable[Classified]) -> bool:
    """Whether no passenger aircraft may carry a package with these."""
    return any(one.row.cargo_aircraft_only for one in held)


def too_heavy(held: Iterable[Classified]) -> tuple[tuple[Classified, int, bool], ...]:
    """Instructions whose batteries may weigh more than a package holds: (one of it, g, certain).

    Certain where the goods are the batteries; of equipment only the whole is known.
    """
    by_pi: dict[str, list[Classified]] = {}
    for one in held:
        by_pi.setdefault(one.row.pi, []).append(one)
    heavy = []
    for same in by_pi.values():
        limit = same[0].row.net_max_g
        weight = sum((one.battery.net_g or 0) * one.battery.units for one in same)
        if limit is not None and weight > limit:
            heavy.append((same[0], weight, same[0].row.placed == "alone"))
    return tuple(heavy)


def _marks(held: Sequence[Classified], packages: int) -> tuple[str, ...]:
    free = _few(held)
    needed = (
        one.row.un
        for one in held
        if one.section not in one.row.unmarked
        and not (free and 0 < packages <= one.row.free_packages)
    )
    return tuple(sorted(set(needed)))


def _few(held: Sequence[Classified]) -> bool:
    """Whether what may travel without a mark is few enough: both kinds count in proportion."""
    counted = [one for one in held if one.row.free_packages]
    share = Decimal(0)
    for one in counted:
        single = one.battery.cells == 1
        share += Decimal(one.battery.batteries) / (
            one.row.free_cells if single else one.row.free_batteries
        )
    return share <= 1


def _always(battery: Battery, goods: Mapping[str, Any]) -> Iterable[Gap]:
    energy = _energy_field(battery.type)
    unit = "g" if energy == "battery_li_g" else "Wh"
    wanted = (
        (battery.type, "battery_type", ", ".join(TYPES)),
        (battery.energy, energy, f"> 0 {unit}"),
        (battery.cells, "battery_cells", ">= 1"),
        (battery.count, "battery_count", ">= 1"),
        (battery.un383, "un383", "UN 38.3"),
    )
    for value, field, allowed in wanted:
        if value is None:
            yield Gap(field, _shown(goods.get(field)), allowed)


def _no_row(battery: Battery, rows: Sequence[BatteryRow], on: date) -> tuple[Gap, ...]:
    """A known battery for which the pack has no packing instruction on the day."""
    if battery.type is None:
        return ()
    known = dict.fromkeys(row.pi for row in rows if _holds(row, on))
    return (Gap("battery_type", battery.type, f"PI {', '.join(known)}"),)


def _charge_gap(found: Classified, goods: Mapping[str, Any]) -> tuple[Gap, ...]:
    """What its state of charge lacks, where its instruction asks for one."""
    charge, most = found.battery.soc_percent, found.row.soc_max_percent
    if most is None or not _charged(found) or (charge is not None and charge <= most):
        return ()
    return (Gap("soc_percent", _shown(goods.get("soc_percent")), f"<= {most} %"),)


def _charged(found: Classified) -> bool:
    above, energy = found.row.soc_above_wh, found.battery.energy
    return above is None or energy is None or energy > above


def _spare_gap(found: Classified) -> tuple[Gap, ...]:
    """More batteries than the equipment runs on and its spare sets."""
    battery, sets = found.battery, found.row.spare_sets
    if sets is None or battery.needed is None or battery.count is None:
        return ()
    most = battery.needed * (1 + sets)
    if battery.count <= most:
        return ()
    return (Gap("battery_count", str(battery.count), f"<= {most}"),)


def _fits(row: BatteryRow, battery: Battery) -> bool:
    return row.type == battery.type and row.placed == battery.placed


def _holds(row: BatteryRow, on: date) -> bool:
    return (row.valid_from or on) <= on <= (row.valid_to or on)


def _section(battery: Battery, row: BatteryRow) -> str:
    if battery.energy is None or battery.cells is None:
        return ""
    each = battery.energy <= row.cell_max * battery.cells
    whole = battery.cells == 1 or battery.energy <= row.battery_max
    return row.within if each and whole else row.above


def _energy_field(kind: object) -> str:
    return "battery_li_g" if kind == "li_metal" else "battery_wh"


def _positive(value: object) -> Decimal | None:
    found = number_of(value)
    return found if found is not None and found > 0 else None


def _count(value: object) -> int | None:
    """A whole number above zero, as JSON has it or as text."""
    found = _positive(value)
    return int(found) if found is not None and found == found.to_integral_value() else None


def _percent(value: object) -> int | None:
    if _shown(value) == "0":
        return 0
    found = _count(value)
    return found if found is not None and found <= _ALL else None


def _shown(value: object) -> str | None:
    return None if value in (None, "") else " ".join(str(value).split())[:_ALL] or None
