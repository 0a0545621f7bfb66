"""Old facts are let go of while nobody packs, of the journal that the server spoke of."""

from __future__ import annotations

import logging

import pytest

from packstation.station import ports as p
from tests.station.desk import order, signed_in


def test_old_facts_go_while_nobody_packs(caplog: pytest.LogCaptureFixture) -> None:
    bench = signed_in(order())
    epoch = bench.store.head().epoch
    with caplog.at_level(logging.INFO):
        bench.say(p.JournalSecured(7, epoch), p.JournalSecured(8, epoch))
    assert bench.store.compacted == [7, 8]
    assert "1 old facts are let go of" in caplog.text
    bench.say(p.JournalSecured(9, "another"))
    bench.scan("O-1")
    bench.say(p.JournalSecured(9, epoch))
    assert bench.store.compacted == [7, 8]
