"""A bench's device rows as the table of its printers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Protocol

from msgspec.structs import replace

from packstation.devices.catalogue import printer_model
from packstation.domain.errors import SettingsError
from packstation.domain.printers import BenchPrinter, stock_of

KINDS: Final = ("label", "papers")
FOLDER: Final = "folder"


class Row(Protocol):
    """What of a device's row is read here (`devices.bench.DeviceConfig`)."""

    @property
    def kind(self) -> str: ...
    @property
    def model(self) -> str: ...
    @property
    def address(self) -> str: ...
    @property
    def device(self) -> str: ...
    @property
    def settings(self) -> Mapping[str, object]: ...


def bench_printers(rows: Sequence[Row]) -> tuple[BenchPrinter, ...]:
    """The printers among the rows.

    ``settings`` may hold stock, dpi, media, gap_mm, labels_per_roll, and ``confirmed``: true,
    or the identity that a test label has proven, where no test label is wanted.

    Raises:
        SettingsError: a value cannot be used.
    """
    return tuple(_printer(row) for row in rows if row.kind in KINDS)


def _printer(row: Row) -> BenchPrinter:
    name, told = f"DEVICES[{row.device}]", row.settings
    language = printer_model(row.model).media
    made = BenchPrinter(
        id=row.device,
        kind=row.kind,
        model=row.model,
        address=row.address,
        stock=stock_of(name, row.kind, language, told),
    )
    confirmed = told.get("confirmed", False)
    if not isinstance(confirmed, bool | str):
        allowed = "true, false, or the code of a test label"
        raise SettingsError(name=f"{name}.confirmed", value=confirmed, allowed=allowed)
    trusted = confirmed is True or confirmed == made.identity
    free = row.kind == "papers" or row.model == FOLDER
    return replace(made, trusted=trusted or free)


def lies_in(printer: BenchPrinter) -> str:
    """What a printer speaks and what lies in it, as both benches of a shared one must say it."""
    stock = printer.stock
    return f"{stock.language} {stock.name} {stock.dpi}"
