"""Which boxes are offered for the goods of the open parcel, and what is said about them."""

from __future__ import annotations

from typing import Final

from packstation.domain.packing import State
from packstation.domain.packing import inputs as i
from packstation.domain.parcels import Carton
from packstation.station.boxes import OWN
from packstation.station.core import Core
from packstation.station.planning import carton_refusal, packed, proposals
from packstation.station.views import Words

_NONE_FITS: Final = Words("carton.none_fits")
# Why the packer takes another box than the one offered; keys 1-4.
REASONS: Final = ("none_left", "too_small", "too_large", "padding")


def offered(core: Core) -> tuple[Carton, ...]:
    """Boxes for the open parcel, best first: as worked out, until then by volume."""
    known = boxes(core)
    plan = core.desk.plan
    if plan is None:
        return proposals(core.session, known)
    by_code = {carton.code: carton for carton in known}
    return tuple(by_code[code] for code in plan.codes if code in by_code)


def boxes(core: Core) -> tuple[Carton, ...]:
    """Every box that the rules of packing allow for the open parcel."""
    return tuple(c for c in core.cache.cartons() if allowed(core, c.code, c.kind))


def allowed(core: Core, code: str, kind: str) -> bool:
    """Whether each rule that names containers names this one, by code or by kind."""
    return all(code in rule or kind in rule for rule in core.desk.containers())


def own_packaging(core: Core, source: str) -> i.CartonChosen:
    """The goods ship as they are: as large as one thing is, else the parcel is measured."""
    return i.CartonChosen(
        carton=OWN,
        outer_mm=own_sides(core),
        kind=OWN,
        source=source,
        refusal="" if allowed(core, OWN, OWN) else "carton.by_rule",
        offered=other_than(core, OWN),
    )


def own_sides(core: Core) -> tuple[int, ...]:
    """The sides of a single unit in the parcel, () of several or where they are not known."""
    goods = packed(core.session)
    return goods[0][0].size_mm if len(goods) == 1 and goods[0][1] == 1 else ()


def other_than(core: Core, code: str) -> str:
    """The box that is offered first, "" where it is ``code`` or none is."""
    first = next((carton.code for carton in offered(core)), "")
    return "" if first == code else first


def refusal(core: Core, carton: Carton) -> str:
    """Why the goods do not go into ``carton``; a rule gives way where no box of it takes them."""
    cannot = carton_refusal(core.session, carton)
    if cannot or allowed(core, carton.code, carton.kind):
        return cannot
    return "" if _rule_gave_way(core) else "carton.by_rule"


def _rule_gave_way(core: Core) -> bool:
    """The goods were worked out, and no box that the rules allow takes any of them."""
    plan = core.desk.plan
    return plan is not None and not plan.codes and not plan.loads


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
        rules = " / ".join(name for rule in core.desk.containers() for name in rule)
        return Words("carton.none_by_rule", (("boxes", rules),)) if rules else _NONE_FITS
    box, goods = plan.loads[0]
    listed = ", ".join(f"{units} × {sku}" for sku, units in goods)
    if plan.own:
        return Words("carton.own_box")
    if box == OWN:
        return Words("carton.split_own", (("m", len(plan.loads)), ("goods", listed)))
    return Words("carton.split", (("m", len(plan.loads)), ("box", box), ("goods", listed)))


def outer(core: Core, carton: Carton) -> tuple[int, ...]:
    """The closed parcel's size: of a bag as thick as what is in it."""
    plan = core.desk.plan
    return (plan.sizes.get(carton.code, ()) if plan else ()) or carton.outer_mm or carton.inner_mm


def needs_reason(core: Core, chosen: i.CartonChosen) -> bool:
    """Whether another box is taken than any that was offered first for these goods."""
    plan, session = core.desk.plan, core.session
    if plan is None or chosen.refusal or session.state is not State.CARTONING:
        return False
    if not plan.codes:
        return not allowed(core, chosen.carton, chosen.kind)
    shown = proposals(session, boxes(core))[:1]
    return chosen.carton not in {plan.codes[0], *(carton.code for carton in shown)}
