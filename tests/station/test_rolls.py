"""How far a printer's roll is, and what its card says."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from packstation.domain.packing import facts as f
from packstation.station import ports as p
from tests.station.desk import LABELS
from tests.station.test_printers import LABEL, PAPERS, SECOND, TwoPrinters


@pytest.fixture
def bench() -> TwoPrinters:
    made = TwoPrinters()
    made.to_printing()
    return made


def rolled(**more: object) -> TwoPrinters:
    stock = replace(LABELS, labels_per_roll=20)
    return TwoPrinters(rows=(replace(LABEL, stock=stock), SECOND, PAPERS), **more)


def out(bench: TwoPrinters, labels: int) -> None:
    """Labels that came out of the first printer."""
    fact = f.DocumentPrinted(job="old", document="label", printer="label", labels=labels)
    bench.core.record(fact)


def test_the_end_of_a_roll_is_told_calmly_before_it_comes() -> None:
    bench = rolled()
    bench.to_printing()
    assert bench.device("label").roll_left is None
    bench.scan("%PS:roll:label")
    assert bench.device("label").roll_left == 20
    out(bench, 17)
    view = bench.say(p.Ticked())
    assert view.label is not None
    assert (bench.device("label").roll_left, view.label.note) == (3, None)
    out(bench, 1)
    view = bench.say(p.Ticked())
    assert view.label is not None
    assert view.label.note is not None
    said = (view.label.note.key, view.label.note.n, bench.device("label").roll_low)
    assert said == ("roll.low", 2, True)
    assert view.alert is None


def test_paper_that_was_out_and_is_back_is_a_new_roll_even_after_a_restart() -> None:
    bench = rolled()
    bench.to_printing()
    out(bench, 19)
    bench.health("label", "fault", "printer.paper_out")
    again = rolled(store=bench.store, cache=bench.cache)
    again.start()
    again.health("label", "fault", "printer.head_open")
    again.health("label", "ok")
    desk = again.core.desk.printing
    assert desk.left(desk.table.printers[0]) == 20
    out(again, 5)
    third = rolled(store=again.store, cache=again.cache)
    third.start()
    desk = third.core.desk.printing
    assert desk.left(desk.table.printers[0]) == 15


def test_a_roll_that_outlives_its_count_is_not_guessed_at() -> None:
    bench = rolled()
    bench.to_printing()
    bench.scan("%PS:roll")
    out(bench, 21)
    assert bench.say(p.Ticked()).devices
    assert bench.device("label").roll_left is None


def test_labels_of_another_length_are_said(bench: TwoPrinters) -> None:
    bench.say(p.PrinterTold("label", label_dots=LABELS.media.dots(100)))
    note = bench.device("label").note
    assert note is not None
    assert note.key == "printer.length"
    bench.say(p.PrinterTold("label", label_dots=LABELS.media.dots(152)))
    assert bench.device("label").note is None


def test_who_waits_at_a_shared_printer_is_shown(bench: TwoPrinters) -> None:
    bench.say(p.PrinterQueue("label", (("B", 2), ("C", 0))))
    note = bench.device("label").note
    assert note is not None
    assert (note.key, dict(note.args)) == ("printer.queue", {"n": 2, "bench": "B"})
    bench.say(p.PrinterQueue("label", ()))
    assert bench.device("label").note is None


def test_a_printers_card_says_what_it_is(bench: TwoPrinters) -> None:
    label, papers = bench.device("label"), bench.device("papers")
    assert (label.stock, label.dpi, label.language) == ("100x150", 203, "zpl")
    assert (label.documents, label.chosen) == (("label", "cn22"), ("label",))
    assert (papers.chosen, papers.confirmed, papers.queue) == (("cn22",), True, ())
    assert bench.device("scale").stock == ""
