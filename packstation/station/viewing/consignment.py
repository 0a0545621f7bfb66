"""The page of a consignment: which one, then cartons and pallets step by step.

It is shown by the hand-over's screen: one count, one thing in hand, who is named beside it.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from msgspec.structs import replace

from packstation.domain.consignment import consignments as cs
from packstation.domain.consignment.totals import Totals, expected_g, totals
from packstation.station import consignment_hand as d
from packstation.station.handover_views import HandoverView, LoadRow, LoadUnitView
from packstation.station.viewing import frame
from packstation.station.viewing.handover import NAMED
from packstation.station.viewing.money import amount, money
from packstation.station.views import CommandView, ListRow, ListView, Words
from packstation.station.words import Arg

MOST_ROWS: Final = 10
FEET: Final = {
    d.CHOOSE: ("back", "help"),
    d.STACK: ("accept", "bag", "manual", "reprint", "back", "help"),
    d.WEIGH: ("accept", "manual", "back", "help"),
    d.CHECK: ("accept", "back", "help"),
    d.DONE: ("accept", "undo", "reprint", "back", "help"),
}
# While a pallet is open.
_STACKING: Final = ("accept", "undo", "close-bag", "manual", "back", "help")
# What a step is called on the screen that it shares.
_STEPS: Final = {d.STACK: "load", d.WEIGH: "weigh", d.CHECK: "check", d.DONE: "done"}
_NAMED_KEYS: Final = frozenset({"accept", "bag", "undo", "close-bag", "manual", "reprint"})


def foot(hand: d.ConsignmentHand) -> tuple[CommandView, ...]:
    """The keys of the step in sight, by what they do there."""
    step = hand.now.step
    keys = _STACKING if step == d.STACK and hand.current.pallet else FEET[step]
    return tuple(
        replace(one, words=Words(f"consignment.key.{one.command}.{step}"))
        if one.command in _NAMED_KEYS
        else one
        for one in frame.commands(*keys)
    )


def choice(hand: d.ConsignmentHand) -> ListView:
    """Those that somebody still works on."""
    rows = tuple(
        ListRow(
            id=one.id,
            icon="box",
            text=_title(hand, one),
            detail=Words("consignment.row", (("n", len(one.cartons)),), len(one.cartons)),
            tone="now",
        )
        for one in hand.unfinished()
    )
    return ListView(
        d.PAGE,
        Words("consignment.title"),
        Words("consignment.choose"),
        rows[:MOST_ROWS],
        total=len(rows),
        empty=Words("consignment.none"),
    )


def _title(hand: d.ConsignmentHand, one: cs.Consignment) -> str:
    row = hand.core.cache.order(one.id)
    to = row.order.ship_to if row else None
    town = " ".join(part for part in (to.city, to.country) if part) if to else ""
    return " · ".join(part for part in (one.id, town) if part)


def view(hand: d.ConsignmentHand) -> HandoverView:
    """Everything that the step in sight shows."""
    one, now = hand.current, hand.now
    found = totals(one)
    unit = one.pallets.get(one.pallet)
    head, rows = _side(hand, one)
    stacked = len(one.cartons) - len(one.on(""))
    counts = one.pallets and now.step in {d.STACK, d.WEIGH}
    last = next((row for row in one.cartons.values() if row.code == now.last), None)
    return HandoverView(
        step=_STEPS.get(now.step, "load"),
        main=_main(hand, one),
        service=_title(hand, one),
        code=_price(hand, one),
        mode=_volume(found),
        count=stacked if counts else len(one.cartons),
        due=max(len(one.cartons), one.planned),
        gross_g=found.gross_g,
        last=_named(one, last) if last else "",
        unit=_unit(one, unit) if unit else None,
        units=tuple(_unit(one, row) for row in one.pallets.values() if one.on(row.id)),
        head=head,
        rows=rows[:NAMED],
        more=max(0, len(rows) - NAMED),
        weight=(now.weight.gross_g, now.weight.expected_g, now.weight.off_g)
        if now.weight
        else None,
        problem=Words(now.problem) if now.problem else None,
        about="consignment",
    )


def _volume(found: Totals) -> str | Words:
    volume = found.cubic_metres
    return "" if volume is None else Words("consignment.volume", (("v", volume),))


def _price(hand: d.ConsignmentHand, one: cs.Consignment) -> str:
    """What the whole costs, once it was priced."""
    quote, paid = hand.now.quote, one.finished.price if one.finished else None
    if paid is not None:
        return money(paid)
    return amount(quote.amount, quote.currency) if quote else ""


def _named(one: cs.Consignment, row: cs.Carton) -> str:
    return f"{one.number_of(row.parcel)} · {row.code}"


def _unit(one: cs.Consignment, row: cs.Pallet) -> LoadUnitView:
    state = "off" if row.off_g else "closed" if row.closed else "open"
    grams = row.gross_g or expected_g(one, row)
    return LoadUnitView(row.code, "pallet", len(one.on(row.id)), grams, state, row.off_g)


def _main(hand: d.ConsignmentHand, one: cs.Consignment) -> Words:
    """The one thing to do."""
    now, loose = hand.now, len(one.on(""))
    weight = now.weight
    if now.step == d.WEIGH and weight is not None:
        side = "light" if weight.off_g < 0 else "heavy"
        return Words(f"handover.off.{side}", (("g", abs(weight.off_g)),))
    if now.step == d.STACK and not hand.packing and not (one.pallets and loose):
        return Words("consignment.do.all")
    if now.step == d.CHECK and one.pallets and loose:
        return Words("consignment.do.loose", (("n", loose),), loose)
    return Words(f"consignment.do.{now.step}", (("n", len(one.cartons)),), len(one.cartons))


def _side(hand: d.ConsignmentHand, one: cs.Consignment) -> tuple[Words | None, tuple[LoadRow, ...]]:
    """Who is named: by a weight, else what stands on no pallet, else all cartons."""
    weight = hand.now.weight
    if hand.now.step == d.WEIGH:
        if weight is None or not weight.off_g:
            return None, ()
        key = "gone" if weight.off_g < 0 else "in"
        key = f"{key}.together" if weight.together else key
        head = Words(f"consignment.likely.{key}" if weight.likely else "consignment.likely.none")
        found = (one.found(code) for code in weight.likely)
        return head, tuple(_row(one, row, "stop") for row in found if row is not None)
    loose = one.on("") if one.pallets else ()
    if loose and hand.now.step != d.DONE:
        tone = "warn" if hand.now.step == d.CHECK else ""
        head = Words("consignment.head.loose", (("n", len(loose)),), len(loose))
        return head, tuple(_row(one, row, tone) for row in loose)
    if one.pallets:
        return Words("consignment.head.stacked"), ()
    cartons = tuple(one.cartons.values())
    head = Words("consignment.head.cartons", (("n", len(cartons)),), len(cartons))
    return head, tuple(_row(one, row, "") for row in reversed(cartons))


def _row(one: cs.Consignment, row: cs.Carton, tone: str) -> LoadRow:
    kilograms = Decimal(row.gross_g).scaleb(-3)
    args: tuple[tuple[str, Arg], ...] = (("number", one.number_of(row.parcel)), ("kg", kilograms))
    return LoadRow(row.code, Words("consignment.carton", args), tone)
