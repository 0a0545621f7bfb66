"""Errors in the catalogue's words, for people; JSON keeps their keys and fields."""

from __future__ import annotations

from string import Formatter
from typing import TYPE_CHECKING, Final

from packstation.domain.escapes import escaped
from packstation.i18n import FALLBACK, Catalogue, load

if TYPE_CHECKING:
    from packstation.domain.errors import PackstationError

_WHY: Final = frozenset({"cause", "detail"})


def said(exc: PackstationError, language: str = FALLBACK) -> str:
    """What is wrong, why, and on a line of its own the cure; key and fields where words lack."""
    words = load(language)
    form = _form(words, exc.key)
    wanted = {name for _, name, _, _ in Formatter().parse(form) if name}
    if not form or not wanted <= exc.fields.keys():
        return str(exc)
    args = {name: escaped(str(value)) for name, value in exc.fields.items()}
    cause = args.get("cause", "")
    args["cause"] = _worded(words, cause)
    message = words.say(exc.key, **args)
    why = args["cause"] or args.get("detail", "")
    if why and not wanted & _WHY:
        message = f"{message}: {why}"
    return _with_cure(message, _cure(words, exc.key) or _cure(words, cause))


def cause_said(where: str, cause: str, language: str = FALLBACK) -> str:
    """The key of a cause in words, after what it is about."""
    words = load(language)
    return _with_cure(f"{where}: {_worded(words, cause)}", _cure(words, cause))


def _with_cure(message: str, cure: str) -> str:
    return f"{message}\n  {cure}" if cure else message


def _worded(words: Catalogue, cause: str) -> str:
    return words.say(cause) if cause and _form(words, cause) else cause


def _cure(words: Catalogue, key: str) -> str:
    return words.say(f"{key}.cure") if key and _form(words, f"{key}.cure") else ""


def _form(words: Catalogue, key: str) -> str:
    """The text of ``key`` as it is written; "" where no catalogue has it."""
    at: Catalogue | None = words
    while at is not None:
        if at.has(key):
            return at.texts[key][0]
        at = at.fallback
    return ""
