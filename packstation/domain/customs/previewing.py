"""What another rule pack would change: which orders it stops and frees, and by which rules."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

from packstation.domain.customs.case import Raw
from packstation.domain.customs.checking import check
from packstation.domain.customs.findings import Checked
from packstation.domain.customs.pack import Pack
from packstation.domain.customs.reference import Reference


class Moved(Struct, frozen=True, kw_only=True):
    """An order that is judged otherwise; rules that block it now and did not, and the reverse."""

    order_id: str
    new: tuple[str, ...]
    gone: tuple[str, ...]
    ok: bool
    was_ok: bool


class Preview(Struct, frozen=True, kw_only=True):
    """Orders that are stopped now and were not, that are free now, and that have other blocks."""

    old: str
    new: str
    orders: int
    stops: tuple[Moved, ...]
    frees: tuple[Moved, ...]
    others: tuple[Moved, ...]


def preview(
    orders: Iterable[Raw], old: Pack, new: Pack, reference: Reference, now: datetime
) -> Preview:
    """Both packs on the same orders at the same moment."""
    moved, count = [], 0
    for raw in orders:
        count += 1
        before, after = (check(raw, pack, reference, now) for pack in (old, new))
        moved.append(_moved(before, after))
    changed = [one for one in moved if one.new or one.gone]
    return Preview(
        old=old.version,
        new=new.version,
        orders=count,
        stops=tuple(one for one in changed if one.was_ok and not one.ok),
        frees=tuple(one for one in changed if one.ok and not one.was_ok),
        others=tuple(one for one in changed if one.ok == one.was_ok),
    )


def _moved(before: Checked, after: Checked) -> Moved:
    had, has = ({one.rule for one in found.of("BLOCK")} for found in (before, after))
    return Moved(
        order_id=after.order_id,
        new=tuple(sorted(has - had)),
        gone=tuple(sorted(had - has)),
        ok=after.ok,
        was_ok=before.ok,
    )
