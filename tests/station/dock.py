"""Hands at the dock: rows of other benches, lists, bags, the driver."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from packstation.domain.handover import parcels as hp
from packstation.station import ports as p
from packstation.station.gear import Gear
from packstation.station.handover_hand import SignatureDrawn
from packstation.station.handover_views import HandoverView
from packstation.station.views import Screen
from tests.station.desk import Bench, signed_in

LINE = (((1000, 2000), (4000, 1000), (7000, 3000)),)


def row(waybill: str, **more: object) -> p.Row:
    """A parcel that another bench closed an hour ago, as the server tells of it."""
    due = hp.Due(
        waybill=waybill,
        parcel=f"P-{waybill}",
        carrier="chinapost",
        service="e-packet",
        gross_g=500,
        closed="2026-11-20T07:00:00Z",
        bench="Bench 03",
    )
    body = msgspec.to_builtins(replace(due, **more))
    return p.Row(hp.ROW, waybill, 1, "put", body)


def pulled(bench: Bench, *rows: p.Row) -> None:
    """The server's rows come."""
    bench.say(p.RowsPulled(rows, "c", 1))


def at_dock(
    *rows: p.Row, gear: Gear | None = None, rules: dict[str, object] | None = None
) -> Bench:
    """A bench with the page open, and other benches' parcels."""
    bench = signed_in(gear=gear)
    if rules is not None:
        site = {"code": "GZ-1", "name": "Guangzhou 1", "zone": "Asia/Shanghai", "rules": rules}
        pulled(bench, p.Row("site", "GZ-1", 1, "put", site))
    pulled(bench, *rows)
    bench.command("handover")
    return bench


def shown(bench: Bench) -> HandoverView:
    """The list in hand."""
    assert bench.view.screen is Screen.HANDOVER, bench.view.screen
    assert bench.view.handover is not None
    return bench.view.handover


def no(bench: Bench) -> str:
    """Why the last scan was refused."""
    assert bench.view.alert is not None
    key = bench.view.alert.headline.key
    bench.command("accept")
    return key.removeprefix("handover.no.")


def asked(bench: Bench) -> str:
    """Which field is open."""
    return bench.view.entry.kind if bench.view.entry else ""


def typed(bench: Bench, kind: str, value: str) -> None:
    """A field was confirmed."""
    bench.say(p.TextEntered(kind, value))


def signed(bench: Bench) -> None:
    """Counted, and the driver signs."""
    bench.command("accept", "accept")
    typed(bench, "driver", "Wang Wei")
    bench.say(SignatureDrawn(LINE))


def no_after(bench: Bench, code: str) -> str:
    """Why a scan is refused."""
    bench.scan(code)
    return no(bench)
