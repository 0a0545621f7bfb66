"""What the camera's picture is marked with: counted, still to come, other, needs a scan."""

from __future__ import annotations

from packstation.domain.onelook import Look, LookRules
from packstation.domain.packing import State
from packstation.station.core import Core
from packstation.station.desk import DeviceRecord, LookRecord
from packstation.station.look_view import LookMark, LookView
from packstation.station.looking import asks_for_scan, item_of, packed, verifies
from packstation.station.ports import DeviceState

_SHOWN = frozenset({State.SCANNING, State.CONFIRMING})


def look(core: Core) -> LookView | None:
    """The picture beside the stage: of the first camera that sees and is of use."""
    if core.session.state not in _SHOWN:
        return None
    for device in core.desk.devices.values():
        if device.info.use in {"look", "scan"} and device.state is DeviceState.OK:
            return of_device(core, device)
    return None


def page(core: Core) -> LookView | None:
    """The picture of the camera's own page: whatever its state and use; None without a camera."""
    cameras = (d for d in core.desk.devices.values() if d.info.kind == "camera")
    found = next(cameras, None)
    return of_device(core, found) if found is not None else None


def of_device(core: Core, device: DeviceRecord) -> LookView:
    """A camera's marks as they are now."""
    record = core.desk.looks.get(device.info.id, LookRecord())
    return LookView(device.info.id, record.size, _marks(core, record.look))


def _marks(core: Core, found: Look) -> tuple[LookMark, ...]:
    """One for each thing; of equal ones the first are those that the parcel holds."""
    lying: dict[str, int] = {}
    marks = []
    for track in found.tracks:
        covered = track.frame != found.frame
        if covered and track.against:
            continue  # something else lies there now
        item = item_of(core, track) if core.session.state is State.SCANNING else None
        state = "other" if track.sure(LookRules()) else "unsure"
        if item is not None and state == "other":
            lying[item.sku] = lying.get(item.sku, 0) + item.units
            if lying[item.sku] <= packed(core, item.sku):
                state = "counted"
            elif verifies(core, item):
                state = "due"
            elif asks_for_scan(core, item):
                state = "scan"
        corners = track.read.corners
        marks.append(LookMark(corners, state, covered=covered))
    return tuple(marks)
