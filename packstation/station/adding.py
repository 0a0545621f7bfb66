"""Adds or replaces a device: kind, port, what it speaks, proof, and one line of the settings.

Every step is a list to pick from, a wait that can be left, or a thing to do with the device. What
asks a port or writes a file runs in the background.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from packstation.domain.errors import PackstationError
from packstation.domain.recognition import Candidate, Finding
from packstation.station import adding_pedal as pedal
from packstation.station import ports as p
from packstation.station import workshop as w
from packstation.station.adding_rows import UNITS, options_of, rows_of
from packstation.station.core import Core
from packstation.station.device_state import Wizard
from packstation.station.pedal import Pedals
from packstation.station.views import EntryView, PickView, Words

ASKED: Final = frozenset({"address", "known_g", "device_name", "capacity"})
# What does something to be seen as soon as it is tried; the test is called like the kind.
SHOWS_ITSELF: Final = frozenset({"label", "light"})
# Models of cameras: a picture stream over HTTP, and whatever the system calls a camera.
STREAM: Final = "mjpeg"
DEVICE: Final = "uvc"
# Entries that a code printed by IT may fill; weights are numbers that any item could carry.
SCANNED: Final = frozenset({"address", "device_name"})
_LONGEST_NAME: Final = 40
_MOST_G: Final = 60_000
# What may come while no scale is being recognised.
_UNASKED: Final = (w.PortsListed, w.PrinterNamed, w.KeyHeard)
# Steps that only wait are not come back to.
_PASSING: Final = frozenset({"probe", "unplug"})


class Adding:
    """The wizard of `Screen.ADD_DEVICE`; ``wizard`` is None while it is closed."""

    def __init__(self, core: Core, workshop: w.DeviceWorkshop, pedals: Pedals) -> None:
        self._core, self._workshop, self._pedals = core, workshop, pedals
        self._enter: Mapping[str, Callable[[], None]] = {
            "port": self._list_ports,
            "unplug": self._watch_plugs,
            "probe": self._probe,
            "identify": self._identify,
            "trial": self._try,
            "press": lambda: pedal.listen(self._now, self._pedals),
            # Come back to, the port has been given back: the scale is asked again.
            "weigh": lambda: self._go("probe", back=True),
        }
        self._picked: Mapping[str, Callable[[str], None]] = {
            "kind": self._pick_kind,
            "port": self._pick_port,
            "model": self._pick_model,
            "probe": self._pick_after_probe,
            "weigh": self._pick_weight,
            "stock": self._pick_stock,
            "dpi": self._pick_dpi,
            "meaning": self._pick_meaning,
            "trial": self._pick_trial,
            "confirm": self._pick_confirm,
        }

    @property
    def wizard(self) -> Wizard | None:
        """What is being added."""
        return self._core.desk.pages.wizard

    @property
    def _now(self) -> Wizard:
        found = self._core.desk.pages.wizard
        assert found is not None  # noqa: S101 - every caller has asked for it
        return found

    # --- begin and leave ------------------------------------------------------------------

    def begin(self, replaces: str = "") -> None:
        """Open the wizard; a device that is replaced gives its port back meanwhile."""
        pages = self._core.desk.pages
        pages.wizard, pages.selected = Wizard(replaces=replaces), 0
        if replaces:
            record = self._core.desk.devices[replaces]
            self._now.kind, self._now.name = record.info.kind, replaces
            self._now.options = {k: v for k, v in record.info.options.items() if k == "name"}
            self._workshop.close(replaces)
            self._go_first()

    def leave(self) -> None:
        """Close it; what was open unsaved is closed, what was closed for it opened again."""
        wizard = self.wizard
        if wizard is None:
            return
        self._let_go()
        self._core.desk.pages.wizard = None
        record = self._core.desk.devices.get(wizard.replaces)
        if record is not None:
            info = record.info
            self._workshop.open(
                w.NewDevice(info.kind, info.model, info.address, info.id, info.options)
            )

    def stop(self) -> None:
        """The bench closes: ports are given back."""
        if self.wizard is not None:
            self._let_go()

    def _let_go(self) -> None:
        wizard = self._now
        self._pedals.listening = False
        if wizard.probe is not None:
            wizard.probe.close()
            wizard.probe = None
        if wizard.trial:
            self._workshop.close(wizard.trial)
            wizard.trial = ""

    def _go(self, step: str, *, back: bool = False) -> None:
        wizard = self._now
        if not back and wizard.step not in _PASSING:
            wizard.steps.append(wizard.step)
        self._let_go()
        wizard.step, wizard.problem, wizard.proof, wizard.busy = step, None, "", False
        self._core.desk.pages.selected = 0
        enter = self._enter.get(step)
        if enter is not None:
            enter()

    def back(self) -> bool:
        """One step back; False at the first one."""
        wizard = self._now
        if not wizard.steps or (wizard.replaces and wizard.step in {"port", "press"}):
            return False
        self._go(wizard.steps.pop(), back=True)
        return True

    # --- rows -----------------------------------------------------------------------------

    def picks(self) -> tuple[PickView, ...]:
        """The rows of the step that is shown."""
        wizard = self.wizard
        if wizard is None or wizard.busy:
            return ()
        return rows_of(wizard, self._workshop)

    def pick(self, name: str) -> None:
        """One of the rows was picked."""
        self._picked[self._now.step](name)

    def _pick_kind(self, kind: str) -> None:
        self._now.kind = kind
        self._now.name = self._fresh_id(kind)
        self._go_first()

    def _go_first(self) -> None:
        """A pedal's port is the window; all others are asked for theirs."""
        wizard = self._now
        if wizard.kind == pedal.PEDAL:
            wizard.port, wizard.model = pedal.PORT, pedal.MODEL
            self._go("press")
        else:
            self._go("port")

    def _fresh_id(self, kind: str) -> str:
        """The kind itself for the first of it, then with a number."""
        names = [kind, *(f"{kind}-{n}" for n in range(2, 100))]
        return next(name for name in names if name not in self._core.desk.devices)

    # --- the port -------------------------------------------------------------------------

    def _list_ports(self) -> None:
        self._now.busy = True
        self._ask_ports()

    def _ask_ports(self) -> None:
        workshop = self._workshop
        self._core.background.run(lambda: w.PortsListed(workshop.ports()))

    def _watch_plugs(self) -> None:
        wizard = self._now
        wizard.before, wizard.gone = frozenset(row.address for row in wizard.ports), frozenset()

    def tick(self) -> None:
        """While a cable is to be pulled, look again and again."""
        wizard = self.wizard
        if wizard is not None and wizard.step == "unplug" and not wizard.busy:
            wizard.busy = True
            self._ask_ports()

    def _listed(self, listed: w.PortsListed) -> None:
        wizard = self._now
        wizard.ports, wizard.busy = listed.ports, False
        if wizard.step != "unplug":
            return
        here = {row.address for row in listed.ports}
        fresh = here - (wizard.before - wizard.gone)
        wizard.gone = wizard.gone | (wizard.before - here)
        found = [row for row in listed.ports if row.address in fresh]
        if found:
            self._take_port(found[0])

    def _pick_port(self, address: str) -> None:
        wizard = self._now
        if address == "unplug":
            self._go("unplug")
        elif address == "typed":
            self._ask("address")
        else:
            self._take_port(next(row for row in wizard.ports if row.address == address))

    def _take_port(self, port: w.PortRow) -> None:
        wizard = self._now
        if port.used_by and port.used_by != wizard.replaces:
            if wizard.step == "unplug":
                self.back()
            wizard.problem = Words("add.port_used", (("d", port.used_by),))
            return
        wizard.port, wizard.identity = port, port.identity
        models = self._workshop.models(wizard.kind)
        if wizard.kind == "camera":
            self._pick_model(STREAM if port.address.startswith("http") else DEVICE)
        elif port.model:
            wizard.model = port.model
            self._go("trial")
        elif wizard.kind == "scale":
            self._go("probe")
        elif wizard.kind == "label":
            self._go("identify")
        elif len(models) == 1:
            self._pick_model(models[0])
        else:
            self._go("model")

    # --- what it speaks -------------------------------------------------------------------

    def _pick_model(self, model: str) -> None:
        wizard = self._now
        wizard.model, wizard.candidate = model, None
        if wizard.kind == "scale":
            wizard.options.setdefault("unit", UNITS[0])
        self._go("stock" if wizard.kind == "label" else "trial")

    def _probe(self) -> None:
        wizard = self._now
        wizard.recognition, wizard.busy, wizard.heard.rows = None, True, type(wizard.heard)().rows
        address = wizard.port.address if wizard.port else ""
        try:
            wizard.probe = self._workshop.probe(address)
        except PackstationError as exc:
            wizard.busy, wizard.problem = False, Words(exc.key, _fields(exc))

    def _stepped(self, step: w.ProbeStepped) -> None:
        asked = step.ask.strip().decode("latin-1").replace("\x1b", "ESC ")
        now = " · ".join(part for part in (step.line, asked) if part)
        self._now.probed = (step.step, step.steps, now)

    def _probe_heard(self, heard: w.ProbeHeard) -> None:
        clock = self._core.clock
        self._now.heard.take(heard.raw, clock.now(), clock.mono_ns())

    def _probe_ended(self, ended: w.ProbeEnded) -> None:
        wizard = self._now
        wizard.busy, wizard.recognition = False, ended.recognition
        if ended.recognition.candidates and not ended.cause:
            wizard.step = "weigh"
        else:
            wizard.step = "probe"
            wizard.problem = Words(ended.cause or f"add.finding.{ended.recognition.finding}")
            self._core.desk.earcon = "unknown_code"

    def _pick_after_probe(self, name: str) -> None:
        self._go("probe" if name == "again" else "model", back=name == "again")

    def _pick_weight(self, name: str) -> None:
        wizard = self._now
        if name == "other":
            self._ask("known_g")
        elif name == "skip":
            first = wizard.recognition.first if wizard.recognition else None
            self._take_candidate(first)
        else:
            self._settle(int(name))

    def _settle(self, grams: int) -> None:
        wizard = self._now
        wizard.known_g, wizard.busy, wizard.problem = grams, True, None
        if wizard.probe is not None:
            wizard.probe.settle(grams)

    def _settled(self, settled: w.ProbeSettled) -> None:
        wizard = self._now
        wizard.busy = False
        finding = settled.recognition.finding
        if finding is Finding.FOUND:
            self._core.desk.earcon = "weight_taken"
            self._take_candidate(settled.recognition.first)
            return
        if settled.recognition.candidates:
            wizard.recognition = settled.recognition
        shown = settled.recognition.first.shown if settled.recognition.first else ""
        wizard.problem = Words(f"add.settle.{finding}", (("read", shown or "–"),))
        self._core.desk.earcon = "unknown_code"

    def _take_candidate(self, candidate: Candidate | None) -> None:
        wizard = self._now
        if candidate is None:
            return
        wizard.candidate, wizard.model = candidate, candidate.model
        kept = {name: wizard.options[name] for name in ("name",) if name in wizard.options}
        wizard.options = kept | options_of(candidate)
        self._go("confirm")

    # --- printers -------------------------------------------------------------------------

    def _identify(self) -> None:
        wizard, workshop = self._now, self._workshop
        wizard.busy = True
        address = wizard.port.address if wizard.port else ""
        self._core.background.run(lambda: workshop.identify(address))

    def _identified(self, named: w.PrinterNamed) -> None:
        wizard = self._now
        if wizard.step != "identify":
            return
        wizard.step = wizard.steps.pop()
        if named.cause:
            wizard.busy, wizard.problem = False, Words(named.cause)
        elif named.model in self._workshop.models(wizard.kind):
            wizard.model, wizard.identity = named.model, named.identity or wizard.identity
            self._go("stock")
        else:
            self._go("model")
            wizard.problem = Words("add.printer_silent")

    def _pick_stock(self, stock: str) -> None:
        self._now.options["stock"] = stock
        self._go("dpi")

    def _pick_dpi(self, dpi: str) -> None:
        self._now.options["dpi"] = int(dpi)
        self._go("trial")

    # --- pedals ---------------------------------------------------------------------------

    def _heard(self, heard: w.KeyHeard) -> None:
        """A foot on the pedal that is learned or tried."""
        wizard = self._now
        if wizard.step == "trial":
            pedal.tried(wizard, self._core, heard.key)
        elif wizard.step == "press" and pedal.learn(wizard, self._core, heard.key):
            self._go("meaning")

    def _pick_meaning(self, name: str) -> None:
        wizard = self._now
        if name == pedal.MORE:
            wizard.turn, self._core.desk.pages.selected = wizard.turn + 1, 0
            return
        wizard.options["keys"] = pedal.keys_of(wizard) | {wizard.key: name}
        self._go("trial")

    # --- trial and confirmation -----------------------------------------------------------

    def _try(self) -> None:
        wizard = self._now
        wizard.state, wizard.heard, wizard.proven = p.DeviceState.OFF, type(wizard.heard)(), False
        try:
            self._workshop.open(wizard.device)
        except PackstationError as exc:
            wizard.problem = Words(exc.key, _fields(exc))
            return
        wizard.trial = wizard.device.id
        self._pedals.listening = wizard.kind == pedal.PEDAL
        if wizard.kind in SHOWS_ITSELF:
            self._workshop.test(wizard.trial, wizard.kind)

    def report(self, happening: p.Happening) -> bool:
        """What the device on trial says; whether it was that device."""
        wizard = self.wizard
        if wizard is None or not wizard.trial or _speaker(happening) != wizard.trial:
            return False
        clock = self._core.clock
        match happening:
            case p.DeviceHealth(state=state, cause=cause):
                wizard.state = state
                fault = state is p.DeviceState.FAULT
                wizard.problem = Words(cause) if fault and cause else None
            case p.DeviceSeen(raw=raw):
                wizard.heard.take(raw, clock.now(), clock.mono_ns())
            case p.CodeScanned(text=text):
                wizard.proof, self._core.desk.earcon = text[:64], "ok"
            case p.ScaleRead(reading=reading) if reading.shown_grams is not None:
                wizard.proof = f"{reading.value:f} {reading.unit}"
            case p.SizeMeasured(reading=size) if size.sides_mm is not None:
                wizard.proof = " × ".join(map(str, size.sides_mm)) + " mm"
                self._core.desk.earcon = "ok"
            case p.PrintProgress(outcome="printed"):
                wizard.proof = happening.outcome
        return True

    def _pick_trial(self, name: str) -> None:
        wizard = self._now
        if name == "next" and not wizard.trial:
            # It never opened: nobody can have seen it work.
            self._core.desk.earcon = "unknown_code"
        elif name == "next":
            wizard.proven = wizard.kind == "label"
            self._go("confirm")
        elif name == "no":
            self.back()
            wizard.problem = Words(f"add.no.{wizard.kind}")
        else:
            self._workshop.test(wizard.trial, name)

    def _pick_confirm(self, name: str) -> None:
        wizard = self._now
        if name == "save":
            self._save()
        elif name == "press":
            wizard.key = ""
            self._go("press")
        elif name == "unit":
            at = UNITS.index(str(wizard.options["unit"]))
            wizard.options["unit"] = UNITS[(at + 1) % len(UNITS)]
        else:
            self._ask(name)

    def _save(self) -> None:
        wizard, workshop = self._now, self._workshop
        wizard.busy = True
        device, replaces = wizard.device, wizard.replaces
        change = "replaced" if replaces else "added"

        def save() -> w.DeviceSaved:
            try:
                workshop.save(change, device, replaces)
            except PackstationError as exc:
                return w.DeviceSaved(change, device, exc.key)
            return w.DeviceSaved(change, device)

        self._core.background.run(save)

    def not_saved(self, problem: str) -> None:
        """The settings could not be written."""
        if self.wizard is not None:
            self._now.busy, self._now.problem = False, Words(problem)

    # --- typed ----------------------------------------------------------------------------

    def _ask(self, kind: str) -> None:
        value = str(self._now.options.get(kind.removeprefix("device_"), ""))
        self._core.desk.entry = EntryView(kind=kind, words=Words(f"entry.{kind}"), value=value)

    def entered(self, kind: str, value: str) -> None:
        """An entry field was confirmed."""
        wizard = self._now
        if kind == "address" and value:
            self._take_port(w.PortRow(value, value))
        elif kind == "known_g" and value.isdecimal() and 0 < int(value) <= _MOST_G:
            self._settle(int(value))
        elif kind == "device_name" and value:
            wizard.options["name"] = value[:_LONGEST_NAME]
        elif kind == "capacity" and value.isdecimal() and int(value):
            wizard.options["capacity"] = int(value)

    # --- what comes back ------------------------------------------------------------------

    def handle(self, happening: p.Happening) -> None:
        """What the workshop has found; what comes too late is let pass."""
        wizard = self.wizard
        if wizard is None:
            return
        does: Mapping[type[p.Happening], Callable[[Any], None]] = {
            w.PortsListed: self._listed,
            w.ProbeStepped: self._stepped,
            w.ProbeHeard: self._probe_heard,
            w.ProbeEnded: self._probe_ended,
            w.ProbeSettled: self._settled,
            w.PrinterNamed: self._identified,
            w.KeyHeard: self._heard,
        }
        address = getattr(happening, "address", None)
        late = address is not None and (wizard.port is None or wizard.port.address != address)
        probing = isinstance(happening, _UNASKED) or wizard.probe is not None
        if not late and probing:
            does[type(happening)](happening)


def _speaker(happening: p.Happening) -> str:
    if isinstance(happening, p.CodeScanned):
        return happening.source
    if isinstance(happening, p.PrintProgress):
        return happening.printer
    return str(getattr(happening, "device", ""))


def _fields(exc: PackstationError) -> tuple[tuple[str, str], ...]:
    return tuple((name, str(value)) for name, value in exc.fields.items())
