"""One run of the command line: parse, do, answer, exit status."""

from __future__ import annotations

import importlib
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TextIO, cast

from msgspec import Struct

from packstation.cli.commands import parser
from packstation.cli.logs import logging_to
from packstation.cli.streams import complain, complain_json, for_people, one_line, settle, silence

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


class Out(Struct):
    """Where the answer goes: a JSON document a line, or text for people.

    ``gone``: whoever read it has enough. That is no error and changes no exit status; a
    command without an end stops. ``beside`` is standard error.
    """

    stream: TextIO
    as_json: bool
    gone: bool = False
    beside: TextIO | None = None

    def remark(self, text: str) -> None:
        """Say something that is no answer beside it, on standard error."""
        if self.beside is not None:
            complain(self.beside, text)

    def show(self, document: object, text: str) -> None:
        """Write one answer, at once.

        Raises:
            Unreadable: it cannot be written, the disk is full for one.
        """
        shown = one_line(document) if self.as_json else for_people(text)
        try:
            print(shown, file=self.stream, flush=True)
        except BrokenPipeError:
            self.gone = True
            silence(self.stream)
        except OSError as exc:
            silence(self.stream)
            raise Unreadable(f"the answer cannot be written: {exc.strerror}") from exc


Command = Callable[["Namespace", Out], int]


def run(argv: Sequence[str], stdout: TextIO, stderr: TextIO) -> int:
    """Run ``argv``; only answers go to ``stdout``, all else to ``stderr``."""
    commands = parser()
    if not argv:
        commands.print_help(sys.stderr)  # where argparse complains too
        raise SystemExit(UNREADABLE)
    args = commands.parse_args(argv)
    try:
        with logging_to(stderr, os.environ, verbose=args.verbose):
            return _run(args, Out(stdout, args.json, beside=stderr), stderr)
    finally:
        settle(stdout, stderr)


def _run(args: Namespace, out: Out, stderr: TextIO) -> int:
    try:
        return _command(args.run)(args, out)
    except Unreadable as exc:
        if out.as_json:
            complain_json(stderr, {"error": {"code": "unreadable", "message": str(exc)}})
        else:
            complain(stderr, str(exc))
        return UNREADABLE
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as exc:  # turned into an answer where it is one of ours, else raised again
        from packstation.domain.errors import PackstationError

        if not isinstance(exc, PackstationError):
            LOG.critical("a bug", exc_info=True)
            raise
        if out.as_json:
            complain_json(stderr, {"error": _worded(exc, args)})
        else:
            complain(stderr, reason(exc, args))
        return _failed(exc, out)


def _command(spec: str) -> Command:
    """The function of "module:function", imported now."""
    module, _, name = spec.partition(":")
    return cast("Command", getattr(importlib.import_module(f"packstation.cli.{module}"), name))


def reason(exc: PackstationError, args: Namespace) -> str:
    """Words for people."""
    from packstation.cli.wording import said
    from packstation.domain.errors import InputInvalid

    return told(exc) if isinstance(exc, InputInvalid) else said(exc, language(args))


def _worded(exc: PackstationError, args: Namespace) -> dict[str, Any]:
    """The error as a document, with the key of its words and the words; ``cure`` where known."""
    message, _, cure = reason(exc, args).partition("\n  ")
    more = {"cure": cure} if cure else {}
    return {**error_document(exc), "key": exc.key, "message": message, **more}


def language(args: Namespace) -> str:
    """As the command line or PACKSTATION_LANG says, else English."""
    from packstation.i18n import FALLBACK, LANGUAGES

    asked = getattr(args, "lang", None) or os.environ.get("PACKSTATION_LANG", "")
    return asked if asked in LANGUAGES else FALLBACK


def _failed(exc: PackstationError, out: Out) -> int:
    from packstation.domain.errors import InputInvalid, SettingsError

    if isinstance(exc, InputInvalid | SettingsError):
        return UNREADABLE
    if out.as_json:
        out.show({"error": error_document(exc)}, "")
    return REFUSED


def told(exc: PackstationError) -> str:
    """A refused value in one line: where, what, and what is allowed."""
    fields = exc.fields
    name = str(fields.get("file", ""))
    if name and fields.get("path") in {"file", Path(name).name}:  # all of it, no value in it
        return f"{fields['file']}: {fields.get('value')}; {fields.get('allowed')} is wanted"
    if cause := getattr(exc, "cause", ""):  # a rule pack that nobody may use
        where = f"{fields['file']}: " if "file" in fields else ""
        return f"{where}{cause}, {fields.get('value')}; {fields.get('allowed')} is wanted"
    where = " ".join(str(fields[name]) for name in ("file", "path") if name in fields)
    return f"{where}: {fields.get('value')} is not allowed; allowed: {fields.get('allowed')}"


def error_document(exc: PackstationError) -> dict[str, Any]:
    """An error as JSON: ``code`` (the error's own where it carries one) and its fields."""
    code = exc.key.removeprefix("error.").replace("_", "-").replace(".", "-")
    return {"code": code, **exc.fields}
