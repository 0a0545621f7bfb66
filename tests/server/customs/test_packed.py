"""What a broker gets is what lies in the boxes, as the bench declared it."""

from __future__ import annotations

import json
from typing import Any

import httpx
import msgspec
import pytest
from sqlalchemy import insert, update

from packstation.domain.packing.plan import LinePlan
from packstation.domain.packing.session import Label, Line, Packed, Parcel, Session
from packstation.server.customs.packed import declared
from packstation.server.run import Running
from packstation.server.tables import ORDERS, SESSION
from tests.documents.papers.pages import text
from tests.server.customs import test_package
from tests.server.customs.office import put

BASE, built_in, office, program = (
    test_package.BASE,
    test_package.built_in,
    test_package.office,
    test_package.program,
)
SOLD = BASE["products"][0]
LABEL = Label(key="k", attempt=1, status="issued", waybill="LP123456785CN")


def session(*packed: Packed, plans: tuple[LinePlan, ...]) -> Session:
    box = Parcel(id="W-1/1", contents=packed, gross_g=540, size_mm=(300, 200, 50), label=LABEL)
    return Session(order_id="W-1", lines=tuple(Line(plan=one) for one in plans), parcels=(box,))


def stored(running: Running, packed: Session) -> None:
    """As the fold of a bench's journal keeps it."""
    body = msgspec.json.encode(packed).decode()
    names = {column.name: column for column in SESSION.columns}
    blank = {name: 0 if "INT" in str(one.type) else "" for name, one in names.items()}
    row = blank | {"site": "GZ-1", "session": "s1", "order": "W-1", "body": body}
    with running.server.store.write() as connection:
        connection.execute(insert(SESSION).values(**row))
        connection.execute(update(ORDERS).where(ORDERS.c.order == "W-1").values(session="s1"))


def test_a_substitute_is_declared_as_itself(
    running: Running, office: httpx.Client, program: httpx.Client
) -> None:
    other = {**SOLD, "sku": "MUG-BLU", "customs": {**SOLD["customs"], "hs": "691110"}}
    other["customs"]["description"] = "blue porcelain mug"
    put(office, "catalog", [{**other, "schema": "packstation.catalog/1"}])
    key = test_package.handed(office, test_package.order("W-1", service="parcel"))
    plan = LinePlan(line=1, sku=SOLD["sku"], quantity=2, others=())
    stored(running, session(Packed(line=1, sku="MUG-BLU", units=2), plans=(plan,)))
    _, files = test_package.taken(program, key)
    told = json.loads(files["001-W-1/order.json"])
    assert [(line["line"], line["sku"], line["quantity"]) for line in told["lines"]] == [
        (2, "MUG-BLU", 2)
    ]
    assert told["parcels"][0]["contents"] == [{"line": 2, "quantity": 2}]
    assert [one["sku"] for one in told["products"]] == ["MUG-BLU"]
    assert "blue porcelain mug" in " ".join(text(files["001-W-1/cn23.pdf"]).split())
    item = json.loads(files["001-W-1/itmatt.json"])["items"][0]
    assert "691110" in json.dumps(item)


KIT = (
    LinePlan(line=1001, sku="CUP", quantity=1, of=1, kit="SET", kits=1),
    LinePlan(line=1002, sku="LID", quantity=1, of=1, kit="SET", kits=1),
)
RAW: dict[str, Any] = {"lines": [{"line": 1, "sku": "SET", "quantity": 1}], "payment": {"x": 1}}


@pytest.mark.parametrize(
    ("packed", "lines", "paid"),
    [
        ((("CUP", 1001), ("LID", 1002)), [(1, "SET", 1)], True),
        ((("CUP", 1001),), [(2, "CUP", 1)], False),
    ],
)
def test_a_kit_is_itself_only_where_it_is_whole(
    packed: tuple[tuple[str, int], ...], lines: list[tuple[int, str, int]], *, paid: bool
) -> None:
    inside = [Packed(line=line, sku=sku, units=1) for sku, line in packed]
    told = declared(RAW, session(*inside, plans=KIT))
    assert told is not None
    assert [(one["line"], one["sku"], one["quantity"]) for one in told["lines"]] == lines
    assert told["parcels"][0]["contents"] == [{"line": lines[0][0], "quantity": 1}]
    assert ("payment" not in told) is paid


def test_a_box_without_a_label_is_no_box_yet() -> None:
    bare = Parcel(id="W-1/1", contents=(Packed(line=1, sku="SET", units=1),))
    assert declared(RAW, Session(order_id="W-1", parcels=(bare,))) is None
