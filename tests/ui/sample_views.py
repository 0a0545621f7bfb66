"""Sample views of every state of the bench, as the station would hand them to the window."""

from __future__ import annotations

from collections.abc import Callable

from packstation.station.views import StationView
from tests.ui import sample_alerts as alerts
from tests.ui import sample_camera as camera
from tests.ui import sample_consignment as consignment
from tests.ui import sample_devices as pages
from tests.ui import sample_edits as edits
from tests.ui import sample_flow as flow
from tests.ui import sample_guard as guard
from tests.ui import sample_handover as handover
from tests.ui import sample_idle as idle
from tests.ui import sample_own as own
from tests.ui import sample_rules as rules
from tests.ui import sample_services as services
from tests.ui import sample_steps as steps
from tests.ui import sample_training as training

Maker = Callable[[str], StationView]
LANGUAGES = ("en", "zh_Hans", "ru")

SAMPLES: dict[str, Maker] = {
    "queue": idle.queue,
    "queue-empty": idle.queue_empty,
    "queue-many": idle.queue_many,
    "queue-found": idle.queue_found,
    "queue-none-single": idle.queue_none_single,
    "fast-waiting": flow.fast_waiting,
    "fast-stick": flow.fast_stick,
    "fast-weigh": flow.fast_weigh,
    "choose": flow.choose,
    "tasks": flow.tasks,
    "tasks-none": flow.tasks_none,
    "more": flow.more,
    "shift-start": flow.shift_start,
    "shift-end": flow.shift_end,
    "history": flow.history,
    "history-first": flow.history_first,
    "scanning-hints": flow.scanning_hints,
    "sign-in": idle.sign_in,
    "sign-in-pin": idle.sign_in_pin,
    "locked": idle.locked,
    "enrol": idle.enrol,
    "find-devices": idle.find_devices,
    "test-card": idle.card_scanned,
    "card-mended": idle.card_mended,
    "card-refused": idle.card_refused,
    "devices-fault": idle.devices_fault,
    "devices-ok": idle.devices_ok,
    "device-scale": pages.device_scale,
    "device-check": pages.device_check,
    "device-fault": pages.device_fault,
    "device-printer": pages.device_printer,
    "device-printer-low": pages.device_printer_low,
    "device-papers": pages.device_papers,
    "device-scanner": pages.device_scanner,
    "add-kind": pages.add_kind,
    "add-port": pages.add_port,
    "add-unplug": pages.add_unplug,
    "add-probe": pages.add_probe,
    "add-silent": pages.add_silent,
    "add-weigh": pages.add_weigh,
    "add-models": pages.add_models,
    "add-trial": pages.add_trial,
    "edit-scale": edits.edit_scale,
    "edit-value": edits.edit_value,
    "edit-printer": edits.edit_printer,
    "add-camera": pages.add_camera,
    "add-press": edits.add_press,
    "add-meaning": edits.add_meaning,
    "add-pedal": edits.add_pedal,
    "add-confirm": pages.add_confirm,
    "help": idle.help_,
    **own.OWN,
    **own.BARS,
    **handover.HANDOVER,
    **consignment.CONSIGNMENT,
    "training": training.lessons,
    "training-lesson": training.lesson,
    "training-failed": training.failed,
    "camera": camera.camera,
    "camera-frozen": camera.camera_frozen,
    "scanning-look": camera.scanning_look,
    "offline": idle.offline,
    "scanning": steps.scanning,
    "scanning-first": steps.scanning_first,
    "scanning-many": steps.scanning_many,
    "scanning-long": steps.scanning_long,
    "scanning-hostile": steps.scanning_hostile,
    "serial": steps.serial,
    "quantity": steps.quantity,
    "cartoning": steps.cartoning,
    "cartoning-own": steps.cartoning_own,
    "cartoning-bag": steps.cartoning_bag,
    "cartoning-tube": steps.cartoning_tube,
    "cartoning-split": steps.cartoning_split,
    "cartoning-parcels": steps.cartoning_parcels,
    "weighing": steps.weighing,
    "weighing-stale": steps.weighing_stale,
    "weighing-taken": steps.weighing_taken,
    "measuring": steps.measuring,
    "rating": steps.rating,
    "rating-pick": services.rating_pick,
    "rating-offline": services.rating_offline,
    "printing": steps.printing,
    "printing-unsure": steps.printing_unsure,
    "printing-take": steps.printing_take,
    "confirming": steps.confirming,
    "confirming-take": steps.confirming_take,
    "completed": steps.completed,
    "parked": steps.parked,
    "next-parcel": steps.parked_done,
    "wrong-item": alerts.wrong_item,
    "wrong-variant": alerts.wrong_variant,
    "over-scan": alerts.over_scan,
    "unknown-code": alerts.unknown_code,
    "hostile-code": alerts.hostile_code,
    "not-now": alerts.not_now,
    "foreign-code": alerts.foreign_code,
    "stopped-late": alerts.stopped_late,
    "expired": alerts.expired,
    "label-mismatch": alerts.label_mismatch,
    "cancelled": alerts.cancelled,
    "weight-off": alerts.weight_off,
    "data-missing": alerts.data_missing,
    "storage-fault": alerts.storage_fault,
    "release": alerts.release,
    "release-reason": alerts.release_reason,
    **guard.GUARD,
    **{name.replace("_", "-"): maker for name, maker in rules.RULES.items()},
}


def sample(name: str, language: str = "en") -> StationView:
    """The view of this name; `KeyError` for another."""
    return SAMPLES[name](language)


def all_views(language: str) -> dict[str, StationView]:
    """Every view by name in a language."""
    return {name: maker(language) for name, maker in SAMPLES.items()}
