"""What a restored server lacks of ended epochs is told again; nobody's records count for ours."""

from packstation.client.pusher import Pusher
from packstation.storage.store import Store
from tests.client.conftest import Desk
from tests.client.scripted import Script
from tests.client.test_pusher import JOURNAL, ack, pushed, refusal, run
from tests.fake_storage import FakeClock
from tests.storage.samples import packed


def test_a_restored_server_is_told_ended_epochs_again(
    pusher: Pusher, script: Script, store: Store, desk: Desk, clock: FakeClock
) -> None:
    first = store.events.head().epoch
    store.events.append(packed())
    second = store.events.begin_epoch(4).epoch
    script.on(
        JOURNAL,
        ack(1),  # the new epoch's one fact
        refusal(409, "gap", hw=1),  # asked behind the end of the old one: it lacks two
        ack(3),
        ack(1),
    )
    run(pusher, clock)
    told = [
        (asked.headers["ps-epoch"], pushed(asked).from_, len(pushed(asked).events))
        for asked in script.of(JOURNAL)
    ]
    assert told == [(second, 1, 1), (first, 4, 0), (first, 2, 2)]
    clock.advance(30)
    run(pusher, clock)
    assert script.of(JOURNAL)[-1].headers["ps-epoch"] == second


def test_an_ended_epoch_that_is_refused_is_let_be(
    pusher: Pusher, script: Script, store: Store, clock: FakeClock
) -> None:
    store.events.append(packed())
    store.events.begin_epoch(3)
    script.on(JOURNAL, ack(2), refusal(409, "epoch_closed"), ack(2))
    run(pusher, clock)
    assert len(script.of(JOURNAL)) == 2
    clock.advance(30)
    run(pusher, clock)
    assert len(script.of(JOURNAL)) == 3


def test_a_busy_server_is_told_of_ended_epochs_later(
    pusher: Pusher, script: Script, store: Store, clock: FakeClock
) -> None:
    store.events.append(packed())
    store.events.begin_epoch(3)
    script.on(JOURNAL, ack(2), refusal(503, "busy"), ack(2))
    run(pusher, clock)
    assert len(script.of(JOURNAL)) == 2
    clock.advance(60)
    run(pusher, clock)
    assert pushed(script.of(JOURNAL)[2]).from_ == 3


def test_what_the_server_holds_beyond_our_push_is_not_taken_for_ours(
    pusher: Pusher, script: Script, store: Store, desk: Desk, clock: FakeClock
) -> None:
    for number in range(20):
        store.events.append(packed(f"s-{number}", f"O-{number}"))
    script.on(JOURNAL, ack(70), ack(80))
    run(pusher, clock)
    desk.settle()
    assert [pushed(asked).from_ for asked in script.of(JOURNAL)] == [1, 51]
    assert store.events.acknowledged() == 80
