"""Standard output and standard error whose reader may have gone."""

from __future__ import annotations

import os
from contextlib import suppress
from io import UnsupportedOperation
from typing import TextIO


def complain(stream: TextIO, text: str) -> None:
    """Say it where somebody still reads; the exit status tells the same."""
    with suppress(OSError):
        print(f"packstation: {text}", file=stream, flush=True)


def silence(stream: TextIO) -> None:
    """From now on what is written there goes nowhere, also what is flushed at the end."""
    with suppress(UnsupportedOperation):  # a stream of its own, which nobody can close
        nowhere = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(nowhere, stream.fileno())
        finally:
            os.close(nowhere)


def settle(*streams: TextIO) -> None:
    """Flush; what nobody takes any more would else change the exit status to Python's 120."""
    for stream in streams:
        try:
            stream.flush()
        except OSError:
            silence(stream)
