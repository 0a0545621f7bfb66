"""The page that edits a device, as a view."""

from __future__ import annotations

from packstation.station.core import Core
from packstation.station.device_desk import DeviceDesk
from packstation.station.device_state import Edit
from packstation.station.editing import shown, told
from packstation.station.views import AddDeviceView, Fact, Words

_FREE = "text"


def editing(core: Core, desk: DeviceDesk) -> AddDeviceView | None:
    """The fields of the device, or the values of one of them."""
    edit = core.desk.pages.edit
    if edit is None:
        return None
    return AddDeviceView(
        step="value" if edit.field else "edit",
        rail=0,
        main=Words(f"edit.{edit.field}" if edit.field else "edit.main"),
        second=_second(edit),
        picks=desk.editing.picks(),
        facts=_facts(edit),
        giant=shown(edit.options.get(edit.field)) if edit.field else "",
        problem=edit.problem,
    )


def _second(edit: Edit) -> Words | None:
    """What a field may be; on the list that nothing is changed yet."""
    row = next((one for one in edit.fields if one.name == edit.field), None)
    if row is None:
        return Words("edit.how")
    if row.type == _FREE and not row.words:
        return Words(f"edit.text.{row.name}")
    return None if row.type == "switch" else Words("edit.allowed", (("allowed", row.allowed),))


def _facts(edit: Edit) -> tuple[Fact, ...]:
    """Which device it is, and what each change changes."""
    row = edit.device
    names = [one.name for one in edit.fields]
    changed = [name for name in names if row.options.get(name) != edit.options.get(name)]
    known: tuple[Fact, ...] = (
        (Words("dev.fact.model"), row.model),
        (Words("dev.fact.address"), row.address),
    )
    return (*known, *((Words(f"edit.{name}"), told(edit.options.get(name))) for name in changed))
