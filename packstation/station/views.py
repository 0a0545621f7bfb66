"""What a screen shows: one frozen snapshot, words as keys, everything decided already.

The window translates ``Words`` into the person's language and paints; it looks
nothing up and decides nothing. Regions and states: design/UI_DESIGN.md.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct, field

from packstation.station.device_views import AddDeviceView as AddDeviceView  # noqa: PLC0414 - part of views
from packstation.station.device_views import ByteView as ByteView  # noqa: PLC0414 - part of views
from packstation.station.device_views import CardRow as CardRow  # noqa: PLC0414 - part of views
from packstation.station.device_views import CardView as CardView  # noqa: PLC0414 - part of views
from packstation.station.device_views import DevicePageView as DevicePageView  # noqa: PLC0414 - part of views
from packstation.station.device_views import DeviceView as DeviceView  # noqa: PLC0414 - part of views
from packstation.station.device_views import FindingView as FindingView  # noqa: PLC0414 - part of views
from packstation.station.device_views import FirstStartView as FirstStartView  # noqa: PLC0414 - part of views
from packstation.station.device_views import HealthView as HealthView  # noqa: PLC0414 - part of views
from packstation.station.device_views import PickView as PickView  # noqa: PLC0414 - part of views
from packstation.station.device_views import PrinterPageView as PrinterPageView  # noqa: PLC0414 - part of views
from packstation.station.device_views import RungView as RungView  # noqa: PLC0414 - part of views
from packstation.station.flow_views import FastDone as FastDone  # noqa: PLC0414 - part of views
from packstation.station.flow_views import FastView as FastView  # noqa: PLC0414 - part of views
from packstation.station.flow_views import FilterView as FilterView  # noqa: PLC0414 - part of views
from packstation.station.flow_views import ListRow as ListRow  # noqa: PLC0414 - part of views
from packstation.station.flow_views import ListView as ListView  # noqa: PLC0414 - part of views
from packstation.station.handover_views import HandoverView as HandoverView  # noqa: PLC0414 - part of views
from packstation.station.look_view import LookView
from packstation.station.own_views import GoodsLabelView as GoodsLabelView  # noqa: PLC0414 - part of views
from packstation.station.own_views import HelpHit as HelpHit  # noqa: PLC0414 - part of views
from packstation.station.own_views import HelpView as HelpView  # noqa: PLC0414 - part of views
from packstation.station.own_views import MySettingsView as MySettingsView  # noqa: PLC0414 - part of views
from packstation.station.own_views import OptionView as OptionView  # noqa: PLC0414 - part of views
from packstation.station.own_views import SettingView as SettingView  # noqa: PLC0414 - part of views
from packstation.station.own_views import TaskView as TaskView  # noqa: PLC0414 - part of views
from packstation.station.training_views import LessonView as LessonView  # noqa: PLC0414 - part of views
from packstation.station.words import Arg as Arg  # noqa: PLC0414 - part of views
from packstation.station.words import Fact as Fact  # noqa: PLC0414 - part of views
from packstation.station.words import Words as Words  # noqa: PLC0414 - part of views


class Screen(StrEnum):
    """Which stage is shown."""

    ENROL = "enrol"
    FIND_DEVICES = "find_devices"
    TEST_CARD = "test_card"
    SIGN_IN = "sign_in"
    QUEUE = "queue"
    SCANNING = "scanning"
    CARTONING = "cartoning"
    WEIGHING = "weighing"
    MEASURING = "measuring"
    RATING = "rating"
    PRINTING = "printing"
    CONFIRMING = "confirming"
    COMPLETED = "completed"
    PARKED = "parked"
    DEVICES = "devices"
    CAMERA = "camera"
    HELP = "help"
    DEVICE = "device"
    ADD_DEVICE = "add_device"
    EDIT_DEVICE = "edit_device"
    ROWS = "rows"
    MY_SETTINGS = "my_settings"
    GOODS_LABELS = "goods_labels"
    HANDOVER = "handover"
    CONSIGNMENT = "consignment"
    FAST = "fast"
    TRAINING = "training"


class PersonView(Struct, frozen=True):
    """Who is packing, with what travels with the badge."""

    name: str = ""
    initials: str = ""
    bench: str = ""
    role: str = ""
    language: str = "en"
    theme: str = "light"
    text_percent: int = 100
    left_handed: bool = False
    muted: bool = False
    sounds: str = "standard"
    volume: int = 100
    still: bool = False
    badge: str = ""


class OrderView(Struct, frozen=True):
    """Identity of the open order; never the buyer's name or street."""

    order_id: str
    channel: str
    city: str
    country: str
    tote: str
    parcel: int
    parcels: int
    units_done: int
    units_total: int
    lines_done: int
    lines_total: int


class ProductView(Struct, frozen=True):
    """A product as pictured: ``image`` is a resource or file path, "" draws a box."""

    sku: str
    name: str
    variant: str = ""
    image: str = ""


class LineView(Struct, frozen=True):
    """A line card; ``state``: due, current, done or short; ``parcel`` it left in, or None.

    A kit's own card has state "kit" until it is done; cards of its parts follow it as ``part``.
    """

    line: int
    product: ProductView
    due: int
    done: int
    total: int
    state: str
    parcel: int | None = None
    part: bool = False


class VerdictView(Struct, frozen=True):
    """The last result at the foot of the hero; ``tone``: ok or warn."""

    tone: str
    words: Words
    detail: Words | None = None
    product: ProductView | None = None


class ScaleView(Struct, frozen=True):
    """The readout; ``state`` as Reading.state or ASLEEP, NO_SCALE; ``grams`` None hides it.

    ``stale`` rests there from before the box: it is not taken until it was lifted.
    """

    state: str = "NO_SCALE"
    grams: int | None = None
    value: str = ""
    unit: str = ""
    net: bool = False
    taken: bool = False
    age_ms: int = 0
    stability: str = "device"
    stale: bool = False


class SyncView(Struct, frozen=True):
    """``state``: synced, sending or offline; ``labels_left`` None where no pool is used."""

    state: str = "synced"
    waiting: int = 0
    since: datetime | None = None
    labels_left: int | None = None


class DeadlineView(Struct, frozen=True):
    """When it must leave and what lateness costs; ``level``: calm, warn, stop or saves."""

    at: datetime
    local: str
    seconds_left: int
    cost: str = ""
    level: str = "calm"


class CommandView(Struct, frozen=True):
    """A command of the foot: `%PS:` id, key cap, word."""

    command: str
    key: str
    words: Words
    enabled: bool = True
    coded: bool = True


class CartonView(Struct, frozen=True):
    """A box: code, inner sides, fill in percent, and where things go in it."""

    code: str
    kind: str
    inner_mm: tuple[int, int, int]
    fill_percent: int = 0
    price: str = ""
    tare_g: int = 0
    placements: tuple[tuple[str, tuple[int, int, int], tuple[int, int, int]], ...] = ()


class WeighView(Struct, frozen=True):
    """Expected band and what was read; ``guard``: this scale would notice a missing item.

    ``why``: what explains a difference, the likeliest first; ``rests``: what the band rests on;
    ``after``: what the next best explanation would leave; ``doubt``: the scale itself leans.
    """

    expected_g: int | None = None
    tolerance_g: int = 0
    read_g: int | None = None
    deviation_g: int = 0
    guard: bool = False
    why: tuple[Words, ...] = ()
    rests: Words | None = None
    after: Words | None = None
    doubt: Words | None = None


class ServiceRow(Struct, frozen=True):
    """A service: ``state`` chosen, possible or refused; price already with its currency sign.

    ``why`` and ``more`` stand under its name; ``arrives`` is the last day of its promise, ``key``
    the digit that picks it, ``home`` a foreign price in the currency that prices are compared in.
    """

    carrier: str
    service: str
    name: str
    channel: str
    why: Words | None
    days: str
    price: str
    state: str
    more: tuple[Words, ...] = ()
    arrives: str = ""
    key: str = ""
    home: str = ""


class PaperView(Struct, frozen=True):
    """A customs paper: where it is printed or how often, and whether it is out.

    ``place``: it is out, and a person is still to put it where it belongs.
    """

    words: Words
    note: Words | None
    done: bool
    place: bool = False


class LackView(Struct, frozen=True):
    """What a customs rule found: in the packer's ``words`` or, where it has none, as ``field``.

    ``why`` is of no rule: what keeps a paper from being made.

    ``tone``: stop (blocks), ask (a supervisor may release it), warn or note; ``whose`` the
    product, ``value`` what stands there, ``cure`` who can put it right, ``rule`` its id.
    """

    words: str
    field: Words
    tone: str
    cure: Words
    whose: str = ""
    value: str = ""
    allowed: str = ""
    rule: str = ""
    why: Words | None = None


class LabelView(Struct, frozen=True):
    """The parcel's label: number, ladder, papers, completeness; a calm ``note`` of its printer.

    ``take`` is said while the label sticks out of a printer that waits for a hand, ``put`` while
    a mark is to be stuck on or copies are to go into the pouch. ``bare`` says why no paper stands
    here, where it is not that none is needed.
    """

    waybill: str = ""
    service: str = ""
    rungs: tuple[RungView, ...] = ()
    papers: tuple[PaperView, ...] = ()
    complete: int = 0
    needed: int = 0
    unsure: bool = False
    note: Words | None = None
    take: Words | None = None
    put: Words | None = None
    bare: Words | None = None


class AlertView(Struct, frozen=True):
    """Covers the stage.

    ``kind``: refusal (red), hold (plate) or stop (plate with tape); ``sound`` the earcon
    that repeats until answered, "" for none; ``steps`` up to three to safety; ``compare``
    two texts whose differing digits are marked; ``changes`` what an order
    changed in; ``answers`` the commands that end it; ``lacks`` all that customs rules found,
    of which ``focus`` is pointed at.
    """

    kind: str
    headline: Words
    todo: Words | None = None
    in_hand: ProductView | None = None
    needed: ProductView | None = None
    needed_done: int = 0
    needed_total: int = 0
    text_read: str = ""
    compare: tuple[str, str] = ("", "")
    by: Words | None = None
    steps: tuple[Words, ...] = ()
    changes: tuple[Words, ...] = ()
    facts: tuple[tuple[Words, str], ...] = ()
    answers: tuple[CommandView, ...] = ()
    sound: str = ""
    serial: int = 0
    lacks: tuple[LackView, ...] = ()
    focus: int = 0


class QueueRow(Struct, frozen=True):
    """An order that waits; ``state``: next, ready, other_bench, held or parked."""

    order_id: str
    hand_over: str
    time_left: Words | None
    late_cost: str
    late_why: Words | None
    place: str
    items: tuple[tuple[ProductView, int], ...]
    box: str
    weight_g: int | None
    tote: str
    state: str
    state_words: Words
    urgent: bool = False
    since: Words | None = None


class QueueView(Struct, frozen=True):
    """The idle stage."""

    rows: tuple[QueueRow, ...] = ()
    total: int = 0
    why_first: Words | None = None
    empty: Words | None = None
    cutoffs: tuple[tuple[str, str, int], ...] = ()
    cause: Words | None = None
    filters: tuple[FilterView, ...] = ()
    find: str = ""
    changed: Words | None = None


class EntryView(Struct, frozen=True):
    """A field on the stage, typed by keys or keypad: PIN, reason, serial, number, quantity.

    ``product`` is the thing that it is about; ``pictures`` stand beside the first choices.
    """

    kind: str
    words: Words
    value: str = ""
    secret: bool = False
    choices: tuple[tuple[str, Words], ...] = ()
    problem: Words | None = None
    product: ProductView | None = None
    pictures: tuple[ProductView, ...] = ()


class DoneView(Struct, frozen=True):
    """The verdict plate of a closed parcel."""

    waybill: str
    next_place: Words | None
    orders_today: int
    units_today: int


class StationView(Struct, frozen=True):
    """Everything on the screen. ``earcon`` is played once when ``serial`` rises."""

    screen: Screen
    serial: int = 0
    person: PersonView = field(default_factory=PersonView)
    clock: str = ""
    step: int = 0
    order: OrderView | None = None
    lines: tuple[LineView, ...] = ()
    current: LineView | None = None
    verdict: VerdictView | None = None
    scale: ScaleView = field(default_factory=ScaleView)
    devices: tuple[DeviceView, ...] = ()
    sync: SyncView = field(default_factory=SyncView)
    deadline: DeadlineView | None = None
    carton: CartonView | None = None
    other_cartons: tuple[CartonView, ...] = ()
    box_note: Words | None = None
    parcels: tuple[CartonView, ...] = ()
    weigh: WeighView | None = None
    limits: tuple[tuple[Words, str], ...] = ()
    services: tuple[ServiceRow, ...] = ()
    service_notes: tuple[Words, ...] = ()
    label: LabelView | None = None
    alert: AlertView | None = None
    queue: QueueView | None = None
    entry: EntryView | None = None
    first: FirstStartView | None = None
    done: DoneView | None = None
    park_place: str = ""
    commands: tuple[CommandView, ...] = ()
    earcon: str = ""
    locked: bool = False
    training: bool = False
    lesson: LessonView | None = None
    note: Words | None = None
    page: DevicePageView | None = None
    adding: AddDeviceView | None = None
    selected: int = 0
    card: CardView | None = None
    look: LookView | None = None
    page_rows: ListView | None = None
    fast: FastView | None = None
    hints: tuple[Words, ...] = ()
    warning: tuple[Words, ...] = ()
    ways: tuple[Words, ...] = ()
    mine: MySettingsView | None = None
    help: HelpView | None = None
    goods: GoodsLabelView | None = None
    handover: HandoverView | None = None
    task: TaskView | None = None
    filming: str = ""
