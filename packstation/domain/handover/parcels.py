"""A packed parcel as a hand-over sees it, and what it may be refused for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from packstation.domain.handover.manifests import Loaded, Manifest

# The row that tells benches of each other's parcels, by waybill.
ROW: Final = "parcel"
PACKED, VOIDED, TENDERED = "packed", "voided", "tendered"


class Due(Struct, frozen=True, kw_only=True):
    """A parcel with its label on it; also the body of row ``parcel``.

    ``closed``: when, RFC 3339; ``bench`` by name. ``state``: packed, voided or tendered.
    ``manifest``: the code of the list it is on, "" for none. ``stop``: cancelled,
    held, duplicate or relabel (``domain.conflicts``).
    """

    waybill: str
    parcel: str = ""
    order_id: str = ""
    carrier: str = ""
    service: str = ""
    gross_g: int = 0
    mode: str = ""
    closed: str = ""
    bench: str = ""
    state: str = PACKED
    manifest: str = ""
    stop: str = ""

    @property
    def waits(self) -> bool:
        """Whether it should leave and is on no list."""
        return self.state == PACKED and not self.manifest and not self.stop


def fits(manifest: Manifest, due: Due) -> bool:
    """Whether a parcel is of the list's service and of no other export mode."""
    same = (due.carrier, due.service) == (manifest.carrier, manifest.service)
    return same and (not manifest.loaded or due.mode == manifest.mode)


def refusal(manifest: Manifest, due: Due) -> str:
    """Why a parcel does not go on this list: its words' key under ``handover.no``, "" if it does.

    What stops the parcel itself comes first: nobody is to carry it to another list.
    """
    if due.waybill in manifest.loaded:
        return "twice"
    if due.state == TENDERED:
        return "tendered"
    if due.state == VOIDED:
        return "voided"
    if due.stop:
        return due.stop
    if (due.carrier, due.service) != (manifest.carrier, manifest.service):
        return "service"
    if manifest.loaded and due.mode != manifest.mode:
        return "mode"
    return "elsewhere" if due.manifest and due.manifest != manifest.code else ""


def missing(manifest: Manifest, dues: Iterable[Due]) -> tuple[Due, ...]:
    """What was packed for this list by its cut-off and is not on it, the oldest first."""
    found = (
        due
        for due in dues
        if due.waits
        and due.waybill not in manifest.loaded
        and fits(manifest, due)
        and (not manifest.cutoff or due.closed <= manifest.cutoff)
    )
    return tuple(sorted(found, key=lambda due: (due.closed, due.waybill)))


def extras(manifest: Manifest, dues: Iterable[Due]) -> tuple[tuple[Loaded, str], ...]:
    """What is on the list and must come off, with the reason: stopped, or of another service.

    A parcel that was loaded while nothing was known of it is judged when its row comes.
    """
    known = {due.waybill: due for due in dues if due.waybill in manifest.loaded}
    checked = any(one.checked for one in manifest.loaded.values())
    first = next((known[name] for name in manifest.loaded if name in known), None)
    mode = manifest.mode if checked or first is None else first.mode
    alone = replace(manifest, loaded={})
    found = []
    for one in manifest.loaded.values():
        due = known.get(one.waybill)
        why = refusal(alone, due) if due is not None else ""
        if due is not None and (why or due.mode != mode):
            found.append((one, why or "mode"))
    return tuple(found)


def forgotten(dues: Iterable[Due], today: date, zone: ZoneInfo) -> tuple[Due, ...]:
    """Packed before ``today`` (the site's) and on no list: the oldest first."""
    found = (due for due in dues if due.waits and _day(due.closed, zone) < today)
    return tuple(sorted(found, key=lambda due: (due.closed, due.waybill)))


def _day(at: str, zone: ZoneInfo) -> date:
    """The site's day of a moment; one that nobody can read was never yesterday."""
    try:
        return datetime.fromisoformat(at).astimezone(zone).date()
    except (ValueError, OverflowError):
        return date.max
