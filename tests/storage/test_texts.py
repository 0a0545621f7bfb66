"""Texts made ahead are those of the statements in Core, and a bench starts without Core."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import bindparam, select

from packstation.storage import texts
from packstation.storage.database import Statement
from packstation.storage.schema import META
from packstation.storage.statements import STATEMENTS
from packstation.storage.store import Store
from setup.sql_texts import TARGET, compiled, source
from tests.storage.conftest import opened
from tests.storage.samples import draft, opened_fact, order, order_row, verified

MADE = {name: value for name, value in vars(texts).items() if isinstance(value, Statement)}


def test_the_committed_texts_are_those_of_the_statements() -> None:
    assert TARGET.read_text("utf-8") == source(), "run: python -m setup.sql_texts"


@pytest.mark.parametrize("name", sorted(STATEMENTS))
def test_every_text_fits_the_migrated_schema(store: Store, name: str) -> None:
    made = MADE[name]
    made_by_core = compiled(STATEMENTS[name])
    assert (made.sql, made.names) == made_by_core
    plan = store.database.raw.execute(f"EXPLAIN {made.sql}", [None] * len(made.names))
    assert plan.fetchall()


def test_a_constant_that_would_become_a_parameter_is_refused() -> None:
    with pytest.raises(ValueError, match="constants"):
        compiled(select(META.c.value).where(META.c.name == "epoch"))
    named = select(META.c.value).where(META.c.name == bindparam("of"))
    assert compiled(named)[1] == ("of",)


START = """
import pathlib, sys
from tests.storage.conftest import opened
from tests.storage.samples import draft, order, order_row, verified
with opened(pathlib.Path(sys.argv[1])) as store:
    (session,) = store.events.open_sessions()
    assert len(store.events.session_events(session)) == 2
    assert store.orders.order("O-1") is not None
    store.events.append([draft(verified())])
    store.orders.apply([order_row(order(2))], "c-2")
    assert len(store.orders.queue("")) == 2
print("sqlalchemy" in sys.modules)
"""


def test_opening_recovering_and_packing_import_no_sqlalchemy(path: Path) -> None:
    with opened(path) as store:
        store.orders.apply([order_row(order())], "c-1")
        store.events.append([draft(opened_fact()), draft(verified())])
    run = subprocess.run(
        [sys.executable, "-c", START, str(path)], capture_output=True, check=True, text=True
    )
    assert run.stdout.split() == ["False"]


@pytest.mark.parametrize("name", ["QUEUE", "HELD_ORDERS"])
def test_what_a_bench_shows_is_found_by_an_index(store: Store, name: str) -> None:
    made: Statement = getattr(texts, name)
    rows = store.database.raw.execute(
        f"EXPLAIN QUERY PLAN {made.sql}", [None] * len(made.names)
    ).fetchall()
    steps = [str(row[3]) for row in rows]
    assert any("order_row_lane" in step for step in steps), steps
    assert not any(step.startswith("SCAN") for step in steps), steps
