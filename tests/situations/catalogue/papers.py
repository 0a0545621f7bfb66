"""Papers of orders over borders: of changed data, by other rules; marks, copies, data."""

from __future__ import annotations

from msgspec.structs import replace

from tests.situations.abroad import (
    BERLIN,
    CELLS,
    LAMP,
    SENDER,
    body,
    leased,
    only,
    product,
    rate,
    rule_pack,
    to_berlin,
)
from tests.situations.goods import MUG, NOTE, sample_products
from tests.situations.model import (
    Asked,
    Fault,
    Item,
    Keys,
    Office,
    Pack,
    Pull,
    Scan,
    Sent,
    Situation,
    Step,
    Wait,
    Weigh,
    did,
)

HELD = Scan("A-1", till="alert=hold.papers")
_NO_IOSS = replace(SENDER, ioss="")
_TODAY = rate("EUR", "CNY", "8.20")
_DOUBTED = Pull(t="sku", id=MUG, body=body(product(MUG, description="enamelled steel board")))
_VAGUE = Pull(t="sku", id=MUG, body=body(product(MUG, description="gift")))
_BETTER = Pull(t="sku", id=MUG, body=body(product(MUG, description="enamelled steel mug, white")))
_INVOICE = {"no": "INV-1", "date": _TODAY.on}
_EMS = only("japanpost", "ems", "express")
_DHL = only("dhl", "worldwide", "express")
_REGISTERED = only("chinapost", "registered", "postal", "cn22")
_REGISTERED_NUMBERS = (leased("chinapost", "registered", "RB", "CN"),)
_EMS_NUMBERS = (leased("japanpost", "ems", "EM", "JP"),)
_DHL_NUMBERS = (leased("dhl", "worldwide", "LX", "CN"),)


# --- other data, other rules --------------------------------------------------------------------

_DRAWN: tuple[Step, ...] = (
    Scan("A-1"),
    Pack("weighing"),
    Fault("label", "paper_out"),
    Weigh(till="fact=PrintStarted"),
)
_ON = Fault("label", "paper_out", on=False)

CHANGED = (
    Situation(
        name="customs-paper-refused",
        rule="5 data that go wrong between label and paper: the paper is not printed",
        orders=(to_berlin(),),
        files=_REGISTERED,
        leases=_REGISTERED_NUMBERS,
        steps=(*_DRAWN, _VAGUE, _ON, Wait(till="alert=hold.papers")),
        screen="printing",
        says="Papers are incomplete",
        over="hold",
        also=("Here is everything that is missing", "Void"),
        lacks=("R14",),
        facts=(
            did("PapersChecked", moment="label", ok=True),
            did("PrintStarted", document="label"),
            did("PapersChecked", moment="label", ok=False, skus=[MUG]),
            did("SessionHeld", reason="missing_data"),
        ),
    ),
    Situation(
        name="customs-paper-anew",
        rule="5 data that change between label and paper are checked again and printed as they are",
        orders=(to_berlin(),),
        files=_REGISTERED,
        leases=_REGISTERED_NUMBERS,
        steps=(*_DRAWN, _BETTER, _ON, Wait(till="screen=confirming")),
        screen="confirming",
        says="Scan the label on the box",
        facts=(
            did("PrintStarted", document="label"),
            did("PapersChecked", moment="label", ok=True),
            did("PrintStarted", document="cn22"),
        ),
        never=("SessionHeld",),
    ),
    Situation(
        name="customs-paper-cured",
        rule="5 the paper that was refused is printed once the office has mended the product",
        orders=(to_berlin(),),
        files=_REGISTERED,
        leases=_REGISTERED_NUMBERS,
        steps=(
            *_DRAWN,
            _VAGUE,
            _ON,
            Wait(till="alert=hold.papers"),
            replace(_BETTER, till="screen=confirming"),
        ),
        screen="confirming",
        says="Scan the label on the box",
        facts=(
            did("SessionHeld", reason="missing_data"),
            did("SessionResumed", cause="papers"),
            did("PrintStarted", document="cn22"),
        ),
    ),
    Situation(
        name="customs-pack-stops",
        rule="5 a rule pack that arrives while a parcel is packed holds from then on",
        orders=(Asked(id="A-1", lines=f"{MUG}*1 {NOTE}*1", hours=6),),
        steps=(
            _DOUBTED,
            Scan("A-1"),
            Item(MUG),
            Pull(
                t="customs-pack",
                id="2099-01-01",
                body=rule_pack("2099-01-01", R14="BLOCK"),
                till="alert=hold.papers",
            ),
        ),
        screen="scanning",
        says="Papers are incomplete",
        over="hold",
        lacks=("R14", "R09"),
        facts=(
            did("PapersChecked", ok=True, warned=["R14"]),
            did("ItemVerified"),
            did("PapersChecked", ok=False, pack="2099-01-01", rules=["R14"]),
        ),
    ),
    Situation(
        name="customs-pack-frees",
        rule="5 a rule pack that stops it no more lets it go on",
        orders=(to_berlin(ship_from=_NO_IOSS),),
        steps=(
            HELD,
            Pull(
                t="customs-pack",
                id="2099-01-01",
                body=rule_pack("2099-01-01", R25="WARN"),
                till="verdict=papers.cured",
            ),
        ),
        screen="scanning",
        says="Enamel mug, moss green",
        facts=(
            did("SessionHeld", reason="missing_data"),
            did("PapersChecked", ok=True, pack="2099-01-01"),
            did("SessionResumed", cause="papers"),
        ),
    ),
    Situation(
        name="customs-pack-stranger",
        rule="5 a rule pack of nobody that this bench trusts changes nothing",
        orders=(to_berlin(ship_from=_NO_IOSS),),
        steps=(
            HELD,
            Pull(
                t="customs-pack",
                id="2099-01-01",
                body={**rule_pack("2099-01-01", R25="WARN"), "key": "AAAA"},
            ),
        ),
        screen="scanning",
        says="Papers are incomplete",
        over="hold",
        lacks=("R25",),
        facts=(did("SessionHeld", reason="missing_data"),),
        never=("SessionResumed",),
    ),
    Situation(
        name="customs-cured-at-label",
        rule="5 a product that the office mends before the label: the parcel goes on by itself",
        orders=(to_berlin(),),
        steps=(
            Scan("A-1"),
            Pack("weighing"),
            _VAGUE,
            Weigh(till="alert=hold.papers"),
            replace(_BETTER, till="screen=confirming"),
        ),
        screen="confirming",
        says="Scan the label on the box",
        facts=(
            did("PapersChecked", moment="label", ok=False),
            did("SessionResumed", cause="papers"),
            did("LabelRequested"),
        ),
    ),
)

# --- marks, copies, what is data ------------------------------------------------------------------

_LIT = replace(sample_products()[LAMP], goods=CELLS)
_MARKED: tuple[Step, ...] = (
    Pull(t="sku", id=LAMP, body=body(_LIT)),
    Scan("A-1"),
    Pack("confirming"),
)
_LAMPS = (Asked(id="A-1", lines=f"{LAMP}*2", hours=6),)
_COPIES = (to_berlin(invoice=_INVOICE),)

PUT = (
    Situation(
        name="customs-battery",
        rule="5 a battery mark is printed with the label and asked for before the label is scanned",
        orders=_LAMPS,
        steps=_MARKED,
        screen="confirming",
        says="Stick the printed battery marks on the box",
        also=("Then press Enter. The label is scanned last", "It is in place"),
        facts=(
            did("PrintStarted", document="label", printer="label"),
            did("PrintStarted", document="battery", printer="label"),
        ),
        never=("PaperConfirmed", "LabelApplied"),
    ),
    Situation(
        name="customs-battery-forgotten",
        rule="5 without its battery mark the parcel does not close",
        orders=_LAMPS,
        steps=(*_MARKED, Scan("{waybill}")),
        screen="confirming",
        says="Marks and papers come before the label",
        over="refusal",
        also=("Put it in place, then Enter",),
        sound="wrong_item",
        facts=(did("InputRefused", input="WaybillScanned", reason="papers.confirm"),),
        never=("PaperConfirmed", "LabelApplied", "SessionCompleted"),
    ),
    Situation(
        name="customs-battery-done",
        rule="5 the mark is on, the label is scanned, the parcel closes",
        orders=_LAMPS,
        steps=(*_MARKED, Keys("Enter"), Scan("{waybill}", till="screen=completed")),
        screen="completed",
        says="Parcel complete",
        facts=(
            did("PaperConfirmed", document="battery", by="person"),
            did("PapersChecked", moment="close", ok=True),
            did("LabelApplied"),
        ),
    ),
    Situation(
        name="customs-battery-code",
        rule="5 the card's code says too that the mark is on",
        orders=_LAMPS,
        steps=(*_MARKED, Scan("%PS:accept", till="fact=PaperConfirmed")),
        screen="confirming",
        says="Scan the label on the box",
        facts=(did("PaperConfirmed", document="battery"),),
        never=("LabelApplied",),
    ),
    Situation(
        name="customs-copies",
        rule="5 as many CN 23 as the service wants, all of them into the pouch",
        orders=_COPIES,
        steps=(Scan("A-1"), Pack("confirming")),
        files=_EMS,
        leases=_EMS_NUMBERS,
        screen="confirming",
        says="Put 2 CN 23 into the pouch",
        also=("Then press Enter. The label is scanned last",),
        facts=(
            did("PrintStarted", document="cn23", printer="papers", labels=2),
            did("PrintStarted", document="invoice", printer="papers"),
        ),
        never=("PaperConfirmed", "LabelApplied"),
    ),
    Situation(
        name="customs-copies-done",
        rule="5 the copies are counted when the parcel closes",
        orders=_COPIES,
        steps=(
            Scan("A-1"),
            Pack("confirming"),
            Keys("Enter"),
            Scan("{waybill}", till="screen=completed"),
        ),
        files=_EMS,
        leases=_EMS_NUMBERS,
        screen="completed",
        says="Parcel complete",
        facts=(
            did("PaperConfirmed", document="cn23", copies=2),
            did("PapersChecked", moment="close", ok=True),
        ),
    ),
    Situation(
        name="customs-reprint",
        rule="5 a paper that came out spoilt is printed again and counted",
        orders=_COPIES,
        steps=(
            Scan("A-1"),
            Pack("confirming"),
            Keys("F9"),
            Wait(till="fact=DocumentPrinted"),
        ),
        files=_EMS,
        leases=_EMS_NUMBERS,
        screen="confirming",
        says="Put 2 CN 23 into the pouch",
        facts=(
            did("PrintStarted", document="cn23"),
            did("ReprintRequested", document="cn23", copy=2),
            did("PrintStarted", document="cn23"),
        ),
        never=("LabelApplied",),
    ),
    Situation(
        name="customs-courier",
        rule="5 a courier takes three invoices and no postal form",
        orders=_COPIES,
        steps=(Scan("A-1"), Pack("confirming")),
        files=_DHL,
        leases=_DHL_NUMBERS,
        screen="confirming",
        says="Put 3 invoices into the pouch",
        facts=(
            did("ServiceSelected", documents=["label", "invoice"]),
            did("PrintStarted", document="invoice", labels=3),
        ),
    ),
    Situation(
        name="customs-paperless",
        rule="5 papers that a courier takes as data are not printed, and that is said",
        orders=(to_berlin(invoice=_INVOICE, options=("paperless",)),),
        steps=(
            Scan("A-1"),
            Pack("weighing"),
            Fault("label", "paper_out"),
            Weigh(till="screen=printing"),
        ),
        files=_DHL,
        leases=_DHL_NUMBERS,
        screen="printing",
        says="Printing the label",
        also=("The invoice goes as data: nothing to print",),
        facts=(did("ServiceSelected", documents=["label"]), did("PrintStarted", document="label")),
    ),
)

# --- tried before the label ---------------------------------------------------------------------

_MUGS = "white enamelled steel mug for hot drinks with a blue rim and a handle, " * 6
_NOTES = "paper notebook with a cardboard cover for writing notes, dotted pages, " * 6
FULL = (
    Pull(t="sku", id=MUG, body=body(product(MUG, description=_MUGS.strip(", ")))),
    Pull(t="sku", id=NOTE, body=body(product(NOTE, description=_NOTES.strip(", ")))),
)
TWO = (to_berlin(f"{MUG}*1 {NOTE}*1", invoice=_INVOICE),)
_THAI = replace(BERLIN, name="สมชาย ใจดี")
_LARGER: tuple[Step, ...] = (
    *FULL,
    Scan("A-1"),
    Pack("weighing"),
    Weigh(till="screen=confirming"),
)

TRIED = (
    Situation(
        name="customs-larger-label",
        rule="5 contents without room on the label's CN 22 become a CN 23 and an invoice",
        orders=TWO,
        steps=_LARGER,
        screen="confirming",
        says="Scan the label on the box",
        also=("Papers printed: 2",),
        facts=(
            did("ServiceSelected", documents=["label", "cn23", "invoice"]),
            did("PrintStarted", document="label"),
            did("PrintStarted", document="cn23", printer="papers"),
            did("PrintStarted", document="invoice", printer="papers"),
        ),
        never=("SessionHeld", "PrintFailed"),
    ),
    Situation(
        name="customs-larger",
        rule="5 contents without room on a CN 22 become a CN 23 and an invoice",
        orders=TWO,
        steps=_LARGER,
        files=_REGISTERED,
        leases=_REGISTERED_NUMBERS,
        screen="confirming",
        says="Scan the label on the box",
        facts=(
            did("ServiceSelected", documents=["label", "cn23", "invoice"]),
            did("PrintStarted", document="cn23", printer="papers"),
            did("PrintStarted", document="invoice", printer="papers"),
        ),
        never=("SessionHeld", "PrintFailed"),
    ),
    Situation(
        name="customs-letter-mended",
        rule="5 a name that no font has is mended by the office: the parcel goes on by itself",
        orders=(to_berlin(ship_to=_THAI),),
        steps=(
            HELD,
            Office("A-1", {"ship_to": BERLIN}),
            Sent(till="verdict=papers.cured"),
            Pack("weighing"),
            Weigh(till="screen=confirming"),
        ),
        screen="confirming",
        says="Scan the label on the box",
        facts=(
            did("PapersChecked", moment="order", ok=False, refs=["ship_to.name"]),
            did("SessionHeld", reason="missing_data"),
            did("SessionResumed", cause="papers"),
            did("LabelRequested"),
        ),
        never=("PrintFailed", "LabelVoided"),
    ),
)

PAPERS = (*CHANGED, *PUT, *TRIED)
