"""A lesson is passed by what was done, and failed by mistakes or by what is missing."""

from __future__ import annotations

from packstation.domain.packing import facts as f
from packstation.domain.packing.training_facts import LessonEnded
from packstation.domain.training import LESSONS, Attempt, Lesson, begin, ended, lesson_of, take
from packstation.domain.training.lesson import Act, Goal, Practice, Sign
from packstation.domain.training.record import standings

VERIFIED = f.ItemVerified(line=1, sku="MG-ENM-MOS")
FOREIGN = f.ItemRejected(reason="not_in_order", sku="PN-GEL-BLK")


def played(name: str, *facts: f.Fact) -> Attempt:
    """The attempt at a lesson after these facts."""
    lesson = lesson_of(name)
    assert lesson is not None
    attempt = begin(lesson)[0]
    for fact in facts:
        attempt = take(attempt, fact)[0]
    return attempt


def opened() -> f.SessionOpened:
    return f.SessionOpened(order_id="P", rev=1, lines=(), parcel_id="p")


def test_there_are_eight_lessons_of_an_hour() -> None:
    assert len(LESSONS) == 8
    assert 50 <= sum(lesson.minutes for lesson in LESSONS) <= 70
    assert len({lesson.id for lesson in LESSONS}) == 8
    assert all(lesson.goals and lesson.orders for lesson in LESSONS)
    assert lesson_of("juggling") is None


def test_the_hint_is_the_first_thing_that_is_not_done() -> None:
    attempt = played("scan")
    assert attempt.current is not None
    assert attempt.current.id == "open"
    attempt = played("scan", opened(), VERIFIED)
    assert attempt.done == ("open", "first")
    assert attempt.current is not None
    assert attempt.current.id == "undo"


def test_done_without_mistakes_is_passed() -> None:
    removed = f.ItemRemoved(line=1, sku="MG-ENM-MOS")
    attempt = played(
        "scan", opened(), VERIFIED, removed, f.ContentsVerified(), f.SessionCompleted()
    )
    assert attempt.over
    assert attempt.passed
    end = ended(attempt, "ly-0107", 300)
    assert end == LessonEnded(person="ly-0107", lesson="scan", passed=True, allowed=2, seconds=300)


def test_a_mistake_that_was_asked_for_is_none_and_the_next_is() -> None:
    attempt = played("wrong", FOREIGN)
    assert (attempt.done, attempt.slips) == (("foreign",), ())
    attempt = played("wrong", FOREIGN, FOREIGN)
    assert attempt.slips == (("item", 1),)


def test_too_many_mistakes_fail_what_was_done() -> None:
    slips = (FOREIGN,) * 2 + (f.LabelMismatched(scanned="a", expected="b"),)
    removed = f.ItemRemoved(line=1, sku="MG-ENM-MOS")
    attempt = played(
        "scan", *slips, opened(), VERIFIED, removed, f.ContentsVerified(), f.SessionCompleted()
    )
    assert attempt.over
    assert not attempt.passed
    end = ended(attempt, "ly-0107", 1)
    assert end.mistakes == (("item", 2), ("label", 1))
    assert not end.passed


def test_what_is_left_undone_is_named() -> None:
    end = ended(played("scan", opened()), "ly-0107", 1)
    assert not end.passed
    assert end.undone == ("first", "undo", "all_in", "close")


def test_every_kind_of_slip_has_its_name() -> None:
    slips = (
        f.ItemRejected(reason="wrong_variant"),
        f.InputRefused(input="CodeScanned", state="scanning", reason="code.unknown"),
        f.WeightDisputed(gross_g=1, expected_g=100, tolerance_g=20),
        f.ItemShorted(line=1, sku="s", units=1),
        f.ReprintRequested(document="label", copy=2),
        f.LabelVoidRequested(key="p/1", waybill="w"),
        f.SessionCancelled(),
        f.SessionParked(reason="", place="A"),
    )
    attempt = played("scan", *slips)
    assert dict(attempt.slips) == {
        "variant": 1,
        "not_now": 1,
        "weight": 1,
        "short": 1,
        "copy": 1,
        "void": 1,
        "given_up": 2,
    }
    assert attempt.mistakes == 8


def test_what_a_device_says_is_no_mistake_of_the_packer() -> None:
    refused = f.InputRefused(input="WeightRead", state="weighing", reason="weight.moving")
    assert played("weigh", refused).mistakes == 0


def test_a_scan_that_was_in_the_air_when_the_server_stopped_the_order_is_no_mistake() -> None:
    held = f.SessionHeld(reason="cancelled", by="server")
    refused = f.InputRefused(input="ItemScanned", state="held", reason="not_now.held")
    assert played("holds", opened(), held, refused).mistakes == 0
    assert played("holds", opened(), held, refused, refused).slips == (("not_now", 1),)
    by_hand = f.SessionHeld(reason="missing_item", by="packer")
    assert played("holds", opened(), by_hand, refused).slips == (("not_now", 1),)


def test_troubles_come_once_when_their_sign_was_seen() -> None:
    lesson = lesson_of("holds")
    assert lesson is not None
    attempt, acts = begin(lesson)
    assert acts == ()
    attempt, acts = take(attempt, VERIFIED)
    assert [act.does for act in acts] == ["cancel"]
    attempt, acts = take(attempt, VERIFIED)
    assert [(act.does, act.order) for act in acts] == [("hold", 2)]
    assert take(attempt, VERIFIED)[1] == ()


def test_a_trouble_may_be_there_from_the_start() -> None:
    act = Act("fault", device="scale", fault="unplug")
    goal = Goal("g", Sign("SessionCompleted"))
    lesson = Lesson("x", 1, 0, (Practice((("s", 1),)),), (goal,), (act,))
    assert begin(lesson)[1] == (act,)


def test_a_field_tells_two_facts_of_a_kind_apart() -> None:
    lost = f.DeviceChanged(device="scale", state="fault", cause="device.unplugged")
    other = f.DeviceChanged(device="badge", state="fault", cause="device.unplugged")
    assert played("devices", other).done == ()
    assert played("devices", lost).done == ("scale_lost",)


def test_a_pass_stays_whatever_is_tried_afterwards() -> None:
    failed = LessonEnded(person="a", lesson="scan", passed=False, mistakes=(("item", 3),))
    passed = LessonEnded(person="a", lesson="scan", passed=True, seconds=200)
    other = LessonEnded(person="b", lesson="scan", passed=False, mistakes=(("item", 1),))
    found = standings((("1", failed), ("2", passed), ("3", failed), ("4", other)))
    assert [(s.person, s.passed, s.tries, s.at) for s in found] == [
        ("a", True, 2, "2"),
        ("b", False, 1, "4"),
    ]
    assert found[1].mistakes == 1
