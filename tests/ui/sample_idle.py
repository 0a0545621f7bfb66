"""Sample views without an open order: queue, sign-in, first start, devices, help."""

from __future__ import annotations

from msgspec.structs import replace

from packstation.station.views import (
    CardRow,
    CardView,
    CommandView,
    EntryView,
    FilterView,
    FindingView,
    FirstStartView,
    PersonView,
    QueueRow,
    QueueView,
    ScaleView,
    Screen,
    StationView,
    SyncView,
    Words,
)
from tests.ui.sample_goods import product
from tests.ui.sample_order import NOW, base, commands, devices, person
from tests.ui.sample_steps import scanning

KEYS = (
    CommandView("accept", "Enter", Words("cmd.open_first"), coded=False),
    CommandView("find", "F3", Words("cmd.find"), coded=False),
    CommandView("filter", "F5", Words("cmd.filter"), coded=False),
    CommandView("single", "F6", Words("cmd.single"), coded=False),
    CommandView("more", "F9", Words("cmd.more"), coded=False),
    CommandView("help", "F1", Words("cmd.help"), coded=False),
)
_CITIES = {
    "en": ("Leipzig, DE", "Leeds, GB", "Samara, RU", "Tomsk, RU", "Curitiba, BR", "Sendai, JP"),
    "zh_Hans": ("莱比锡 DE", "利兹 GB", "萨马拉 RU", "托木斯克 RU", "库里蒂巴 BR", "仙台 JP"),
    "ru": ("Лейпциг, DE", "Лидс, GB", "Самара, RU", "Томск, RU", "Куритиба, BR", "Сендай, JP"),
}
_PICKUPS = {
    "en": ("Postal pick-up", "Ozon hand-over", "Express pick-up"),
    "zh_Hans": ("邮政揽收", "Ozon 交接", "快递揽收"),
    "ru": ("Почта забирает", "Передача Ozon", "Экспресс забирает"),
}


def _idle(screen: Screen, language: str) -> StationView:
    view = base(screen, language)
    return replace(
        view,
        clock="14:16",
        order=None,
        lines=(),
        current=None,
        deadline=None,
        carton=None,
        scale=ScaleView("ZERO", 0, "0", "g"),
        commands=commands("help"),
    )


def _row(language: str, place: int, order_id: str, goods: str, **more: object) -> QueueRow:
    items = tuple(
        (product(part.split("*")[0], language), int(part.split("*")[1])) for part in goods.split()
    )
    row = QueueRow(
        order_id=order_id,
        hand_over="18:00",
        time_left=Words("left.h_min", (("h", 3), ("m", 44))),
        late_cost="¥7.20",
        late_why=Words("late.tariff", (("now", "−¥1.20"), ("next", "¥6.00"))),
        place=_CITIES[language][place],
        items=items,
        box="C2",
        weight_g=620,
        tote="T-114",
        state="ready",
        state_words=Words("queue.ready"),
    )
    return replace(row, **more)


def _soon(language: str) -> tuple[QueueRow, ...]:
    """Two for the postal pick-up in 44 minutes; the first one is next."""
    soon = {
        "hand_over": "15:00",
        "time_left": Words("left.min", (("m", 44),)),
        "late_why": Words("late.shop"),
        "urgent": True,
    }
    first = _row(language, 0, "S-10482", "TP-CER-CEL*1 CB-ACA-M*1", **soon)
    second = _row(language, 1, "S-10477", "LP-DSK-YLW*1", **soon)
    return (
        replace(
            first,
            late_cost="€9.80",
            box="C4",
            weight_g=1900,
            tote="T-117",
            state="next",
            state_words=Words("queue.next"),
        ),
        replace(second, late_cost="£6.20", box="", weight_g=1400, tote="T-121"),
    )


def _later(language: str) -> tuple[QueueRow, ...]:
    """Ready, on another bench, held and parked."""
    elsewhere = _row(language, 3, "40112233-0024-2", "SC-SLK-PLM*1 MG-ENM-BLU*2")
    held = _row(language, 4, "S-10467", "PB-10K-GRY*1", late_why=Words("late.none"))
    parked = _row(language, 5, "S-10479", "MG-ENM-MOS*4 TB-LIN-SND*1", box="C4")
    bench = Words("queue.bench", (("b", "03"),))
    return (
        _row(language, 2, "40112233-0021-1", "TS-BLK-M*2 SK-WOL-RST*1 NB-A6-DOT*1"),
        replace(elsewhere, box="C3", weight_g=690, state="other_bench", state_words=bench),
        replace(
            held,
            hand_over="19:30",
            late_cost="R$0",
            box="M1",
            weight_g=340,
            state="held",
            state_words=Words("queue.held", (("why", "UN 3481"),)),
        ),
        replace(
            parked,
            time_left=None,
            late_cost="",
            late_why=None,
            weight_g=None,
            tote="",
            state="parked",
            state_words=Words("queue.parked", (("t", "T-131"),)),
            since=Words("queue.since", (("t", "13:02"),)),
        ),
    )


def queue_rows(language: str) -> tuple[QueueRow, ...]:
    """The six rows of picture 09, the last one parked."""
    return (*_soon(language), *_later(language))


def queue(language: str) -> StationView:
    """Six orders wait (picture 09)."""
    names = _PICKUPS[language]
    cutoffs = ((names[0], "15:00", 31), (names[1], "18:00", 84), (names[2], "19:30", 12))
    why = Words("queue.why_first", (("order", "S-10482"), ("cut", "15:00"), ("by", "14:52")))
    return replace(
        _idle(Screen.QUEUE, language),
        queue=QueueView(queue_rows(language), 127, why, None, cutoffs, filters=filters()),
        commands=KEYS,
    )


def filters(chosen: str = "all", text: str = "") -> tuple[FilterView, ...]:
    """The kinds of rows, one of them in sight."""
    counts = {"all": 127, "single": 31, "parked": 1, "late": 0}
    found = tuple(
        FilterView(name, Words(f"queue.filter.{name}"), count, name == chosen)
        for name, count in counts.items()
    )
    words = Words("queue.filter.find", (("text", text),))
    return (*found, FilterView("find", words, 2, chosen=True)) if text else found


def queue_found(language: str) -> StationView:
    """A search, while a more urgent order came in."""
    view = queue(language)
    changed = Words("queue.changed.first", (("order", "40112233-0052-1"),))
    found = QueueView(
        queue_rows(language)[1:3],
        2,
        None,
        None,
        filters=filters("", "0021-1"),
        find="0021-1",
        changed=changed,
    )
    return replace(view, queue=found, note=changed)


def queue_none_single(language: str) -> StationView:
    """A filter that leaves nothing."""
    empty = Words("queue.empty.filter")
    home = Words("queue.empty.filter.home")
    none = QueueView(empty=empty, cause=home, filters=filters("single"))
    return replace(queue(language), queue=none)


def queue_empty(language: str) -> StationView:
    """Nothing is due, and why."""
    empty = Words("queue.empty.packed", (("t", "18:00"),))
    held = Words("queue.empty.held", (("n", 4),), 4)
    return replace(queue(language), queue=QueueView(empty=empty, cause=held))


def queue_many(language: str) -> StationView:
    """More rows than fit."""
    rows = queue_rows(language) * 7
    view = queue(language)
    assert view.queue is not None
    return replace(view, queue=replace(view.queue, rows=rows[:40], total=412))


def offline(language: str) -> StationView:
    """Scanning without the server for half an hour."""
    return replace(scanning(language), sync=SyncView("offline", 42, NOW, 112))


def sign_in(language: str) -> StationView:
    """Nobody is signed in."""
    view = _idle(Screen.SIGN_IN, language)
    return replace(view, person=PersonView(bench=person(language).bench, language=language))


def sign_in_pin(language: str) -> StationView:
    """A badge was scanned, the PIN is asked, the first one was wrong."""
    entry = EntryView("pin", Words("entry.pin"), "12", secret=True, problem=Words("entry.pin_off"))
    return replace(sign_in(language), person=person(language), entry=entry)


def locked(language: str) -> StationView:
    """The idle lock keeps the parcel."""
    return replace(scanning(language), locked=True, commands=())


def help_(language: str) -> StationView:
    """All commands."""
    return _idle(Screen.HELP, language)


def devices_fault(language: str) -> StationView:
    """The label printer is out of paper (picture 10)."""
    return replace(
        _idle(Screen.DEVICES, language), devices=devices(language, "label"), clock="14:14"
    )


def devices_ok(language: str) -> StationView:
    """All devices work, the scale sleeps."""
    rows = tuple(
        replace(row, state="asleep") if row.kind == "scale" else row for row in devices(language)
    )
    return replace(_idle(Screen.DEVICES, language), devices=rows, scale=ScaleView("ASLEEP"))


def enrol(language: str) -> StationView:
    """First start: the bench joins its server; the first token was not known."""
    first = FirstStartView(1, "https://packstation.example", problem=Words("first.token_unknown"))
    entry = EntryView("token", Words("entry.token"), "")
    view = _idle(Screen.ENROL, language)
    return replace(view, person=PersonView(language=language), first=first, entry=entry, devices=())


def find_devices(language: str) -> StationView:
    """Scale and printer were found (picture 16)."""
    found = tuple(row for row in devices(language) if row.kind in {"scale", "label"})
    first = FirstStartView(2, "https://packstation.example", enrolled=True, test_label="asked")
    return replace(_idle(Screen.FIND_DEVICES, language), devices=found, first=first)


READ = (
    CardRow("upper", "read", "1ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    CardRow("lower", "odd", "2abcdefghijklmnopqrstuvwxzy"),
    CardRow("symbols", "odd", "3%PS:0456789ß.-_,ö?/!)=+`"),
    CardRow("gs1", "odd", "0109521234543213101234<GS>211234"),
)


def _finding(level: str, key: str, about: str = "") -> FindingView:
    words = Words(f"card.find.{key}", (("t", about),))
    layout = Words(f"card.layout.{about}") if key == "layout" else None
    return FindingView(level, words, Words(f"card.find.{key}.cure"), layout)


def card_scanned(language: str) -> StationView:
    """Two of the test card's four codes were read."""
    card = CardView("scanner", (READ[0], READ[0], CardRow("symbols", "due"), CardRow("gs1", "due")))
    card = replace(card, rows=(READ[0], replace(READ[1], state="read"), *card.rows[2:]))
    read = tuple((row.name, row.text) for row in card.rows if row.text)
    first = FirstStartView(3, "https://packstation.example", enrolled=True, card_read=read)
    return replace(_idle(Screen.TEST_CARD, language), first=first, card=card)


def card_mended(language: str) -> StationView:
    """From the Devices page: another layout and a substitute for GS, both put right."""
    found = (
        _finding("mended", "layout", "de"),
        _finding("mended", "gs", "<GS>"),
        _finding("advice", "aim_off"),
    )
    card = CardView("scanner", READ, found, done=True)
    return replace(
        _idle(Screen.TEST_CARD, language),
        card=card,
        commands=(CommandView("back", "Esc", Words("cmd.back"), coded=False),),
    )


def card_refused(language: str) -> StationView:
    """What only the scanner's own set-up mends; and a text that is not on the card."""
    found = (
        _finding("mended", "caps"),
        _finding("stop", "gs_lost"),
        _finding("mended", "extra", "~…#"),
        _finding("mended", "no_end"),
    )
    card = CardView("scanner", READ, found, strange="6901234567892", done=True, works=False)
    return replace(
        _idle(Screen.TEST_CARD, language),
        card=card,
        commands=(CommandView("back", "Esc", Words("cmd.back"), coded=False),),
    )
