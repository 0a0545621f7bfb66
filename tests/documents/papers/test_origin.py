"""Statement on origin, data sheet for a chamber, shipper's letter: pages and what stands there."""

from __future__ import annotations

import json

import pytest
from msgspec.structs import replace

from packstation.assets import resource
from packstation.documents.fonts import Fonts
from packstation.documents.papers.making import PaperAsked, make_paper
from packstation.domain.catalog import Goods
from packstation.domain.errors import DocumentError
from packstation.domain.orders import Address
from tests.documents.papers.consignments import A4, asked, goods, parcel
from tests.documents.papers.pages import faults, missing, sizes, text
from tests.documents.papers.test_forms import crosses

TABLES = {
    "statements": json.loads(resource("customs", "tables", "statements.json").read_text("utf-8"))
}
GERMAN = Address(name="Hans Beispiel", company="Beispiel GmbH", city="Kiel", country="DE")
TOKYO = Address(name="Yamada Hanako", lines=("1-1 Chiyoda",), city="Tokyo", country="JP")


def statement(lines: int = 3, origin: str = "DE") -> PaperAsked:
    made = [replace(one, customs=replace(one.customs, origin=origin)) for one in goods(lines)]
    asking = {"agreement": "eu-jp-epa", "rex": "DEREX1234", "criterion": "B"}
    one = parcel(goods=made, sender=GERMAN, to=TOKYO, origin_statement=asking)
    return asked("origin", one, tables=TABLES)


@pytest.mark.parametrize("lines", [1, 60])
def test_the_statement_stands_under_the_goods_it_is_about(fonts: Fonts, lines: int) -> None:
    pdf = make_paper(statement(lines), fonts)

    assert faults(pdf, A4) == []
    wanted = [
        "STATEMENT ON ORIGIN",
        "EU-Japan EPA",
        "(Exporter Reference No DEREX1234) declares that",
        "European Union preferential origin.",
        "Origin criteria used B",
        "Kiel, 2026-11-22",
        "Beispiel GmbH",
        "GERMANY",
    ]
    assert missing(pdf, wanted) == []


def test_goods_of_another_origin_have_no_statement(fonts: Fonts) -> None:
    with pytest.raises(DocumentError) as refused:
        make_paper(statement(origin="CN"), fonts)

    assert refused.value.fields["field"] == "origin_statement.agreement"


def test_without_the_tables_of_a_rule_pack_there_is_no_wording(fonts: Fonts) -> None:
    with pytest.raises(DocumentError) as refused:
        make_paper(replace(statement(), tables={}), fonts)

    assert refused.value.key == "error.document.no_wording"


def test_an_origin_nobody_gave_is_named(fonts: Fonts) -> None:
    with pytest.raises(DocumentError) as refused:
        make_paper(statement(1, ""), fonts)

    assert refused.value.fields == {"field": "products[TS-000].customs.origin"}


def test_a_statement_names_its_invoice(fonts: Fonts) -> None:
    bare = statement()
    one = replace(bare.parcel, order=replace(bare.parcel.order, invoice=None))

    with pytest.raises(DocumentError) as refused:
        make_paper(replace(bare, parcels=(one,)), fonts)

    assert refused.value.fields == {"field": "invoice.no"}


@pytest.mark.parametrize("kind", ["origin-request", "sli"])
@pytest.mark.parametrize(
    ("language", "lines"), [("en", 1), ("zh", 20), ("ru", 20), ("de", 3), ("ru", 60)]
)
def test_pages_are_without_fault(fonts: Fonts, kind: str, language: str, lines: int) -> None:
    assert faults(make_paper(asked(kind, parcel(lines), language=language), fonts), A4) == []


def test_the_chambers_sheet_says_on_every_page_what_it_is_not(fonts: Fonts) -> None:
    pdf = make_paper(asked("origin-request", parcel(80)), fonts)

    assert text(pdf).count("This is not a certificate of origin.") == len(sizes(pdf)) > 1


def test_the_letter_ticks_what_is_known_and_leaves_the_rest_to_the_pen(fonts: Fonts) -> None:
    battery = replace(goods(1)[0], goods=Goods(battery="built_in"))
    one = parcel(goods=(battery,), duty_payer="sender", service="e-packet")
    pdf = make_paper(asked("sli", one), fonts)

    wanted = ["SHIPPER'S LETTER OF INSTRUCTION", "ePacket", "DAP Kazan", "47.60", "Export licence"]
    assert missing(pdf, wanted) == []
    assert pdf != make_paper(asked("sli", parcel(1, duty_payer="sender")), fonts)


def test_the_letter_ticks_what_truly_goes_along(fonts: Fonts) -> None:
    def ticked(*along: str) -> int:
        return len(crosses(make_paper(asked("sli", parcel(1), along=along), fonts)))

    bare = ticked()
    assert ticked("sli", "slip") == bare
    assert ticked("proforma") == ticked("invoice") == bare + 1
    assert ticked("invoice", "proforma", "packing-list") == bare + 2
