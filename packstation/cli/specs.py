"""The shape of the table of commands: a command and its arguments."""

from __future__ import annotations

from typing import Any

from msgspec import Struct, field


class Arg(Struct, frozen=True):
    """An argument as argparse takes it."""

    names: tuple[str, ...]
    options: dict[str, Any] = field(default_factory=dict)


class Spec(Struct, frozen=True):
    """A command: its words, "module:function" in this package, help, example, arguments."""

    words: str
    run: str
    help: str
    example: str
    args: tuple[Arg, ...] = ()


def arg(*names: str, **options: Any) -> Arg:  # noqa: ANN401 - argparse's own keywords
    """Shorthand for `Arg`."""
    return Arg(names, options)
