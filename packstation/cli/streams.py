"""Standard output and standard error whose reader may have gone."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from io import UnsupportedOperation
from typing import Final, TextIO

# Ends of lines and the tabs between fields are this program's own.
_OURS: Final = "\n\t"


def complain(stream: TextIO, text: str) -> None:
    """Say it where somebody still reads; the exit status tells the same."""
    with suppress(OSError):
        print(f"packstation: {for_people(text)}", file=stream, flush=True)


def complain_json(stream: TextIO, document: object) -> None:
    """The same for programs, as one line."""
    with suppress(OSError):
        print(one_line(document), file=stream, flush=True)


def one_line(document: object) -> str:
    """A document as JSON that steers no terminal."""
    from packstation.domain.escapes import escaped_json

    return escaped_json(json.dumps(document, ensure_ascii=False, default=str))


def for_people(text: str) -> str:
    """Text of several lines that steers no terminal."""
    from packstation.domain.escapes import escaped

    return escaped(text, keep=_OURS)


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
