"""Which document goes where: stocks, routes, and what is refused in words."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from packstation.documents.label.languages import LANGUAGES
from packstation.domain.errors import SettingsError
from packstation.domain.printers import (
    CONTINUOUS,
    MARK,
    PDF,
    SHEET,
    BenchPrinter,
    PrintRoute,
    PrintTable,
    RouteRow,
    Stock,
    is_low,
    labels_left,
    misfit,
    print_table,
    ruled,
    size_of,
    stock_of,
)

DOCUMENTS = ("label", "cn22")
LABELS = Stock("100x150", 100, 150)
SHEETS = Stock("a4", 210, 297, 300, PDF, SHEET)


def printer(name: str, kind: str = "label", stock: Stock = LABELS, **more: str) -> BenchPrinter:
    address = more.get("address", f"tcp://{name}:9100")
    return BenchPrinter(name, kind, more.get("model", "zpl"), address, stock)


FIRST, SECOND = printer("label"), printer("label-2")
PAPERS = printer("papers", "papers", SHEETS)
BENCH = (FIRST, PAPERS, SECOND)


def refusal(*rows: RouteRow, printers: tuple[BenchPrinter, ...] = BENCH) -> tuple[str, str, str]:
    """Name, value and what is allowed of the row that is refused."""
    with pytest.raises(SettingsError) as caught:
        print_table(printers, rows, DOCUMENTS)
    fields = caught.value.fields
    return str(fields["name"]), str(fields["value"]), str(fields["allowed"])


# --- stock ---------------------------------------------------------------------------------


def test_a_label_printer_of_which_nothing_is_said_has_the_usual_roll() -> None:
    stock = stock_of("DEVICES[label]", "label", "zpl", {})
    assert stock == Stock("100x150", 100, 150, 203, "zpl")
    assert stock.media.size_dots == (799, 1198)


@pytest.mark.parametrize("row", LANGUAGES, ids=lambda row: row.id)
def test_the_usual_stock_of_a_language_is_the_one_it_is_drawn_on(row: object) -> None:
    language = next(one for one in LANGUAGES if one is row)
    stock = stock_of("DEVICES[label]", "label", language.id, {})
    assert stock.media == language.stock


def test_a_paper_printer_has_sheets_and_a_label_printer_of_papers_labels() -> None:
    sheets = stock_of("DEVICES[papers]", "papers", PDF, {})
    assert (sheets.name, sheets.kind, sheets.dpi) == ("a4", SHEET, 300)
    labels = stock_of("DEVICES[papers]", "papers", "tspl", {})
    assert (labels.name, labels.kind, labels.language) == ("100x150", "die-cut", "tspl")


def test_a_row_says_all_of_its_stock() -> None:
    options = {
        "stock": " 80x120.5 ",
        "dpi": 300,
        "media": CONTINUOUS,
        "gap_mm": 3,
        "labels_per_roll": 500,
        "darkness": 12,
        "cut": True,
    }
    stock = stock_of("DEVICES[label]", "label", "tspl", options)
    assert (stock.width_mm, stock.height_mm, stock.dpi, stock.gap_mm) == (80, 120.5, 300, 3)
    assert (stock.kind, stock.labels_per_roll) == (CONTINUOUS, 500)
    assert stock.tuning == (("darkness", 12), ("cut", True))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("stock", "letter"),
        ("stock", "0x10"),
        ("stock", "1001x10"),
        ("dpi", 204),
        ("dpi", "203"),
        ("media", "silk"),
        ("gap_mm", -1),
        ("gap_mm", True),
        ("gap_mm", "wide"),
        ("labels_per_roll", -1),
        ("labels_per_roll", "many"),
        ("labels_per_roll", True),
        ("darkness", [1]),
    ],
)
def test_a_stock_that_cannot_be_is_refused_by_row_field_and_value(name: str, value: object) -> None:
    with pytest.raises(SettingsError) as caught:
        stock_of("DEVICES[label]", "label", "zpl", {name: value})
    fields = caught.value.fields
    assert (fields["name"], fields["value"]) == (f"DEVICES[label].{name}", value)
    assert fields["allowed"]


def test_sizes_have_names_or_say_themselves() -> None:
    assert size_of("4x6") == (101.6, 152.4)
    assert size_of("62x100") == (62.0, 100.0)
    assert size_of("62 x 100") is None


def test_something_is_made_for_a_paper_or_it_is_not() -> None:
    assert LABELS.is_size(101.6, 152) is True  # within what rolls are cut to
    assert LABELS.is_size(100, 140) is False
    assert LABELS.is_size(80, 150) is False
    assert SHEETS.is_size(74, 105) is True
    assert SHEETS.is_size(300, 105) is False
    roll = replace(LABELS, kind=CONTINUOUS)
    assert roll.is_size(100, 400) is True
    assert roll.holds(100, 400) is True
    assert roll.is_size(80, 150) is False


def test_the_length_that_a_printer_measured_is_the_label_with_or_without_its_gap() -> None:
    dots = LABELS.media.dots
    assert LABELS.is_length(dots(150))
    assert LABELS.is_length(dots(152))
    assert not LABELS.is_length(dots(100))
    assert not LABELS.is_length(dots(160))
    assert not replace(LABELS, kind=MARK).is_length(dots(100))
    assert SHEETS.is_length(1)


# --- routes --------------------------------------------------------------------------------


def test_todays_bench_prints_as_it_did() -> None:
    table = print_table((FIRST, PAPERS), (), DOCUMENTS)
    assert table.route("label") == PrintRoute("label", "100x150", "label")
    assert table.route("cn22") == PrintRoute("cn22", "a4", "papers", ("label",))
    assert table.carried_by("label") == ("label", "cn22")
    assert table.carried_by("papers") == ("cn22",)


def test_papers_come_out_of_the_label_printer_where_there_is_no_other() -> None:
    table = print_table((FIRST,), (), DOCUMENTS)
    assert table.route("cn22") == PrintRoute("cn22", "100x150", "label")


def test_a_second_label_printer_is_where_labels_may_move() -> None:
    table = print_table(BENCH, (), DOCUMENTS)
    assert table.route("label") == PrintRoute("label", "100x150", "label", ("label-2",))
    assert table.printer("LABEL-2") is SECOND
    assert table.printer("label-3") is None


def test_a_bench_without_a_fitting_printer_has_no_route() -> None:
    narrow = printer("narrow", stock=Stock("30x20", 30, 20))
    table = print_table((narrow,), (), DOCUMENTS)
    assert table == PrintTable((narrow,), ())
    assert table.route("label") is None


def test_rows_say_where_a_document_goes() -> None:
    rows = (
        RouteRow("label", "label-2", "100x150", "zpl", ("label", "label")),
        RouteRow("cn22", stock="A4"),
        RouteRow("invoice", "papers", backup=()),
    )
    table = print_table(BENCH, rows, DOCUMENTS)
    assert table.routes == (
        PrintRoute("label", "100x150", "label-2", ("label",), chosen=True),
        PrintRoute("cn22", "a4", "papers", chosen=True),
        PrintRoute("invoice", "a4", "papers", chosen=True),
    )
    assert table.routes[0].printers == ("label-2", "label")


def test_what_cannot_work_is_refused_by_row_field_value_and_what_is_allowed() -> None:
    label, cn22 = RouteRow("label"), RouteRow("cn22")
    assert refusal(label) == ("PRINT", "label", "a row for the document cn22 too")
    assert refusal(label, cn22, label) == (
        "PRINT[2].document",
        "label",
        "a document that no row before names",
    )
    assert refusal(RouteRow("label", "ghost"), cn22) == (
        "PRINT[0].printer",
        "ghost",
        "label, papers, label-2",
    )
    assert refusal(label, replace(cn22, backup=("ghost",)))[0] == "PRINT[1].backup"
    assert refusal(RouteRow("label", "label", "a6"), cn22) == (
        "PRINT[0].stock",
        "a6",
        "100x150, which lies in label",
    )
    assert refusal(RouteRow("label", "label", language="tspl"), cn22) == (
        "PRINT[0].language",
        "tspl",
        "zpl, which label speaks",
    )
    assert refusal(RouteRow("label", stock="a6"), cn22)[:2] == ("PRINT[0].printer", "")
    assert refusal(label, printers=())[2] == "no printer"


def test_a_stock_that_is_too_small_for_a_document_is_refused() -> None:
    narrow = printer("narrow", stock=Stock("50x30", 50, 30))
    assert refusal(RouteRow("label", "narrow"), RouteRow("cn22"), printers=(narrow,)) == (
        "PRINT[0].stock",
        "50x30 in narrow",
        "a stock of at least 54 x 36 mm for label",
    )


def test_two_printers_are_two() -> None:
    twin = replace(FIRST, id="twin")
    assert refusal(printers=(FIRST, twin)) == (
        "DEVICES[twin].address",
        "tcp://label:9100",
        "an address that label has not",
    )
    again = printer("LABEL", address="tcp://other:9100")
    assert refusal(printers=(FIRST, again))[:2] == ("DEVICES.id", "LABEL")
    assert refusal(printers=(printer("at the door"),))[:2] == ("DEVICES.id", "at the door")


def test_a_printers_identity_is_what_a_test_label_proves() -> None:
    assert FIRST.identity == printer("label").identity
    finer = replace(FIRST, stock=replace(LABELS, dpi=300))
    other = replace(FIRST, stock=replace(LABELS, name="4x6"))
    moved = replace(FIRST, address="tcp://other:9100")
    model = replace(FIRST, model="tspl")
    assert len({one.identity for one in (FIRST, finer, other, moved, model, SECOND)}) == 6


# --- what a printer may get ------------------------------------------------------------------


def test_bytes_for_another_printer_are_not_sent() -> None:
    assert misfit(FIRST, "zpl", 100, 150) == ""
    assert misfit(FIRST, "zpl", 0, 0) == ""
    assert misfit(FIRST, "tspl", 100, 150) == "print.wrong_language"
    assert misfit(FIRST, "zpl", 105, 148) == "print.wrong_stock"


def test_a_roll_of_known_length_tells_its_end() -> None:
    roll = replace(LABELS, labels_per_roll=400)
    assert (labels_left(roll, 360), is_low(roll, 360)) == (40, True)
    assert (labels_left(roll, 359), is_low(roll, 359)) == (41, False)
    assert labels_left(roll, 500) == 0
    assert (labels_left(LABELS, 5), is_low(LABELS, 5)) == (None, False)


# --- the rule names the class of printer -----------------------------------------------------


def test_the_rules_class_of_printer_comes_first_and_the_other_stands_in() -> None:
    table = print_table(BENCH, (), DOCUMENTS)
    route = ruled(table, "cn22", "label")
    assert route == PrintRoute("cn22", "100x150", "label", ("label-2", "papers"))
    assert ruled(table, "cn22", "papers") == PrintRoute(
        "cn22", "a4", "papers", ("label", "label-2")
    )
    assert ruled(table, "cn22", "") == table.route("cn22")
    assert ruled(table, "invoice", "label") is None


def test_among_those_of_the_class_the_rows_of_the_site_decide() -> None:
    rows = (RouteRow("label", "label-2"), RouteRow("cn22"))
    route = ruled(print_table(BENCH, rows, DOCUMENTS), "cn22", "label")
    assert route is not None
    assert route.printers == ("label-2", "label", "papers")
    said = (RouteRow("label"), RouteRow("cn22", "papers"))
    route = ruled(print_table(BENCH, said, DOCUMENTS), "cn22", "label")
    assert route is not None
    assert route.printer == "papers"


def test_what_fits_no_printer_of_the_class_goes_to_the_other() -> None:
    narrow = printer("label", stock=Stock("70x150", 70, 150))
    table = print_table((narrow, PAPERS), (), DOCUMENTS)
    route = ruled(table, "cn22", "label")
    assert route == PrintRoute("cn22", "a4", "papers")
    nowhere = PrintTable((narrow,), (PrintRoute("cn22", "a4", "gone"),))
    assert ruled(nowhere, "cn22", "label") == nowhere.routes[0]
