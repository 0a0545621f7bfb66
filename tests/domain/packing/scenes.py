"""A session in every state, and one input of every kind that would be right somewhere."""

from __future__ import annotations

from decimal import Decimal

from packstation.domain.packing import IDLE, Session, State, decide, evolve
from packstation.domain.packing import inputs as i
from packstation.domain.packing import item_inputs as ii
from packstation.domain.packing.customs_facts import PapersChecked
from packstation.domain.packing.facts import Fact, LinePlan
from packstation.domain.quantities import Money

PRICE = Money(Decimal("12.50"), "CNY")
MUG = LinePlan(line=1, sku="MUG", quantity=2, unit_g=300, size_mm=(90, 90, 100))
SOCK = LinePlan(line=2, sku="SOCK", quantity=1, unit_g=80, size_mm=(200, 80, 30))
OPEN = i.OpenOrder(order_id="O-1", rev=3, lines=(MUG, SOCK), parcel_id="P-1", tote="T-1")
BOX = i.CartonChosen(carton="C3", tare_g=100, outer_mm=(300, 200, 120))
GOOD_WEIGHT = i.WeightRead(grams=780)
SERVICE = i.ServiceChosen(
    carrier="chinapost", service="e-packet", price=PRICE, documents=("label", "cn22")
)
ISSUED = i.LabelAnswered(key="P-1/1", outcome="issued", waybill="LP000000005CN")
MUG_SCAN = i.ItemScanned(sku="MUG")
SOCK_SCAN = i.ItemScanned(sku="SOCK")


def after(*what: i.Input, start: Session = IDLE) -> Session:
    """The session after these inputs."""
    session = start
    for one in what:
        for fact in decide(session, one):
            session = evolve(session, fact)
    return session


def kinds(facts: tuple[Fact, ...]) -> tuple[str, ...]:
    """The facts' names."""
    return tuple(type(fact).__name__ for fact in facts)


def begun(document: str, copy: int = 1) -> i.PrintBegun:
    """A document goes to its printer."""
    return i.PrintBegun(job=f"P-1/1/{document}/{copy}", document=document)


def printed(document: str, outcome: str = "printed", copy: int = 1) -> i.PrintReported:
    """Its printer's word."""
    return i.PrintReported(job=f"P-1/1/{document}/{copy}", document=document, outcome=outcome)


SCANNED = after(OPEN, MUG_SCAN)
CARTONING = after(OPEN, MUG_SCAN, MUG_SCAN, SOCK_SCAN)
WEIGHING = after(BOX, start=CARTONING)
RATING = after(GOOD_WEIGHT, start=WEIGHING)
LABELLING = after(SERVICE, start=RATING)
PRINTING = after(ISSUED, start=LABELLING)
STARTED = after(begun("label"), start=PRINTING)
CONFIRMING = after(
    printed("label"), begun("cn22"), printed("cn22"), start=after(begun("label"), start=PRINTING)
)
COMPLETED = after(i.WaybillScanned(waybill="LP000000005CN"), start=CONFIRMING)
PARKED = after(i.ParkAsked(place="T-9"), start=SCANNED)
HELD = after(i.HoldRaised(reason="person", by="B-1"), start=SCANNED)
CANCELLED = after(i.CancelAsked(), start=SCANNED)
MEASURING = after(
    i.CartonChosen(carton="OWN", kind="own"), i.WeightRead(grams=680), start=CARTONING
)

SCENES: dict[State, Session] = {
    State.IDLE: IDLE,
    State.SCANNING: SCANNED,
    State.CARTONING: CARTONING,
    State.WEIGHING: WEIGHING,
    State.MEASURING: MEASURING,
    State.RATING: RATING,
    State.LABELLING: LABELLING,
    State.PRINTING: STARTED,
    State.CONFIRMING: CONFIRMING,
    State.COMPLETED: COMPLETED,
    State.PARKED: PARKED,
    State.HELD: HELD,
    State.CANCELLED: CANCELLED,
}

LOOKED = PapersChecked(parcel="P-1", moment="order", pack="2026-11-22", digest="d", ok=True)
SPARE = LinePlan(line=1, sku="MUG-2", quantity=2, unit_g=300)
INPUTS: dict[str, i.Input] = {
    "SubstituteAsked": ii.SubstituteAsked(line=1, plan=SPARE, by="B-9"),
    "ChangeAccepted": ii.ChangeAccepted(rev=4),
    "ByHandAsked": ii.ByHandAsked(units=1, by="B-9"),
    "DoubleScanSeen": ii.DoubleScanSeen(sku="MUG"),
    "RequirementAnswered": ii.RequirementAnswered(
        sku="MUG", kind="imei", value="1", outcome="accepted"
    ),
    "PapersLooked": i.PapersLooked(checked=LOOKED),
    "ConfirmPaper": i.ConfirmPaper(),
    "OpenOrder": OPEN,
    "ItemScanned": MUG_SCAN,
    "UndoAsked": i.UndoAsked(),
    "ShortDeclared": i.ShortDeclared(supervisor="B-9"),
    "ContentsAccepted": i.ContentsAccepted(),
    "NextParcelAsked": i.NextParcelAsked(),
    "CartonChosen": BOX,
    "WeightRead": GOOD_WEIGHT,
    "SizeRead": i.SizeRead(length_mm=300, width_mm=200, height_mm=120),
    "OpenAgainAsked": i.OpenAgainAsked(),
    "ServiceChosen": SERVICE,
    "LabelAnswered": ISSUED,
    "PrintBegun": begun("cn22"),
    "PrintReported": printed("label"),
    "PrintAnswered": i.PrintAnswered(came_out=True),
    "PrintMoveAsked": i.PrintMoveAsked(document="label", printer="label-2", withdrawn=True),
    "ReprintAsked": i.ReprintAsked(),
    "VoidAsked": i.VoidAsked(),
    "VoidAnswered": i.VoidAnswered(key="P-1/1", outcome="voided"),
    "WaybillScanned": i.WaybillScanned(waybill="LP000000005CN"),
    "ParkAsked": i.ParkAsked(place="T-9"),
    "ResumeAsked": i.ResumeAsked(rev=4),
    "TakeOverAsked": i.TakeOverAsked(
        order_id="O-1", rev=3, session="S-9", bench="03", kept=SCENES[State.PARKED]
    ),
    "HoldRaised": i.HoldRaised(reason="customs", by="rule"),
    "HoldReleased": i.HoldReleased(cause="server"),
    "OverrideAsked": i.OverrideAsked(by="B-9", reason="checked"),
    "PutBackScanned": i.PutBackScanned(tote="T-1"),
    "CancelAsked": i.CancelAsked(),
    "ReopenAsked": i.ReopenAsked(by="B-9", reason="forgot"),
}
