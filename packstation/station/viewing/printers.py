"""Plates and commands of the printers while a parcel's papers come out."""

from __future__ import annotations

from packstation.station.core import Core
from packstation.station.print_desk import held_back, to_clear
from packstation.station.viewing.frame import commands
from packstation.station.views import AlertView, Words

_UNDER_WAY = frozenset({"started"})


def plate(core: Core) -> AlertView | None:
    """A printer that must prove itself first, or one that must be emptied first."""
    session, desk = core.session, core.desk.printing
    untested = held_back(session, desk)
    if untested is not None:
        asked = untested.id in desk.asked
        ways = ("test-label", "printer") if desk.next_of("label") else ("test-label",)
        return AlertView(
            kind="hold",
            headline=Words("print.test_first"),
            todo=Words(
                "print.test_first.scan" if asked else "print.test_first.todo",
                (("printer", core.desk.device_name(untested.id)),),
            ),
            facts=(
                (Words("print.test_first.stock"), f"{untested.stock.name} · {untested.stock.dpi}"),
            ),
            answers=commands(*ways),
            serial=core.desk.serial,
        )
    doubtful = to_clear(session, desk)
    if doubtful is None or desk.stays == doubtful[0].job:
        return None
    paper, _ = doubtful
    return AlertView(
        kind="hold",
        headline=Words("print.clear"),
        todo=Words("print.clear.todo", (("printer", core.desk.device_name(paper.printer)),)),
        answers=commands("yes", "no"),
        serial=core.desk.serial,
    )


def foot(core: Core) -> tuple[str, ...]:
    """Commands while the papers come out: another printer where there is one."""
    papers, desk = core.session.parcel.papers, core.desk.printing
    open_paper = next((paper for paper in papers if paper.status != "printed"), None)
    other = desk.next_of(open_paper.document) if open_paper else None
    if open_paper is None or other is None:
        return ("reprint", "void", "hold", "help")
    if open_paper.status in _UNDER_WAY:
        return ("printer", "void", "hold", "help")
    return ("reprint", "printer", "hold", "help")
