"""Another device on a remembered port: said, accepted by a person, recorded."""

from __future__ import annotations

import pytest

from packstation.domain.events import decode
from packstation.domain.packing.facts import DeviceChanged
from packstation.station import ports as p
from packstation.station.views import StationView
from tests.station.desk import signed_in

ACCEPT = p.CommandGiven("accept-device", "scale")


def refused(view: StationView) -> str:
    """The key of the refusal on the stage."""
    assert view.alert is not None
    return view.alert.headline.key


class Care:
    """Devices of which one is another than the one that belongs there."""

    def __init__(self, *other: str) -> None:
        self.other = list(other)
        self.asked = ("", 0)

    def accept(self, device: str) -> tuple[str, str] | None:
        if device not in self.other:
            return None
        self.other.remove(device)
        return "A", "B"

    def record(self, device: str, minutes: int) -> str | None:
        self.asked = (device, minutes)
        return "file.jsonl" if device in {"scale", "my scale"} else None


def test_another_device_is_accepted_once_and_recorded_with_its_number() -> None:
    bench = signed_in()
    assert refused(bench.say(ACCEPT)) == "no.device.not_other"
    bench.station.core.care = Care("scale")
    fault = p.DeviceHealth(
        "scale", p.DeviceState.FAULT, "device.other", "", (("expected", "A"), ("found", "B"))
    )
    view = bench.say(fault)
    card = next(d for d in view.devices if d.kind == "scale")
    assert card.cure is not None
    assert dict(card.cure.args) == {"expected": "A", "found": "B"}
    shown = bench.say(p.CommandGiven("devices"))
    assert "accept-device" in {command.command for command in shown.commands}
    bench.say(p.CommandGiven("accept-device"))  # the only one that waits
    events = [one.event for one in bench.store.records]
    changes = [decode(one.kind, one.v, one.body) for one in events]
    found = [one for one in changes if isinstance(one, DeviceChanged)]
    assert [(f.state, f.cause, f.serial) for f in found[-2:]] == [
        ("fault", "device.other", "B"),
        ("ok", "device.accepted", "B"),
    ]
    shown = bench.say(p.DeviceHealth("scale", p.DeviceState.OK))
    assert "accept-device" not in {command.command for command in shown.commands}
    assert refused(bench.say(ACCEPT)) == "no.device.not_other"


@pytest.mark.parametrize(
    ("argument", "asked", "refusal"),
    [
        ("scale 30", ("scale", 30), ""),
        ("my scale 0", ("my scale", 0), ""),
        ("scale", ("scale", 10), ""),
        ("toaster 5", ("toaster", 5), "no.device.not_recorded"),
    ],
)
def test_a_device_is_recorded_for_some_minutes(
    argument: str, asked: tuple[str, int], refusal: str
) -> None:
    bench = signed_in()
    assert (
        refused(bench.say(p.CommandGiven("record-device", "scale 1"))) == "no.device.not_recorded"
    )
    bench = signed_in()
    care = bench.station.core.care = Care()
    view = bench.say(p.CommandGiven("record-device", argument))
    assert care.asked == asked
    assert (view.alert.headline.key if view.alert else "") == refusal
