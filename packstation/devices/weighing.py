"""The conversation with a scale: ask, read, report, and know when it sleeps."""

from __future__ import annotations

import math
import threading
import time
from decimal import Decimal
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from packstation.devices.catalogue import ScaleModel
from packstation.devices.framing import Framer
from packstation.devices.known import Introduction
from packstation.devices.link import Line, Link, Linked
from packstation.devices.misread import Misread
from packstation.devices.ports import LINK_ERRORS, PortLost
from packstation.devices.probes import PROBED_S, is_modem_probe
from packstation.devices.steady import Judge, Patience, ToldOnce
from packstation.domain.weights import Reading, ScaleState
from packstation.station.ports import DeviceState, ScaleRead

_LEAST_S: Final = 0.1

# How scales say that they do not know a question.
_NOT_KNOWN: Final = frozenset(("syntax", "logic", "parameter", "device"))


class ScaleTiming(Struct, frozen=True):
    """Seconds; ``period_s`` overrides the model's.

    After ``asleep_s``, and three periods, without a frame the scale counts as asleep, which is
    no fault, and is asked every ``nudge_s``; after ``reopen_s`` the port is opened anew, because
    some adapters fall silent for good. ``garbled`` unreadable frames in a row are a fault.

    ``confirm`` overrides the model's; ``steady`` and ``steady_s`` as in `Patience`. All of them
    are seconds of a clock that runs ``speed`` times as fast as the wall's: a recording that is
    played faster is judged by its own time.
    """

    period_s: float | None = None
    asleep_s: float = 0.6
    nudge_s: float = 1.0
    reopen_s: float = 30.0
    command_s: float = 1.0
    garbled: int = 5
    confirm: int | None = None
    steady: int = 4
    steady_s: float = 0.4
    speed: float = 1.0

    def replayed(self, speed: float) -> ScaleTiming:
        """Of a recording: faster, and never opened anew, which would end it."""
        return replace(self, speed=speed, reopen_s=math.inf)


class ScaleConversation:
    """Talks to one scale; every frame becomes a `ScaleRead`, also one that clears the weight."""

    def __init__(
        self,
        model: ScaleModel,
        *,
        unit: str = "kg",
        capacity: Decimal | None = None,
        timing: ScaleTiming | None = None,
    ) -> None:
        """``capacity`` in the unit that is sent: more is OVER, whatever the scale says."""
        self._model = model
        self._capacity = capacity
        self._unit = unit
        self._timing = timing or ScaleTiming()
        self._period = self._timing.period_s or model.period_s
        # However fast a recording is played, threads take turns as slowly as ever.
        least = _LEAST_S * self._timing.speed if self._timing.speed > 1 else 0.0
        self._expect_s = max(self._timing.asleep_s, 3 * self._period, least)
        self._identity = ""
        self._bad = 0
        self._asleep = False
        self._asked = self._excused = False
        self._who = Introduction("")
        self._last_frame = 0.0
        self._misread = Misread(model.id)
        self._zero = threading.Event()
        self._once = ToldOnce() if model.once else None
        times = self._timing
        self._judge_weight = Judge(
            Patience(times.confirm or model.confirm, times.steady, times.steady_s)
        )

    def converse(self, line: Line) -> None:
        """Report readings until the line is closed or lost; a loss clears the weight."""
        self._identity, self._bad, self._asleep = "", 0, False
        self._last_frame = self._now()
        self._misread = Misread(self._model.id)
        framer = self._model.framer()
        self._who = Introduction(line.reporter.expected)
        self._asked = False
        if self._once is not None:
            line.reporter.well()  # an empty pan says nothing: the cable alone tells
        try:
            while line.alive():
                line.command(self._question(), self._timing.command_s)
                if not self._hear(line, framer):
                    self._unanswered(line)
                self._watch(line)
        except LINK_ERRORS:
            self._clear(line, "offline")
            raise

    @property
    def can_zero(self) -> bool:
        """Whether the protocol has a word for it."""
        return bool(self._model.zero)

    def ask_zero(self) -> None:
        """From any thread: the next thing that is sent sets it to zero."""
        self._zero.set()

    def _question(self) -> bytes:
        """Who it is, by turns with what it weighs, until that is known; a person's wish first."""
        if self._zero.is_set():
            self._zero.clear()
            return self._model.zero
        self._asked = bool(self._model.identity) and self._who.wanted and not self._asked
        self._excused = self._asked
        if not self._asked:
            return self._model.ask
        self._who.asked()
        return self._model.identify

    def _hear(self, line: Line, framer: Framer) -> bool:
        """Listen until the next question is due; whether anything was said."""
        before, until = self._last_frame, self._now() + self._pause()
        while line.alive() and (left := until - self._now()) > 0:
            data = line.receive(left / self._timing.speed)
            self._misread.heard(data)
            for frame in framer.feed(data):
                self._take(line, frame.data, frame.error)
        return self._last_frame > before or not line.alive()

    def _now(self) -> float:
        return time.monotonic() * self._timing.speed

    def _pause(self) -> float:
        if self._once is not None and self._once.resting and self._model.once is not None:
            return self._model.once.pause_s
        return self._timing.nudge_s if self._asleep else self._period

    def _unanswered(self, line: Line) -> None:
        """What follows from silence, of a scale that tells a weight once."""
        reading = self._once.unanswered() if self._once is not None else None
        if reading is not None:
            self._judge_weight.forget()
            self._report(line, reading)

    def _take(self, line: Line, frame: bytes, error: str) -> None:
        if not frame.strip() or (line.age() < PROBED_S and is_modem_probe(frame)):
            return
        self._last_frame, self._asleep = self._now(), False
        if self._model.identity and (serial := self._model.identity(frame)):
            self._meet(line, serial)
            return
        reading = (
            Reading(state=ScaleState.FAULT, error=error, raw=frame)
            if error
            else self._model.decode(frame, self._unit)
        )
        excused, self._excused = self._excused, False
        if excused and reading.error in _NOT_KNOWN:
            return  # it does not know the question for its serial number
        if self._model.identity and self._who.spoke():
            line.reporter.introduced("")
        self._judge(line, reading)
        if self._model.identity and self._who.open:
            reading = Reading(state=ScaleState.NOT_READY, error="unknown", raw=frame)
        reading = self._within(reading)
        judged = self._judge_weight.judged(reading, self._last_frame)
        self._report(line, self._once.heard(reading, judged) if self._once is not None else judged)

    def _meet(self, line: Line, serial: str) -> None:
        self._identity = serial
        if self._who.told(serial):
            line.reporter.introduced(serial)

    def _within(self, reading: Reading) -> Reading:
        """Some protocols have no word for too much."""
        most, value = self._capacity, reading.value
        if most is None or value is None or abs(value) <= most:
            return reading
        return Reading(state=ScaleState.OVER, raw=reading.raw)

    def _judge(self, line: Line, reading: Reading) -> None:
        if reading.state is not ScaleState.FAULT:
            self._bad = 0
            line.reporter.well(self._identity)
            return
        self._bad += 1
        if self._bad % self._timing.garbled == 0:
            spoken = self._misread.spoken()
            cause = "scale.other_model" if spoken else "scale.garbled"
            line.reporter.health(DeviceState.FAULT, cause, spoken or reading.error)

    def _watch(self, line: Line) -> None:
        if self._once is not None:
            return
        silent = self._now() - self._last_frame
        if silent >= self._timing.reopen_s:
            raise PortLost(polite=True)
        if silent >= self._expect_s and not self._asleep:
            self._asleep = True
            self._clear(line, "silent")
            line.reporter.health(DeviceState.ASLEEP, "scale.asleep")

    def _clear(self, line: Line, error: str) -> None:
        """What was heard before it confirms nothing that comes after it."""
        cleared = Reading(state=ScaleState.NOT_READY, error=error)
        judged = self._judge_weight.judged(cleared, self._now())
        self._report(line, self._once.heard(cleared, judged) if self._once is not None else judged)

    @staticmethod
    def _report(line: Line, reading: Reading) -> None:
        line.reporter.post(ScaleRead(line.reporter.device, reading, line.reporter.mono_ns()))


class Scale(Linked):
    """A scale at work: its link, and what a person may ask of it."""

    def __init__(self, link: Link, conversation: ScaleConversation) -> None:
        super().__init__(link)
        self._conversation = conversation

    @property
    def can_zero(self) -> bool:
        """Whether it can be set to zero by a word."""
        return self._conversation.can_zero

    def zero(self) -> None:
        """Set it to zero now; what it answers is read as every frame is."""
        self._conversation.ask_zero()
        self._link.wake()
