"""What the customs rules found, in the packer's words; marks and copies on their way to the box."""

from __future__ import annotations

import re
from typing import Final

from packstation.domain.customs.findings import SEVERITIES, Checked, Finding
from packstation.domain.packing.facts import ServiceSelected
from packstation.domain.packing.session import Paper, Parcel
from packstation.station import standing
from packstation.station.core import Core
from packstation.station.customs_findings import PACK, by_office, sku_of
from packstation.station.pictures import language, product_view
from packstation.station.viewing.frame import commands
from packstation.station.views import AlertView, LackView, PaperView, Words

TONES: Final = {"BLOCK": "stop", "OVERRIDE": "ask", "WARN": "warn", "INFO": "note"}
# Fields that have a name in the words of the office (customs_office.po).
NAMED: Final = frozenset(
    "customs.description customs.hs customs.origin customs.material customs.net_g "
    "customs.unit_value goods.battery goods.battery_type goods.battery_wh goods.battery_li_g "
    "goods.battery_cells goods.battery_count goods.battery_needed goods.un383 "
    "goods.soc_percent goods.classes weight_g "
    "ship_to ship_to.name ship_to.lines ship_to.city ship_to.region ship_to.postcode "
    "ship_to.country ship_to.phone ship_to.tax_id ship_to.eori ship_from ship_from.name "
    "ship_from.phone ship_from.ioss ship_from.voec ship_from.eori ship_from.vat "
    "ship_from.customs_code ship_from.uscc cn_export_mode category "
    "category_text tax_scheme incoterm named_place duty_payer declared_total".split()
)
# Fields that rules look at besides, by how their paths begin, and what they are called here.
AT: Final = (
    ("rates", "rates"),
    ("rule_pack", "rule_pack"),
    ("payment", "payment"),
    ("bench.gross", "gross"),
    ("bench.stock", "stock"),
    ("bench.signer", "signer"),
    ("bench.printed", "copies"),
    ("bench.confirmed", "mark"),
    ("bench.scanned", "lines"),
    ("signer", "signer"),
    ("contents", "contents"),
    ("invoice", "invoice"),
    ("status", "status"),
    ("channel_status", "status"),
)
# Marks that are stuck onto the box, as the table `forms` calls them.
MARKS: Final = {
    "battery-mark": "put.battery",
    "class-9": "put.class-9",
    "cargo-only": "put.cargo-only",
}
# Papers that are called by their name when they are to be put into the pouch.
PUT: Final = frozenset({"cn22", "cn23", "invoice", "proforma"})
AT_PARCEL: Final = {"gross_g": "gross", "waybill": "waybill"}
_ENGLISH: Final = re.compile("[a-z]{3}")
_OF_PARCEL: Final = re.compile(r"parcels\[\d+\]\.?(?P<leaf>.*)")
_OF_PRODUCT: Final = re.compile(r"products\[.+\]\.?")
# With more than these a key that goes on to the next stands among the answers.
FEW: Final = 3


def lacks(core: Core) -> tuple[LackView, ...]:
    """All findings of the open order: what stops first, in the order of the rules."""
    return tuple(_lack(core, one) for one in sorted(_unreleased(core), key=_rank))


def _unreleased(core: Core) -> list[Finding]:
    checked = core.desk.customs
    found = checked.findings if checked is not None else ()
    released = standing.released(core)
    return [one for one in found if standing.name_of(one) not in released]


def _elsewhere(finding: Finding) -> bool:
    """How late it is the head says; a doubt about an address is no work of a packer's.

    That the rules are old was said when the first order of the day was opened.
    """
    elsewhere = ("deadlines", "ship_to", standing.RULES)
    return finding.severity == "WARN" and finding.field.startswith(elsewhere)


def _rank(finding: Finding) -> int:
    return SEVERITIES.index(finding.severity)


def _lack(core: Core, finding: Finding) -> LackView:
    sku = sku_of(finding.field)
    return LackView(
        words=finding.message(language(core)),
        field=field_words(finding.field),
        tone=TONES[finding.severity],
        cure=Words(_cure(finding)),
        whose=product_view(core, sku).name if sku else "",
        value=finding.value or "",
        allowed=_needed(core, finding),
        rule=finding.rule,
        why=_why(core, finding),
    )


def _why(core: Core, finding: Finding) -> Words | None:
    """Why a paper cannot be made; None where a rule found it."""
    return None if finding.rule else core.desk.unmade.get(finding.field)


def _needed(core: Core, finding: Finding) -> str:
    """What is needed, in the reader's language; no English sentence to one who reads another.

    The rule's own words say it in theirs.
    """
    said = language(core)
    if finding.needs or said == "en":
        return finding.needed(said)
    return "" if _ENGLISH.search(finding.allowed) else finding.allowed


def field_words(path: str) -> Words:
    """A field's name; what has none is shown as it is called."""
    bare = _OF_PRODUCT.sub("", path)
    if path.startswith("products[") and not bare:
        return Words("field.product")
    if bare in NAMED:
        return Words(f"customs.field.{bare}")
    if path == PACK:
        return Words("papers.no_rules")
    named = _at(path)
    return Words(f"papers.at.{named}") if named else Words("papers.field", (("field", path),))


def _at(path: str) -> str:
    """What a path is called that is no field of the office's; "" for none."""
    parcel = _OF_PARCEL.fullmatch(path)
    if parcel:
        return AT_PARCEL.get(parcel["leaf"], "size")
    return next((name for begin, name in AT if path.startswith(begin)), "")


def _cure(finding: Finding) -> str:
    if finding.severity == "OVERRIDE":
        return "papers.by_supervisor"
    if finding.severity != "BLOCK":
        return "papers.goes_on"
    return "papers.by_office" if by_office(finding) else "papers.by_packer"


def hint(core: Core) -> Words | None:
    """How much the papers lack of an order that is being packed; it stops nothing yet."""
    checked: Checked | None = core.desk.customs
    found = _unreleased(core) if checked is not None else ()
    count = sum(one.severity != "INFO" and not _elsewhere(one) for one in found)
    return Words("papers.hint", (("n", count),), count) if count else None


def held(core: Core) -> AlertView:
    """The plate of a parcel or order that its papers hold."""
    session, found = core.session, lacks(core)
    checked = session.checked
    asks = checked is not None and checked.releasable
    todo = "papers.todo.ask" if asks else "papers.todo.open" if _at_start(core) else "papers.todo"
    ways: tuple[str, ...] = ("supervisor",) if asks else ()
    if session.label_live:
        ways += ("void",)
    else:
        ways += ("park",) if _at_start(core) else ("open", "park")
    ways += ("next-row",) if len(found) > FEW else ()
    return AlertView(
        kind="hold",
        headline=Words("hold.papers"),
        todo=Words(todo),
        answers=commands(*ways),
        serial=core.desk.serial,
        lacks=found,
        focus=min(core.desk.lack, max(0, len(found) - 1)),
    )


def _at_start(core: Core) -> bool:
    """Nothing of it is packed: the next order is the better use of time."""
    return not core.session.parcel.contents


def step(core: Core, by: int) -> bool:
    """Point at the next finding, or the one before; False where there is nothing to point at."""
    count = len(lacks(core))
    if core.session.hold_reason != "missing_data" or not count:
        return False
    core.desk.lack = (min(core.desk.lack, count - 1) + by) % count
    return True


# --- marks and copies -----------------------------------------------------------------------


def bare(parcel: Parcel) -> Words | None:
    """Why no paper is printed, where it is not that none is needed: not known yet, or data."""
    if parcel.service is None:
        return Words("papers.later")
    if any(one.on_label for one in parcel.service.papers):
        return Words("papers.on_label")
    return Words("papers.as_data") if parcel.service.as_data else None


def paper(row: Paper, service: ServiceSelected | None = None) -> PaperView:
    """A paper of the parcel on the print ladder; one that stands for a CN 22 says so."""
    told = service.papers if service else ()
    larger = any(one.larger and one.document == row.document for one in told)
    copies = Words("paper.copies", (("n", row.copies),), row.copies)
    out = row.status == "printed"
    return PaperView(
        Words("paper.larger" if larger else f"paper.{row.document}"),
        copies if row.copies > 1 else None,
        done=out and (row.confirmed or not row.confirm),
        place=out and row.confirm and not row.confirmed,
    )


def put(core: Core) -> Words | None:
    """What is to be stuck on or put into the pouch now."""
    row = core.session.unconfirmed
    if row is None or row.status != "printed":
        return None
    if row.mark in MARKS or row.document == "battery":
        return Words(MARKS.get(row.mark, "put.battery"))
    key = f"put.{row.document}" if row.document in PUT else "put.papers"
    return Words(key, (("n", row.copies),), row.copies)
