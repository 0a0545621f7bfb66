"""What an andon light says of a bench: one word out of the snapshot that the screen shows."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from packstation.station.views import Screen, StationView

_ASKED: Final = frozenset({"pin", "supervisor", "reason"})
_NEEDED: Final = frozenset({"scale", "label", "papers"})


class Mood(StrEnum):
    """From far away: nothing, at work, wants a hand, stopped."""

    OFF = "off"
    IDLE = "idle"
    WORKING = "working"
    WAITING = "waiting"
    STOPPED = "stopped"


def mood_of(view: StationView) -> Mood:
    """Stopped for a refusal or a stopped order; waiting where someone has to come or act."""
    if view.alert is not None:
        return Mood.WAITING if view.alert.kind == "hold" else Mood.STOPPED
    if view.entry is not None and view.entry.kind in _ASKED:
        return Mood.WAITING
    if view.screen is Screen.SIGN_IN:
        return Mood.OFF
    if view.label is not None and view.label.unsure:
        return Mood.WAITING
    if any(device.kind in _NEEDED and device.state == "fault" for device in view.devices):
        return Mood.WAITING
    return Mood.IDLE if view.order is None else Mood.WORKING
