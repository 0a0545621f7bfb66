"""Situations of a consignment to a warehouse: marks, pallets, their weight, the end."""

from __future__ import annotations

from tests.situations.goods import MUG
from tests.situations.model import Asked, Item, Keys, Pack, Scan, Situation, Type, did

FREIGHT = {"delivery": {"kind": "warehouse"}}
TWO = (Asked(id="A-1", lines=f"{MUG}*2", more=FREIGHT),)
FIRST = (Scan("A-1"), Item(MUG), Keys("F5"), Pack("scanning"))
BOTH = (*FIRST, Item(MUG), Pack("consignment"))
STACKED = (*BOTH, Scan("{first}"), Scan("{waybill}"))

CARTONS = (
    Situation(
        name="carton-marked",
        rule="2 a consignment: each closed carton gets its mark",
        orders=TWO,
        steps=FIRST,
        screen="scanning",
        says="Enamel mug, moss green",
        facts=(did("LabelApplied"), did("CartonMarked", number=1, of=0)),
        never=("ConsignmentClosed",),
    ),
    Situation(
        name="cartons-all-packed",
        rule="2 a consignment: the last carton brings its page",
        orders=TWO,
        steps=BOTH,
        screen="consignment",
        says="All cartons are packed: press Enter",
        also=("of 2",),
        facts=(did("CartonMarked", number=1), did("CartonMarked", number=2)),
    ),
    Situation(
        name="carton-on-a-pallet",
        rule="2 a consignment: a scan puts a carton on a pallet",
        orders=TWO,
        steps=(*BOTH, Scan("{waybill}")),
        screen="consignment",
        says="Scan the cartons onto the pallet",
        sound="ok",
        facts=(did("PalletOpened", tare_g=0), did("CartonStacked")),
    ),
    Situation(
        name="carton-twice-on-a-pallet",
        rule="2 a consignment: a carton stands on a pallet once",
        orders=TWO,
        steps=(*BOTH, Scan("{waybill}"), Scan("{waybill}")),
        screen="consignment",
        over="refusal",
        says="It is on this pallet already",
        sound="wrong_item",
        facts=(did("StackRefused", reason="twice"),),
    ),
    Situation(
        name="pallet-too-heavy",
        rule="2 a consignment: a pallet beside the sum of its cartons",
        orders=TWO,
        steps=(*STACKED, Keys("F5 F2"), Type("900")),
        screen="consignment",
        says="899\u2009486 g too heavy",
        tone="stop",
        sound="weight_off",
        facts=(did("CartonStacked"), did("CartonStacked")),
        never=("PalletClosed",),
    ),
    Situation(
        name="pallet-weight-typed",
        rule="2 a consignment: the floor scale's figure is typed",
        orders=TWO,
        steps=(*STACKED, Keys("F5 F2"), Type("9.5"), Keys("Enter")),
        screen="consignment",
        says="All cartons are packed: press Enter",
        facts=(did("PalletClosed", source="typed", gross_g=9500, count=2),),
    ),
    Situation(
        name="consignment-finished",
        rule="2 a consignment: marks n / N and the packing list at the end",
        orders=TWO,
        steps=(*BOTH, Keys("Enter"), Keys("Enter")),
        screen="consignment",
        says="2 cartons are ready",
        tone="ok",
        sound="parcel_complete",
        facts=(
            did("ConsignmentClosed", cartons=2, pallets=0),
            did("CartonMarked", number=1, of=2),
            did("CartonMarked", number=2, of=2),
        ),
        never=("InputRefused",),
    ),
    Situation(
        name="consignment-not-all-packed",
        rule="2 a consignment: nothing is finished while goods are to be packed",
        orders=TWO,
        steps=(*FIRST, Scan("%PS:consignment"), Keys("Enter")),
        screen="consignment",
        says="Goods are still to be packed: scan them",
        sound="wrong_item",
        facts=(did("CartonMarked", number=1),),
        never=("ConsignmentClosed",),
    ),
)
