"""Builds the StationView; pure reading of core and desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec.structs import replace

from packstation.domain.packing import State
from packstation.station import box_plan
from packstation.station.batches import Batches
from packstation.station.beside import Totes
from packstation.station.core import Core
from packstation.station.device_desk import DeviceDesk
from packstation.station.lineup import shown, startable
from packstation.station.next_steps import all_in
from packstation.station.own_pages import OwnPages
from packstation.station.people import MAY_RELEASE
from packstation.station.viewing import (
    devices,
    fast,
    frame,
    idle,
    looking,
    pages,
    papers,
    printers,
    service_rows,
    stage,
    weighing,
)
from packstation.station.viewing.editing import editing
from packstation.station.views import (
    AlertView,
    CommandView,
    DoneView,
    QueueView,
    Screen,
    StationView,
    Words,
)

SCREENS: Final[Mapping[State, tuple[Screen, int]]] = {
    State.SCANNING: (Screen.SCANNING, 1),
    State.CARTONING: (Screen.CARTONING, 2),
    State.WEIGHING: (Screen.WEIGHING, 3),
    State.MEASURING: (Screen.MEASURING, 3),
    State.RATING: (Screen.RATING, 4),
    State.LABELLING: (Screen.PRINTING, 4),
    State.PRINTING: (Screen.PRINTING, 4),
    State.CONFIRMING: (Screen.CONFIRMING, 5),
    State.COMPLETED: (Screen.COMPLETED, 6),
    State.PARKED: (Screen.PARKED, 0),
}
# Where another box may still be taken: its list is shown instead of the stage.
RECHOSEN: Final = frozenset({State.WEIGHING, State.MEASURING, State.RATING})
# From the closed box on: before that the verdict stands on the stage.
WARNED: Final = frozenset({*RECHOSEN, State.LABELLING, State.PRINTING, State.CONFIRMING})
_CARES: Final = frozenset({Screen.DEVICES, Screen.DEVICE})
_PAGES: Final[Mapping[str, tuple[Screen, tuple[str, ...]]]] = {
    "measure": (Screen.ROWS, ("forget", "back")),
    "devices": (
        Screen.DEVICES,
        ("add-device", "test-label", "volume-test", "test-card", "back"),
    ),
    "device": (Screen.DEVICE, ("device-edit", "device-replace", "device-remove", "back")),
    "camera": (Screen.CAMERA, ("back",)),
    "add_device": (Screen.ADD_DEVICE, ("accept", "back")),
    "edit_device": (Screen.EDIT_DEVICE, ("accept", "back")),
    "test-card": (Screen.TEST_CARD, ("back",)),
}


def build(core: Core, desk_of_devices: DeviceDesk, own: OwnPages) -> StationView:
    """The whole snapshot."""
    base = _frame(core)
    desk = core.desk
    if desk.person is None or desk.locked:
        return replace(base, screen=Screen.SIGN_IN, locked=desk.locked)
    own_page = own.show(base)
    if own_page is not None:
        return own_page
    if pages.is_page(desk.page):
        foot = counted(core, desk.page, pages.foot(desk.page))
        return replace(base, screen=Screen.ROWS, page_rows=pages.page(core), commands=foot)
    if desk.page:
        return _page(core, base, desk_of_devices)
    state = core.session.state
    if fast.shows(core, state):
        waits = not core.session.live
        return (
            fast.waiting(core, base) if waits else fast.busy(core, _open(core, base, state), state)
        )
    resume = core.session.resume if state is State.HELD else None
    left = core.desk.flow.home and state in {State.COMPLETED, State.PARKED}
    if (state in SCREENS and not left) or resume is not None:
        return own.barred(_open(core, base, resume or state))
    queue = idle.queue(core)
    note = queue.changed or queue.why_first
    return replace(base, queue=queue, note=note, commands=_weighable(queue_commands(core), queue))


def queue_commands(core: Core) -> tuple[CommandView, ...]:
    """The queue's foot."""
    return counted(core, "", pages.queue_foot(core))


def counted(core: Core, page: str, names: tuple[str, ...]) -> tuple[CommandView, ...]:
    """A foot; how many tasks wait is said by their key."""
    count = len(core.desk.flow.tasks)
    words = Words("cmd.tasks", (("n", count),), count)
    return tuple(
        replace(one, words=words) if one.command == "tasks" else one
        for one in pages.said(page, frame.commands(*names))
    )


def _weighable(foot: tuple[CommandView, ...], queue: QueueView) -> tuple[CommandView, ...]:
    """With the key that weighs, where an order shown has a thing of unknown weight."""
    if all(row.weight_g is not None for row in queue.rows):
        return foot
    place = next(n for n, one in enumerate(foot) if one.command == "more")
    return (*foot[:place], *frame.commands("measure"), *foot[place:])


def hints(core: Core) -> tuple[Words, ...]:
    """What is to be known of the open order besides its lines."""
    beside = (Batches.hint_of(core), Totes(core).hint(), *core.desk.flow.hints, _turn(core))
    found = (papers.hint(core) if core.session.state is State.SCANNING else None, *beside)
    return tuple(hint for hint in found if hint is not None)


def _warning(core: Core, state: State) -> tuple[Words, ...]:
    """What is missing of the parcel and stops it not, with the way on; a verdict goes by."""
    parcel, cause = core.desk.photo_missed
    if not cause or state not in WARNED or core.session.parcel.id != parcel:
        return ()
    return (Words("photo.missed"), Words(cause), Words("photo.again"))


def _turn(core: Core) -> Words | None:
    """Which order of the tote comes next."""
    turn = core.desk.flow.turn
    if not turn:
        return None
    key = "hint.turn.now" if core.session.state is State.COMPLETED else "hint.turn"
    return Words(key, (("order", turn[0]), ("n", len(turn))), len(turn))


def _packs_only(core: Core) -> bool:
    """Whether who is there may neither release nor forget."""
    return core.desk.person is None or core.desk.person.role not in MAY_RELEASE


def _page(core: Core, base: StationView, desk: DeviceDesk) -> StationView:
    """What was opened over the stage: help, or one of the Devices pages."""
    page, foot = _PAGES[core.desk.page]
    if page in _CARES and any(row.cause == frame.OTHER for row in core.desk.devices.values()):
        foot = ("accept-device", *foot)
    if "forget" in foot and _packs_only(core):
        foot = tuple(name for name in foot if name != "forget")
    if page in {Screen.DEVICES, Screen.DEVICE} and looking.page(core) is not None:
        foot = (*foot[:-1], "camera", "back")
    view = replace(base, screen=page, commands=frame.commands(*foot))
    if page is Screen.CAMERA:
        return replace(view, look=looking.page(core))
    rows = tuple(replace(one, note=devices.note(core, desk, one)) for one in view.devices)
    view = replace(view, devices=rows, selected=core.desk.pages.selected)
    if page is Screen.DEVICE:
        return replace(view, page=devices.page(core, desk))
    if page is Screen.EDIT_DEVICE:
        return replace(view, adding=editing(core, desk))
    if page is Screen.ADD_DEVICE:
        return replace(view, adding=devices.adding(core, desk), look=devices.tried_look(core))
    return view


def _frame(core: Core) -> StationView:
    desk = core.desk
    return StationView(
        screen=Screen.QUEUE,
        serial=desk.serial,
        person=frame.person(core),
        clock=frame.wall_time(core),
        scale=frame.scale(core),
        devices=frame.devices(core),
        sync=frame.sync(core),
        verdict=desk.verdict,
        entry=desk.entry,
        alert=desk.alert,
        earcon=desk.earcon,
        training=desk.training,
    )


def _open(core: Core, base: StationView, state: State) -> StationView:
    """The stage of the open order in ``state`` (while held, of the state it resumes)."""
    session = core.session
    row = core.cache.order(session.order_id)
    choosing = core.desk.listing == "cartons" and state in RECHOSEN
    screen, step = SCREENS.get(State.CARTONING if choosing else state, (Screen.SCANNING, 1))
    carton, others = stage.cartons(core)
    lines = frame.lines(core)
    view = replace(
        base,
        screen=screen,
        step=step,
        order=frame.order(core, row.order) if row else None,
        deadline=frame.deadline(core, row.order) if row else None,
        lines=lines,
        current=next((line for line in lines if line.state == "current"), None),
        carton=carton,
        other_cartons=others,
        box_note=box_plan.note(core),
        parcels=stage.parcels(core) if state is State.CARTONING else (),
        weigh=weighing.weigh(core) if state in {State.WEIGHING, State.MEASURING} else None,
        commands=_commands(core, state),
        look=looking.look(core),
        park_place=session.place,
        note=core.desk.guard_note if session.guard and state is State.SCANNING else None,
        hints=hints(core),
        warning=_warning(core, state),
        ways=all_in(session) if _all_in(core, state) else (),
    )
    if core.desk.parking:
        return replace(view, screen=Screen.PARKED, commands=frame.commands("help"))
    if stage.needs_stage(state):
        view = replace(
            view,
            services=service_rows.services(core),
            service_notes=service_rows.notes(core),
            label=stage.label(core),
        )
    if state is State.COMPLETED:
        view = _and_next(core, replace(view, done=_done(core)))
    return replace(view, alert=view.alert or _plate(core))


def _and_next(core: Core, view: StationView) -> StationView:
    """What Enter opens after a closed parcel: the tote's next order, else the queue's first."""
    turn = _turn(core)
    row = startable(core, shown(core)) if turn is None else None
    if row is not None:
        totes = row.order.totes
        args = (("order", row.order.order_id), ("t", totes[0] if totes else "—"))
        view = replace(view, note=Words("hint.next", args))
    if turn is None and row is None:
        return view
    return replace(view, commands=(*frame.commands("accept"), *view.commands))


def _plate(core: Core) -> AlertView | None:
    """What covers the stage by the state of things, until that changes."""
    if core.session.state is State.HELD and not core.desk.photo_waits:
        return stage.held(core)
    return printers.plate(core)


def _commands(core: Core, state: State) -> tuple[CommandView, ...]:
    unsure = any(paper.status == "uncertain" for paper in core.session.parcel.papers)
    if state is State.PRINTING and unsure:
        return frame.commands("yes", "no", "hold", "help")
    if state is State.PRINTING:
        return frame.commands(*printers.foot(core))
    if state is State.CONFIRMING and papers.put(core) is not None:
        put, *rest = frame.commands("accept", *frame.FOOT[state])
        return (replace(put, words=Words("cmd.in_place")), *rest)
    if _all_in(core, state):
        change = "void" if core.session.label_live else "undo"
        close, *rest = frame.commands("accept", change, "hold", "help")
        return (replace(close, words=Words("cmd.close_again")), *rest)
    foot = frame.FOOT.get(state, ("help",))
    if state is State.WEIGHING and core.desk.scale_lost:
        foot = ("manual", *foot)
    elif state is State.WEIGHING and weighing.unknown(core) is not None:
        foot = ("measure", *foot)
    return frame.commands(*foot)


def _all_in(core: Core, state: State) -> bool:
    """A box that was opened again, or waits for its last gain, and of which nothing is due."""
    session = core.session
    return state is State.SCANNING and session.due == 0 and bool(session.parcel.contents)


def _done(core: Core) -> DoneView:
    label = core.session.parcel.label
    service = core.session.parcel.service
    name = service_rows.service_name(core, service.carrier, service.service) if service else ""
    place = Words("done.bag", (("place", name),))
    return DoneView(
        waybill=label.waybill if label else "",
        next_place=place,
        orders_today=core.desk.orders_today,
        units_today=core.desk.units_today,
    )
