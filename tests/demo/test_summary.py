"""What a run tells of itself where nothing was packed, and how its rows are added up."""

from __future__ import annotations

import json
from pathlib import Path

from packstation.demo import summary
from packstation.demo.faults import Fault
from packstation.domain.packing import State
from packstation.station.ports import PrintedPaper
from tests.station.desk import MUG, order, signed_in, to_confirming


def waybill_of(run: summary.Run) -> str:
    (session,) = run.sessions([order()]).values()
    label = session.parcel.label
    assert label is not None
    return label.waybill


def test_an_order_that_nobody_opened_is_refused(tmp_path: Path) -> None:
    run = summary.Run(tmp_path, signed_in().store, ())

    assert run.sessions([order()]) == {}
    assert run.orders([order()]) == [
        {"order_id": "O-1", "outcome": "refused", "parcels": 0, "facts": 0}
    ]


def test_a_packed_order_tells_its_parcel_and_lays_what_came_out_beside(tmp_path: Path) -> None:
    bench = signed_in()
    to_confirming(bench)
    number = waybill_of(summary.Run(tmp_path, bench.store, ()))
    bench.scan(number)
    tray = tmp_path / "tray" / "papers"
    tray.mkdir(parents=True)
    sheets = (
        PrintedPaper(1, b"^XA1^XZ", number),
        PrintedPaper(2, b"^XA1^XZ", number),
        PrintedPaper(3, b"^XA2^XZ", number),
    )
    run = summary.Run(tmp_path, bench.store, sheets)

    (row,) = run.orders([order()])
    assert [one.state for one in run.sessions([order()]).values()] == [State.COMPLETED]
    told = {name: row[name] for name in ("outcome", "destination", "parcels", "waybill", "gross_g")}
    assert told == {
        "outcome": "packed",
        "destination": "RU",
        "parcels": 1,
        "waybill": number,
        "gross_g": 780,
    }
    assert row["label"] == f"labels/{number}.zpl"
    assert (tmp_path / row["label"]).read_bytes() == b"^XA2^XZ"


def test_a_packed_order_whose_label_nobody_kept_has_no_file(tmp_path: Path) -> None:
    bench = signed_in()
    to_confirming(bench)
    bench.scan(waybill_of(summary.Run(tmp_path, bench.store, ())))
    (row,) = summary.Run(tmp_path, bench.store, ()).orders([order()])

    assert (row["outcome"], row["label"], row["papers"]) == ("packed", "", [])


def test_an_order_that_was_put_back_is_cancelled(tmp_path: Path) -> None:
    bench = signed_in()
    bench.scan("O-1", MUG)
    bench.command("cancel")
    bench.command("yes")
    (row,) = summary.Run(tmp_path, bench.store, ()).orders([order()])

    assert (row["outcome"], row["parcels"]) == ("cancelled", 0)


def test_sums_are_over_the_orders() -> None:
    packed = {"outcome": "packed", "parcels": 2, "facts": 21, "papers": ["a.pdf", "b.pdf"]}
    refused = {"outcome": "refused", "parcels": 0, "facts": 0}

    assert summary.counts([packed, refused, packed]) == {
        "orders": 3,
        "packed": 2,
        "parcels": 4,
        "facts": 42,
        "papers": 4,
    }


def test_faults_say_whether_they_were_seen() -> None:
    met = [Fault("paper_out", "S-1", seen=True), Fault("server_down", "S-2")]

    assert summary.faults(met) == [
        {"kind": "paper_out", "order_id": "S-1", "seen": True},
        {"kind": "server_down", "order_id": "S-2", "seen": False},
    ]


def test_a_summary_is_whole_and_leaves_no_draft(tmp_path: Path) -> None:
    summary.write(tmp_path, {"orders": [{"name": "Иванов"}]})

    assert [path.name for path in tmp_path.iterdir()] == ["summary.json"]
    assert json.loads((tmp_path / "summary.json").read_text()) == {"orders": [{"name": "Иванов"}]}
