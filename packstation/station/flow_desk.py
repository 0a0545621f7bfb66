"""Modes of work and their pages: the queue's filters and search, fast lane, batches, tasks, shifts.

It is asked before the open order is: what it takes is done, all else goes on to the session.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from packstation.domain.packing.facts import Fact
from packstation.station.core import Core
from packstation.station.lineup import Lineup
from packstation.station.ports import ChoiceMade
from packstation.station.verdicts import QUIET
from packstation.station.views import EntryView, Words


class FlowDesk:
    """Commands, entries and choices of the flow modes; each answers whether it was one."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self.lineup = Lineup(core)
        self._commands: Mapping[str, Callable[[str], None]] = {
            "find": self._find,
            "filter": self.lineup.filter,
        }
        self._entries: Mapping[str, Callable[[str], object]] = {"find": self.lineup.find}

    def told(self, facts: tuple[Fact, ...]) -> None:
        """What was just committed."""
        self.lineup.told(facts)
        if any(not isinstance(fact, QUIET) for fact in facts):
            self._core.desk.flow.home = False

    def home(self) -> None:
        """Home: out of every mode and page, the queue sorted anew."""
        self.lineup.home()
        self._core.desk.flow.home = True

    def command(self, command: str, argument: str) -> bool:
        """Do it where it is one of these."""
        does = self._commands.get(command)
        if does is not None:
            does(argument)
        return does is not None

    def entered(self, kind: str, value: str) -> bool:
        """A field of these was confirmed."""
        takes = self._entries.get(kind)
        if takes is not None:
            takes(value)
        return takes is not None

    def choice(self, choice: ChoiceMade) -> bool:
        """A row of these pages was picked."""
        del choice
        return False

    def _find(self, part: str) -> None:
        if part:
            self.lineup.find(part)
        else:
            self._ask("find")

    def _ask(self, kind: str) -> None:
        self._core.desk.entry = EntryView(kind=kind, words=Words(f"entry.{kind}"))
