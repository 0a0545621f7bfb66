"""One run of the command line: parse, do, answer, exit status."""

from __future__ import annotations

import importlib
import json
import logging
import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final, TextIO, cast

from msgspec import Struct

from packstation.cli.commands import parser
from packstation.cli.logs import logging_to

if TYPE_CHECKING:
    from argparse import Namespace

    from packstation.domain.errors import PackstationError

DONE: Final = 0
REFUSED: Final = 1
UNREADABLE: Final = 2
INTERRUPTED: Final = 130

LOG: Final = logging.getLogger(__name__)


class Unreadable(Exception):
    """A file or argument that cannot be used: exit status 2; the text says why."""


class Out(Struct, frozen=True):
    """Where the answer goes: a JSON document a line, or text for people."""

    stream: TextIO
    as_json: bool

    def show(self, document: object, text: str) -> None:
        """Write one answer, at once."""
        shown = json.dumps(document, ensure_ascii=False, default=str) if self.as_json else text
        print(shown, file=self.stream, flush=True)


Command = Callable[["Namespace", Out], int]


def run(argv: Sequence[str], stdout: TextIO, stderr: TextIO) -> int:
    """Run ``argv``; only answers go to ``stdout``, all else to ``stderr``."""
    args = parser().parse_args(argv)
    with logging_to(stderr, os.environ, verbose=args.verbose):
        return _run(args, Out(stdout, args.json), stderr)


def _run(args: Namespace, out: Out, stderr: TextIO) -> int:
    try:
        return _command(args.run)(args, out)
    except Unreadable as exc:
        print(f"packstation: {exc}", file=stderr)
        return UNREADABLE
    except BrokenPipeError:
        # Whoever read the answer has enough of it; nothing may be flushed there at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), out.stream.fileno())
        return DONE
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as exc:  # turned into an answer where it is one of ours, else raised again
        from packstation.domain.errors import PackstationError

        if not isinstance(exc, PackstationError):
            LOG.critical("a bug", exc_info=True)
            raise
        return _failed(exc, out, stderr)


def _command(spec: str) -> Command:
    """The function of "module:function", imported now."""
    module, _, name = spec.partition(":")
    return cast("Command", getattr(importlib.import_module(f"packstation.cli.{module}"), name))


def _failed(exc: PackstationError, out: Out, stderr: TextIO) -> int:
    from packstation.domain.errors import InputInvalid, SettingsError

    if isinstance(exc, InputInvalid):
        print(f"packstation: {told(exc)}", file=stderr)
        return UNREADABLE
    print(f"packstation: {exc}", file=stderr)
    if isinstance(exc, SettingsError):
        return UNREADABLE
    if out.as_json:
        out.show({"error": error_document(exc)}, "")
    return REFUSED


def told(exc: PackstationError) -> str:
    """A refused value in one line: where, what, and what is allowed."""
    fields = exc.fields
    where = " ".join(str(fields[name]) for name in ("file", "path") if name in fields)
    return f"{where}: {fields.get('value')} is not allowed; allowed: {fields.get('allowed')}"


def error_document(exc: PackstationError) -> dict[str, Any]:
    """An error as JSON: ``code`` (the error's own where it carries one) and its fields."""
    code = exc.key.removeprefix("error.").replace("_", "-").replace(".", "-")
    return {"code": code, **exc.fields}
