"""Situations of what a marketplace wants to know of each unit."""

from __future__ import annotations

from tests.situations.goods import MUG, PHONE, WATCH, codes
from tests.situations.model import (
    Asked,
    Item,
    Keys,
    Pack,
    Pull,
    Scan,
    Situation,
    Step,
    Type,
    Wait,
    Weigh,
    did,
)

OPENED = Scan("A-1")
IMEI = "490154203237518"
MARK = f"010{codes()[MUG]}215Xk9pLq2Rt7Za\x1d93dGVz"


def _wants(sku: str, kind: str, lines: str = "") -> tuple[Asked, ...]:
    wanted = ({"sku": sku, "kind": kind, "value": None},)
    return (Asked(id="A-1", lines=lines or f"{sku}*2", more={"requirements": wanted}),)


def _answer(sku: str, kind: str, value: str, status: str, reason: str = "") -> Step:
    told = {"sku": sku, "kind": kind, "value": value, "status": status, "reason": reason}
    return Pull("requirement", "A-1", {"answers": [told]})


def _asked(kind: str, sku: str, says: str, value: str, given: str = "") -> Situation:
    return Situation(
        name=f"{kind}-asked",
        rule=f"1 marketplace data: {kind}",
        orders=_wants(sku, kind),
        steps=(OPENED, Item(sku), Type(value)),
        screen="scanning",
        says=says,
        sound="ok",
        facts=(
            did("ItemVerified", sku=sku),
            did("RequirementGiven", sku=sku, kind=kind, value=given or value, source="manual"),
        ),
    )


PHONES = _wants(PHONE, "imei", f"{PHONE}*1 {MUG}*1")
GIVEN = (OPENED, Item(PHONE), Scan(IMEI))

MARKET = (
    Situation(
        name="mark-is-the-scan",
        rule="1 marketplace data: mark",
        orders=_wants(MUG, "mark"),
        steps=(OPENED, Scan(MARK, "]d2")),
        screen="scanning",
        says="Enamel mug, moss green",
        sound="ok",
        facts=(did("ItemVerified", sku=MUG), did("RequirementGiven", kind="mark")),
    ),
    Situation(
        name="mark-asked",
        rule="1 marketplace data: mark",
        orders=_wants(MUG, "mark"),
        steps=(OPENED, Item(MUG)),
        screen="scanning",
        says="Scan its Data Matrix mark",
        over="entry",
        pictured=MUG,
        facts=(did("SessionOpened"),),
        never=("ItemVerified",),
    ),
    Situation(
        name="mark-twice",
        rule="1 marketplace data is unique",
        orders=_wants(MUG, "mark"),
        steps=(OPENED, Scan(MARK, "]d2"), Scan(MARK, "]d2")),
        screen="scanning",
        says="This unit is in a box already",
        over="refusal",
        tone="stop",
        sound="wrong_item",
        facts=(did("RequirementGiven", kind="mark"), did("ItemRejected", reason="serial_used")),
    ),
    Situation(
        name="imei-wrong-digit",
        rule="1 marketplace data is checked",
        orders=PHONES,
        steps=(OPENED, Item(PHONE), Scan(IMEI[:-1] + "9")),
        screen="scanning",
        says="Scan or type the IMEI",
        over="entry",
        also=("The check digit does not fit",),
        pictured=PHONE,
        facts=(did("SessionOpened"),),
        never=("ItemVerified", "RequirementGiven"),
    ),
    _asked("imei", PHONE, "Phone black", IMEI),
    _asked("jw_uin", WATCH, "Mechanical watch, steel", "1234567890123456"),
    _asked("gtd", MUG, "Enamel mug, moss green", "10702070/250326/3100123"),
    _asked("rnpt", MUG, "Enamel mug, moss green", "10702070/250326/3100123/001"),
    _asked("country", MUG, "Enamel mug, moss green", "CN"),
    _asked("weight", MUG, "Enamel mug, moss green", "185"),
    Situation(
        name="acceptance-awaited",
        rule="1 no label before the marketplace has taken it",
        orders=PHONES,
        steps=(*GIVEN, Item(MUG), Pack("weighing"), Weigh(till="alert=hold.acceptance")),
        screen="rating",
        says="Waits for acceptance",
        over="hold",
        facts=(
            did("RequirementGiven", kind="imei", value=IMEI, source="device"),
            did("SessionHeld", reason="acceptance"),
        ),
        never=("LabelRequested",),
    ),
    Situation(
        name="acceptance-released",
        rule="1 accepted: the parcel goes on by itself",
        orders=PHONES,
        steps=(
            *GIVEN,
            Item(MUG),
            Pack("weighing"),
            Weigh(till="alert=hold.acceptance"),
            _answer(PHONE, "imei", IMEI, "accepted"),
            Wait(till="state=confirming"),
        ),
        screen="confirming",
        says="Scan the label on the box",
        facts=(
            did("SessionHeld", reason="acceptance"),
            did("RequirementAccepted", kind="imei", value=IMEI),
            did("SessionResumed", cause="accepted"),
            did("LabelIssued"),
        ),
    ),
    Situation(
        name="acceptance-refused",
        rule="1 refused: which unit, and why",
        orders=PHONES,
        steps=(*GIVEN, _answer(PHONE, "imei", IMEI, "refused", "reported stolen")),
        screen="scanning",
        says="Refused: take Phone black out",
        over="refusal",
        tone="stop",
        also=("reported stolen", IMEI),
        pictured=PHONE,
        sound="wrong_item",
        facts=(did("RequirementRefused", kind="imei", value=IMEI, reason="reported stolen"),),
    ),
    Situation(
        name="acceptance-refused-out",
        rule="1 refused: the unit is taken out",
        orders=PHONES,
        steps=(*GIVEN, _answer(PHONE, "imei", IMEI, "refused", "stolen"), Keys("Enter F4")),
        screen="scanning",
        says="Phone black",
        also=("Taken out",),
        facts=(did("RequirementRefused"), did("ItemRemoved", sku=PHONE)),
    ),
)
