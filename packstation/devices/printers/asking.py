"""Questions to a printer over an open line, and their answers."""

from __future__ import annotations

import time
from typing import Final

from packstation.devices.link import Line
from packstation.devices.printers.talk import (
    Fact,
    Odometer,
    PrinterLook,
    PrinterTalk,
    Take,
)
from packstation.devices.printers.timing import PrinterTiming
from packstation.devices.usblp import port_cause
from packstation.station.ports import DeviceState, PrinterTold

# No answer of any family is as long; more than this is none.
_MOST: Final = 1024
# What a printer may say by itself while nobody listens.
_REPORTS: Final = 65_536


class Asker:
    """Asks, waits for the whole answer, and knows when the printer has fallen silent.

    Answers carry no number, so bytes that came before a question are thrown away: the
    answer to an old status question must not vouch for a newer job.
    """

    def __init__(self, line: Line, talk: PrinterTalk, timing: PrinterTiming) -> None:
        self.talk = talk
        self.timing = timing
        self.gives_receipts = False
        self._line = line
        self._missed = 0
        self._deaf: set[bytes] = set()
        self._known: str | None = None
        self._label_dots = 0
        # Those that may still show a number; none is left where none did at the first time.
        self._odometers = talk.odometers
        self._counted = False
        self._heard = b""
        self._stalled = False
        self.refused = False

    def look(self, patience: float | None = None) -> PrinterLook | None:
        """How the printer is, or None without an answer in time; reports how it is."""
        if self._missed:
            self._until_quiet()
        found, came = self._first_answer(patience or self.timing.answer_s)
        if found is None:
            self._miss(came)
            return None
        self._missed = 0
        if found.idle:
            self._meet()
        self._report(found)
        return found

    def one_way(self) -> None:
        """A line that is open is all that can be said of a printer that never answers."""
        self._line.reporter.health(DeviceState.OK, "printer.one_way")

    def listen(self, seconds: float) -> PrinterLook | None:
        """What a printer says by itself within that time; None for nothing."""
        question = self.talk.listen
        until = time.monotonic() + seconds
        while question is not None and self._line.alive():
            report = question.take(self._heard)
            if report is not None:
                self._heard = self._heard[self._heard.index(report) + len(report) :]
                found = question.read(report)
                if found is not None:
                    self._missed = 0
                    self._report(found)
                return found
            left = until - time.monotonic()
            if left <= 0:
                break
            self._heard = (self._heard + self._line.receive(left))[-_REPORTS:]
        return None

    def nudge(self) -> PrinterLook | None:
        """Ask without throwing away what it may be saying by itself."""
        found = self.listen(self.timing.answer_s) if self._put(self.talk.ask[0].ask) else None
        if found is None:
            self._miss(self._heard)
        return found

    def receipt(self) -> bool:
        """Whether the printer says that it has done all before this question."""
        question = self.talk.receipt
        if question is None:
            return False
        data = self._ask(question.ask, question.take, self.timing.answer_s)
        answer = question.take(data)
        return answer is not None and question.read(answer) is not None

    def order(self, command: bytes) -> bool:
        """Send a command that nothing answers; whether the line took it."""
        return self._put(command)

    def count(self) -> tuple[Odometer, int] | None:
        """What the odometer shows; the first that shows a number is the only one asked again."""
        for odometer in self._odometers:
            shown = self._shown(odometer)
            if shown is not None:
                self._odometers, self._counted = (odometer,), True
                return odometer, shown
        self._odometers = self._odometers if self._counted else ()
        return None

    def rest(self, seconds: float) -> None:
        """Wait; a new job or the end cuts it short. What the printer says unasked is seen."""
        self._line.receive(seconds)

    def pause(self, seconds: float) -> None:
        """Wait the whole time, unless the line is being closed."""
        until = time.monotonic() + seconds
        while self._line.alive() and (left := until - time.monotonic()) > 0:
            self._heard = (self._heard + self._line.receive(left))[-_REPORTS:]

    def _first_answer(self, patience: float) -> tuple[PrinterLook | None, bytes]:
        came = b""
        deaf: list[bytes] = []
        for question in self.talk.ask:
            if question.ask in self._deaf:
                continue
            data = self._ask(question.ask, question.take, patience)
            answer = question.take(data)
            found = None if answer is None else question.read(answer)
            if found is not None:
                self._deaf.update(deaf)
                return found, data
            came += data
            deaf += [question.ask] if question.optional and not data else []
        return None, came

    def _shown(self, odometer: Odometer) -> int | None:
        data = self._ask(odometer.ask, odometer.take, self.timing.odometer_s)
        answer = odometer.take(data)
        return None if answer is None else odometer.read(answer)

    def _meet(self) -> None:
        """Once a line: who it is, and whether it gives receipts."""
        if self._known is not None:
            return
        told = [(fact, self._fact(fact)) for fact in self.talk.facts]
        self._known = " ".join(answer for _, answer in told if answer)
        for fact, answer in told:
            if fact.own and answer:
                self._introduce(fact, answer)
        if self.talk.receipt is not None:
            self.gives_receipts = self.receipt()

    def _introduce(self, fact: Fact, serial: str) -> None:
        """A number that is not expected is believed when it is told twice."""
        reporter = self._line.reporter
        if serial == reporter.expected or self._fact(fact) == serial:
            reporter.introduced(serial)

    def _fact(self, fact: Fact) -> str:
        answer = fact.take(self._ask(fact.ask, fact.take, self.timing.odometer_s))
        return "" if answer is None else fact.read(answer)

    def _ask(self, question: bytes, take: Take, patience: float) -> bytes:
        unasked, self._heard = self._heard, b""
        while more := self._line.receive(0):
            unasked = (unasked + more)[-_REPORTS:]
        self.refused = self.refused or self.talk.refuses(unasked)
        data = b""
        if not self._put(question):
            return data
        until = time.monotonic() + patience
        while take(data) is None and len(data) < _MOST and self._line.alive():
            left = until - time.monotonic()
            if left <= 0:
                break
            data += self._line.receive(left)
        self.refused = self.refused or self.talk.refuses(data)
        return data

    def _put(self, question: bytes) -> bool:
        """Send it; a printer that takes no data, not even a question, is stalled and not lost."""
        until = time.monotonic() + self.timing.answer_s
        while question and self._line.alive():
            question = question[self._line.ask(question, self.timing.answer_s) :]
            if question and time.monotonic() >= until:
                self._stalled = True
                return False
        self._stalled = False
        return not question

    def _until_quiet(self) -> None:
        """Late answers to questions given up come in here."""
        until = time.monotonic() + self.timing.answer_s
        while self._line.receive(self.timing.settle_s) and time.monotonic() < until:
            pass

    def _report(self, found: PrinterLook) -> None:
        reporter = self._line.reporter
        if found.label_dots != self._label_dots:
            self._label_dots = found.label_dots
            reporter.post(PrinterTold(reporter.device, found.label_dots))
        if found.blocked:
            reporter.health(DeviceState.FAULT, found.blocked)
        elif found.label_waiting:
            reporter.health(DeviceState.OK, "printer.label_waiting", self._known or "")
        else:
            reporter.well(self._known or "")

    def _miss(self, data: bytes) -> None:
        self._missed += 1
        if self._missed >= self.timing.misses:
            # Some printers give no answer at all while the head is open or paper is out.
            # On USB the port itself still tells (LPGETSTATUS).
            told = "printer.garbled" if data else "printer.silent"
            told = "printer.stalled" if self._stalled else told
            cause = port_cause(self._line.port) or told
            self._line.reporter.health(DeviceState.FAULT, cause)
