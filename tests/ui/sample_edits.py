"""Sample views of a pedal that is added, and of the page that edits a device."""

from __future__ import annotations

from msgspec.structs import replace

from packstation.station.adding_pedal import key_facts
from packstation.station.pedal import MEANINGS, meaning
from packstation.station.views import PickView, Screen, StationView, Words
from tests.ui.sample_devices import ADDRESS, adding_view, facts_of

_PEDAL = (("address", "keyboard"), ("model", "keyboard"))


def add_press(language: str) -> StationView:
    """A pedal is to be pressed; it sent a key that people need."""
    return adding_view(
        language,
        "press",
        2,
        second=Words("add.how.press"),
        facts=facts_of(*_PEDAL),
        problem=Words("add.pedal.taken", (("key", "F4"),)),
        cure=Words("add.pedal.taken.cure"),
    )


def add_meaning(language: str) -> StationView:
    """What the pedal's key does is chosen."""
    rows = tuple(PickView(name, meaning(name)) for name in MEANINGS[:7])
    more = PickView("more", Words("add.pedal.more"), icon="next")
    return adding_view(
        language, "meaning", 3, picks=(*rows, more), giant="F13", facts=facts_of(*_PEDAL)
    )


def add_pedal(language: str) -> StationView:
    """All is known of the pedal: a second key may be added."""
    rows = (
        PickView("save", Words("add.save"), icon="check"),
        PickView("device_name", Words("add.name")),
        PickView("press", Words("add.pedal.another"), icon="plus"),
    )
    facts = (*key_facts({"F13": "accept", "F14": "next-parcel"}), *facts_of(*_PEDAL))
    return adding_view(language, "confirm", 5, main="add.confirm.add", picks=rows, facts=facts)


def _editing(language: str, step: str, main: str, **more: object) -> StationView:
    view = adding_view(language, step, 0, main=main, **more)
    return replace(view, screen=Screen.EDIT_DEVICE)


def edit_scale(language: str) -> StationView:
    """The fields of a scale, two of them changed."""
    fields = (
        ("name", "Pack scale 7"),
        ("unit", "kg"),
        ("capacity", "15"),
        ("period_ms", Words("edit.usual")),
        ("check_blocks", Words("edit.true")),
        ("baud", "19200"),
    )
    new = {"check_blocks", "baud"}
    rows = tuple(
        PickView(
            name,
            Words(f"edit.{name}"),
            detail=value,
            note=Words("edit.changed") if name in new else None,
        )
        for name, value in fields
    )
    save = PickView("save", Words("edit.save"), icon="check")
    more = PickView("more", Words("edit.more"), icon="next")
    facts = (
        *facts_of(("model", "yaohua-forward"), ("address", ADDRESS)),
        (Words("edit.check_blocks"), Words("edit.true")),
        (Words("edit.baud"), "19200"),
    )
    return _editing(
        language,
        "edit",
        "edit.main",
        second=Words("edit.how"),
        picks=(save, *rows, more),
        facts=facts,
    )


def edit_value(language: str) -> StationView:
    """The speed of the line: what was typed does not fit."""
    rows = tuple(PickView(one, text=one) for one in ("1200", "2400", "4800", "9600", "19200"))
    more = (
        PickView("typed", Words("edit.typed"), icon="keypad"),
        PickView("unset", Words("edit.unset"), icon="erase"),
    )
    return _editing(
        language,
        "value",
        "edit.baud",
        second=Words("edit.allowed", (("allowed", "50..4000000"),)),
        picks=(*rows, *more),
        facts=facts_of(("model", "yaohua-forward"), ("address", ADDRESS)),
        giant="9600",
        problem=Words("edit.wrong", (("value", "96000000"), ("allowed", "50..4000000"))),
    )


def edit_printer(language: str) -> StationView:
    """The fields of a printer; its last change can be taken back."""
    fields = (
        ("name", "ZD421"),
        ("stock", "100x150"),
        ("dpi", "203"),
        ("media", Words("edit.usual")),
        ("gap_mm", Words("edit.usual")),
        ("labels_per_roll", "500"),
    )
    rows = (PickView(name, Words(f"edit.{name}"), detail=value) for name, value in fields)
    undo = PickView("undo", Words("edit.undo"), icon="undo")
    more = PickView("more", Words("edit.more"), icon="next")
    return _editing(
        language,
        "edit",
        "edit.main",
        second=Words("edit.how"),
        picks=(*rows, undo, more),
        facts=facts_of(("model", "zpl"), ("address", "tcp://192.168.1.40:9100")),
    )
