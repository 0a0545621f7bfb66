"""What a run did: DIR/summary.json in the shape of FORMATS.md "Demo summary"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec

from packstation.demo.faults import Fault
from packstation.demo.kept import SUMMARY_FILE
from packstation.demo.sheets import whole
from packstation.domain.events import decode
from packstation.domain.orders import Order
from packstation.domain.packing import Session, State, fold
from packstation.domain.packing.session import Parcel
from packstation.station.ports import EventStore, PrintedPaper

OUTCOMES = {State.COMPLETED: "packed", State.HELD: "held"}


class Run:
    """Reads the journal of a finished run and lays its labels beside the summary."""

    def __init__(self, folder: Path, store: EventStore, printed: Sequence[PrintedPaper]) -> None:
        self._folder = folder
        self._store = store
        self._printed = printed

    def orders(self, orders: Iterable[Order]) -> list[dict[str, Any]]:
        """A row an order."""
        return [self._order(order) for order in orders]

    def sessions(self, orders: Iterable[Order]) -> dict[str, Session]:
        """The station's own fold of the last session of each order."""
        found = {o.order_id: self._store.last_session(o.order_id) for o in orders}
        return {s: self._fold(s) for s in found.values() if s}

    def _fold(self, session: str) -> Session:
        events = self._store.session_events(session)
        return fold(decode(event.kind, event.v, event.body) for event in events)

    def _order(self, order: Order) -> dict[str, Any]:
        order_id = order.order_id
        session_id = self._store.last_session(order_id)
        if session_id is None:
            return {"order_id": order_id, "outcome": "refused", "parcels": 0, "facts": 0}
        session = self._fold(session_id)
        row = {
            "order_id": order_id,
            "destination": order.ship_to.country,
            "outcome": _outcome(session),
            "parcels": len([p for p in session.parcels if p.applied]),
            "facts": len(self._store.session_events(session_id)),
        }
        done = [parcel for parcel in session.parcels if parcel.applied]
        return row | (self._parcel(order_id, done) if done else {})

    def _parcel(self, order_id: str, done: Sequence[Parcel]) -> dict[str, Any]:
        """The first parcel, and the papers of all."""
        parcel = done[0]
        waybill = parcel.label.waybill if parcel.label else ""
        service = parcel.service
        papers = [
            row
            for number, one in enumerate(done, 1)
            for row in self._papers(f"{order_id}-{number}" if number > 1 else order_id, one)
        ]
        return {
            "waybill": waybill,
            "carrier": service.carrier if service else "",
            "service": service.service if service else "",
            "price": msgspec.to_builtins(service.price) if service else None,
            "gross_g": parcel.gross_g,
            "label": self._label(waybill),
            "papers": [row["file"] for row in papers if row["file"]],
            "paper_set": papers,
        }

    def _label(self, waybill: str) -> str:
        """The label as it came out of the printer."""
        out = [paper for paper in self._printed if paper.waybill == waybill]
        if not out:
            return ""
        language = out[-1].language
        target = self._folder / "labels" / f"{waybill}.{language}"
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(whole([one.payload for one in out], language))
        return f"labels/{target.name}"

    def _papers(self, name: str, parcel: Parcel) -> Iterator[dict[str, Any]]:
        """A row a paper; the files get the order's number and the kind as their name."""
        for paper in parcel.papers:
            if paper.document == "label":
                continue
            source = self._folder / "tray" / "papers" / f"{quote(paper.job, safe='')}.pdf"
            suffix = source.suffix
            content = source.read_bytes() if source.exists() else b""
            if not content and (mark := self._beside(parcel)) is not None:
                content, suffix = mark.payload, f".{mark.language}"
            yield {
                "kind": paper.document,
                "copies": paper.copies,
                "printer": paper.printer,
                "file": self._kept(f"{quote(name)}-{paper.document}{suffix}", content),
            }

    def _beside(self, parcel: Parcel) -> PrintedPaper | None:
        """What came out of the label printer right after the parcel's label: a mark to stick on."""
        waybill = parcel.label.waybill if parcel.label else ""
        at = [n for n, paper in enumerate(self._printed) if paper.waybill == waybill]
        after = self._printed[at[-1] + 1 :] if at else ()
        return after[0] if after and not after[0].waybill else None

    def _kept(self, name: str, content: bytes) -> str:
        if not content:
            return ""
        target = self._folder / "papers" / name
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(content)
        return f"papers/{target.name}"


def _outcome(session: Session) -> str:
    if session.state is State.CANCELLED:
        return "held" if session.hold_reason in {"server", "customs"} else "cancelled"
    return OUTCOMES.get(session.state, "refused")


def percentiles(scan_ns: Sequence[int]) -> dict[str, float]:
    """p50 and p99 in milliseconds."""
    if not scan_ns:
        return {"p50": 0.0, "p99": 0.0}
    ordered = sorted(scan_ns)
    return {
        name: round(ordered[min(len(ordered) - 1, len(ordered) * share // 100)] / 1e6, 2)
        for name, share in (("p50", 50), ("p99", 99))
    }


def faults(met: Iterable[Fault]) -> list[dict[str, Any]]:
    """A row a fault."""
    return [{"kind": f.kind, "order_id": f.order_id, "seen": f.seen} for f in met]


def counts(orders: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Sums over the orders' rows."""
    return {
        "orders": len(orders),
        "packed": sum(row["outcome"] == "packed" for row in orders),
        "parcels": sum(row["parcels"] for row in orders),
        "facts": sum(row["facts"] for row in orders),
        "papers": sum(len(row.get("papers", ())) for row in orders),
    }


def write(folder: Path, document: Mapping[str, Any]) -> None:
    """DIR/summary.json, whole or not at all."""
    draft = folder / f"{SUMMARY_FILE}.new"
    draft.write_bytes(msgspec.json.format(msgspec.json.encode(document), indent=1))
    draft.replace(folder / SUMMARY_FILE)
