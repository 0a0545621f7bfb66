"""What proves that a job is done: a printer that is idle when asked, or one that says so."""

from __future__ import annotations

import time
from typing import Protocol

from msgspec import Struct

from packstation.devices.printers.asking import Asker
from packstation.devices.printers.talk import PrinterLook

_LOOKS = 2


class Step(Struct, frozen=True):
    """One look at a printer at work; ``doubt`` is the cause why its word is not enough."""

    look: PrinterLook | None
    done: bool = False
    doubt: str = ""


class Watch(Protocol):
    """The watch over one job."""

    def step(self) -> Step:
        """Look once."""


def watch_of(asker: Asker, labels: int) -> Watch:
    """The watch that the family's talk allows."""
    return (AskedWatch if asker.talk.listen is None else ToldWatch)(asker, labels)


class AskedWatch:
    """Idle twice, and nothing that was sent can still lie in a buffer.

    A printer whose status does not know of its buffer has to answer a receipt in between; one
    that gives none must have been seen at work, or be idle for a while.
    """

    def __init__(self, asker: Asker, labels: int) -> None:
        self._asker = asker
        asker.refused = False
        self._labels = labels
        self._unseen_s = asker.timing.unseen_s * max(labels, 1)
        self._patience = asker.timing.print_s if asker.talk.patient else None
        self._looks = 0
        self._busy = False
        self._vouched = asker.talk.vouches
        self._idle_since: float | None = None

    def step(self) -> Step:
        """Ask how it is."""
        look = self._asker.look(self._patience)
        if look is None or not look.idle:
            self._looks, self._idle_since = 0, None
            self._busy = self._busy or (look is not None and look.busy)
            return Step(look)
        if look.refused or self._asker.refused:
            return Step(look, doubt="printer.refused")
        self._looks += 1
        self._vouched = self._vouched or self._vouch(look)
        return Step(look, done=self._looks >= _LOOKS and self._vouched)

    def _vouch(self, look: PrinterLook) -> bool:
        if look.label_waiting and self._labels == 1:
            return True  # it sticks out for everybody to see
        if self._asker.gives_receipts:
            return self._asker.receipt()
        now = time.monotonic()
        self._idle_since = self._idle_since or now
        return self._busy or now - self._idle_since >= self._unseen_s


class ToldWatch:
    """It says by itself when a label has come out, and must not be asked before."""

    def __init__(self, asker: Asker, labels: int) -> None:
        self._asker = asker
        self._left = labels
        self._idle = 0
        self._blocked = False

    def step(self) -> Step:
        """Listen; a printer that says nothing for long, or wants a hand, is asked after all."""
        timing = self._asker.timing
        look = self._asker.listen(timing.watch_s if self._blocked else timing.print_s)
        if look is None:
            return self._asked()
        self._idle = 0
        return self._heard(look)

    def _heard(self, look: PrinterLook) -> Step:
        """This report and all that came with it; the last one tells how it is."""
        later: PrinterLook | None = look
        while later is not None:
            look = later
            self._left -= look.printed
            later = self._asker.listen(0.0)
        self._blocked = bool(look.blocked)
        return Step(look, done=self._left <= 0)

    def _asked(self) -> Step:
        look = self._asker.nudge()
        if look is None:
            return Step(None)
        self._idle = self._idle + 1 if look.idle and not look.printed else 0
        step = self._heard(look)
        unproven = self._idle >= _LOOKS and not step.done
        return Step(step.look, step.done, "printer.unproven" if unproven else "")
