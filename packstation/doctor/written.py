"""What stands in the settings: names that nothing reads, rows that cannot be used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from packstation.doctor.findings import Finding, State
from packstation.domain.errors import SettingsError
from packstation.domain.printers import RouteRow
from packstation.settings import Settings


def settings(found: Settings) -> Iterator[Finding]:
    """Every fault at once; nothing is opened."""
    wrong = [*_unknown(found), *(_refused(one) for one in refused(found))]
    args = {"devices": len(found.devices)}
    yield from wrong or [Finding("settings", State.OK, "settings.ok", args)]


def refused(found: Settings) -> list[SettingsError]:
    """Why the bench would not start with these rows."""
    from packstation.bootstrap.keyboards import pedals_of, wedge_of
    from packstation.devices.bench import DOCUMENTS, DeviceConfig, why_refused
    from packstation.devices.printers.rows import bench_printers
    from packstation.domain.printers import print_table

    rows = [
        DeviceConfig(one.kind, one.model, one.address, one.id, dict(one.options))
        for one in found.devices
    ]
    wrong = list(why_refused(rows, found.station.name))
    if wrong:
        return wrong
    try:
        print_table(bench_printers(rows), _routes(found), DOCUMENTS)
        wedge_of(rows)
        pedals_of(rows)
    except SettingsError as exc:
        return [exc]
    return []


def _routes(found: Settings) -> Sequence[RouteRow]:
    return [
        RouteRow(row.document, row.printer, row.stock, row.language, row.backup)
        for row in found.prints
    ]


def _unknown(found: Settings) -> Iterator[Finding]:
    for one in found.unknown:
        key = "settings.near" if one.nearest else "settings.unknown"
        args = {"name": one.name, "source": one.source, "nearest": one.nearest}
        yield Finding("settings", State.WARN, key, args)


def _refused(exc: SettingsError) -> Finding:
    which = "PRINT" if str(exc.fields.get("name", "")).startswith("PRINT") else "DEVICES"
    about = {name: str(value) for name, value in exc.fields.items()}
    args = {"list": which, **about}
    return Finding("settings", State.FAIL, "settings.refused", args, why=exc.key)
