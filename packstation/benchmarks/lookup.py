"""An order by its id and by its tote, decoded, among 1,000 and among 1,000,000 orders.

The large database is filled by SQL from the sample orders (an id, a tote, a deadline and a
document of its own for each), is looked into while it is warm, and is thrown away. Lookups into
the small and the large one take turns.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from packstation.benchmarks import shop
from packstation.benchmarks.figures import Result, median, spread
from packstation.storage.database import Raw
from packstation.storage.store import Store

SMALL: Final = 1_000
LARGE: Final = 1_000_000
QUICK: Final = 5_000
TIMES: Final = 1.3
LOOKUPS: Final = 4_000
SAMPLES: Final = 40

Lookup = Callable[[Store, int], None]


def order_id(number: int) -> str:
    """The id of order ``number``, counted from 0."""
    return f"4{number:08}-0007-1"


def tote(number: int) -> str:
    """Its tote."""
    return f"T-{number:08}"


# The samples are in the table already; each new order is one of them with its own id and tote.
_FILL: Final = """
CREATE TEMP TABLE sample AS
  SELECT row_number() OVER (ORDER BY order_id) - 1 AS place, * FROM order_row LIMIT {samples};
CREATE UNIQUE INDEX temp.sample_place ON sample (place);
CREATE TEMP TABLE sample_sku AS SELECT place, sku FROM sample JOIN order_sku USING (order_id);
DELETE FROM order_row;
DELETE FROM order_code;
DELETE FROM order_sku;
CREATE TEMP TABLE number AS
  WITH RECURSIVE count(n) AS (VALUES (0) UNION ALL SELECT n + 1 FROM count WHERE n + 1 < {orders})
  SELECT n, n % {samples} AS place, printf('4%08d-0007-1', n) AS made,
    strftime('%Y-%m-%dT%H:%M:%SZ', 1800000000 + n * 7, 'unixepoch') AS due FROM count;
INSERT INTO order_row
  SELECT made, 0, status, due, bench, hold, country,
    replace(doc, '"' || order_id || '"', '"' || made || '"')
  FROM number JOIN sample USING (place) ORDER BY n;
INSERT INTO order_code SELECT printf('T-%08d', n), made FROM number ORDER BY n;
INSERT INTO order_sku
  SELECT DISTINCT sku, due, made FROM number JOIN sample_sku USING (place) ORDER BY 1, 2, 3;
DROP TABLE number;
"""


def fill(raw: Raw, orders: int) -> None:
    """Put ``orders`` orders in the place of the samples, inside the caller's transaction."""
    for statement in _FILL.format(samples=SAMPLES, orders=orders).split(";"):
        raw.execute(statement)


def measure(*, quick: bool = False) -> list[Result]:
    """A row for each way to find an order."""
    large = QUICK if quick else LARGE
    with tempfile.TemporaryDirectory(prefix="packstation-lookup-") as name:
        folder = Path(name)
        built = time.monotonic()
        stores = [_store(folder / str(orders), orders) for orders in (SMALL, large)]
        built_s = time.monotonic() - built
        try:
            return [
                _result(what, large, _by_turns(stores, (SMALL, large), find, quick=quick), built_s)
                for what, find in (("by order id", _by_id), ("by tote", _by_tote))
            ]
        finally:
            for store in stores:
                store.close()


def _store(folder: Path, orders: int) -> Store:
    shop.furnish(folder)
    store = shop.open_shop(folder)
    with store.database.transaction() as raw:
        fill(raw, orders)
    store.close()
    return shop.open_shop(folder)


def _by_id(store: Store, number: int) -> None:
    wanted = order_id(number)
    found = store.orders.order(wanted)
    if found is None or found.order.order_id != wanted:
        raise LookupError(wanted)


def _by_tote(store: Store, number: int) -> None:
    (found,) = store.orders.orders_of_code(tote(number))
    if found.order.order_id != order_id(number):
        raise LookupError(tote(number))


def _by_turns(
    stores: Sequence[Store], sizes: Sequence[int], find: Lookup, *, quick: bool
) -> tuple[list[float], list[float]]:
    """Milliseconds in the small and in the large database, each of random orders."""
    chance = random.Random(20)
    taken: tuple[list[float], list[float]] = ([], [])
    count = 200 if quick else LOOKUPS
    for turn in range(2 * count):
        for store, size, times in zip(stores, sizes, taken, strict=True):
            number = chance.randrange(size)
            begun = time.perf_counter_ns()
            find(store, number)
            if turn >= count:  # the first half warms
                times.append((time.perf_counter_ns() - begun) / 1e6)
    return taken


def _result(
    what: str, large: int, taken: tuple[list[float], list[float]], built_s: float
) -> Result:
    small_ms, large_ms = taken
    return Result(
        name=f"lookup {what}",
        figures=spread(large_ms),
        reference=spread(small_ms),
        ratio=round(median(large_ms) / median(small_ms), 2),
        goal={"ratio": TIMES},
        note=f"order found and decoded among {large:,} orders; among {SMALL:,}",
        shape={"lookups": len(large_ms), "orders": large, "built_s": round(built_s, 1)},
    )
