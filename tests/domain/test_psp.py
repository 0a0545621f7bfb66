"""The wire: names as in reference/sync.md, and what a signature covers."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from packstation.domain.events import GENESIS, Event
from packstation.domain.psp import (
    Conflict,
    Push,
    PushAnswer,
    Stamp,
    signing_base,
    stamp_headers,
)

STAMP = Stamp(station="B-07", epoch="e1", gen=3, date="2026-11-21T10:00:00Z")
EVENT = Event(
    id="i",
    kind="ContentsVerified",
    v=1,
    session="s",
    actor="a",
    at="2026-11-21T10:00:00Z",
    mono_ns="1",
    prev=GENESIS,
    body={},
)


def test_push_has_the_names_of_the_protocol() -> None:
    push = Push(from_=1201, sent_at="t", mono_ns="5", head=1322, events=(EVENT,))
    wire = msgspec.json.decode(msgspec.json.encode(push))
    assert wire["from"] == 1201
    assert wire["head"] == 1322
    assert wire["events"][0]["kind"] == "ContentsVerified"
    assert msgspec.json.decode(msgspec.json.encode(push), type=Push) == push


def test_fields_of_a_newer_server_are_ignored() -> None:
    answer = msgspec.json.decode(b'{"gen":2,"hw":7,"colour":"green"}', type=PushAnswer)
    assert (answer.gen, answer.hw, answer.hints) == (2, 7, ())


def test_a_problem_document_is_a_conflict() -> None:
    text = b'{"type":"about:blank","title":"Conflict","status":409,"code":"gap","hw":41}'
    assert msgspec.json.decode(text, type=Conflict) == Conflict(
        code="gap", hw=41, title="Conflict", status=409
    )


def test_the_signed_text_is_fixed() -> None:
    base = signing_base("post", "/v1/changes?cursor=a", b"", STAMP).decode()
    assert base.splitlines() == [
        '"@method": POST',
        '"@path": /v1/changes',
        '"@query": ?cursor=a',
        '"content-digest": sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:',
        '"ps-date": 2026-11-21T10:00:00Z',
        '"ps-station": B-07',
        '"ps-epoch": e1',
        '"ps-gen": 3',
    ]


@pytest.mark.parametrize(
    "change", [{"station": "B-08"}, {"epoch": "e2"}, {"gen": 4}, {"date": "2026-11-21T10:00:01Z"}]
)
def test_every_header_is_covered(change: dict[str, object]) -> None:
    other = msgspec.structs.replace(STAMP, **change)
    assert signing_base("GET", "/", b"", STAMP) != signing_base("GET", "/", b"", other)


@given(st.binary(max_size=64), st.binary(max_size=64))
def test_every_byte_of_the_body_is_covered(one: bytes, other: bytes) -> None:
    same = signing_base("POST", "/v1/journal", one, STAMP) == signing_base(
        "POST", "/v1/journal", other, STAMP
    )
    assert same == (one == other)


def test_headers_carry_the_stamp_and_the_signature() -> None:
    assert stamp_headers(STAMP, b"\x00\x01") == {
        "PS-Station": "B-07",
        "PS-Epoch": "e1",
        "PS-Gen": "3",
        "PS-Date": "2026-11-21T10:00:00Z",
        "PS-Sig": "AAE=",
    }
