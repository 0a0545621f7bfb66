"""The recordings of a bench's devices: begun by a setting or a command, ended with the bench."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Protocol

from packstation.devices.health import Reporter
from packstation.devices.recording import Subject, Tape, tape_path

_LOG = logging.getLogger(__name__)

LONGEST_MIN: Final = 24 * 60


class Row(Protocol):
    """The part of a device's row that is used; settings record and record_payloads are switches."""

    @property
    def device(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def model(self) -> str: ...
    @property
    def settings(self) -> Mapping[str, object]: ...


class Tapes:
    """One tape a device at most."""

    def __init__(
        self, folder: Path | None, rows: Sequence[Row], reporters: Mapping[str, Reporter]
    ) -> None:
        """Without a folder nothing is recorded; rows that say ``record`` are from now on."""
        self._folder, self._reporters = folder, reporters
        self._rows = {row.device: row for row in rows}
        for row in rows:
            if row.settings.get("record") is True:
                self._begin(row, None)

    def record(self, device: str, minutes: int) -> str | None:
        """Record for so long, at most a day; 0 ends it. The file, or None where that cannot be."""
        row = self._rows.get(device)
        if row is None:
            return None
        if minutes > 0:
            return self._begin(row, 60.0 * min(minutes, LONGEST_MIN))
        return self._stop(self._reporters[device])

    def part(self, device: str) -> Tapes:
        """The device's tape as it runs, to be closed by itself."""
        alone = Tapes(None, (), {device: self._reporters[device]})
        self._reporters = {n: one for n, one in self._reporters.items() if n != device}
        self._rows.pop(device, None)
        return alone

    def close(self) -> None:
        """End them all."""
        for reporter in self._reporters.values():
            self._stop(reporter)

    def _begin(self, row: Row, seconds: float | None) -> str | None:
        if self._folder is None:
            return None
        reporter = self._reporters[row.device]
        self._stop(reporter)
        path = tape_path(self._folder, row.device, datetime.now(UTC))
        subject = Subject(row.device, row.kind, row.model)
        payloads = row.settings.get("record_payloads") is True
        try:
            reporter.tape = Tape(path, subject, payloads=payloads, seconds=seconds)
        except OSError as failure:
            _LOG.warning("no recording of %s: %s", row.device, failure)
            return None
        _LOG.info("recording of %s begins: %s", row.device, path.name)
        return str(path)

    @staticmethod
    def _stop(reporter: Reporter) -> str | None:
        tape, reporter.tape = reporter.tape, None
        if tape is None:
            return None
        tape.close()
        return str(tape.path)
