"""The journal: what both the real and the fake one promise."""

from collections.abc import Iterable

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from packstation.domain.errors import StorageError
from packstation.domain.events import GENESIS, Event, verify_chain
from packstation.domain.packing.evidence_facts import EvidenceSent
from packstation.domain.packing.facts import (
    PersonSignedIn,
    SessionCancelled,
    SessionCompleted,
    SessionReopened,
)
from tests.storage.conftest import Twin
from tests.storage.samples import draft, opened_fact, packed, verified


def as_json(events: Iterable[Event]) -> bytes:
    """A body's arrays may be tuples before they are stored."""
    return msgspec.json.encode(list(events))


def test_an_empty_journal_has_no_head(twin: Twin) -> None:
    head = twin.events.head()
    assert (head.station, head.seq, head.hash) == ("B-01", 0, GENESIS)
    assert head.epoch


def test_records_are_counted_without_gaps_and_chained(twin: Twin) -> None:
    first = twin.events.append([draft(opened_fact()), draft(verified())])
    second = twin.events.append([draft(verified())])
    assert [record.seq for record in first + second] == [1, 2, 3]
    end, seq = verify_chain(first + second)
    head = twin.events.head()
    assert (head.hash, head.seq) == (end, seq)


def test_the_envelope_says_who_when_and_where_it_belongs(twin: Twin) -> None:
    (record,) = twin.events.append([draft(verified(3))])
    event = record.event
    assert (event.kind, event.v, event.session, event.actor) == ("ItemVerified", 1, "s-1", "P-1")
    assert (event.order, event.parcel, event.claim, event.fence) == ("O-1", "p-1", None, 0)
    assert event.at == "2026-11-21T08:00:00.000000Z"
    assert event.mono_ns == "1000000"
    assert event.body["units"] == 3


def test_nothing_to_append_changes_nothing(twin: Twin) -> None:
    before = twin.events.head()
    assert twin.events.append([]) == ()
    assert twin.events.head() == before


def test_events_of_a_session_come_back_as_they_went_in(twin: Twin) -> None:
    mine = twin.events.append([draft(opened_fact()), draft(verified())])
    twin.events.append([draft(opened_fact("O-2"), "s-2", "O-2")])
    mine += twin.events.append([draft(verified())])
    assert as_json(twin.events.session_events("s-1")) == as_json(r.event for r in mine)
    assert twin.events.session_events("s-9") == ()


def test_sessions_are_open_until_completed_or_cancelled(twin: Twin) -> None:
    for number in (1, 2, 3):
        twin.events.append([draft(opened_fact(f"O-{number}"), f"s-{number}", f"O-{number}")])
    assert twin.events.open_sessions() == ("s-1", "s-2", "s-3")
    twin.events.append([draft(SessionCompleted(), "s-1"), draft(SessionCancelled(), "s-2")])
    assert twin.events.open_sessions() == ("s-3",)
    twin.events.append([draft(SessionReopened(by="P-9", reason="wrong card"), "s-1")])
    assert twin.events.open_sessions() == ("s-1", "s-3")


def test_bench_events_are_found_by_kind(twin: Twin) -> None:
    twin.events.append([draft(PersonSignedIn(badge="b-1"), "", None), draft(verified())])
    twin.events.append([draft(PersonSignedIn(badge="b-2"), "", None)])
    found = twin.events.bench_events(["PersonSignedIn", "PoolLeased"])
    assert [event.body["badge"] for event in found] == ["b-1", "b-2"]
    assert twin.events.bench_events([]) == ()


def test_events_are_found_by_what_they_say(twin: Twin) -> None:
    sent = [draft(EvidenceSent(sha256=one), "bench", None) for one in ("aa", "bb", "aa")]
    twin.events.append([sent[0], draft(opened_fact()), sent[1], sent[2]])
    kinds = ["EvidenceSent", "EvidenceDropped"]
    assert [e.body["sha256"] for e in twin.events.events_about(kinds, "sha256", ["aa"])] == [
        "aa",
        "aa",
    ]
    later = twin.events.events_about(kinds, "sha256", ["aa", "bb"], since="O-1")
    assert [event.body["sha256"] for event in later] == ["bb", "aa"]
    assert len(twin.events.events_about(kinds, "sha256", ["aa"], since="O-9")) == 2
    assert twin.events.events_about(kinds, "sha256", []) == ()


def test_events_are_counted_since_the_last_of_another_kind(twin: Twin) -> None:
    applied, begun = draft(EvidenceSent(sha256="aa")), draft(PersonSignedIn(badge="b-1"), "", None)
    assert twin.events.count_since("EvidenceSent", "PersonSignedIn") == 0
    twin.events.append([applied, applied])
    assert twin.events.count_since("EvidenceSent", "PersonSignedIn") == 2
    twin.events.append([begun, applied, begun, applied])
    assert twin.events.count_since("EvidenceSent", "PersonSignedIn") == 1


def test_the_newest_session_of_an_order(twin: Twin) -> None:
    assert twin.events.last_session("O-1") is None
    twin.events.append([draft(opened_fact(), "s-1"), draft(SessionCancelled(), "s-1")])
    twin.events.append([draft(opened_fact(), "s-2")])
    assert twin.events.last_session("O-1") == "s-2"


def test_the_cursor_moves_on_and_back_within_the_journal(twin: Twin) -> None:
    twin.events.append(packed())
    assert twin.events.acknowledged() == 0
    twin.events.acknowledge(3)
    twin.events.acknowledge(2)
    assert twin.events.acknowledged() == 3
    twin.events.acknowledge(99)
    assert twin.events.acknowledged() == 3
    twin.events.rewind(1)
    assert twin.events.acknowledged() == 1
    twin.events.rewind(2)
    twin.events.rewind(-1)
    assert twin.events.acknowledged() == 1


@settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(batches=st.lists(st.integers(0, 5), max_size=6))
def test_any_batches_make_one_chain(twin: Twin, batches: list[int]) -> None:
    before = twin.events.head()
    made = [record for size in batches for record in twin.events.append([draft(verified())] * size)]
    verify_chain(made, before.hash, before.seq)
    assert twin.events.head().seq == before.seq + sum(batches)


def test_a_refused_append_leaves_the_journal_as_it_was(twin: Twin) -> None:
    before = twin.events.head()
    huge = draft(verified(2**60))
    with pytest.raises(StorageError):
        twin.events.append([draft(verified()), huge])
    assert twin.events.head() == before
    assert twin.events.session_events("s-1") == ()
