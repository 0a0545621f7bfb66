"""What customs rules stop, say and let go on."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from packstation.domain.catalog import ProductCode
from tests.situations.goods import MUG, NOTE, sample_products
from tests.situations.model import (
    Asked,
    Item,
    Office,
    Pack,
    Pull,
    Scan,
    Sent,
    Situation,
    Weigh,
    did,
)

BARE = "XX-NO-PAPERS"
_MODEL = sample_products()[MUG]
_MENDED = replace(
    _MODEL, sku=BARE, names={"en": "Thing with papers"}, codes=(ProductCode(text="4006381334099"),)
)
_VAGUE = replace(_MODEL, customs=replace(_MODEL.customs, description="gift"))
_DOUBTED = replace(_MODEL, customs=replace(_MODEL.customs, description="enamelled steel board"))
OF_BARE = (Asked(id="A-1", lines=f"{BARE}*1"),)
ONE = (Asked(id="A-1", lines=f"{MUG}*1 {NOTE}*1", hours=6),)
HELD = Scan(text="A-1", till="alert=hold.papers")

CUSTOMS = (
    Situation(
        name="customs-cured",
        rule="5 what the office fills in while an order is held lets it go on by itself",
        orders=OF_BARE,
        steps=(
            HELD,
            Pull(t="sku", id=BARE, body=msgspec.to_builtins(_MENDED), till="verdict=papers.cured"),
        ),
        screen="scanning",
        says="Thing with papers",
        facts=(
            did("PapersChecked", moment="order", ok=False),
            did("SessionHeld", reason="missing_data"),
            did("PapersChecked", moment="order", ok=True),
            did("SessionResumed", cause="papers"),
        ),
    ),
    Situation(
        name="customs-vague",
        rule="5 a description that says nothing stops the order when it is opened",
        orders=ONE,
        steps=(Pull(t="sku", id=MUG, body=msgspec.to_builtins(_VAGUE)), HELD),
        screen="scanning",
        says="Papers are incomplete",
        over="hold",
        facts=(did("SessionHeld", reason="missing_data", by="rule"),),
        never=("ItemVerified",),
    ),
    Situation(
        name="customs-warns",
        rule="5 what only warns is said over the goods and stops nothing",
        orders=ONE,
        steps=(
            Pull(t="sku", id=MUG, body=msgspec.to_builtins(_DOUBTED)),
            Scan(text="A-1"),
            Item(MUG),
        ),
        screen="scanning",
        says="Pocket notebook, dotted",
        also=("Papers: 1 thing to put right",),
        facts=(did("PapersChecked", moment="order", ok=True), did("ItemVerified")),
        never=("SessionHeld",),
    ),
    Situation(
        name="customs-changed",
        rule="5 a catalogue that goes wrong after the check stops the label",
        orders=ONE,
        steps=(
            Scan(text="A-1"),
            Pack("weighing"),
            Pull(t="sku", id=MUG, body=msgspec.to_builtins(_VAGUE)),
            Weigh(till="alert=hold.papers"),
        ),
        screen="rating",
        says="Papers are incomplete",
        over="hold",
        facts=(
            did("PapersChecked", moment="order", ok=True),
            did("PapersChecked", moment="label", ok=False),
            did("SessionHeld", reason="missing_data"),
        ),
        never=("LabelRequested",),
    ),
    Situation(
        name="customs-released",
        rule="5 a field of the order that the office completes lets it go on",
        orders=(Asked(id="A-1", lines=f"{MUG}*1", hours=6, more={"category": "other"}),),
        steps=(
            HELD,
            Office("A-1", {"category_text": "spare part"}),
            Sent(till="verdict=papers.cured"),
        ),
        screen="scanning",
        says="Enamel mug, moss green",
        facts=(did("SessionHeld", reason="missing_data"), did("SessionResumed", cause="papers")),
    ),
)
