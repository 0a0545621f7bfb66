"""What every view asks again is answered from memory, and never with what was."""

from packstation.domain.psp import SiteBody
from packstation.storage.kept import MANY, Kept
from packstation.storage.store import Store
from tests.storage.conftest import Twin
from tests.storage.samples import carton, order, order_row, product, row


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


def test_a_code_leads_to_what_it_leads_to_now(store: Store) -> None:
    assert store.orders.product_of_code("X-1") is None
    store.intake.import_products([product("SKU-A", ("X-1", 1))])
    assert store.orders.product_of_code("X-1") == (product("SKU-A", ("X-1", 1)), 1)
    store.orders.apply([row("sku", "SKU-A", product("SKU-A", ("X-1", 6)), rev=2)], "c-1")
    assert store.orders.product_of_code("X-1") == (product("SKU-A", ("X-1", 6)), 6)
    assert store.orders.product("SKU-A") == product("SKU-A", ("X-1", 6))
    store.orders.apply([row("sku", "SKU-A", {}, rev=3, op="del")], "c-2")
    assert store.orders.product_of_code("X-1") is None


def test_answers_about_many_are_kept_and_no_answer_is_not(store: Store) -> None:
    kept = Kept(store.database)
    asked: list[str] = []

    def ask(key: str) -> str | None:
        asked.append(key)
        return None if key == "unknown" else key.upper()

    for key in ("a", "b", "a", "unknown", "b", "unknown"):
        kept.each("q", key, lambda key=key: ask(key))  # type: ignore[misc]
    assert asked == ["a", "b", "unknown", "unknown"]
    for number in range(MANY):
        kept.each("q", f"n{number}", lambda: ask("n"))
    assert kept.each("q", "a", lambda: ask("again")) == "AGAIN"
