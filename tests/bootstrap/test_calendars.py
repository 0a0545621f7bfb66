"""Calendars that come with the program reach the bench; a broken file hides no other."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from packstation.bootstrap import services


def test_the_programs_calendar_knows_china() -> None:
    cn = services.calendars().of("CN")
    assert not cn.works(date(2026, 10, 5))
    assert cn.works(date(2026, 10, 10))


def test_a_broken_file_is_logged_and_left_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "a.json").write_text('{"calendars":[{"id":"RU"}]}')
    (tmp_path / "b.json").write_text("{")
    monkeypatch.setattr(services, "resource", lambda *_: tmp_path)
    assert [one.id for one in services.calendars().calendars] == ["RU"]
    assert "calendars of the program" in caplog.text
