"""What every view asks again is answered from memory, and never with what was."""

from packstation.domain.psp import SiteBody
from packstation.storage.kept import Kept
from packstation.storage.store import Store
from tests.storage.conftest import Twin
from tests.storage.samples import carton, order, order_row, row


def test_what_was_read_before_a_pull_is_not_shown_after_it(twin: Twin) -> None:
    twin.orders.apply([order_row(order()), row("carton", "C1", carton("C1", 100))], "c-1")
    before = twin.orders.order("O-1")
    assert before is not None
    assert len(twin.orders.cartons()) == 1
    assert len(twin.orders.queue("B-01")) == 1
    later = order(totes=("T-99",))
    box = row("carton", "C9", carton("C9", 200))
    twin.orders.apply([order_row(later, rev=2, hold="customs"), box], "c-2")
    after = twin.orders.order("O-1")
    assert after is not None
    assert (after.rev, after.order.totes) == (2, ("T-99",))
    assert len(twin.orders.cartons()) == 2
    assert twin.orders.queue("B-01") == ()


def test_what_was_read_before_an_import_is_not_shown_after_it(store: Store) -> None:
    assert store.orders.order("O-1") is None
    assert store.orders.queue("B-01") == ()
    assert dict(store.orders.site()) == {}
    store.intake.import_orders([order()])
    store.intake.set_site(SiteBody(code="GZ-1", zone="Asia/Shanghai"))
    assert store.orders.order("O-1") is not None
    assert len(store.orders.queue("B-01")) == 1
    assert store.orders.site()["zone"] == "Asia/Shanghai"


def test_the_same_question_again_is_not_asked_of_the_disk(store: Store) -> None:
    kept = Kept(store.database)
    asked: list[int] = []

    def ask() -> int:
        asked.append(len(asked) + 1)
        return asked[-1]

    assert [kept.last("q", "a", ask), kept.last("q", "a", ask)] == [1, 1]
    assert kept.last("q", "b", ask) == 2
    store.database.rows_changed()
    assert kept.last("q", "b", ask) == 3
