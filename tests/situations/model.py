"""What a situation is: explicit rows, nothing that runs.

A text of a step may name what only the run knows: ``{waybill}`` (the newest label),
``{first}`` (the first one), ``{place}`` (the tote of the open order) and ``{month}`` or
``{soon}`` (30 days from today as a code and as a date have it).
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from packstation.station.ports import NumbersLeased

PACKER, SUPERVISOR, LEAD = "ly-0107", "zm-0301", "gs-0205"


class Step(Struct, frozen=True, kw_only=True):
    """One thing that happens; ``till`` is what is waited for, as `robot.CONDITIONS` names it."""

    till: str = ""


class Scan(Step, frozen=True):
    """A code is read; ``aim`` is its AIM identifier."""

    text: str
    aim: str = ""


class Item(Step, frozen=True):
    """The code on ``times`` units of a product, one after another."""

    sku: str
    times: int = 1


class Keys(Step, frozen=True):
    """Keys of the keyboard, by their caps; with blanks between them."""

    caps: str


class Type(Step, frozen=True):
    """A text is typed into what asks for it, then Enter."""

    text: str


class Weigh(Step, frozen=True):
    """The pan is emptied, then a box stands on it: as heavy as expected, and ``plus`` grams."""

    plus: int = 0


class Put(Step, frozen=True):
    """So many grams lie on the scale now; nothing is taken off before."""

    grams: int


class Pack(Step, frozen=True):
    """Work goes on without trouble until the window shows a screen."""

    to: str


class Office(Step, frozen=True):
    """The server changes an order: ``lines``, ``country``, ``status``, ``hold``, other fields."""

    order: str
    changes: Mapping[str, object]


class Pull(Step, frozen=True):
    """A row of another kind comes from the server."""

    t: str
    id: str
    body: Mapping[str, object]


class Fault(Step, frozen=True):
    """Something of a device breaks, or is whole again."""

    device: str
    fault: str
    on: bool = True


class Later(Step, frozen=True):
    """So many seconds go by."""

    seconds: float


class Sent(Step, frozen=True):
    """The server has all facts up to now."""


class Wait(Step, frozen=True):
    """Nothing is done but looking."""


class Asked(Struct, frozen=True, kw_only=True):
    """An order of the situation: ``lines`` as "SKU*2 SKU*1", due in ``hours``."""

    id: str
    lines: str
    hours: float = 0.2
    substitutes: tuple[str, ...] = ()
    more: Mapping[str, object] = {}


class Did(Struct, frozen=True):
    """A fact of the journal: its kind and the values that tell."""

    kind: str
    values: Mapping[str, object]


def did(kind: str, /, **values: object) -> Did:
    """A row of the journal that is looked for."""
    return Did(kind, values)


class Situation(Struct, frozen=True, kw_only=True):
    """A state that a packer can come into, and what is then so.

    ``rule`` begins with the number of the part of the issue that it shows. ``says`` is the main
    line in the window, ``over`` what covers the stage (refusal, hold, stop, entry), ``tone`` its
    role, ``also`` other words that were drawn, ``pictured`` the SKU shown, ``sound`` what was
    heard since the last step. ``lacks`` are the rules on the plate, all that were found, the one in
    focus first. ``facts`` stand in the journal in this order, none of ``never``.
    """

    name: str
    rule: str
    orders: tuple[Asked, ...] = ()
    steps: tuple[Step, ...]
    screen: str
    says: str
    tone: str = ""
    over: str = ""
    also: tuple[str, ...] = ()
    pictured: str = ""
    sound: str = ""
    lacks: tuple[str, ...] = ()
    facts: tuple[Did, ...] = ()
    never: tuple[str, ...] = ()
    badge: str = PACKER
    devices: tuple[str, ...] = ()
    twice_ms: int = 0
    files: Mapping[str, object] = {}
    leases: tuple[NumbersLeased, ...] = ()
    training: bool = False


def release(answer: str = "1", pin: str = "3333", badge: str = SUPERVISOR) -> tuple[Step, ...]:
    """A supervisor: badge, PIN, and a reason from the list."""
    return (Scan(f"%PB:{badge}", till="entry=pin"), Type(pin, till="entry=reason"), Keys(answer))
