"""What a screen shows: one frozen snapshot, words as keys, everything decided already.

The window translates ``Words`` into the person's language and paints; it looks
nothing up and decides nothing. Regions and states: design/UI_DESIGN.md.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct, field

from packstation.station.look_view import LookView

Arg = str | int | Decimal | datetime


class Words(Struct, frozen=True):
    """A message of the catalogue with its arguments; ``n`` picks the plural."""

    key: str
    args: tuple[tuple[str, Arg], ...] = ()
    n: int | None = None


# A row of what is known: its name, and its value as words or as text that has no language.
Fact = tuple[Words, str | Words]


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
    """A line card; ``state``: due, current, done or short; ``parcel`` it left in, or None."""

    line: int
    product: ProductView
    due: int
    done: int
    total: int
    state: str
    parcel: int | None = None


class VerdictView(Struct, frozen=True):
    """The last result at the foot of the hero; ``tone``: ok or warn."""

    tone: str
    words: Words
    detail: Words | None = None
    product: ProductView | None = None


class ScaleView(Struct, frozen=True):
    """The readout; ``state`` as Reading.state or ASLEEP, NO_SCALE; ``grams`` None hides it."""

    state: str = "NO_SCALE"
    grams: int | None = None
    value: str = ""
    unit: str = ""
    net: bool = False
    taken: bool = False
    age_ms: int = 0
    stability: str = "device"


class DeviceView(Struct, frozen=True):
    """A device: lamp and card. ``kind``: scanner, scale, label, papers, camera, dimensioner.

    Of a printer: what lies in it (``stock``, ``dpi``) and what it speaks, the ``documents`` it
    may carry and those that go there now (``chosen``), whether a test label was read
    (``confirmed``), labels since the roll was changed (``printed``) and about how many are
    left (``roll_left``, None where unknown), who waits at a shared one (``queue``: bench and
    jobs), and what is to be said of it calmly (``note``).
    """

    id: str
    kind: str
    name: str
    state: str
    detail: str = ""
    cause: Words | None = None
    cure: Words | None = None
    still: tuple[Words, ...] = ()
    since: datetime | None = None
    last: str = ""
    last_at: datetime | None = None
    stock: str = ""
    dpi: int = 0
    language: str = ""
    documents: tuple[str, ...] = ()
    chosen: tuple[str, ...] = ()
    confirmed: bool = True
    printed: int = 0
    roll_left: int | None = None
    roll_low: bool = False
    queue: tuple[tuple[str, int], ...] = ()
    note: Words | None = None
    actions: tuple[str, ...] = ()


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
    """Expected band and what was read; ``guard``: this scale would notice a missing item."""

    expected_g: int | None = None
    tolerance_g: int = 0
    read_g: int | None = None
    deviation_g: int = 0
    guard: bool = False
    why: tuple[Words, ...] = ()


class ServiceRow(Struct, frozen=True):
    """A service: ``state`` chosen, possible or refused; price already with its currency sign."""

    carrier: str
    service: str
    name: str
    channel: str
    why: Words | None
    days: str
    price: str
    state: str


class RungView(Struct, frozen=True):
    """A rung of the print ladder; ``state``: done, running, waiting, unsure or failed."""

    words: Words
    state: str
    note: str | Words = ""


class PaperView(Struct, frozen=True):
    """A customs paper: where it is printed, and whether it is out."""

    words: Words
    note: Words | None
    done: bool


class LabelView(Struct, frozen=True):
    """The parcel's label: number, ladder, papers, completeness; a calm ``note`` of its printer.

    ``take`` is said while the label sticks out of a printer that waits for a hand.
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


class AlertView(Struct, frozen=True):
    """Covers the stage.

    ``kind``: refusal (red), hold (plate) or stop (plate with tape); ``sound`` the earcon
    that repeats until answered, "" for none; ``steps`` up to three to safety; ``compare``
    two texts whose differing digits are marked; ``answers`` the commands that end it.
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
    facts: tuple[tuple[Words, str], ...] = ()
    answers: tuple[CommandView, ...] = ()
    sound: str = ""
    serial: int = 0


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


class QueueView(Struct, frozen=True):
    """The idle stage."""

    rows: tuple[QueueRow, ...] = ()
    total: int = 0
    why_first: Words | None = None
    empty: Words | None = None
    cutoffs: tuple[tuple[str, str, int], ...] = ()


class EntryView(Struct, frozen=True):
    """A field on the stage, typed by keys or keypad: PIN, reason, serial, number, quantity."""

    kind: str
    words: Words
    value: str = ""
    secret: bool = False
    choices: tuple[tuple[str, Words], ...] = ()
    problem: Words | None = None


class FirstStartView(Struct, frozen=True):
    """First start (picture 16): what was found and what is still asked."""

    step: int = 1
    server: str = ""
    enrolled: bool = False
    problem: Words | None = None
    card_read: tuple[tuple[str, str], ...] = ()
    test_label: str = ""


class CardRow(Struct, frozen=True):
    """A code of the test card; ``state``: due, read, or odd (not as printed)."""

    name: str
    state: str
    text: str = ""


class FindingView(Struct, frozen=True):
    """What the card found; ``level``: ok, mended, advice or stop; ``about`` a layout's name."""

    level: str
    words: Words
    cure: Words | None = None
    about: Words | None = None


class CardView(Struct, frozen=True):
    """The test card: its codes, what was found, and the last text that is none of them."""

    source: str = ""
    rows: tuple[CardRow, ...] = ()
    findings: tuple[FindingView, ...] = ()
    strange: str = ""
    done: bool = False
    works: bool = True


class DoneView(Struct, frozen=True):
    """The verdict plate of a closed parcel."""

    waybill: str
    next_place: Words | None
    orders_today: int
    units_today: int


class PickView(Struct, frozen=True):
    """A row to pick, or a button: ``words`` or, for a name of its own, ``text``."""

    id: str
    words: Words | None = None
    text: str = ""
    detail: str | Words = ""
    note: Words | None = None
    icon: str = ""


class ByteView(Struct, frozen=True):
    """Bytes as they came, ``count`` times in a row; ``value`` and ``state`` what they mean."""

    at: datetime
    hex: str
    text: str
    value: str = ""
    state: str = ""
    count: int = 1


class HealthView(Struct, frozen=True):
    """A scale's health in words, None for what is not known; ``plot`` in grams."""

    noise: Words | None = None
    zero: Words | None = None
    drift: Words | None = None
    settling: Words | None = None
    moving: Words | None = None
    checked_at: datetime | None = None
    deviation: Words | None = None
    passed: bool = True
    due: Words | None = None
    due_state: str = "never"
    plot: tuple[Decimal, ...] = ()
    checking: Words | None = None


class PrinterPageView(Struct, frozen=True):
    """A printer's page: the ladder of its job, and the picture of what it was sent last.

    ``notes`` are calm lines. ``job`` says what the ladder is of. ``preview`` is a PNG without a
    readable code, of what ``shown`` says: None while it is being drawn or nothing was printed;
    b"" where it cannot be.
    """

    job: Words | None = None
    waybill: str = ""
    rungs: tuple[RungView, ...] = ()
    shown: Words | None = None
    preview: bytes = b""
    notes: tuple[Words, ...] = ()


class DevicePageView(Struct, frozen=True):
    """One device: its bytes, facts about it, what can be tried, and its kind's own part."""

    device: DeviceView
    heard: tuple[ByteView, ...] = ()
    facts: tuple[Fact, ...] = ()
    tests: tuple[PickView, ...] = ()
    health: HealthView | None = None
    printer: PrinterPageView | None = None


class AddDeviceView(Struct, frozen=True):
    """A step of adding a device; ``rail`` counts from 1; ``progress`` is (step, of).

    The page that edits one is the same without a rail.
    """

    step: str
    rail: int
    main: Words
    second: Words | None = None
    picks: tuple[PickView, ...] = ()
    heard: tuple[ByteView, ...] = ()
    facts: tuple[Fact, ...] = ()
    giant: str = ""
    progress: tuple[int, int] = (0, 0)
    now: str = ""
    problem: Words | None = None
    cure: Words | None = None


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
    weigh: WeighView | None = None
    limits: tuple[tuple[Words, str], ...] = ()
    services: tuple[ServiceRow, ...] = ()
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
    note: Words | None = None
    page: DevicePageView | None = None
    adding: AddDeviceView | None = None
    selected: int = 0
    card: CardView | None = None
    look: LookView | None = None
