"""What customs rules find in orders over borders: named at once, overridden, left as they are."""

from __future__ import annotations

from decimal import Decimal

from msgspec.structs import replace

from packstation.domain.orders import Address
from packstation.domain.psp import SiteBody
from packstation.domain.quantities import Money
from tests.situations.abroad import (
    BERLIN,
    SENDER,
    body,
    product,
    rate,
    to_berlin,
)
from tests.situations.goods import MUG, NOTE
from tests.situations.model import (
    SUPERVISOR,
    Asked,
    Item,
    Keys,
    Pack,
    Pull,
    Scan,
    Situation,
    Step,
    Wait,
    Weigh,
    did,
    release,
)

HELD = Scan("A-1", till="alert=hold.papers")
PARKED_HINT = "It cannot leave yet. Park it or put it back: it goes on by itself"
_NO_IOSS = replace(SENDER, ioss="")
_TODAY = rate("EUR", "CNY", "8.20")
_OF_9610 = body(SiteBody(code="GZ-1", cn_export_mode="9610"))
_DEAR = Pull(t="sku", id=MUG, body=body(product(MUG, unit_value=Money(Decimal(1190), "CNY"))))


def _named(name: str) -> Address:
    return replace(BERLIN, name=name)


# --- found ------------------------------------------------------------------------------------

_LISTED = Pull(t="party-list", id="L-1", body={"list": "TEST", "names": ["Schmidt, Anna"]})
_ASKED: tuple[Step, ...] = (
    _LISTED,
    Scan("A-1"),
    Item(MUG),
    Pack("weighing"),
    Weigh(till="alert=hold.papers"),
)

FOUND = (
    Situation(
        name="customs-no-ioss",
        rule="5 an order to the EU without its IOSS number stops before its label, with the cure",
        orders=(to_berlin(ship_from=_NO_IOSS),),
        steps=(HELD,),
        screen="scanning",
        says="Papers are incomplete",
        over="hold",
        also=(PARKED_HINT, "IOSS number · now: empty · needed: IM and 10 digits", "Office"),
        lacks=("R25",),
        facts=(
            did("PapersChecked", moment="order", ok=False, refs=["ship_from.ioss"]),
            did("SessionHeld", reason="missing_data"),
        ),
        never=("LabelRequested", "OverrideGranted"),
    ),
    Situation(
        name="customs-no-mode",
        rule="5 an order from China without its way of export goes on once the site has one",
        orders=(to_berlin(cn_export_mode=""),),
        steps=(
            HELD,
            Pull(t="site", id="GZ-1", body=_OF_9610, till="verdict=papers.cured"),
            Item(MUG),
        ),
        screen="cartoning",
        says="Box C2",
        facts=(
            did("PapersChecked", moment="order", ok=False, refs=["cn_export_mode"]),
            did("SessionHeld", reason="missing_data"),
            did("PapersChecked", moment="order", ok=True),
            did("SessionResumed", cause="papers"),
        ),
        never=("LabelRequested",),
    ),
    Situation(
        name="customs-two",
        rule="5 all findings at once, the first fix in focus",
        orders=(to_berlin(ship_from=_NO_IOSS, ship_to=replace(BERLIN, postcode="", phone="")),),
        steps=(HELD,),
        screen="scanning",
        says="Papers are incomplete",
        over="hold",
        also=("Postcode · now: empty", "IOSS number · now: empty", "Telephone", "1 of 3"),
        lacks=("R06", "R25", "R08"),
        facts=(did("PapersChecked", ok=False, blocks=2, warned=["R08"]),),
        never=("LabelRequested",),
    ),
    Situation(
        name="customs-two-next",
        rule="5 an arrow points at the next of them",
        orders=(to_berlin(ship_from=_NO_IOSS, ship_to=replace(BERLIN, postcode="", phone="")),),
        steps=(HELD, Keys("Down")),
        screen="scanning",
        says="Papers are incomplete",
        over="hold",
        also=("2 of 3",),
        lacks=("R25", "R08", "R06"),
        facts=(did("SessionHeld", reason="missing_data"),),
        never=("LabelRequested",),
    ),
    Situation(
        name="customs-rates-old",
        rule="5 rates that are too old decide nothing near a threshold: they are named",
        orders=(to_berlin(rates=(rate("EUR", "CNY", "8.20", 40),)),),
        steps=(_DEAR, HELD),
        screen="scanning",
        says="Papers are incomplete",
        over="hold",
        also=("Exchange rates · now: CNY-EUR", "needed: CNY-EUR, newer"),
        lacks=("R25",),
        facts=(did("PapersChecked", ok=False, refs=["rates"]),),
        never=("LabelRequested",),
    ),
    Situation(
        name="customs-rates-site",
        rule="5 a rate of the site that the server sends decides, and lets the order go on",
        orders=(to_berlin(rates=()),),
        steps=(
            _DEAR,
            HELD,
            Pull(t="rate", id="EUR/CNY", body=body(_TODAY), till="verdict=papers.cured"),
        ),
        screen="scanning",
        says="Enamel mug, moss green",
        facts=(
            did("PapersChecked", ok=False, refs=["rates"]),
            did("SessionResumed", cause="papers"),
        ),
    ),
    Situation(
        name="customs-override-asked",
        rule="5 what the rules leave to a supervisor waits for one before the label",
        orders=(to_berlin(),),
        steps=_ASKED,
        screen="rating",
        says="Papers are incomplete",
        over="hold",
        also=("A supervisor may let this pass", "Supervisor"),
        lacks=("R11",),
        facts=(
            did("PapersChecked", moment="order", ok=True),
            did("PapersChecked", moment="label", ok=False, overrides=["R11 ship_to.name"]),
            did("SessionHeld", reason="missing_data"),
        ),
        never=("LabelRequested", "OverrideGranted"),
    ),
    Situation(
        name="customs-overridden",
        rule="5 a supervisor lets it pass: badge, PIN, reason; who, when and why stay",
        orders=(to_berlin(),),
        steps=(*_ASKED, *release(), Wait(till="screen=confirming")),
        screen="confirming",
        says="Scan the label on the box",
        facts=(
            did("SessionHeld", reason="missing_data"),
            did(
                "OverrideGranted",
                action="customs",
                by=SUPERVISOR,
                reason="checked",
                rules=["R11 ship_to.name"],
            ),
            did("PapersChecked", moment="label", ok=True),
            did("LabelRequested"),
        ),
    ),
    Situation(
        name="customs-no-override",
        rule="5 what blocks no supervisor lets pass",
        orders=(to_berlin(ship_from=_NO_IOSS),),
        steps=(HELD, *release()),
        screen="scanning",
        says="No supervisor can let this pass",
        over="refusal",
        also=("Tell the office",),
        sound="wrong_item",
        facts=(did("InputRefused", input="OverrideAsked", reason="override.papers"),),
        never=("OverrideGranted", "LabelRequested"),
    ),
)

# --- letters ------------------------------------------------------------------------------------


def _letters(what: str, name: str, sign: str) -> Situation:
    return Situation(
        name=f"customs-{what}",
        rule="5 a letter that no font has is named before anything is packed",
        orders=(to_berlin(ship_to=_named(name)),),
        steps=(HELD,),
        screen="scanning",
        says="Papers are incomplete",
        over="hold",
        also=(sign.removeprefix("U+"),),
        lacks=("R05",),
        facts=(
            did("PapersChecked", moment="order", ok=False, refs=["ship_to.name"]),
            did("SessionHeld", reason="missing_data"),
        ),
        never=("NumberUsed", "ServiceSelected", "LabelRequested", "PrintStarted"),
    )


LETTERS = (
    _letters("arabic", "أحمد بن علي", "U+0623"),
    _letters("thai", "สมชาย ใจดี", "U+0E2A"),
    _letters("rare-han", "\U00030edd 王", "U+30EDD"),
    Situation(
        name="customs-hostile",
        rule="5 a name that steers printers and screens is a finding like any other",
        orders=(to_berlin(ship_to=_named("\u202e\x00<img src=x>; DROP TABLE")),),
        steps=(HELD,),
        screen="scanning",
        says="Papers are incomplete",
        over="hold",
        lacks=("R05",),
        facts=(did("PapersChecked", ok=False, refs=["ship_to.name"]),),
        never=("LabelRequested",),
    ),
    Situation(
        name="customs-next-order",
        rule="5 the bench goes on: what is held is parked, the next order is packed",
        orders=(
            to_berlin(ship_from=_NO_IOSS),
            Asked(id="A-2", lines=f"{NOTE}*1", hours=7),
        ),
        steps=(HELD, Keys("F6"), Scan("SHELF-3"), Keys("Home"), Scan("A-2")),
        screen="scanning",
        says="Pocket notebook, dotted",
        facts=(
            did("SessionHeld", reason="missing_data"),
            did("SessionParked"),
            did("SessionOpened"),
        ),
    ),
)

ABROAD = (*FOUND, *LETTERS)
