"""Another device on a remembered port: said, accepted by a person, recorded."""

from __future__ import annotations

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

    def accept(self, device: str) -> tuple[str, str] | None:
        if device not in self.other:
            return None
        self.other.remove(device)
        return "A", "B"


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
    bench.say(ACCEPT)
    events = [one.event for one in bench.store.records]
    changes = [decode(one.kind, one.v, one.body) for one in events]
    found = [one for one in changes if isinstance(one, DeviceChanged)]
    assert [(f.state, f.cause, f.serial) for f in found[-2:]] == [
        ("fault", "device.other", "B"),
        ("ok", "device.accepted", "B"),
    ]
    assert refused(bench.say(ACCEPT)) == "no.device.not_other"
