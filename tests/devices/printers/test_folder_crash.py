"""What a folder tells after a crash in the middle of a file."""

from __future__ import annotations

from pathlib import Path

from packstation.devices.health import Reporter
from packstation.devices.printers.folder import FolderPrinter, file_name, write_once


def test_a_file_that_was_being_written_has_not_come_out(tmp_path: Path) -> None:
    job = "p1/1/cn22/1"
    tmp_path.joinpath(file_name(job, "pdf") + ".part").write_bytes(b"%PDF-1.7 hal")
    printer = FolderPrinter(Reporter("papers", lambda _: None), tmp_path)
    try:
        assert printer.came_out(job) is False
        write_once(tmp_path / file_name(job, "pdf"), b"%PDF-1.7 whole")
        assert printer.came_out(job) is True
        assert printer.withdraw(job) is False
    finally:
        printer.close()
