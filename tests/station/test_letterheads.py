"""Letterheads at the bench: read anew when they changed, signed by right, plain by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from msgspec.structs import replace

from packstation.domain.printers import print_table
from packstation.station import ports as p
from packstation.station.views import Words
from tests.station.desk import EPACKET, ONLINE, Bench, order, signed_in, to_weighing

ROW = {"id": "baiyun"}


def pulled(bench: Bench, t: str) -> None:
    bench.say(p.RowsPulled((p.Row(t, "baiyun/1", 3, "put", ROW),), "c3", 1))


def packed(bench: Bench) -> Bench:
    to_weighing(bench)
    bench.weigh(780)
    return bench


def two_papers() -> Bench:
    profile = replace(EPACKET, documents=("label", "cn23"))
    bench = Bench(services=(profile, ONLINE))
    bench.desk.printing.table = print_table(bench.rows, (), profile.documents)
    bench.cache.add(p.OrderRow(order(), 1))
    bench.cache.images["templates", "baiyun/1"] = ROW
    bench.start()
    bench.lease()
    bench.scan("%PB:PK-1")
    return packed(bench)


@pytest.mark.parametrize(("t", "read"), [("templates", [(ROW,), (ROW,)]), ("carton", [(ROW,)])])
def test_rows_are_read_before_a_paper_where_they_changed(t: str, read: list[Any]) -> None:
    bench = two_papers()
    assert bench.documents.templates == [(ROW,)]
    pulled(bench, t)
    bench.out()
    assert len(bench.documents.seen) == 2
    assert bench.documents.templates == read


def test_a_letterhead_that_will_not_do_is_told_by_name() -> None:
    bench = signed_in()
    bench.documents.plain = ("baiyun", "template.logo")
    packed(bench)
    verdict = bench.view.verdict
    assert verdict is not None
    assert verdict.tone == "warn"
    assert verdict.words == Words("print.plain", (("template", "baiyun"),))
    assert verdict.detail == Words("print.plain.why", (("field", "logo"),))
    assert bench.tray.jobs


@pytest.mark.parametrize(
    ("prefs", "training", "signs"),
    [
        ({"signer": True}, False, True),
        ({"signer": True}, True, False),
        ({"signer": "yes"}, False, False),
        ({}, False, False),
    ],
)
def test_a_signature_is_drawn_by_the_right_of_who_packs(
    prefs: Mapping[str, Any], training: bool, signs: bool
) -> None:
    bench = Bench()
    bench.cache.add(p.PersonRow("PK-1", "Lin", "packer", prefs=prefs), p.OrderRow(order(), 1))
    bench.desk.training = training
    bench.start()
    bench.lease()
    bench.scan("%PB:PK-1")
    packed(bench)
    assert [papers.signs for papers in bench.documents.seen] == [signs]
