"""Situations of kits: packed by their parts, in order, prepacked, impossible."""

from __future__ import annotations

from tests.situations.goods import BOXED, GIFT, LOOP, MUG, NOTE, POT, ROW, TEA
from tests.situations.model import Asked, Item, Scan, Situation, did


def _of(*skus: str) -> tuple[Asked, ...]:
    return (Asked(id="A-1", lines=" ".join(f"{sku}*1" for sku in skus)),)


OPENED = Scan("A-1")

KITS = (
    Situation(
        name="kit-by-parts",
        rule="1 a kit is packed by its parts",
        orders=_of(TEA, NOTE),
        steps=(OPENED, Item(POT), Item(MUG, 2)),
        screen="scanning",
        says="Pocket notebook, dotted",
        also=("Tea set", "2 of 3 complete"),
        sound="line_complete",
        facts=(did("SessionOpened"), did("ItemVerified", sku=POT), did("ItemVerified", sku=MUG)),
    ),
    Situation(
        name="kit-own-code",
        rule="1 a kit's own code is no part",
        orders=_of(TEA),
        steps=(OPENED, Item(TEA)),
        screen="scanning",
        says="Pack its parts",
        over="refusal",
        tone="stop",
        pictured=TEA,
        sound="wrong_item",
        facts=(did("ItemRejected", reason="kit_parts", sku=TEA),),
        never=("ItemVerified",),
    ),
    Situation(
        name="kit-in-kit",
        rule="1 a kit inside a kit",
        orders=_of(GIFT),
        steps=(OPENED, Item(MUG, 2), Item(POT), Item(NOTE)),
        screen="cartoning",
        says="Box C4",
        sound="line_complete",
        facts=(did("ItemVerified", sku=NOTE), did("ContentsVerified")),
    ),
    Situation(
        name="kit-in-order",
        rule="1 a kit with an order of packing",
        orders=_of(ROW),
        steps=(OPENED, Item(MUG)),
        screen="scanning",
        says="Not its turn yet",
        over="refusal",
        tone="stop",
        pictured=NOTE,
        sound="wrong_item",
        facts=(did("ItemRejected", reason="not_yet", sku=MUG),),
        never=("ItemVerified",),
    ),
    Situation(
        name="kit-in-order-right",
        rule="1 a kit with an order of packing",
        orders=_of(ROW),
        steps=(OPENED, Item(NOTE), Item(MUG)),
        screen="scanning",
        says="Enamel mug, moss green",
        sound="ok",
        facts=(did("ItemVerified", sku=NOTE), did("ItemVerified", sku=MUG)),
        never=("ItemRejected",),
    ),
    Situation(
        name="kit-prepacked",
        rule="1 a kit that lies on the shelf as one thing",
        orders=_of(BOXED, MUG),
        steps=(OPENED, Item(BOXED)),
        screen="scanning",
        says="Enamel mug, moss green",
        sound="line_complete",
        facts=(did("ItemVerified", sku=BOXED, units=1),),
    ),
    Situation(
        name="kit-loop",
        rule="1 a kit that contains itself",
        orders=_of(LOOP),
        steps=(OPENED,),
        screen="scanning",
        says="This kit cannot be packed",
        over="hold",
        also=("The kit contains itself", "Loop"),
        facts=(did("SessionHeld", reason="missing_data", note=f"kit.loop:{LOOP}:{LOOP}"),),
        never=("ItemVerified",),
    ),
    Situation(
        name="kit-loop-put-back",
        rule="1 a kit that contains itself: put back by its tote",
        orders=_of(LOOP),
        steps=(OPENED, Scan("T-A-1")),
        screen="queue",
        says="Scan any tote or item",
        facts=(did("SessionHeld"), did("SessionCancelled", tote="T-A-1")),
    ),
)
