"""Situations of boxes: chosen, another one, none, several, the goods' own."""

from __future__ import annotations

from tests.situations.goods import MUG, NOTE, POT, RING, SOFA
from tests.situations.model import Asked, Item, Keys, Scan, Situation, Wait, did

OPENED = Scan("A-1")


def _of(lines: str) -> tuple[Asked, ...]:
    return (Asked(id="A-1", lines=lines),)


MUGS = _of(f"{MUG}*2")
FULL = (OPENED, Item(MUG, 2), Wait(till="plan=made"))

BOXES = (
    Situation(
        name="box-offered",
        rule="4 the smallest box that takes it, with a picture",
        orders=MUGS,
        steps=FULL,
        screen="cartoning",
        says="Box C2",
        also=("220 × 160 × 100 mm",),
        facts=(did("ContentsVerified"),),
        never=("CartonAssigned",),
    ),
    Situation(
        name="box-taken",
        rule="4 the box that is offered is taken",
        orders=MUGS,
        steps=(*FULL, Keys("Enter")),
        screen="weighing",
        says="Put the box on the scale",
        facts=(did("CartonAssigned", carton="C2", source="accepted", reason=""),),
    ),
    Situation(
        name="box-other-why",
        rule="4 another box: why",
        orders=MUGS,
        steps=(*FULL, Scan("C4")),
        screen="cartoning",
        says="Why another box?",
        over="entry",
        also=("None of them left", "Needs more padding"),
        facts=(did("ContentsVerified"),),
        never=("CartonAssigned",),
    ),
    Situation(
        name="box-other",
        rule="4 another box, with its reason",
        orders=MUGS,
        steps=(*FULL, Scan("C4"), Keys("1")),
        screen="weighing",
        says="Put the box on the scale",
        facts=(did("CartonAssigned", carton="C4", source="scanned", reason="none_left"),),
    ),
    Situation(
        name="box-too-small",
        rule="4 a box that does not take it",
        orders=MUGS,
        steps=(*FULL, Scan("M1")),
        screen="cartoning",
        says="It does not fit this box",
        over="refusal",
        tone="stop",
        sound="wrong_item",
        facts=(did("InputRefused", reason="carton.too_small"),),
        never=("CartonAssigned",),
    ),
    Situation(
        name="box-too-heavy",
        rule="4 a box that does not bear it",
        orders=_of(f"{RING}*70"),
        steps=(OPENED, Keys("7 0 *"), Item(RING), Wait(till="screen=cartoning"), Scan("C1")),
        screen="cartoning",
        says="Too heavy for this box",
        over="refusal",
        tone="stop",
        facts=(did("InputRefused", reason="carton.too_heavy"),),
        never=("CartonAssigned",),
    ),
    Situation(
        name="box-none-fits",
        rule="4 no box takes it",
        orders=_of(f"{SOFA}*1"),
        steps=(OPENED, Item(SOFA), Wait(till="box=carton.none_fits")),
        screen="cartoning",
        says="Scan any box that fits",
        also=("No box takes it: size or weight. Scan the packaging you use",),
        facts=(did("ContentsVerified"),),
        never=("CartonAssigned",),
    ),
    Situation(
        name="box-no-size",
        rule="4 goods without sizes",
        orders=_of("XX-NO-SIZE*1"),
        steps=(OPENED, Item("XX-NO-SIZE"), Wait(till="box=carton.no_size")),
        screen="cartoning",
        says="Scan any box that fits",
        also=("XX-NO-SIZE",),
        facts=(did("ContentsVerified"),),
        never=("CartonAssigned",),
    ),
    Situation(
        name="box-no-size-taken",
        rule="4 goods without sizes: a scanned box is taken",
        orders=_of("XX-NO-SIZE*1"),
        steps=(OPENED, Item("XX-NO-SIZE"), Wait(till="box=carton.no_size"), Scan("C3")),
        screen="weighing",
        says="Put the box on the scale",
        facts=(did("CartonAssigned", carton="C3", source="scanned"),),
    ),
    Situation(
        name="box-several",
        rule="4 several parcels when one is not enough",
        orders=_of(f"{POT}*6"),
        steps=(OPENED, Keys("6 *"), Item(POT), Wait(till="box=carton.split")),
        screen="cartoning",
        says="2 parcels",
        also=("TP-CER-CEL",),
        facts=(did("ContentsVerified"),),
        never=("CartonAssigned",),
    ),
    Situation(
        name="box-own",
        rule="4 goods in their own box",
        orders=_of("OB-RADIO*1"),
        steps=(OPENED, Item("OB-RADIO"), Wait(till="box=carton.own_box")),
        screen="cartoning",
        says="Own box",
        also=("Ships in its own box: press Enter, label that",),
        facts=(did("ContentsVerified"),),
        never=("CartonAssigned",),
    ),
    Situation(
        name="box-unknown",
        rule="4 a code that is no box",
        orders=MUGS,
        steps=(*FULL, Scan(NOTE)),
        screen="cartoning",
        says="Code not known",
        over="refusal",
        tone="stop",
        facts=(did("InputRefused"),),
        never=("CartonAssigned",),
    ),
    Situation(
        name="box-opened-again",
        rule="4 the box opened again",
        orders=MUGS,
        steps=(*FULL, Keys("Enter F4")),
        screen="scanning",
        says="All items are in",
        also=("Enter closes the box", "F4 takes the last item out"),
        facts=(did("CartonAssigned"), did("ParcelReopened")),
    ),
)
