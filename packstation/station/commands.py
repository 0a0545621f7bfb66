"""What a command means: its code, its key and its touch are the same thing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from msgspec.structs import replace

from packstation.domain.packing import State
from packstation.domain.packing import inputs as i
from packstation.domain.packing.facts import DeviceChanged
from packstation.domain.parcels import Carton
from packstation.station.box_plan import (
    REASONS,
    needs_reason,
    offered,
    other_than,
    outer,
    own_packaging,
    refusal,
)
from packstation.station.boxes import OWN
from packstation.station.core import Core
from packstation.station.device_desk import DeviceDesk
from packstation.station.flow import Flow
from packstation.station.flow_desk import FlowDesk
from packstation.station.item_desk import ItemDesk
from packstation.station.lineup import shown, startable
from packstation.station.opening import Opening
from packstation.station.own_pages import OwnPages
from packstation.station.people import MAY_RELEASE, People
from packstation.station.ports import AnswerGiven, ChoiceMade, CodeScanned, TextEntered
from packstation.station.print_desk import held_back
from packstation.station.viewing import papers
from packstation.station.viewing.frame import OTHER
from packstation.station.views import EntryView, Words

_NOT_BUSY = frozenset({State.IDLE, State.COMPLETED, State.CANCELLED, State.PARKED})
SIDES: Final = ("length", "width", "height")
LONGEST_MM: Final = 3000
# More digits than any number that is typed here.
_DIGITS: Final = 9
# "later" parks instead: the order goes on from where it was put.
HOLD_REASONS: Final = (
    "damaged",
    "missing_item",
    "question",
    "later",
    "wrong_picture",
    "other",
)
# What may be asked of a bench that nobody has signed in to, or that is locked.
BEFORE_SIGN_IN: Final = frozenset({"manual", "back", "mute"})

# Commands that one input answers, whatever the state: the session's table refuses the rest.
_PLAIN: Final[Mapping[str, Callable[[], i.Input]]] = {
    "next-parcel": i.NextParcelAsked,
    "undo": i.UndoAsked,
    "short": i.ShortDeclared,
    "void": i.VoidAsked,
    "open": i.OpenAgainAsked,
}


class Commands:
    """Turns commands, choices, answers and typed texts into inputs and pages."""

    def __init__(
        self,
        core: Core,
        people: People,
        flow: Flow,
        opening: Opening,
        pages: DeviceDesk,
        modes: FlowDesk,
        own: OwnPages,
    ) -> None:
        """``own`` has commands of its own; they get the argument."""
        self._core = core
        self._pages = pages
        self.items = ItemDesk(core)
        self._own = own
        self._people = people
        self._flow = flow
        self._open = opening.open
        self._modes = modes
        self._special: Mapping[str, Callable[[str], None]] = {
            "accept": self._accept,
            "yes": lambda _: self.answer(AnswerGiven(yes=True)),
            "no": lambda _: self.answer(AnswerGiven(yes=False)),
            "back": self._back,
            "quantity": self._quantity,
            "carton": self._carton,
            "own-box": lambda _: self._ship_as_it_is("declared"),
            "service": self._list_services,
            "hold": self._hold,
            "reprint": self._reprint,
            "cancel": self._cancel,
            "manual": self._manual,
            "supervisor": self._supervisor,
            "reopen": self._supervisor,
            "park": self._park,
            "test-label": flow.printing.print_test_label,
            "printer": flow.moving.choose,
            "tested": flow.moving.confirm,
            "roll": flow.moving.new_roll,
            "devices": lambda _: self._page("devices"),
            "accept-device": self._accept_device,
            "record-device": self._record_device,
            "camera": lambda _: self._page("camera"),
            "queue": self._home,
            "person": self._person,
            "mute": self._mute,
            "next-row": lambda _: self._point(1),
            "previous-row": lambda _: self._point(-1),
            **own.commands(),
        }

    def command(self, command: str, argument: str = "") -> None:
        """Do a command of FORMATS.md, or one of the keys' own."""
        desk = self._core.desk
        if desk.alert is not None and command in {"accept", "yes"}:
            if not desk.alert.compare[0]:
                desk.alert = None
            return
        if self._nobody and command not in BEFORE_SIGN_IN:
            self._core.refuse("sign_in.first", code_kind="command", text=command)
        elif (
            self._own.command(command)
            or self._pages.command(command, argument)
            or self._modes.command(command, argument)
            or self.items.command(command)
        ):
            return
        elif command in self._special:
            self._special[command](argument)
        elif command in _PLAIN:
            self._core.submit(_PLAIN[command]())
        else:
            self._core.refuse("command.not_here", code_kind="command", text=command)

    def shown_only(self, scan: CodeScanned) -> bool:
        """Whether a code is only shown, on a page that tries a scanner."""
        return self._pages.scanned(scan)

    @property
    def _nobody(self) -> bool:
        return self._core.desk.nobody

    # --- accept, back, pages ------------------------------------------------------------

    def _accept(self, _: str) -> None:
        core, session = self._core, self._core.session
        if self._own.accept():
            return
        if held_back(session, core.desk.printing) is not None:
            self._flow.printing.print_test_label()
            return
        if session.state in _NOT_BUSY:
            row = startable(core, shown(core))
            if row is not None:
                self._open(row)
            return
        if session.state is State.CARTONING:
            self._take_offered()
        elif session.state is State.MEASURING:
            self._flow.carton_size()
        elif session.state is State.RATING:
            self._flow.choose_best()
        elif session.unconfirmed is not None and session.state is State.CONFIRMING:
            core.submit(i.ConfirmPaper())
        else:
            core.submit(i.ContentsAccepted())

    def _back(self, _: str) -> None:
        desk = self._core.desk
        desk.page, desk.entry, desk.approval, desk.listing = "", None, None, ""
        desk.parking, desk.film_wish_ns = False, 0

    def _home(self, _: str) -> None:
        self._page("")
        self._modes.home()

    def _page(self, page: str) -> None:
        self._core.desk.page = "" if self._core.desk.page == page else page

    def _accept_device(self, device: str) -> None:
        """The other device on a port belongs there from now on; recorded with its number.

        Without a name it is the first that waits to be accepted.
        """
        care, rows = self._core.care, self._core.desk.devices
        others = (name for name, row in rows.items() if row.cause == OTHER)
        device = device or next(others, "")
        accepted = care.accept(device) if care is not None else None
        if accepted is None:
            self._core.refuse("device.not_other", code_kind="command", text=device)
            return
        found = accepted[1]
        self._core.record(
            DeviceChanged(device=device, state="ok", cause="device.accepted", serial=found)
        )

    def _record_device(self, argument: str) -> None:
        """``DEVICE MINUTES``, 0 ends it: what device and bench say to each other goes to a file."""
        device, _, minutes = argument.rpartition(" ")
        care = self._core.care
        wanted = int(minutes[:_DIGITS]) if minutes.isdecimal() else 10
        if care is None or care.record(device or argument, wanted) is None:
            self._core.refuse("device.not_recorded", code_kind="command", text=argument)

    def _point(self, by: int) -> None:
        """At the next of all that a parcel's papers lack."""
        if not (self._core.session.live and papers.step(self._core, by)):
            self._core.refuse("command.not_here", code_kind="command", text="next-row")

    def _mute(self, _: str) -> None:
        self._core.desk.muted = not self._core.desk.muted

    # --- the parcel ---------------------------------------------------------------------

    def _quantity(self, argument: str) -> None:
        if self._own.quantity(argument):
            return
        if argument.isascii() and argument.isdecimal():
            self._core.desk.quantity = max(1, min(int(argument[:_DIGITS]), 9999))
        else:
            self._ask("quantity")

    def _carton(self, argument: str) -> None:
        if argument:
            self._take_carton(argument, "scanned")
        else:
            self._core.desk.listing = "cartons"

    def _take_offered(self) -> None:
        plan, fitting = self._core.desk.plan, offered(self._core)
        if plan is not None and plan.own:
            self._ship_as_it_is("accepted")
        else:
            self._take_carton(fitting[0].code if fitting else "", "accepted")

    def _ship_as_it_is(self, source: str) -> None:
        """No box: one key, and the reason is the packaging itself."""
        core = self._core
        chosen = own_packaging(core, source)
        core.desk.listing, core.desk.box = "", None
        why = OWN if chosen.offered else ""
        core.submit(replace(chosen, refusal=self._asked_first() or chosen.refusal, reason=why))

    def _take_carton(self, code: str, source: str) -> None:
        carton = next((c for c in self._core.cache.cartons() if c.code == code), None)
        if carton is None and code == OWN:
            self._ship_as_it_is(source)
        else:
            self.take(carton, source)

    def take(self, carton: Carton | None, source: str) -> None:
        """Put the parcel's goods into ``carton``."""
        core = self._core
        if carton is None:
            core.refuse("carton.unknown", code_kind="carton")
            return
        core.desk.listing = ""
        chosen = i.CartonChosen(
            carton=carton.code,
            tare_g=carton.tare_g,
            outer_mm=outer(core, carton),
            kind=carton.kind,
            source=source,
            refusal=self._asked_first() or refusal(core, carton),
            offered=other_than(core, carton.code),
        )
        if needs_reason(core, chosen):
            core.desk.box = chosen
            self._ask("box", REASONS)
            return
        core.desk.box = None
        if core.desk.entry is not None and core.desk.entry.kind == "box":
            core.desk.entry = None
        core.submit(chosen)

    def _box_reason(self, reason: str) -> None:
        """Another box than the one offered, and why."""
        chosen, self._core.desk.box = self._core.desk.box, None
        if chosen is not None and reason in REASONS:
            self._core.submit(replace(chosen, reason=reason))

    def _asked_first(self) -> str:
        """A rule that wants its own word has it before the box is chosen."""
        return "materials.first" if self._own.materials.blocks() else ""

    def _list_services(self, _: str) -> None:
        self._core.desk.listing = "services"

    def _reprint(self, _: str) -> None:
        if self._flow.moving.ask_again():
            return
        papers = self._core.session.parcel.papers if self._core.session.parcels else ()
        # What is to be put in place now, and came out spoilt.
        in_hand = self._core.session.unconfirmed
        other = in_hand.document if in_hand and in_hand.status == "printed" else "label"
        failed = next((p.document for p in papers if p.status == "failed"), other)
        self._core.submit(i.ReprintAsked(document=failed))

    def _park(self, _: str) -> None:
        if self._core.session.live:
            self._core.desk.parking = True
        else:
            self._core.refuse("park.nothing", code_kind="command")

    # --- entries ------------------------------------------------------------------------

    def _ask(self, kind: str, choices: tuple[str, ...] = ()) -> None:
        named = tuple((name, Words(f"{kind}.{name}")) for name in choices)
        self._core.desk.entry = EntryView(
            kind=kind, words=Words(f"entry.{kind}"), choices=named, secret=kind == "sign_in"
        )

    def _hold(self, _: str) -> None:
        if self._core.session.live:
            self._ask("hold", HOLD_REASONS)
        else:
            self._core.refuse("hold.nothing", code_kind="command")

    def _cancel(self, _: str) -> None:
        if self._core.session.live:
            self._ask("cancel", ("keep", "cancel"))
        else:
            self._core.refuse("cancel.nothing", code_kind="command")

    def _manual(self, _: str) -> None:
        if self._nobody:
            self._ask("sign_in")
        elif self._own.ask():
            return
        elif self._core.session.state is State.MEASURING:
            self._core.desk.sides_mm = ()
            self._ask(SIDES[0])
        elif self._core.session.state is State.WEIGHING and self._core.desk.scale_lost:
            self._supervisor("")
        else:
            self._core.refuse("manual.not_here", code_kind="command")

    def _supervisor(self, _: str) -> None:
        desk = self._core.desk
        if desk.person is not None and desk.person.role in MAY_RELEASE:
            self._people.ask_release(desk.person)
        else:
            self._ask("supervisor")

    def _person(self, _: str) -> None:
        self._core.desk.locked = True

    def entered(self, entry: TextEntered) -> None:
        """An entry field was confirmed."""
        if entry.kind == "pin":
            self._people.pin(entry.value)
        elif entry.kind == "sign_in":
            badge, _, pin = entry.value.partition(" ")
            self._people.pin(pin, badge)
        elif not self._nobody:
            self._core.desk.entry = None
            kind, value = entry.kind, entry.value.strip()
            own = self._own.entered(kind, value)
            if own or self._pages.entered(kind, value) or self._modes.entered(kind, value):
                return
            if kind == "box":
                self._box_reason(value)
            elif kind == "service":
                self._flow.override(value)
            elif not self.items.entered(kind, value):
                self._typed(kind, value)

    def _typed(self, kind: str, value: str) -> None:
        match kind:
            case "reason":
                self._people.reason(value)
            case "weight":
                self._people.weight(value)
            case "hold" if value == "later":
                self._park("")
            case "hold":
                # Free text stays out of the journal: it may name a buyer.
                note = value if value in HOLD_REASONS else "other"
                self._core.submit(i.HoldRaised(reason="person", by=self._core.actor, note=note))
            case "cancel" if value == "cancel":
                self._core.submit(i.CancelAsked(reason="packer"))
            case "quantity" if value.isascii() and value.isdigit():
                self._quantity(value)
            case "manual":
                self._by_hand(value)
            case "length" | "width" | "height":
                self._side(value)
            case "supervisor":
                self._people.call(value)

    def _side(self, value: str) -> None:
        """Sides are typed one at a time, in whole millimetres."""
        desk = self._core.desk
        if value.isascii() and value.isdigit() and 1 <= int(value[:_DIGITS]) <= LONGEST_MM:
            desk.sides_mm = (*desk.sides_mm, int(value))
        if len(desk.sides_mm) < len(SIDES):
            self._ask(SIDES[len(desk.sides_mm)])
            return
        length, width, height = desk.sides_mm
        desk.sides_mm = ()
        size = i.SizeRead(length_mm=length, width_mm=width, height_mm=height, source="typed")
        self._core.submit(size)

    def _by_hand(self, text: str) -> None:
        """A code that no scanner reads was typed; recorded as manual."""
        hit = self._core.cache.product_of_code(text)
        if hit is None:
            self._core.refuse("code.unknown", code_kind="typed")
            return
        product, units = hit
        self.items.hand.count(product.sku, units, text)

    # --- choices and answers --------------------------------------------------------------

    def choice(self, choice: ChoiceMade) -> None:
        """Keys 1-4 or a touched row."""
        core, desk = self._core, self._core.desk
        if self._nobody or self._own.choice(choice):
            return
        if self._pages.choice(choice) or self._modes.choice(choice):
            return
        if desk.entry is not None and desk.entry.choices:
            names = [name for name, _ in desk.entry.choices]
            if choice.index < len(names):
                self.entered(TextEntered(desk.entry.kind, names[choice.index]))
        elif core.session.state in _NOT_BUSY:
            self._choose_order(choice)
        elif core.session.state is State.CARTONING or desk.listing == "cartons":
            self._choose_carton(choice)
        elif core.session.state is State.RATING:
            self._flow.choose(choice.index, choice.value)

    def _choose_order(self, choice: ChoiceMade) -> None:
        rows = shown(self._core)
        named = [row for row in rows if row.order.order_id == choice.value]
        found = named if choice.value else list(rows[choice.index : choice.index + 1])
        if found:
            self._open(found[0])

    def _choose_carton(self, choice: ChoiceMade) -> None:
        """1-4 are the other boxes; the proposed one is taken by Enter."""
        fitting = offered(self._core)
        codes = [carton.code for carton in fitting[1:]]
        code = choice.value or "".join(codes[choice.index : choice.index + 1])
        if code:
            self._take_carton(code, "chosen")

    def answer(self, answer: AnswerGiven) -> None:
        """Yes or no to the question on the stage."""
        desk = self._core.desk
        if self._nobody or self._pages.answer(answer):
            return
        if desk.entry is not None and desk.entry.kind == "cancel":
            self.entered(TextEntered("cancel", "cancel" if answer.yes else "keep"))
        elif (item := self.items.answered(answer)) is not None:
            self.entered(TextEntered(*item))
        elif not self._flow.moving.cleared(yes=answer.yes):
            self._core.submit(i.PrintAnswered(came_out=answer.yes))
