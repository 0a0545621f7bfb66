"""Which boxes are offered for the goods of the open parcel, and what is said about them."""

from __future__ import annotations

from typing import Final

from packstation.domain.packing import State
from packstation.domain.packing import inputs as i
from packstation.domain.parcels import Carton
from packstation.station.core import Core
from packstation.station.planning import packed, proposals
from packstation.station.views import Words

# Why the packer takes another box than the one offered; keys 1-4.
REASONS: Final = ("none_left", "too_small", "too_large", "padding")


def offered(core: Core) -> tuple[Carton, ...]:
    """Boxes for the open parcel, best first: as worked out, until then by volume."""
    known = core.cache.cartons()
    plan = core.desk.plan
    if plan is None:
        return proposals(core.session, known)
    by_code = {carton.code: carton for carton in known}
    return tuple(by_code[code] for code in plan.codes if code in by_code)


def unsized(core: Core) -> str:
    """The first SKU in the parcel whose size is not known, "" when all are."""
    return next((plan.sku for plan, _ in packed(core.session) if not plan.size_mm), "")


def note(core: Core) -> Words | None:
    """Why no box is offered, or what goes into the first of several parcels."""
    if core.session.state is not State.CARTONING:
        return None
    sku = unsized(core)
    if sku:
        return Words("carton.no_size", (("sku", sku),))
    plan = core.desk.plan
    if plan is None or plan.codes:
        return None
    if not plan.loads:
        return Words("carton.none_fits")
    box, goods = plan.loads[0]
    listed = ", ".join(f"{units} × {sku}" for sku, units in goods)
    if len(plan.loads) == 1:
        return Words("carton.own_box")
    return Words("carton.split", (("m", len(plan.loads)), ("box", box), ("goods", listed)))


def outer(core: Core, carton: Carton) -> tuple[int, ...]:
    """The closed parcel's size: of a bag as thick as what is in it."""
    plan = core.desk.plan
    return (plan.sizes.get(carton.code, ()) if plan else ()) or carton.outer_mm or carton.inner_mm


def needs_reason(core: Core, chosen: i.CartonChosen) -> bool:
    """Whether another box is taken than any that was offered first for these goods."""
    plan, session = core.desk.plan, core.session
    if plan is None or not plan.codes or chosen.refusal or session.state is not State.CARTONING:
        return False
    shown = proposals(session, core.cache.cartons())[:1]
    return chosen.carton not in {plan.codes[0], *(carton.code for carton in shown)}
