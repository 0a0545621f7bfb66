"""What a check found, as words and as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from msgspec import Struct, field

from packstation.i18n import Arg, Catalogue


class State(StrEnum):
    """How bad it is: only ``fail`` keeps a bench from working."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


class Finding(Struct, frozen=True):
    """The result of one check.

    ``check``: disk, space, database, clock, ports, printers, fonts, server. ``key`` names the
    message ``doctor.<key>``, whose cure is ``doctor.<key>.cure`` (not where all is well).
    ``cause`` is the message key of a device's trouble: its words are the message's ``why``, its
    cure is the finding's.
    """

    check: str
    state: State
    key: str
    args: Mapping[str, Arg] = field(default_factory=dict)
    cause: str = ""

    def message(self, words: Catalogue) -> str:
        """What was found."""
        why: dict[str, Arg] = {"why": words.say(self.cause)} if self.cause else {}
        return words.say(f"doctor.{self.key}", **{**self.args, **why})

    def cure(self, words: Catalogue) -> str:
        """What to do about it; "" where all is well."""
        if self.state is State.OK:
            return ""
        if self.cause:
            return words.say(f"{self.cause}.cure")
        return words.say(f"doctor.{self.key}.cure", **self.args)


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
