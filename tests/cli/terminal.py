"""The command line as a test sees it: arguments in, status and streams out."""

from __future__ import annotations

import io
import json
from typing import Any

from msgspec import Struct

from packstation.cli.running import run


class Done(Struct, frozen=True):
    """What a command left behind."""

    status: int
    out: str
    err: str

    @property
    def document(self) -> Any:  # noqa: ANN401 - any JSON
        """The one JSON document on standard output."""
        (line,) = self.out.splitlines()
        return json.loads(line)

    @property
    def documents(self) -> list[Any]:
        """A document a line."""
        return [json.loads(line) for line in self.out.splitlines()]


def packstation(*argv: object) -> Done:
    """Run one command in this process."""
    out, err = io.StringIO(), io.StringIO()
    status = run([str(word) for word in argv], out, err)
    return Done(status, out.getvalue(), err.getvalue())
