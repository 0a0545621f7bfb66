"""The count of damaged frames counts what it says."""

from __future__ import annotations

import random

from packstation.benchmarks import decode
from packstation.benchmarks.decode import Model, damage, damaged
from packstation.devices.framing import EndFramer
from packstation.devices.sim.speeches import SPEECHES


def model(read: decode.Read) -> Model:
    return Model(
        "test",
        lambda grams: f"{grams:06d}\n".encode(),
        lambda: EndFramer(b"\n", limit=16, keep=True),
        read,
        1000,
    )


def test_every_damage_is_one_and_no_frame_is_left_whole_for_long() -> None:
    chance = random.Random(1)
    frame = b"ST,+00123.45  g\r\n"
    broken = [damage(frame, chance) for _ in range(500)]
    assert sum(one == frame for one in broken) < 10
    assert {len(one) - len(frame) for one in broken} >= {-1, 0, 1}


def test_what_believes_anything_is_found_out() -> None:
    def believe(frame: bytes) -> int | None:
        digits = bytes(byte for byte in frame if byte in b"0123456789")
        return int(digits) if digits else None

    score = damaged(model(believe), 500, random.Random(1))
    assert score.raised == 0
    assert score.wrong > 200


def test_what_raises_is_counted_with_its_bytes() -> None:
    score = damaged(model(lambda frame: int(frame.decode("ascii"))), 300, random.Random(1))
    assert score.raised > 50
    assert len(score.examples) == 5
    assert "ValueError" in score.examples[0] or "UnicodeDecodeError" in score.examples[0]


def test_two_of_a_kind_are_what_the_bench_would_take() -> None:
    score = damaged(model(lambda _: 7), 200, random.Random(1))
    assert score.wrong == score.frames
    assert score.taken < score.wrong  # only where the same load lay there twice


def test_every_scale_on_a_line_and_the_dimensioner_have_a_row() -> None:
    results = decode.measure(quick=True)
    assert {result.name for result in results} == {
        *(f"decode {name}" for name in SPEECHES),
        "decode cubiscan",
    }
    assert all(result.figures["raised"] == 0 for result in results)
    whole = {"decode yaohua-a9", "decode yaohua-a12", "decode toledo-8217", "decode nci-scp01"}
    assert {r.figures["wrong_permille"] for r in results if r.name in whole} == {0}
