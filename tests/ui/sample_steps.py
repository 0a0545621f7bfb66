"""Sample views of the steps from the first scan to the closed parcel."""

from __future__ import annotations

from msgspec.structs import replace

from packstation.station.views import (
    CartonView,
    DoneView,
    EntryView,
    LabelView,
    LineView,
    PaperView,
    ProductView,
    RungView,
    ScaleView,
    Screen,
    ServiceRow,
    StationView,
    VerdictView,
    WeighView,
    Words,
)
from tests.ui.sample_goods import HOSTILE, LONG_NAMES, product
from tests.ui.sample_order import LINES, WAYBILL, base, commands

RESTS = Words("weigh.rests", (("n", 214),), 214)

SERVICES = {
    "en": ("China Post e-Packet", "e-Parcel saver", "e-Express", "UNI standard", "Pick-up point"),
    "zh_Hans": ("中国邮政 e邮宝", "e包裹特惠", "e特快", "UNI 标准小件", "自提点标准"),
    "ru": (
        "Почта Китая e-Packet",
        "e-Посылка эконом",
        "e-Экспресс",
        "UNI стандарт",
        "Пункт выдачи",
    ),
}
_TAKEN = ScaleView("STABLE", 1104, "1104", "g", taken=True)


def scanning(language: str) -> StationView:
    """Two lines touched, one unit of three mugs in (pictures 01 and 02)."""
    return replace(
        base(Screen.SCANNING, language, (1, 1, 0, 0)),
        step=1,
        verdict=VerdictView(
            "ok",
            Words("line.progress", (("d", 1), ("n", 3))),
            Words("gain.ok", (("g", 185),)),
            product("MG-ENM-MOS", language),
        ),
        commands=commands("undo", "next-parcel", "short", "hold", "help"),
    )


def scanning_first(language: str) -> StationView:
    """Nothing scanned yet: no verdict, no box proposed, the scale asleep."""
    view = base(Screen.SCANNING, language, (0, 0, 0, 0))
    return replace(
        view,
        step=1,
        carton=None,
        scale=ScaleView("ASLEEP"),
        commands=commands("undo", "next-parcel", "short", "hold", "help"),
    )


def scanning_many(language: str) -> StationView:
    """An order of 64 lines and large counts, the current one far down, one short."""
    view = scanning(language)
    rows = tuple(
        LineView(
            line=i + 1,
            product=product(LINES[i % 4][0], language),
            due=0 if i < 40 else 24,
            done=24 if i < 40 else 0,
            total=24,
            state="short" if i == 38 else "done" if i < 40 else "current" if i == 40 else "due",
            parcel=1 if i < 8 else None,
        )
        for i in range(64)
    )
    return replace(view, lines=rows, current=rows[40])


def scanning_named(language: str, names: tuple[str, str]) -> StationView:
    """The current line carries the name and variant given."""
    view = scanning(language)
    odd = ProductView("SKU-" + "9" * 40, names[0], names[1])
    rows = tuple(replace(row, product=odd) if row.state == "current" else row for row in view.lines)
    current = next(row for row in rows if row.state == "current")
    verdict = VerdictView("warn", Words("line.progress", (("d", 1), ("n", 3))), None, odd)
    return replace(view, lines=rows, current=current, verdict=verdict)


def scanning_long(language: str) -> StationView:
    """Names that no card was drawn for."""
    return scanning_named(language, (LONG_NAMES[language], "XXL / 110 × 230 cm"))


def scanning_hostile(language: str) -> StationView:
    """Names that are markup, format strings and control characters."""
    return scanning_named(language, (HOSTILE, HOSTILE))


def serial(language: str) -> StationView:
    """A serial number is due."""
    entry = EntryView("serial", Words("entry.serial"), "SN-40")
    return replace(
        scanning(language), entry=entry, commands=commands("manual", "undo", "hold", "help")
    )


def quantity(language: str) -> StationView:
    """A quantity is typed, and it is more than what is due."""
    entry = EntryView(
        "quantity", Words("entry.quantity"), "12", problem=Words("entry.too_many", (("n", 2),))
    )
    return replace(scanning(language), entry=entry)


def cartoning(language: str) -> StationView:
    """The box is proposed."""
    return replace(
        base(Screen.CARTONING, language),
        step=2,
        other_cartons=(
            CartonView("C4", "box", (350, 250, 150), 39, "¥1.60", 130),
            CartonView("M2", "mailer", (330, 240, 60), 96, "¥0.80", 30),
        ),
        commands=commands(
            "carton",
            "accept",
            "own-box",
            "open",
            "hold",
            "help",
            plain=("accept", "own-box", "help"),
        ),
    )


def cartoning_own(language: str) -> StationView:
    """The goods ship in their own packaging."""
    own = CartonView("", "own", (420, 180, 160), 0, "", 0)
    return replace(
        cartoning(language),
        carton=own,
        other_cartons=(),
        limits=((Words("limit.longest"), "600 mm"), (Words("limit.sum3"), "900 mm")),
    )


def cartoning_bag(language: str) -> StationView:
    """A bag with its goods, a tube beside it."""
    first, second = (line.product.sku for line in cartoning(language).lines[:2])
    placements = (
        (first, (0, 0, 0), (220, 160, 15)),
        (first, (0, 0, 15), (220, 160, 15)),
        (second, (0, 0, 30), (120, 100, 25)),
    )
    bag = CartonView("B1", "bag", (300, 240, 60), 31, "¥0.18", 14, placements)
    tube = CartonView("T2", "tube", (500, 80, 80), 42, "¥0.90", 120)
    return replace(cartoning(language), carton=bag, other_cartons=(tube,))


def cartoning_tube(language: str) -> StationView:
    """A roll in its tube."""
    sku = cartoning(language).lines[0].product.sku
    placements = ((sku, (0, 10, 10), (480, 60, 60)),)
    tube = CartonView("T2", "tube", (500, 80, 80), 42, "¥0.90", 120, placements)
    return replace(cartoning(language), carton=tube)


def cartoning_split(language: str) -> StationView:
    """One box is not enough."""
    goods = "12 × TS-BLK-M, 3 × MUG-GRN-0.35L"
    note = Words("carton.split", (("m", 2), ("box", "C5"), ("goods", goods)))
    return replace(cartoning(language), carton=None, other_cartons=(), box_note=note)


def cartoning_parcels(language: str) -> StationView:
    """One box is not enough: what goes into which."""
    view = cartoning_split(language)
    whole = cartoning(language).carton
    assert whole is not None
    first = replace(whole, code="C3", placements=whole.placements[:5])
    second = replace(whole, code="C1", inner_mm=(220, 160, 90), placements=whole.placements[5:])
    note = Words("carton.split", (("m", 2), ("box", "C3"), ("goods", "3 × MG-ENM-MOS")))
    low = min(at[2] for _, at, _ in second.placements)
    left = min(at[0] for _, at, _ in second.placements)
    front = min(at[1] for _, at, _ in second.placements)
    spots = tuple(
        (sku, (at[0] - left, at[1] - front, at[2] - low), size)
        for sku, at, size in second.placements
    )
    return replace(view, box_note=note, parcels=(first, replace(second, placements=spots)))


def weighing(language: str) -> StationView:
    """The box is not yet on the scale."""
    return replace(
        base(Screen.WEIGHING, language),
        step=3,
        scale=ScaleView("MOTION", 1084, "1084", "g"),
        weigh=WeighView(1106, 18, None, 0, guard=True),
        commands=commands("carton", "open", "next-parcel", "hold", "help"),
    )


def weighing_stale(language: str) -> StationView:
    """The box lay on the scale before it was assigned."""
    return replace(weighing(language), scale=ScaleView("STABLE", 1104, "1104", "g", stale=True))


def weighing_taken(language: str) -> StationView:
    """The weight is taken (picture 04)."""
    return replace(
        weighing(language),
        scale=_TAKEN,
        weigh=WeighView(1106, 18, 1104, -2, guard=True, rests=RESTS),
    )


def measuring(language: str) -> StationView:
    """The size is asked for."""
    return replace(
        base(Screen.MEASURING, language),
        step=3,
        scale=_TAKEN,
        limits=(
            (Words("limit.longest"), "600 mm"),
            (Words("limit.sum3"), "900 mm"),
            (Words("limit.weight"), "2000 g"),
        ),
        entry=EntryView("length", Words("entry.length"), "300"),
        commands=commands("manual", "carton", "hold", "help"),
    )


def _services(language: str) -> tuple[ServiceRow, ...]:
    names = SERVICES[language]
    why = Words("rate.why.cheapest")
    edge = Words("rate.edge", (("g", 104), ("m", "¥15.00")))
    heavy = Words("rate.refused.weight", (("g", 1104), ("limit", 500)))
    return (
        ServiceRow("chinapost", "e-packet", names[0], "postal", why, "10–15", "¥78.24", "chosen"),
        ServiceRow("chinapost", "saver", names[1], "postal", edge, "15–20", "¥82.50", "possible"),
        ServiceRow("chinapost", "eub", names[2], "express", None, "5–8", "¥158.10", "possible"),
        ServiceRow(
            "uni",
            "std",
            names[3],
            "dedicated_line",
            Words("rate.refused.channel"),
            "10–15",
            "¥54.64",
            "refused",
        ),
        ServiceRow("chinapost", "pickup", names[4], "postal", heavy, "10–15", "", "refused"),
    )


_TAKE = Words("print.take", (("printer", "ZD421"),))


def _label(*states: str, **changes: object) -> LabelView:
    words = ("rung.asked", "rung.got", "rung.sent", "rung.printing", "rung.back")
    notes = ("14:12:07", "", "14:12:07", "48 211", "")
    rungs = tuple(
        RungView(Words(key), state, note if state in {"done", "running"} else "")
        for key, state, note in zip(words, states, notes, strict=True)
    )
    papers = (
        PaperView(Words("paper.cn22"), Words("paper.on_label"), done=True),
        PaperView(Words("paper.invoice"), Words("paper.sheets", (("n", 2),), 2), done=True),
        PaperView(Words("paper.packing_list"), Words("paper.sheets", (("n", 1),), 1), done=False),
    )
    label = LabelView(WAYBILL, "China Post e-Packet", rungs, papers, 21, 21)
    return replace(label, **changes)


def rating(language: str) -> StationView:
    """Services by rank, one chosen by rule."""
    label = _label("waiting", "waiting", "waiting", "waiting", "waiting", waybill="")
    return replace(
        base(Screen.RATING, language),
        step=4,
        scale=_TAKEN,
        services=_services(language),
        label=label,
        commands=commands("service", "hold", "help"),
    )


def printing(language: str) -> StationView:
    """The label is being printed (picture 05)."""
    return replace(
        rating(language),
        screen=Screen.PRINTING,
        label=_label("done", "done", "done", "running", "waiting"),
        commands=commands("service", "reprint", "void", "hold", "help"),
    )


def printing_unsure(language: str) -> StationView:
    """Nobody knows whether the label came out."""
    label = _label("done", "done", "done", "unsure", "waiting", unsure=True)
    return replace(printing(language), label=label, commands=commands("yes", "no", "hold", "help"))


def confirming(language: str) -> StationView:
    """The label is out and waits to be scanned (picture 06)."""
    return replace(
        base(Screen.CONFIRMING, language),
        step=5,
        scale=_TAKEN,
        label=_label("done", "done", "done", "done", "running"),
        commands=commands("reprint", "void", "manual", "hold", "help"),
    )


def printing_take(language: str) -> StationView:
    """A printer with a peel sensor holds the label out."""
    label = _label("done", "done", "done", "running", "waiting", take=_TAKE)
    return replace(printing(language), label=label)


def confirming_take(language: str) -> StationView:
    """Nobody has taken the label for two minutes: it is out, and not on the box yet."""
    label = _label("done", "done", "done", "done", "running", take=Words("print.take.here"))
    return replace(confirming(language), label=label)


def completed(language: str) -> StationView:
    """The parcel is closed."""
    return replace(
        base(Screen.COMPLETED, language),
        step=6,
        scale=ScaleView("ZERO", 0, "0", "g"),
        done=DoneView(WAYBILL, Words("done.bag", (("place", "B-04"),)), 31, 118),
        commands=commands("reopen", "help"),
    )


def parked(language: str) -> StationView:
    """Finish later: the goods go into a tote."""
    return replace(
        base(Screen.PARKED, language, (1, 1, 0, 0)),
        park_place="T-131",
        commands=commands("supervisor", "help"),
    )


def parked_done(language: str) -> StationView:
    """A parcel of several was closed; the next one begins."""
    view = scanning(language)
    order = replace(view.order, parcel=2, parcels=2) if view.order else None
    verdict = VerdictView("ok", Words("parcel.closed", (("n", 1),)), None, None)
    rows = tuple(replace(row, parcel=1 if row.state == "done" else None) for row in view.lines)
    return replace(view, order=order, verdict=verdict, lines=rows)
