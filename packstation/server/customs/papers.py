"""What benches found of their parcels' papers: part of the push's own transaction.

The server looks at orders before they are packed; a bench also knows weight, box and label. What
stops a parcel there stands in the queue until that bench looks again, and counts for the rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, and_, delete, insert, select

from packstation.domain.packing.customs_facts import PapersChecked
from packstation.server.customs.tables import FINDING, STOP
from packstation.server.folds import Step
from packstation.server.moments import moment
from packstation.server.sites import need_site, zone

MOST = 60
_SKU = "products["


def note(connection: Connection, site: str, steps: Sequence[Step]) -> None:
    """Keep what these facts say."""
    told = [step for step in steps if isinstance(step.fact, PapersChecked)]
    if not told:
        return
    local = zone(need_site(connection, site))
    for step in told:
        if isinstance(step.fact, PapersChecked) and step.event.order:
            _found(connection, site, step.event.order, step.fact)
            if not step.fact.ok:
                _stopped(connection, site, step, step.fact.rules[:MOST], local)


def _found(connection: Connection, site: str, order: str, fact: PapersChecked) -> None:
    mine = and_(FINDING.c.site == site, FINDING.c.order == order, FINDING.c.parcel == fact.parcel)
    connection.execute(delete(FINDING).where(mine))
    if fact.ok or not fact.parcel:
        return
    severity = "BLOCK" if fact.blocks else "OVERRIDE"
    key = {"site": site, "order": order, "parcel": fact.parcel, "rule": " ".join(fact.rules[:MOST])}
    places = dict.fromkeys(_place(ref, fact.skus) for ref in fact.refs[:MOST]) or {("", ""): None}
    rows = [{**key, "sku": sku, "field": field, "severity": severity} for sku, field in places]
    connection.execute(insert(FINDING), rows)


def _place(ref: str, skus: Sequence[str]) -> tuple[str, str]:
    """SKU and field of a path; SKU "" for a field of the order or parcel."""
    for sku in skus:
        if ref.startswith(f"{_SKU}{sku}]."):
            return sku, ref.removeprefix(f"{_SKU}{sku}].")
    return "", ref


def _stopped(
    connection: Connection, site: str, step: Step, rules: Sequence[str], local: ZoneInfo
) -> None:
    try:
        day = moment(step.event.at).astimezone(local).date().isoformat()
    except (ValueError, OverflowError):
        return  # a fact without a readable time counts on no day
    for rule in dict.fromkeys(rules):
        row = {"site": site, "day": day, "rule": rule, "order": step.event.order}
        where = and_(*(STOP.c[name] == value for name, value in row.items()))
        if connection.scalar(select(STOP.c.rule).where(where)) is None:
            connection.execute(insert(STOP).values(**row))
