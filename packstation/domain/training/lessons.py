"""The eight lessons, about an hour together. Goods are those of resources/samples.

A lesson asks for some mistakes itself (a wrong item, the label of another parcel): those are
goals, and are counted as mistakes only beyond that. What is asked for is packed by the bench's own
rules on simulated devices; nothing is switched off for it.
"""

from __future__ import annotations

from typing import Final

from packstation.domain.training.lesson import Act, Goal, Lesson, Practice, Sign

_CLOSED: Final = "SessionCompleted"


def _goal(name: str, kind: str, count: int = 1, **where: str) -> Goal:
    return Goal(name, Sign(kind, tuple(where.items()), count))


def _after(kind: str, count: int = 1, **where: str) -> Sign:
    return Sign(kind, tuple(where.items()), count)


LESSONS: Final = (
    Lesson(
        id="scan",
        minutes=6,
        mistakes=2,
        orders=(Practice((("MG-ENM-MOS", 2), ("NB-A6-DOT", 1))),),
        goals=(
            _goal("open", "SessionOpened"),
            _goal("first", "ItemVerified"),
            _goal("undo", "ItemRemoved"),
            _goal("all_in", "ContentsVerified"),
            _goal("close", _CLOSED),
        ),
    ),
    Lesson(
        id="wrong",
        minutes=7,
        mistakes=2,
        orders=(Practice((("MG-ENM-MOS", 2), ("TS-BLK-M", 1))),),
        goals=(
            _goal("open", "SessionOpened"),
            _goal("foreign", "ItemRejected", reason="not_in_order"),
            _goal("variant", "ItemRejected", reason="wrong_variant"),
            _goal("too_many", "ItemRejected", reason="over_quantity"),
            _goal("close", _CLOSED),
        ),
    ),
    Lesson(
        id="weigh",
        minutes=7,
        mistakes=2,
        orders=(
            Practice((("TP-CER-CEL", 1), ("SK-WOL-RST", 1))),
            Practice((("WB-STL-500", 2),), hours_left=9),
        ),
        goals=(
            _goal("box", "CartonAssigned"),
            _goal("weight", "ParcelWeighed"),
            _goal("close", _CLOSED),
            _goal("odd_weight", "WeightDisputed"),
            _goal("true_weight", "ParcelWeighed", 2),
            _goal("close_second", _CLOSED, 2),
        ),
    ),
    Lesson(
        id="label",
        minutes=8,
        mistakes=2,
        orders=(
            Practice((("BN-KNT-MUS", 1), ("KR-LEA-TAN", 1))),
            Practice((("SC-SLK-PLM", 1), ("KR-LEA-TAN", 1)), hours_left=9),
        ),
        goals=(
            _goal("label", "LabelIssued"),
            _goal("stick", "LabelApplied"),
            _goal("again", "ReprintRequested"),
            _goal("other_label", "LabelMismatched"),
            _goal("own_label", "LabelApplied", 2),
            _goal("close_second", _CLOSED, 2),
        ),
    ),
    Lesson(
        id="parcels",
        minutes=8,
        mistakes=2,
        orders=(
            Practice((("PT-CLY-TER", 1), ("LP-DSK-YLW", 1))),
            Practice((("NB-A6-DOT", 2), ("KR-LEA-TAN", 1)), allow_partial=True, hours_left=9),
        ),
        goals=(
            _goal("split", "ParcelSplit"),
            _goal("next", "ParcelOpened"),
            _goal("close", _CLOSED),
            _goal("short", "ItemShorted"),
            _goal("close_second", _CLOSED, 2),
        ),
    ),
    Lesson(
        id="holds",
        minutes=8,
        mistakes=2,
        orders=(
            Practice((("UM-FLD-RED", 1), ("CP-BAS-NVY", 1))),
            Practice((("TR-WDN-TOY", 1), ("ST-CAT-SHT", 1)), hours_left=9),
        ),
        goals=(
            _goal("stopped", "SessionHeld", reason="cancelled"),
            _goal("put_back", "SessionCancelled"),
            _goal("held", "SessionHeld", reason="server"),
            _goal("release", "OverrideGranted"),
            _goal("close", _CLOSED),
        ),
        acts=(
            Act("cancel", _after("ItemVerified")),
            Act("hold", _after("ItemVerified", 2), order=2),
        ),
    ),
    Lesson(
        id="devices",
        minutes=8,
        mistakes=2,
        orders=(Practice((("RL-USB-WHT", 2),)), Practice((("CB-ACA-M", 1),), hours_left=9)),
        goals=(
            _goal("scale_lost", "DeviceChanged", device="scale", state="fault"),
            _goal("scale_back", "DeviceChanged", device="scale", state="ok"),
            _goal("paper_out", "DeviceChanged", device="label", state="fault"),
            _goal("paper_in", "DeviceChanged", device="label", state="ok"),
            _goal("close", _CLOSED),
            _goal("scanner_back", "DeviceChanged", device="scanner", state="ok"),
            _goal("close_second", _CLOSED, 2),
        ),
        acts=(
            Act("fault", _after("CartonAssigned"), device="scale", fault="unplug"),
            Act("fault", _after("ParcelWeighed"), device="label", fault="paper_out"),
            Act("fault", _after(_CLOSED), device="scanner", fault="unplug"),
        ),
    ),
    Lesson(
        id="shift",
        minutes=10,
        mistakes=1,
        orders=(
            Practice((("BR-BAM-4", 2), ("SB-OLV-100", 1)), hours_left=2),
            Practice((("BN-KNT-MUS", 1),), hours_left=4),
            Practice((("PZ-500-MTN", 1),), hours_left=6),
            Practice((("SP-OLI-3", 1), ("TB-LIN-SND", 1)), hours_left=7),
        ),
        goals=(
            _goal("from_queue", "SessionOpened"),
            _goal("close", _CLOSED),
            _goal("close_second", _CLOSED, 2),
            _goal("close_third", _CLOSED, 3),
            _goal("close_all", _CLOSED, 4),
        ),
    ),
)


def lesson_of(name: str) -> Lesson | None:
    """The lesson of an id, None for one that a newer program has."""
    return next((lesson for lesson in LESSONS if lesson.id == name), None)
