import itertools
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from packstation.devices.framing import EndFramer, Frame, ReportFramer, StartFramer, line_framer

STREAM = st.lists(st.sampled_from([b"A", b"7", b"\r", b"\n", b"\x02", b"\x03", b"\x1d"])).map(
    b"".join
)


def chopped(stream: bytes, cuts: Sequence[int]) -> list[bytes]:
    edges = sorted({0, len(stream), *(cut % (len(stream) + 1) for cut in cuts)})
    return [stream[start:end] for start, end in itertools.pairwise(edges)]


@given(STREAM, st.lists(st.integers(min_value=0)), st.booleans())
def test_how_a_stream_is_chopped_does_not_matter(
    stream: bytes, cuts: list[int], keep: bool
) -> None:
    whole = EndFramer(b"\r\n\x02\x03", limit=5, keep=keep)
    parts = EndFramer(b"\r\n\x02\x03", limit=5, keep=keep)
    wanted = whole.feed(stream)
    got = [frame for piece in chopped(stream, cuts) for frame in parts.feed(piece)]
    assert got == wanted
    assert parts.pending == whole.pending
    assert parts.flush() == whole.flush()


@given(STREAM)
def test_lines_are_what_stands_between_any_run_of_ends(stream: bytes) -> None:
    framer = line_framer(512)
    frames = [frame.data for frame in framer.feed(stream + b"\r")]
    plain = stream.translate(bytes.maketrans(b"\r\x02\x03", b"\n\n\n"))
    assert frames == [line for line in plain.split(b"\n") if line]


def test_stx_and_etx_frame_a_line_too() -> None:
    assert line_framer(512).feed(b"\x02T-1\x03\r\n\x02T-2\x03") == [Frame(b"T-1"), Frame(b"T-2")]


def test_a_long_frame_is_cut_named_and_skipped_to_its_end() -> None:
    framer = line_framer(4)
    assert framer.feed(b"1234") == []
    assert framer.feed(b"56789") == [Frame(b"1234", "too_long")]
    assert framer.pending
    assert framer.feed(b"99\rT-1\r") == [Frame(b"T-1")]


def test_silence_ends_the_skipping_of_a_long_frame() -> None:
    framer = line_framer(4)
    framer.feed(b"123456")
    assert framer.flush() is None
    assert not framer.pending
    assert framer.feed(b"T-1\r") == [Frame(b"T-1")]


def test_flush_hands_out_what_has_begun() -> None:
    framer = line_framer(4)
    framer.feed(b"T-1")
    assert not framer.ended
    assert framer.flush() == Frame(b"T-1")
    assert framer.flush() is None


def test_ends_can_be_kept_in_the_frame() -> None:
    framer = EndFramer(b"\n", limit=64, keep=True)
    assert framer.feed(b"S I\r\n\nS +\r\n") == [Frame(b"S I\r\n"), Frame(b"\n"), Frame(b"S +\r\n")]
    assert framer.ended


def starts(*, restart: bool = True) -> StartFramer:
    return StartFramer(0x02, lambda held: len(held) == 4, limit=6, restart=restart)


def test_a_frame_begins_with_its_start_and_ends_when_it_is_whole() -> None:
    framer = starts()
    assert framer.feed(b"ab\x02abc\x02de") == [Frame(b"\x02abc")]
    assert framer.pending
    assert framer.feed(b"f") == [Frame(b"\x02def")]
    assert not framer.pending


def test_a_start_inside_a_frame_begins_the_next_one() -> None:
    assert starts().feed(b"\x02a\x02bcd") == [Frame(b"\x02a", "torn"), Frame(b"\x02bcd")]
    assert starts(restart=False).feed(b"\x02a\x02bcd") == [Frame(b"\x02a\x02b")]


def test_a_line_of_noise_is_told_and_not_kept() -> None:
    framer = starts()
    assert framer.feed(b"x" * 13) == [Frame(b"xxxxxx", "noise")] * 2
    assert framer.feed(b"\x02abc") == [Frame(b"\x02abc")]


def test_a_frame_that_never_ends_is_cut() -> None:
    framer = StartFramer(0x02, lambda held: held.endswith(b"\r"), limit=4)
    assert framer.feed(b"\x02abcdef") == [Frame(b"\x02abc", "too_long")]
    framer.feed(b"\x02a")
    assert framer.flush() == Frame(b"\x02a")
    assert framer.flush() is None


def test_parity_bits_do_not_hide_a_start_or_an_end() -> None:
    framer = StartFramer(0x02, lambda held: held[-1] & 0x7F == 0x0D, limit=9, mask=0x7F)
    assert framer.feed(b"\x82\xb1\x8d") == [Frame(b"\x82\xb1\x8d")]
    ends = EndFramer(b"\r", limit=9, keep=True, mask=0x7F)
    assert ends.feed(b"\xb1\x8d") == [Frame(b"\xb1\x8d")]


def test_a_report_is_a_frame() -> None:
    framer = ReportFramer()
    assert framer.feed(b"\x03\x04") == [Frame(b"\x03\x04")]
    assert (framer.feed(b""), framer.flush(), framer.pending) == ([], None, False)
