"""Logs: lines of JSON or text that hold ids, and neither secrets nor anything of a buyer.

What is redacted is redacted on the way out, in the one ``Formatter`` that every handler has:
a filter would change the record for whoever looks at it next.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from traceback import extract_tb
from types import TracebackType
from typing import Any, Final, TextIO

from msgspec import Struct

from packstation.domain.escapes import escaped, escaped_json

LOG: Final = logging.getLogger(__name__)
FORMAT: Final = "PACKSTATION_LOG"  # json or text; else text on a terminal
FILE_BYTES: Final = 5_000_000
FILES: Final = 10
LONGEST: Final = 2000  # characters of a message
GONE: Final = "[redacted]"

# What a record may carry besides its message: names and ids.
EXTRAS: Final = frozenset(
    "code device font host key language method ms order parcel placeholder port request route seq"
    " session site station status trace".split()
)
# Anything else that a message is made with is named by its type only.
PLAIN: Final = (str, int, float, bool, Decimal, date, Path, type(None))

_HIDDEN: Final = (
    "password passwd secret token pin pin_hash password_hash api[_-]?key private[_-]?key csrf"
    " ps_visit"
)
_BUYER: Final = (
    "name company lines city region state postcode phone email tax_id tax_ids address note ship_to"
)


def _named(words: str) -> str:
    return "|".join(words.split())


# In this order: what a wider pattern takes away no narrower one has to find.
PATTERNS: Final = tuple(
    (re.compile(pattern, re.IGNORECASE | re.DOTALL), by)
    for pattern, by in (
        (r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|$)", GONE),
        (r"\[(SQL|parameters):.*", GONE),
        (r"[\[{][^\"'\]}]*[\"'].*", GONE),  # a document, whole or cut off
        (r"\b((?:proxy-)?authorization|(?:set-)?cookie)\b[\"']?\s*[:=][^\n]*", rf"\1: {GONE}"),
        (r"\b(bearer|basic)\s+[^\s\"',;]+", rf"\1 {GONE}"),
        (rf"\b({_named(_HIDDEN)})\b[\"']?\s*[:=]\s*[\"']?[^\s\"',;&)]+", rf"\1={GONE}"),
        (rf"\b({_named(_BUYER)})=(\"[^\"]*\"|'[^']*'|\([^)]*\))", rf"\1={GONE}"),
        (r"\$argon2\S+", GONE),
        (r"://[^/\s:@]+:[^/\s@]+@", f"://{GONE}@"),
        (r"[\w.+-]+@[\w-]+(\.[\w-]+)+", GONE),
    )
)


class Redaction(Struct, frozen=True):
    """``secrets``: values that never leave, whatever stands around them."""

    secrets: tuple[str, ...] = ()

    def text(self, text: str) -> str:
        """``text`` without what nobody may read, and no longer than a line should be."""
        for secret in self.secrets:
            text = text.replace(secret, GONE)
        text = text[:LONGEST]
        for pattern, by in PATTERNS:
            text = pattern.sub(by, text)
        return text

    def message(self, record: logging.LogRecord) -> str:
        """The message of a record; what it was made with is shown where it is plain."""
        given = record.args
        args: Any
        if isinstance(given, Mapping):
            args = {name: plain(value) for name, value in given.items()}
        else:
            args = tuple(plain(value) for value in given or ())
        pattern = str(plain(record.msg))
        try:
            return self.text(pattern % args if args else pattern)
        except (TypeError, ValueError, KeyError):
            return self.text(pattern)


def secrets_of(environ: Mapping[str, str]) -> Redaction:
    """The redaction that knows the secrets of this process."""
    values = (
        value
        for name, value in environ.items()
        if name.startswith("PACKSTATION_") and re.search("TOKEN|PASSWORD|SECRET|PIN$|KEY$", name)
    )
    return Redaction(tuple(value for value in values if len(value) >= 4))


def plain(value: object) -> object:
    """A value that may be written, or the name of its type."""
    if isinstance(value, BaseException):
        return told(value)
    return value if isinstance(value, PLAIN) else f"<{type(value).__name__}>"


def told(exc: BaseException) -> str:
    """An exception without its words: they may quote what it stumbled over."""
    key = getattr(exc, "key", None)
    if isinstance(key, str):  # of our own tree: the key of its message
        return f"{type(exc).__name__} {key}"
    if isinstance(exc, OSError) and exc.strerror:
        return f"{type(exc).__name__} {exc.strerror}"
    return type(exc).__name__


def chain(exc: BaseException) -> list[str]:
    """The exception and its causes, the last first, each with the places it went through."""
    lines: list[str] = []
    seen: BaseException | None = exc
    while seen is not None and len(lines) < 100:
        lines.append(told(seen))
        lines += [
            f"  {'/'.join(Path(at.filename).parts[-3:])}:{at.lineno} {at.name}"
            for at in extract_tb(seen.__traceback__)
        ]
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return lines


class AsText(logging.Formatter):
    """A line for people."""

    def __init__(self, redaction: Redaction) -> None:
        """Write nothing but what ``redaction`` lets through."""
        super().__init__()
        self._redaction = redaction

    def format(self, record: logging.LogRecord) -> str:
        said = f"{record.levelname} {record.name}: {self._redaction.message(record)}"
        more = [f"{name}={value}" for name, value in self._extras(record).items()]
        lines = [" ".join([said, *more]), *_trouble(record)]
        return "\n".join(escaped(line, keep="\t") for line in lines)

    def _extras(self, record: logging.LogRecord) -> dict[str, object]:
        given = {name: plain(value) for name, value in vars(record).items() if name in EXTRAS}
        clean = self._redaction.text
        return {name: clean(v) if isinstance(v, str) else v for name, v in given.items()}


class AsJson(AsText):
    """One object a line: at, level, logger, message, ids; error where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": self._redaction.message(record),
            **self._extras(record),
        }
        if trouble := _trouble(record):
            line["error"] = trouble
        return escaped_json(json.dumps(line, ensure_ascii=False, default=str))


def _trouble(record: logging.LogRecord) -> list[str]:
    found = record.exc_info[1] if record.exc_info else None
    return chain(found) if found else []


def wants_json(stream: TextIO, environ: Mapping[str, str]) -> bool:
    """As PACKSTATION_LOG says; without it text is for terminals."""
    asked = environ.get(FORMAT, "")
    return asked == "json" if asked in {"json", "text"} else not stream.isatty()


@contextmanager
def logging_to(stream: TextIO, environ: Mapping[str, str], *, verbose: bool) -> Iterator[None]:
    """Log to ``stream`` meanwhile: warnings, ``verbose`` more; what nobody caught too."""
    redaction = secrets_of(environ)
    handler = logging.StreamHandler(stream)
    handler.setFormatter((AsJson if wants_json(stream, environ) else AsText)(redaction))
    handler.addFilter(_Told(logging.INFO if verbose else logging.WARNING))
    with _handling(handler), _uncaught():
        yield


class _Told(logging.Filter):
    """What standard error is told: from a level on, and all that a command itself says."""

    def __init__(self, level: int) -> None:
        super().__init__()
        self._level = level

    def filter(self, record: logging.LogRecord) -> bool:
        own = record.name.startswith("packstation.cli")
        return record.levelno >= (logging.INFO if own else self._level)


@contextmanager
def file_in(folder: Path, environ: Mapping[str, str]) -> Iterator[None]:
    """Log into ``folder``/logs too: 10 files of 5 MB at the most, lines of JSON."""
    from logging.handlers import RotatingFileHandler

    try:
        (folder / "logs").mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(
            folder / "logs" / "station.log",
            maxBytes=FILE_BYTES,
            backupCount=FILES - 1,
            encoding="utf-8",
        )
    except OSError as exc:
        LOG.warning("no log file: %s", exc)
        yield
        return
    handler.setFormatter(AsJson(secrets_of(environ)))
    handler.setLevel(logging.INFO)
    with _handling(handler):
        yield


@contextmanager
def _handling(handler: logging.Handler) -> Iterator[None]:
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        yield
    finally:
        root.setLevel(level)
        root.removeHandler(handler)
        handler.close()


@contextmanager
def _uncaught() -> Iterator[None]:
    """Exceptions that end a thread or a slot of the window are logged, without their words."""

    def log(
        kind: type[BaseException], exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        if exc is not None:
            LOG.critical("nobody caught this", exc_info=(kind, exc, trace))

    def in_thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_type is not SystemExit:
            log(args.exc_type, args.exc_value, args.exc_traceback)

    before = sys.excepthook, threading.excepthook
    sys.excepthook, threading.excepthook = log, in_thread
    try:
        yield
    finally:
        sys.excepthook, threading.excepthook = before
