"""The count of damaged frames counts what it says."""

from __future__ import annotations

import random
from collections.abc import Callable

from packstation.benchmarks import decode
from packstation.benchmarks.decode import RUN, Model, Seen, damage, damaged
from packstation.devices.framing import EndFramer
from packstation.devices.printers.replies import REPLIES, ReplyState
from packstation.devices.sim.speeches import SPEECHES


def model(read: Callable[[bytes], Seen | None]) -> Model:
    return Model(
        "test",
        lambda grams: f"{grams:06d}\n".encode(),
        lambda: EndFramer(b"\n", limit=16, keep=True),
        lambda: read,
        1000,
    )


def test_damage_is_of_every_kind() -> None:
    chance = random.Random(1)
    frame = b"ST,+00123.45  g\r\n"
    broken = [damage(frame, chance) for _ in range(700)]
    assert sum(one == frame for one in broken) < 15
    assert {len(one) - len(frame) for one in broken} >= {-2, -1, 0, 1, 2, len(frame) - 1}
    assert damage(b"", chance) != frame


def test_what_believes_anything_is_found_out() -> None:
    def believe(frame: bytes) -> Seen | None:
        digits = bytes(byte for byte in frame if byte in b"0123456789")
        return (int(digits), True) if digits else None

    score = damaged(model(believe), 500, random.Random(1))
    assert (score.frames, score.raised) == (500, 0)
    assert score.wrong > 100
    assert score.taken == score.wrong
    assert "taken" in score.examples[0]


def test_what_raises_is_counted_with_its_bytes() -> None:
    def strict(frame: bytes) -> Seen:
        return int(frame.decode("ascii") or "0"), False

    score = damaged(model(strict), 400, random.Random(1))
    assert score.raised > 50
    assert len(score.examples) == 5
    assert "ValueError" in score.examples[0] or "UnicodeDecodeError" in score.examples[0]


def test_each_load_is_read_from_its_beginning() -> None:
    begun: list[int] = []

    def reader() -> Callable[[bytes], Seen | None]:
        begun.append(1)
        return lambda _: None

    whole = model(lambda _: None)
    fresh = Model(whole.name, whole.make, whole.framer, reader, whole.most_g)
    assert damaged(fresh, RUN * 3 + 1, random.Random(1)).frames == RUN * 3 + 1
    assert len(begun) == 4


def test_every_model_has_a_row() -> None:
    results = decode.measure(quick=True)
    weighed = {f"decode {name}" for name in (*SPEECHES, "cubiscan")}
    answers = {"decode hid-pos", *(f"decode {name} reply" for name in REPLIES)}
    assert {result.name for result in results} == weighed | answers
    assert all(result.figures["raised"] == 0 for result in results)
    assert {r.figures["taken"] for r in results if r.name in weighed} == {0}
    known = [REPLIES[name](reply).state for name, reply in decode.TRUE_REPLIES.items()]
    assert set(known) == {ReplyState.READY}
