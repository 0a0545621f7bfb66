"""What a check found, as words and as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from msgspec import Struct, field

from packstation.domain.escapes import escaped
from packstation.i18n import Arg, Catalogue


class State(StrEnum):
    """How bad it is: only ``fail`` keeps a bench from working."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


class Finding(Struct, frozen=True):
    """The result of one check.

    ``check``: settings, disk, space, database, clock, ports, devices, printers, fonts,
    customs, server.
    ``key`` names the message ``doctor.<key>``, whose cure is ``doctor.<key>.cure`` (not where all
    is well).
    ``cause`` is the message key of a device's trouble: its words are the message's ``why``, its
    cure is the finding's. ``why`` is the key of an error whose fields are among the ``args``.
    What ``args`` hold was written by others, and is shown so that it steers no terminal.
    """

    check: str
    state: State
    key: str
    args: Mapping[str, Arg] = field(default_factory=dict)
    cause: str = ""
    why: str = ""

    def message(self, words: Catalogue) -> str:
        """What was found."""
        args = self._args()
        if self.cause or self.why:
            args["why"] = words.say(self.cause or self.why, **args)
        return words.say(f"doctor.{self.key}", **args)

    def cure(self, words: Catalogue) -> str:
        """What to do about it; "" where all is well."""
        if self.state is State.OK:
            return ""
        if self.cause:
            return words.say(f"{self.cause}.cure")
        return words.say(f"doctor.{self.key}.cure", **self._args())

    def _args(self) -> dict[str, Arg]:
        return {
            name: escaped(value) if isinstance(value, str) else value
            for name, value in self.args.items()
        }


def report(findings: Sequence[Finding], words: Catalogue) -> dict[str, Any]:
    """The answer of ``packstation doctor --json``; ``ok`` while nothing fails."""
    return {
        "ok": not any(one.state is State.FAIL for one in findings),
        "checks": [
            {
                "check": one.check,
                "state": str(one.state),
                "key": one.key,
                "message": one.message(words),
                "cure": one.cure(words),
                "values": {name: str(value) for name, value in one.args.items()},
            }
            for one in findings
        ],
    }
