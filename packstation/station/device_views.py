"""What the screens of devices, first start and the test card show; frozen."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from msgspec import Struct

from packstation.station.words import Fact, Words


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


class RungView(Struct, frozen=True):
    """A rung of the print ladder; ``state``: done, running, waiting, unsure or failed."""

    words: Words
    state: str
    note: str | Words = ""


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


class FirstStartView(Struct, frozen=True):
    """First start (picture 16): what was found and what is still asked."""

    step: int = 1
    server: str = ""
    enrolled: bool = False
    problem: Words | None = None
    card_read: tuple[tuple[str, str], ...] = ()
    test_label: str = ""
