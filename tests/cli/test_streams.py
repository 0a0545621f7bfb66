"""Streams whose reader has gone, or whose disk is full."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import pytest

from packstation.cli.running import Out, Unreadable
from packstation.cli.streams import complain, settle

FULL = Path("/dev/full")


@pytest.fixture
def unread() -> Iterator[TextIO]:
    """A pipe that nobody reads any more."""
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w", encoding="utf-8") as stream:
        yield stream


def test_an_answer_that_nobody_reads_is_noted_and_later_ones_go_nowhere(unread: TextIO) -> None:
    out = Out(unread, as_json=False)
    for _ in range(2):
        out.show({}, "x" * 100_000)
    assert out.gone


def test_a_complaint_that_nobody_reads_is_no_error(unread: TextIO) -> None:
    complain(unread, "the disk is full")
    settle(unread)
    assert unread.write("nowhere") == 7


@pytest.mark.skipif(not FULL.exists(), reason="no full disk to write to")
def test_an_answer_that_does_not_fit_is_told() -> None:
    with FULL.open("w", encoding="utf-8") as stream:
        out = Out(stream, as_json=True)
        with pytest.raises(Unreadable, match="the answer cannot be written: No space left"):
            out.show({"a": 1}, "")
        assert not out.gone
