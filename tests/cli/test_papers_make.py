"""`packstation papers make`: the set as files, all of it or nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from packstation.assets import resource
from packstation.customs.examples import merged
from packstation.domain.templates import Templates
from tests.cli.terminal import packstation
from tests.documents.papers.consignments import letterhead
from tests.documents.papers.pages import decoded, faults, missing, sizes, text

AT = "2026-11-22T09:00:00Z"
SHIRT = {
    "description": "men's knitted T-shirt, 100% cotton",
    "hs": "6109100010",
    "origin": "CN",
    "material": "cotton",
    "net_g": 20,
    "unit_value": {"amount": "5.00", "currency": "CNY"},
}


def order(path: Path, patch: dict[str, Any] | None = None) -> Path:
    base = json.loads(resource("customs", "examples", "base.json").read_text("utf-8"))
    base.pop("bench", None)
    path.write_text(json.dumps(merged(base, patch or {})), "utf-8")
    return path


def many(count: int) -> dict[str, Any]:
    """An order of so many different things; each is declared in its own words."""
    skus = [f"S{at}" for at in range(count)]
    price = {"amount": "5.00", "currency": "CNY"}
    lines = [
        {"line": at, "sku": sku, "quantity": 1, "unit_price": price}
        for at, sku in enumerate(skus, start=1)
    ]
    products = [
        {
            "sku": sku,
            "weight_g": 20,
            "goods": {"battery": "none"},
            "customs": SHIRT | {"description": f"knitted cotton T-shirt for men, size {sku}"},
        }
        for sku in skus
    ]
    total = {"amount": f"{5 * count}.00", "currency": "CNY"}
    contents = [{"line": line["line"], "quantity": 1} for line in lines]
    parcel: dict[str, Any] = {"gross_g": 20 * count + 100, "length_mm": 300, "width_mm": 200}
    parcel |= {"height_mm": 120, "waybill": "LP123456785CN", "contents": contents}
    return {
        "lines": lines,
        "products": products,
        "parcels": [parcel],
        "declared_total": total,
        "payment": {"status": "paid", "total": total},
    }


def make(path: Path, out: Path, *options: str) -> Any:  # noqa: ANN401 - any JSON
    return packstation("papers", "make", path, "--out", out, "--json", "--at", AT, *options)


def test_the_set_that_the_rules_ask_for(tmp_path: Path) -> None:
    done = make(order(tmp_path / "order.json"), tmp_path / "out")
    made = {one["kind"]: one for one in done.document["documents"]}

    assert done.status == 0
    assert made["cn22"] == {
        "kind": "cn22",
        "file": "cn22.pdf",
        "pages": 1,
        "copies": 1,
        "media_mm": [74.0, 105.0],
    }
    pdf = (tmp_path / "out" / "cn22.pdf").read_bytes()
    assert faults(pdf, [(74, 105)]) == []
    assert decoded(pdf, 203) == ["LP123456785CN"]
    assert missing(pdf, ["119.80 CNY", "6109100010", "Herren-T-Shirt", "ZOLLINHALTSERKL"]) == []
    assert sorted(one.name for one in (tmp_path / "out").iterdir()) == sorted(
        one["file"] for one in made.values()
    )


def test_exactly_the_kinds_that_were_asked_for(tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = make(order(tmp_path / "order.json"), out, "--kind", "cn23, cn22", "--media", "4x6")

    assert [one["kind"] for one in done.document["documents"]] == ["cn23", "cn22"]
    assert sizes((out / "cn23.pdf").read_bytes())[0] == pytest.approx((101.6, 152.4), abs=0.1)


def test_the_second_language_may_be_another(tmp_path: Path) -> None:
    out = tmp_path / "out"
    make(order(tmp_path / "order.json"), out, "--kind", "cn23", "--second", "zh")

    assert missing((out / "cn23.pdf").read_bytes(), ["报关单", "男式针织"]) == []


@pytest.mark.parametrize("count", [5, 8, 30, 200])
def test_more_lines_than_a_cn_22_holds_are_a_cn_23_and_an_invoice(
    tmp_path: Path, count: int
) -> None:
    out = tmp_path / "out"
    done = make(order(tmp_path / "order.json", many(count)), out)
    kinds = {one["kind"] for one in done.document["documents"]}

    assert {"cn23", "invoice"} <= kinds
    assert "cn22" not in kinds
    pdf = (out / "cn23.pdf").read_bytes()
    assert faults(pdf, [(210, 148)]) == []
    assert missing(pdf, [f"{5 * count}.00 CNY"]) == []


def test_descriptions_that_a_cn_22_has_no_room_for_are_a_cn_23(tmp_path: Path) -> None:
    told = "men's knitted T-shirt, 100% cotton, with a printed picture of a cat " * 7
    patch = many(4)
    for product in patch["products"]:
        product["customs"]["description"] = f"{told}{product['sku']}"
    done = make(order(tmp_path / "order.json", patch), tmp_path / "out")

    assert {"cn23", "invoice"} <= {one["kind"] for one in done.document["documents"]}


def test_each_parcel_has_its_own_form(tmp_path: Path) -> None:
    parcel = {"gross_g": 230, "length_mm": 300, "width_mm": 200, "height_mm": 60}
    contents = [{"line": 1, "quantity": 1}]
    parcels = [
        parcel | {"waybill": waybill, "contents": contents}
        for waybill in ("LP123456785CN", "LP123456799CN")
    ]
    out = tmp_path / "out"
    done = make(order(tmp_path / "order.json", {"parcels": parcels}), out, "--kind", "cn22")

    assert [one["file"] for one in done.document["documents"]] == ["cn22-1.pdf", "cn22-2.pdf"]
    assert decoded((out / "cn22-2.pdf").read_bytes()) == ["LP123456799CN"]


def test_what_a_rule_blocks_is_not_made(tmp_path: Path) -> None:
    patch = {"products": {"0": {"customs": {"description": "parts"}}}}
    done = make(order(tmp_path / "order.json", patch), tmp_path / "out")

    assert done.status == 1
    assert done.document["documents"] == []
    assert "R14" in {one["rule"] for one in done.document["findings"]}
    assert not (tmp_path / "out").exists()


def test_a_name_that_no_font_has_is_a_finding(tmp_path: Path) -> None:
    done = make(
        order(tmp_path / "order.json", {"ship_to": {"name": "𠮷田 Jiro"}}), tmp_path / "out"
    )

    assert done.status == 1
    assert [(one["rule"], one["field"]) for one in done.document["findings"]] == [
        ("R05", "ship_to.name")
    ]
    assert "U+20BB7" in done.document["findings"][0]["message"]
    assert not (tmp_path / "out").exists()


def test_a_character_that_no_font_has_stops_all_papers(tmp_path: Path) -> None:
    """A field that only some papers print: no rule looks at its letters."""
    done = make(order(tmp_path / "order.json", {"signer": {"name": "𠮷田 Jiro"}}), tmp_path / "out")

    assert done.status == 1
    assert done.document["documents"] == []
    assert done.document["error"]["code"] == "glyph-missing"
    assert done.document["error"]["codepoint"] == "U+20BB7"
    assert not (tmp_path / "out").exists()


def test_a_cn_22_by_name_is_refused_where_it_holds_too_little(tmp_path: Path) -> None:
    path = order(tmp_path / "order.json", many(5))
    done = make(path, tmp_path / "out", "--kind", "cn22")

    assert done.status == 1
    assert done.document["error"] == {
        "code": "form-overflow",
        "field": "contents",
        "limit": 4,
        "kind": "cn22",
    }


@pytest.mark.parametrize("options", [("--kind", "cn24"), ("--media", "wide"), ("--at", "now")])
def test_what_cannot_be_asked_for(tmp_path: Path, options: tuple[str, ...]) -> None:
    done = make(order(tmp_path / "order.json"), tmp_path / "out", *options)

    assert done.status == 2
    assert not (tmp_path / "out").exists()


def test_a_paper_that_cannot_be_written_leaves_none(tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / "cn23.pdf").mkdir(parents=True)
    done = make(order(tmp_path / "order.json"), out, "--kind", "cn22,cn23")

    assert done.status == 2
    assert [one.name for one in out.iterdir()] == ["cn23.pdf"]


def test_people_get_a_line_each(tmp_path: Path) -> None:
    path = order(tmp_path / "order.json")
    done = packstation(
        "papers", "make", path, "--out", tmp_path / "o", "--kind", "cn22,cn23", "--at", AT
    )

    assert done.out.splitlines() == [
        "cn22.pdf: pages 1, copies 1, 74 x 105 mm",
        "cn23.pdf: pages 1, copies 1, 210 x 148 mm",
    ]


def test_letterheads_of_a_folder(tmp_path: Path) -> None:
    library = tmp_path / "library"
    library.mkdir()
    broken = letterhead(id="broken", kinds=("packing-list",), logo="0" * 64)
    for one in (letterhead(kinds=("invoice",)), broken):
        content = msgspec.json.encode(Templates(templates=(one,)))
        (library / f"{one.id}.json").write_bytes(content)
    path = order(tmp_path / "order.json", {"signer": {"name": "Lin Yue", "authorised": True}})
    options = ("--templates", str(library), "--kind", "invoice,packing-list,cn22")
    done = make(path, tmp_path / "out", *options)
    made = {one["kind"]: one for one in done.document["documents"]}

    assert done.status == 0, done.err
    assert made["invoice"]["template"] == "baiyun"
    assert "plain" not in made["invoice"]
    assert made["packing-list"]["template"] == "broken"
    assert "template.logo" in made["packing-list"]["plain"]
    assert "template" not in made["cn22"]
    shown = [text((tmp_path / "out" / made[kind]["file"]).read_bytes()) for kind in made]
    assert ["sales@example.com" in one for one in shown] == [True, False, False]
    (library / "broken.json").write_text("{", "utf-8")
    assert make(path, tmp_path / "other", *options).status == 2
    assert make(path, tmp_path / "other", "--templates", str(tmp_path / "out")).status == 2


def test_comment_licence_and_certificate_of_an_order_stand_on_its_cn_23(tmp_path: Path) -> None:
    asked = {"comment": "subject to inspection", "licence": "LIC-77", "certificate": "CERT-88"}
    told = [{"sku": "TS-BLK-M", "kind": kind, "value": said} for kind, said in asked.items()]
    path = order(tmp_path / "order.json", {"requirements": told})
    done = make(path, tmp_path / "out", "--kind", "cn23")

    assert done.status == 0, done.out
    assert missing((tmp_path / "out" / "cn23.pdf").read_bytes(), list(asked.values())) == []


def test_a_declaration_of_returned_goods_is_not_made_of_goods_that_are_sold(tmp_path: Path) -> None:
    done = make(order(tmp_path / "order.json", {}), tmp_path / "out", "--kind", "returns")

    assert done.status == 1
    assert done.document["error"]["kind"] == "returns"
    assert done.document["error"]["field"] == "category"
    assert done.document["error"]["value"] == "sale_of_goods"
    assert not (tmp_path / "out").exists()
