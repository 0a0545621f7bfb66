from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packstation.devices.health import Reporter
from packstation.devices.printers.folder import FolderPrinter, file_name, write_once
from packstation.station.ports import DeviceHealth, DeviceState, PrintJob, PrintProgress
from tests.devices.rigs import Recorder


def job(name: str = "p1/1/cn22", payload: bytes = b"%PDF-1.7") -> PrintJob:
    return PrintJob(name, "cn22", payload, "pdf")


@pytest.fixture
def heard() -> Recorder:
    return Recorder()


@pytest.fixture
def printer(heard: Recorder, tmp_path: Path) -> Iterator[FolderPrinter]:
    printer = FolderPrinter(Reporter("papers", heard), tmp_path / "papers")
    yield printer
    printer.close()


def end(heard: Recorder, after: int = 0) -> PrintProgress:
    final = {"printed", "failed"}
    return heard.next(PrintProgress, lambda one: one.outcome in final, after=after)


def test_a_paper_lies_in_the_folder(
    printer: FolderPrinter, heard: Recorder, tmp_path: Path
) -> None:
    printer.submit(job())
    assert end(heard).outcome == "printed"
    told = [(one.job, one.document, one.outcome) for one in heard.of(PrintProgress)]
    assert told == [
        ("p1/1/cn22", "cn22", "spooled"),
        ("p1/1/cn22", "cn22", "accepted"),
        ("p1/1/cn22", "cn22", "printed"),
    ]
    assert (tmp_path / "papers" / "p1%2F1%2Fcn22.pdf").read_bytes() == b"%PDF-1.7"
    assert heard.of(DeviceHealth)[0].state is DeviceState.OK


def test_a_job_that_is_there_is_not_written_again(
    printer: FolderPrinter, heard: Recorder, tmp_path: Path
) -> None:
    printer.submit(job())
    end(heard)
    mark = heard.mark
    printer.submit(job(payload=b"other"))
    assert end(heard, after=mark).outcome == "printed"
    papers = list((tmp_path / "papers").iterdir())
    assert [paper.read_bytes() for paper in papers] == [b"%PDF-1.7"]


def test_a_folder_that_takes_nothing_fails_the_job_and_says_so(
    heard: Recorder, tmp_path: Path
) -> None:
    (tmp_path / "papers").write_text("not a folder")
    printer = FolderPrinter(Reporter("papers", heard), tmp_path / "papers")
    printer.submit(job())
    failed = end(heard)
    assert (failed.outcome, failed.cause) == ("failed", "printer.folder")
    health = heard.of(DeviceHealth)
    assert [(one.state, one.cause) for one in health] == [(DeviceState.FAULT, "printer.folder")]
    mark = heard.mark
    (tmp_path / "papers").unlink()
    printer.submit(job())
    assert end(heard, after=mark).outcome == "printed"
    assert heard.of(DeviceHealth)[-1].state is DeviceState.OK
    printer.close()


def test_a_torn_write_leaves_no_paper(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    (tmp_path / "a.pdf.part").write_bytes(b"half")
    assert write_once(path, b"whole")
    assert not write_once(path, b"again")
    assert path.read_bytes() == b"whole"
    assert [one.name for one in tmp_path.iterdir()] == ["a.pdf"]


@given(st.text(min_size=1, max_size=20), st.text(min_size=1, max_size=20))
def test_names_stay_in_the_folder_and_never_collide(one: str, other: str) -> None:
    first, second = (file_name(name, "pdf") for name in (one, other))
    assert "/" not in first
    assert "\\" not in first
    assert first.endswith(".pdf")
    assert (first == second) == (one == other)
