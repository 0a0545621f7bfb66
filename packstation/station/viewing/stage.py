"""The stage of an open order: box, weight, services, label, holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from packstation.domain.packing import Session, State
from packstation.domain.packing.changes import keeps_goods
from packstation.domain.packing.decide import ORDER_STOPS, OWN_TROUBLE, UNITS_STOP
from packstation.domain.packing.plan import Change
from packstation.domain.packing.session import Parcel
from packstation.domain.parcels import Carton
from packstation.station.box_plan import offered, own_sides
from packstation.station.boxes import OWN
from packstation.station.core import Core
from packstation.station.elsewhere import OTHER_BENCH, TAKEN_AWAY
from packstation.station.pictures import product_view
from packstation.station.planning import fill_percent
from packstation.station.viewing import papers
from packstation.station.viewing.frame import commands, note
from packstation.station.viewing.holds import facts_of
from packstation.station.viewing.money import money
from packstation.station.viewing.service_rows import service_name
from packstation.station.viewing.weighing import weigh
from packstation.station.views import (
    AlertView,
    CartonView,
    LabelView,
    RungView,
    Words,
)

# Holds that the order itself, the server or a person caused: the stage wears barrier tape.
STOPS: Final[Mapping[str, str]] = {
    "cancelled": "stop.cancel",
    "changed": "stop.change",
    "server": "stop.hold",
}
HOLDS: Final[Mapping[str, str]] = {
    "person": "hold.person",
    "missing_item": "hold.missing_item",
    "missing_data": "hold.papers",
    "label_refused": "hold.label_refused",
    "no_service": "hold.no_service",
    "acceptance": "hold.acceptance",
    "requirement": "hold.requirement",
    "rules": "hold.rules",
    "photo": "hold.photo",
}
# (the server told us, it said why) -> words.
STOPPED_BY: Final = {
    (True, True): "stop.by_office_why",
    (True, False): "stop.by_office",
    (False, True): "stop.by",
    (False, False): "stop.by",
}
TROUBLES: Final = {"uncertain": "unsure", "failed": "failed"}
# A printer with a peel sensor holds its label out, and prints no other before that one is taken.
WAITS: Final = "printer.label_waiting"
RUNGS: Final = ("asked", "got", "sent", "printing", "back")


def cartons(core: Core) -> tuple[CartonView | None, tuple[CartonView, ...]]:
    """The chosen or proposed box, and the next best."""
    session = core.session
    known = core.cache.cartons()
    if session.parcel.carton:
        chosen = next((c for c in known if c.code == session.parcel.carton), None)
        others = offered(core) if core.desk.listing == "cartons" else ()
        rest = tuple(carton(core, c) for c in others if c is not chosen)[:3]
        if chosen is None and session.parcel.carton_kind == OWN:
            return _own(session.parcel.outer_mm), rest
        return (carton(core, chosen) if chosen else None), rest
    fitting = offered(core) if session.parcel.contents else ()
    if core.desk.plan is not None and core.desk.plan.own:
        return _own(own_sides(core)), ()
    views = tuple(carton(core, c) for c in fitting[:3])
    return (views[0] if views else None), views[1:]


def _own(sides: tuple[int, ...]) -> CartonView | None:
    """Goods as they are; None where their sides are not known yet."""
    return CartonView(OWN, OWN, (sides[0], sides[1], sides[2])) if sides else None


def carton(core: Core, row: Carton) -> CartonView:
    """A box as pictured."""
    plan = core.desk.plan
    return CartonView(
        code=row.code,
        kind=row.kind,
        inner_mm=row.inner_mm,
        fill_percent=fill_percent(core.session, row),
        price=money(row.cost),
        tare_g=row.tare_g,
        placements=plan.spots.get(row.code, ()) if plan else (),
    )


def parcels(core: Core) -> tuple[CartonView, ...]:
    """The parcels that goods are split into where no box takes them all."""
    plan = core.desk.plan
    if plan is None or plan.codes or len(plan.parts) < 2 or core.session.parcel.carton:
        return ()
    known = {row.code: row for row in core.cache.cartons()}
    boxes = ((code, known.get(code), spots) for code, spots in plan.parts)
    return tuple(
        CartonView(code, row.kind, row.inner_mm, placements=spots)
        if row is not None
        else CartonView(code, OWN, spots[0][2], placements=spots)
        for code, row, spots in boxes
        if row is not None or code == OWN
    )


def label(core: Core) -> LabelView:
    """Number, ladder and papers of the bench's parcel."""
    parcel = core.session.parcel
    row = parcel.label
    unsure = next((p for p in parcel.papers if p.status == "uncertain"), None)
    service = parcel.service
    return LabelView(
        waybill=row.waybill if row else "",
        service=service_name(core, service.carrier, service.service) if service else "",
        rungs=_rungs(parcel),
        papers=tuple(
            papers.paper(p, parcel.service) for p in parcel.papers if p.document != "label"
        ),
        unsure=unsure is not None,
        note=note(core),
        take=_take(core, parcel),
        put=papers.put(core),
        bare=papers.bare(parcel),
    )


def _take(core: Core, parcel: Parcel) -> Words | None:
    """Where a label waits for a hand: the printer that has this parcel's, else the bench's."""
    target = core.desk.printing.target("label")
    own = {paper.printer for paper in parcel.papers if paper.document == "label" and paper.printer}
    for name in own or ({target.id} if target is not None else set()):
        record = core.desk.devices.get(name)
        if record is not None and record.cause == WAITS:
            named = record.info.name
            return Words("print.take", (("printer", named),)) if named else Words("print.take.here")
    return None


def _rungs(parcel: Parcel) -> tuple[RungView, ...]:
    """asked, number got, sent, printing, scanned back; the papers count as printing."""
    reached = _reached(parcel)
    troubles = [p.status for p in parcel.papers if p.status in TROUBLES]
    running = TROUBLES[troubles[0]] if troubles else "running"
    states = ["done"] * reached + [running] + ["waiting"] * len(RUNGS)
    pairs = zip(RUNGS, states, strict=False)
    return tuple(RungView(Words(f"rung.{name}"), state) for name, state in pairs)


def _reached(parcel: Parcel) -> int:
    """How many rungs are done."""
    if not parcel.papers:
        return 0 if parcel.label is None else 1
    if all(paper.status == "printed" for paper in parcel.papers):
        return 4
    first = parcel.papers[0]
    return 2 if first.status == "due" or first.rung in {"", "spooled"} else 3


def held(core: Core) -> AlertView:
    """The plate of a stopped session."""
    session = core.session
    if session.hold_reason in STOPS:
        return _stopped(core)
    if session.hold_reason == "weight":
        return _weight_off(core)
    note = session.hold_note
    if session.hold_reason in UNITS_STOP:
        return _units_held(core)
    if note.startswith("kit."):
        return _kit_broken(core, note)
    if session.hold_reason == "missing_data" and core.desk.customs is not None:
        return papers.held(core)
    return AlertView(
        kind="hold",
        headline=Words(HOLDS.get(session.hold_reason, "hold.person")),
        todo=Words(f"{HOLDS.get(session.hold_reason, 'hold.person')}.todo"),
        facts=facts_of(core),
        answers=commands(*_ways_out(session.hold_reason)),
        serial=core.desk.serial,
    )


def _units_held(core: Core) -> AlertView:
    """Which units wait for their marketplace's word, or have its no, and why."""
    session, reason = core.session, core.session.hold_reason
    shown = session.given("refused" if reason == "requirement" else "")
    facts = [
        (Words(f"need.{one.kind}"), f"{product_view(core, item.sku).name} {one.reason}".strip())
        for item, one in shown[:4]
    ]
    waits = reason == "acceptance"
    return AlertView(
        kind="hold",
        headline=Words(f"hold.{reason}"),
        todo=Words(_why_waits(core) if waits else f"hold.{reason}.todo"),
        facts=tuple(facts),
        answers=commands(*_units_ways(session, waits=waits)),
        serial=core.desk.serial,
    )


def _units_ways(session: Session, *, waits: bool) -> tuple[str, ...]:
    if session.label_live:
        return ("void",)
    return ("open", "park") if waits else ("open",)


def _why_waits(core: Core) -> str:
    """Who would answer, and so what can be done meanwhile; it goes on by itself after that."""
    if core.cache.kept("requirement", core.session.order_id).get("asks") == "nobody":
        return "hold.acceptance.nobody"
    return "hold.acceptance.todo" if core.desk.online else "hold.acceptance.offline"


def _kit_broken(core: Core, note: str) -> AlertView:
    """Which kit cannot be taken apart, and where; the way on is to put it back."""
    found = [part.split(":", 2) for part in note.split("\n")]
    facts = [(Words(f"hold.{why}"), _named_part(core, kit, part)) for why, kit, part in found]
    return AlertView(
        kind="hold",
        headline=Words("hold.kit"),
        todo=Words("hold.kit.todo"),
        facts=tuple(facts),
        answers=commands("help"),
        serial=core.desk.serial,
    )


def _named_part(core: Core, kit: str, part: str) -> str:
    name = product_view(core, kit).name
    return name if kit == part else f"{name} · {part}"


def _ways_out(reason: str) -> tuple[str, ...]:
    """Opening the box again cures what the bench caused, nothing else."""
    return ("open", "supervisor") if reason in OWN_TROUBLE else ("supervisor",)


def _weight_off(core: Core) -> AlertView:
    view = weigh(core)
    key = "weigh.outside.light" if view.deviation_g < 0 else "weigh.outside.heavy"
    return AlertView(
        kind="hold",
        headline=Words(key, (("g", abs(view.deviation_g)),)),
        todo=Words("hold.weight.leans" if view.doubt else "hold.weight"),
        facts=(
            (Words("weigh.expected"), str(view.expected_g)),
            (Words("weigh.read"), str(view.read_g)),
        ),
        answers=commands("open", "supervisor"),
        sound="weight_off",
        serial=core.desk.serial,
    )


def _stopped(core: Core) -> AlertView:
    session = core.session
    units = sum(item.units for item in session.parcel.contents)
    out = Words("stop.step.out", (("n", units),), units)
    steps: tuple[Words, ...] = (
        out,
        Words("stop.step.into", (("t", session.tote or "—"),)),
        Words("stop.step.scan"),
    )
    # What the order itself says no badge releases: a key for it would lead nowhere.
    release = () if session.hold_reason in ORDER_STOPS else ("supervisor",)
    answers: tuple[str, ...] = release or ("help",)
    stays = session.hold_reason == "changed" and keeps_goods(session.hold_changes)
    if stays:
        # The goods are right as they are: no unpacking, only another label.
        steps, answers = (Words("stop.step.relabel"),), ("accept", *release)
    if session.label_live:
        steps = (Words("stop.step.void"), *steps[:2])
        answers = ("void", *release)
    return AlertView(
        kind="stop",
        headline=Words(STOPS[session.hold_reason]),
        by=_by(session.hold_by, session.hold_note),
        todo=None,
        steps=steps,
        changes=tuple(_change(core, change) for change in session.hold_changes),
        answers=commands(*answers),
        sound="order_stopped",
        serial=core.desk.serial,
    )


def _change(core: Core, change: Change) -> Words:
    name = product_view(core, change.sku).name if change.sku else ""
    counted = (("name", name), ("was", change.was), ("now", change.now))
    return Words(f"change.{change.what}", counted)


def _by(who: str, note: str) -> Words:
    """Who stopped it, and why where that is known."""
    if note == OTHER_BENCH:
        return Words("stop.by_bench", (("b", who),))
    if note == TAKEN_AWAY:
        return Words("stop.taken", (("by", who),))
    key = STOPPED_BY[who == "server", bool(note)]
    return Words(key, (("by", who), ("why", note)))


def needs_stage(state: State) -> bool:
    """States whose stage shows services and label."""
    return state in {State.RATING, State.LABELLING, State.PRINTING, State.CONFIRMING}
