"""Which scale speaks like this: bytes of an unknown scale scored against every model.

Pure: captures in, candidates out. A capture is what came at one setting of the line, after one
question or after none. Each model's own framer and decoder read it; a candidate is a model (and
a unit, where the wire has none) that reads at least half of the bytes. Nothing is called found
that another model reads as well, or that no rule of the protocol checks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from statistics import median
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from packstation.devices.catalogue import SCALES, ScaleModel, scale_model
from packstation.devices.framing import Frame
from packstation.devices.opening import LineSettings
from packstation.domain.quantities import grams_exact
from packstation.domain.recognition import Candidate, Finding, Recognition, agrees
from packstation.domain.weights import Reading, ScaleState

# How a protocol guards its frames (docs/devices.md, "Scales"), the strictest last.
CHECKS: Final = {
    "adam": "none",
    "yaohua-reversed": "none",
    "yaohua-forward": "none",
    "mt-sics": "width",
    "sma": "width",
    "sartorius-sbi": "width",
    "and-standard": "width",
    "st-gs": "width",
    "ohaus": "width",
    "cas-22": "width",
    "toledo-8217": "parity",
    "nci-scp01": "parity",
    "yaohua-a9": "xor",
    "yaohua-a12": "xor",
}
STRICTNESS: Final = ("none", "width", "parity", "xor")
# Units that a scale without one on the wire may be set to.
UNITS: Final = ("kg", "lb", "g", "oz", "jin")
# More than any bench scale carries: the unit or the model is another.
_HEAVIEST_G: Final = 300_000
_SHARE: Final = 0.5
_SURE_SHARE: Final = 0.6
_SURE_WEIGHTS: Final = 2
_FULL: Final = 5
_TEXT_SHARE: Final = 0.85
_TEXT: Final = frozenset((*range(0x20, 0x7F), 0x02, 0x03, 0x0A, 0x0D))
_KEPT: Final = 8


class Capture(Struct, frozen=True):
    """What came: ``ask`` was sent before (empty: only listened); ``line`` None over a network."""

    chunks: tuple[bytes, ...]
    ask: bytes = b""
    line: LineSettings | None = None

    @property
    def data(self) -> bytes:
        """All of it."""
        return b"".join(self.chunks)


class _Read(Struct, frozen=True):
    """How one model reads one capture."""

    model: ScaleModel
    unit: str
    capture: int
    line: LineSettings | None
    readings: tuple[Reading, ...]
    bad: int
    share: float
    own: bool

    @property
    def weights(self) -> int:
        return sum(reading.value is not None for reading in self.readings)

    @property
    def strictness(self) -> int:
        return STRICTNESS.index(CHECKS[self.model.id])

    @property
    def rank(self) -> tuple[bool, bool, float, int, bool, int]:
        return (
            self.weights >= _SURE_WEIGHTS,
            self.own,
            round(self.share, 1),
            self.strictness,
            self.line in {None, self.model.line},
            len(self.readings),
        )


def recognise(captures: Sequence[Capture]) -> Recognition:
    """What speaks here; candidates best first, the unit of a wire without one still open."""
    reads = [
        read
        for number, capture in enumerate(captures)
        for model in line_models()
        for read in _candidates(model, capture, number)
    ]
    best = _best_of_each(reads)
    if not best:
        return Recognition(_silence([capture.data for capture in captures]))
    found = _sure(best[0]) and not _rivalled(best[0], reads)
    finding = Finding.FOUND if found else Finding.AMBIGUOUS
    return Recognition(finding, tuple(map(_candidate, best)))


def settle(
    captures: Sequence[Capture], candidates: Sequence[Candidate], known_g: Decimal
) -> Recognition:
    """Which of the candidates read ``known_g`` grams in captures with that weight on the pan.

    Where several do, those whose frames are checked best; two that are left are `AMBIGUOUS`
    (a number that reads the same backwards: another weight tells).
    """
    read = [candidate for candidate in candidates if _reads(candidate, captures, known_g)]
    if not read:
        shown = tuple(_shown_again(candidate, captures) for candidate in candidates)
        heard = any(capture.data for capture in captures)
        return Recognition(Finding.DISAGREE if heard else Finding.NOTHING, shown)
    strictest = max(STRICTNESS.index(candidate.check) for candidate in read)
    kept = [one for one in read if STRICTNESS.index(one.check) == strictest]
    same = {(one.model, one.unit) for one in kept}
    finding = Finding.FOUND if len(same) == 1 else Finding.AMBIGUOUS
    shown = tuple(_shown_again(replace(one, confidence=100), captures) for one in kept)
    return Recognition(finding, shown)


def readings_of(candidate: Candidate, captures: Iterable[Capture]) -> tuple[Reading, ...]:
    """What the candidate reads in captures of its own line, oldest first; faults left out."""
    model = scale_model(candidate.model)
    line = line_of(candidate)
    return tuple(
        reading
        for capture in captures
        if capture.line in {None, line}
        for reading in _readings(model, candidate.unit, _frames(model, capture.data))
        if _good(reading)
    )


def line_of(candidate: Candidate) -> LineSettings | None:
    """The candidate's setting of the line; None over a network."""
    if not candidate.baud:
        return None
    return LineSettings(candidate.baud, candidate.bytesize, candidate.parity)


def line_models() -> tuple[ScaleModel, ...]:
    """Scales that speak over a line."""
    return tuple(model for model in SCALES if model.transport == "line")


# --- reading ------------------------------------------------------------------------------


def _candidates(model: ScaleModel, capture: Capture, number: int) -> Iterable[_Read]:
    data = capture.data
    if not data:
        return
    frames = _frames(model, data)
    for unit in ("",) if model.unit_sent else UNITS:
        read = _score(model, unit, capture, number, frames)
        if read is not None:
            yield read


def _frames(model: ScaleModel, data: bytes) -> list[Frame]:
    return [frame for frame in model.framer().feed(data) if frame.data.strip()]


def _readings(model: ScaleModel, unit: str, frames: Iterable[Frame]) -> list[Reading]:
    return [
        Reading(state=ScaleState.FAULT, error=frame.error, raw=frame.data)
        if frame.error or _is_identity(model, frame.data)
        else model.decode(frame.data, unit)
        for frame in frames
    ]


def _is_identity(model: ScaleModel, frame: bytes) -> bool:
    return bool(model.telling and model.identity and model.identity(frame))


def _score(
    model: ScaleModel, unit: str, capture: Capture, number: int, frames: Sequence[Frame]
) -> _Read | None:
    """A stream is joined somewhere in a frame: its first one counts neither way."""
    joined = 0 if capture.ask or len(frames) < 2 else len(frames[0].data)
    readings = _readings(model, unit, frames[1:] if joined else frames)
    good = [reading for reading in readings if _good(reading)]
    whole = sum(len(frame.data) for frame in frames) - joined
    begun = _begun(model, capture.data)
    share = sum(len(one.raw) for one in good) / max(whole, len(capture.data) - joined - begun, 1)
    if not good or share < _SHARE:
        return None
    own = capture.ask == model.ask if model.ask else not capture.ask
    return _Read(
        model=model,
        unit=unit,
        capture=number,
        line=capture.line,
        readings=tuple(good),
        bad=len(readings) - len(good),
        share=share,
        own=own,
    )


def _begun(model: ScaleModel, data: bytes) -> int:
    """Bytes of a frame that had begun when the capture ended."""
    framer = model.framer()
    framer.feed(data)
    rest = framer.flush()
    return len(rest.data) if rest else 0


def _good(reading: Reading) -> bool:
    if reading.state is ScaleState.FAULT:
        return False
    if reading.value is None or not reading.unit:
        return True
    return abs(grams_exact(reading.value, reading.unit)) <= _HEAVIEST_G


# --- judging ------------------------------------------------------------------------------


def _best_of_each(reads: Iterable[_Read]) -> list[_Read]:
    best: dict[tuple[str, str], _Read] = {}
    for read in reads:
        key = (read.model.id, read.unit)
        if key not in best or read.rank > best[key].rank:
            best[key] = read
    return sorted(best.values(), key=lambda read: read.rank, reverse=True)


def _sure(read: _Read) -> bool:
    return (
        read.model.unit_sent
        and read.own
        and read.strictness > 0
        and read.weights >= _SURE_WEIGHTS
        and read.share >= _SURE_SHARE
    )


def _rivalled(read: _Read, reads: Iterable[_Read]) -> bool:
    """Whether another model makes sense of the same bytes."""
    return any(other.capture == read.capture and other.model.id != read.model.id for other in reads)


def _candidate(read: _Read) -> Candidate:
    line = read.line
    last = next((one for one in reversed(read.readings) if one.value is not None), None)
    fullness = min(len(read.readings), _FULL) / _FULL
    return Candidate(
        model=read.model.id,
        unit=read.unit,
        baud=line.baud if line else 0,
        bytesize=line.bytesize if line else 8,
        parity=line.parity if line else "N",
        good=len(read.readings),
        bad=read.bad,
        check=CHECKS[read.model.id],
        asked=read.own and bool(read.model.ask),
        confidence=round(100 * min(read.share, 1.0) * fullness * (1.0 if read.own else 0.5)),
        shown=_shown(last),
    )


def _silence(heard: Sequence[bytes]) -> Finding:
    """Why nobody reads it; parity bits of a seven-bit line do not make text garbage."""
    bodies = [data for data in heard if data]
    if not bodies:
        return Finding.NOTHING
    shares = (sum(byte & 0x7F in _TEXT for byte in data) / len(data) for data in bodies)
    return Finding.UNKNOWN if max(shares) >= _TEXT_SHARE else Finding.GARBAGE


# --- the known weight ---------------------------------------------------------------------


def _reads(candidate: Candidate, captures: Sequence[Capture], known_g: Decimal) -> bool:
    weighed = [
        reading
        for reading in readings_of(candidate, captures)
        if reading.value is not None and reading.unit
    ][-_KEPT:]
    if len(weighed) < _SURE_WEIGHTS:
        return False
    grams = median(grams_exact(one.value, one.unit) for one in weighed if one.value is not None)
    return agrees(Decimal(grams), known_g, _digit_g(weighed[-1]))


def _digit_g(reading: Reading) -> Decimal:
    value = reading.value or Decimal(0)
    exponent = value.as_tuple().exponent
    step = Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)
    return grams_exact(step, reading.unit)


def _shown_again(candidate: Candidate, captures: Sequence[Capture]) -> Candidate:
    weighed = [one for one in readings_of(candidate, captures) if one.value is not None]
    return replace(candidate, shown=_shown(weighed[-1] if weighed else None))


def _shown(reading: Reading | None) -> str:
    if reading is None or reading.value is None:
        return ""
    return f"{reading.value:f} {reading.unit}".strip()
