"""The reference weight of a scale: when it is due, how it is read, and what the journal keeps."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Final

from packstation.domain.events import decode
from packstation.domain.packing.device_facts import ScaleChecked
from packstation.domain.quantities import grams_exact
from packstation.domain.scale_health import Check, CheckRule, Due, due
from packstation.domain.weights import Reading, ScaleState
from packstation.station.core import Core

_RESTS: Final = frozenset({ScaleState.STABLE, ScaleState.ZERO})
# So many readings at rest that agree make a check.
AGREE: Final = 4


class ScaleChecks:
    """What was checked, what is due; a scale may be barred by its own rule."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._agreed: tuple[Decimal, int] = (Decimal(0), 0)

    def recover(self) -> None:
        """Checks of the past are in the journal."""
        self._core.desk.pages.checks |= {
            fact.device: _check(fact, event.at)
            for event in self._core.store.bench_events([ScaleChecked.__name__])
            if isinstance(fact := decode(event.kind, event.v, event.body), ScaleChecked)
        }
        self.bar()

    def begin(self) -> None:
        """Wait for the weight."""
        self._core.desk.pages.checking = True
        self._agreed = (Decimal(0), 0)

    def rule(self, device: str) -> CheckRule:
        """The device's own rule, from its settings."""
        record = self._core.desk.devices.get(device)
        return rule_of(record.info.options if record else {})

    def due(self, device: str) -> Due:
        """Whether a scale's reference weight is due."""
        check = self._core.desk.pages.checks.get(device)
        return due(self.rule(device), check, self._core.clock.now())

    def take(self, device: str, reading: Reading) -> None:
        """Once it has rested at something heavy enough, the reference weight has been read."""
        pages = self._core.desk.pages
        if not pages.checking or device != pages.device:
            return
        half = Decimal(self.rule(device).reference_g) / 2
        if reading.state not in _RESTS or reading.value is None:
            self._agreed = (Decimal(0), 0)
            return
        grams = grams_exact(reading.value, reading.unit)
        before, count = self._agreed
        self._agreed = (grams, count + 1 if grams == before else 1)
        if grams >= half and self._agreed[1] >= AGREE:
            pages.checking = False
            self._checked(device, grams)

    def _checked(self, device: str, grams: Decimal) -> None:
        core, rule = self._core, self.rule(device)
        fact = ScaleChecked(
            device=device,
            serial=core.desk.devices[device].serial,
            reference_g=rule.reference_g,
            read_g=f"{grams:f}",
            tolerance_g=f"{rule.tolerance_g:f}",
            by=core.actor,
        )
        core.record(fact)
        check = _check(fact, core.clock.now().isoformat())
        core.desk.pages.checks[device] = check
        core.desk.earcon = "weight_taken" if check.passed else "weight_off"
        self.bar()

    def bar(self) -> None:
        """A scale that must not weigh is as good as none."""
        desk = self._core.desk
        scales = [one for one, record in desk.devices.items() if record.info.kind == "scale"]
        desk.barred = any(self.due(scale).barred for scale in scales)


def rule_of(options: Mapping[str, object]) -> CheckRule:
    """``check_days``, ``check_g``, ``check_tolerance_g``, ``check_blocks``; nonsense counts not."""
    usual = CheckRule()
    return CheckRule(
        days=_whole(options.get("check_days"), usual.days),
        reference_g=_whole(options.get("check_g"), usual.reference_g) or usual.reference_g,
        tolerance_g=_grams(options.get("check_tolerance_g"), usual.tolerance_g),
        blocks=options.get("check_blocks") is True,
    )


def _whole(value: object, usual: int) -> int:
    good = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 1_000_000
    return int(str(value)) if good else usual


def _grams(value: object, usual: Decimal) -> Decimal:
    try:
        found = usual if value is None else Decimal(str(value))
    except InvalidOperation:
        return usual
    return found if found.is_finite() and found > 0 else usual


def _check(fact: ScaleChecked, at: str) -> Check:
    return Check(
        at=datetime.fromisoformat(at),
        reference_g=fact.reference_g,
        read_g=Decimal(fact.read_g),
        tolerance_g=Decimal(fact.tolerance_g),
        by=fact.by,
        serial=fact.serial,
    )
