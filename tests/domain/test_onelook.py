"""Several things before the camera: each is one thing, however the pictures follow each other."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from packstation.domain.onelook import Look, LookRules, observe, take_back, together
from packstation.domain.reading import CodeRead, Corners

EAN, OTHER = "6901234567892", "4006381333931"
MS = 1_000_000


def square(x: int, y: int) -> Corners:
    return ((x, y), (x + 100, y), (x + 100, y + 40), (x, y + 40))


def code(text: str = EAN, x: int = 0, y: int = 0, kind: str = "ean13", **more: object) -> CodeRead:
    made = CodeRead(text, "", kind, square(x, y), "zxing", "quick")
    return replace(made, **more)


def pictures(*frames: list[CodeRead], gap_ms: int = 50, look: Look | None = None) -> Look:
    look = look or Look()
    first = look.frame + 1
    for frame, reads in enumerate(frames, first):
        look = observe(look, reads, frame, frame * gap_ms * MS)
    return look


def keys(look: Look) -> list[str]:
    return [track.read.text for track in together(look)]


def test_one_picture_is_not_sure_and_two_are() -> None:
    assert keys(pictures([code()])) == []
    assert keys(pictures([code()], [code()])) == [EAN]


def test_two_passes_over_one_picture_are_enough() -> None:
    assert keys(pictures([code(), code(engine="zbar")])) == [EAN]
    assert keys(pictures([code(), code()])) == []


def test_equal_codes_at_two_places_are_two_things() -> None:
    both = [code(x=0), code(x=300)]
    assert keys(pictures(both, both)) == [EAN, EAN]


def test_a_thing_that_moves_stays_one_thing() -> None:
    look = pictures([code(x=0)], [code(x=40)], [code(x=90)], [code(x=150)])
    assert (len(look.tracks), keys(look)) == (1, [EAN])


def test_a_thing_that_jumps_is_never_seen_as_two_at_once() -> None:
    look = pictures([code(x=0)], [code(x=0)], [code(x=600)], [code(x=600)])
    assert keys(look) == [EAN]
    assert len(look.tracks) == 2  # the old place is still remembered, and not counted


def test_two_equal_things_side_by_side_keep_their_places() -> None:
    both = [code(x=0), code(x=110)]
    look = pictures(both, list(reversed(both)), both)
    assert sorted((t.id, t.read.corners[0][0]) for t in look.tracks) == [(1, 0), (2, 110)]


def test_a_hand_over_a_thing_does_not_make_it_new_when_it_goes() -> None:
    look = pictures([code()], [code()], [], [], [], gap_ms=300)
    assert keys(look) == []
    look = pictures([code()], gap_ms=300, look=look)
    assert [t.id for t in look.tracks] == [1]
    assert keys(look) == [EAN]


def test_what_is_long_gone_is_forgotten() -> None:
    look = pictures([code()], [code()], [], gap_ms=1600)
    assert look.tracks == ()


def test_a_wrong_text_is_no_thing() -> None:
    assert pictures([code("6901234567891")]).tracks == ()


def test_two_texts_at_one_place_make_both_unsure() -> None:
    look = pictures([code()], [code()], [code(), code(OTHER)])
    assert keys(look) == [EAN]
    look = pictures([code(), code(OTHER)], [code(), code(OTHER)])
    assert keys(look) == []


def test_an_unguarded_text_from_repaired_pictures_alone_is_not_sure() -> None:
    mended = code("T-131", kind="code39", repaired=True)
    assert keys(pictures([mended], [mended])) == []
    assert keys(pictures([mended], [code("T-131", kind="code39")])) == ["T-131"]


def test_what_a_hand_took_back_counts_again_only_after_it_was_away() -> None:
    look = take_back(pictures([code()], [code(), code(OTHER, 300)]), frozenset({code().key}))
    look = pictures([code(), code(OTHER, 300)], look=look)
    assert keys(look) == [OTHER]
    look = pictures([], [code()], [code()], look=look)
    assert keys(look) == []
    gone = observe(look, [], look.frame + 1, 99_000 * MS)
    back = observe(gone, [code()], gone.frame + 1, 99_100 * MS)
    assert keys(observe(back, [code()], back.frame + 1, 99_200 * MS)) == [EAN]


def test_a_code_without_corners_is_kept_apart() -> None:
    look = pictures([code(corners=())], [code(corners=())])
    assert len(look.tracks) == 1


@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 9), st.sampled_from([EAN, OTHER])), unique=True),
        max_size=12,
    )
)
def test_never_more_of_a_code_than_one_picture_shows(frames: list[list[tuple[int, str]]]) -> None:
    look = Look()
    for number, places in enumerate(frames, 1):
        reads = [code(text, x=200 * place) for place, text in places]
        look = observe(look, reads, number, number * 40 * MS, LookRules())
        for text in (EAN, OTHER):
            assert keys(look).count(text) <= sum(text == t for _, t in places)
