"""The bench's maker of documents, and labels of an order that carries its parcels."""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pypdfium2
import pytest
from PIL import Image

from packstation.documents.label import FORMATS, render
from packstation.documents.label.preflight import preflight
from packstation.documents.maker import Documents
from packstation.domain.errors import DocumentError, GlyphMissing
from packstation.domain.labels import PrintJob, media
from packstation.domain.orders import Address, Order, OrderParcel, ParcelContent
from packstation.domain.printers import SHEET, Stock
from packstation.station.ports import DocumentMaker
from tests.documents.papers.pages import decoded, faults, missing
from tests.documents.samples import FONTS, RUSSIAN, SHIRT, SOCKS, WAYBILL, order, papers
from tests.node.rendering import codes_in

PARCEL = OrderParcel(
    carton="C3",
    gross_g=540,
    length_mm=300,
    width_mm=200,
    height_mm=120,
    waybill=WAYBILL,
    contents=(ParcelContent(line=1, quantity=1),),
)
SECOND = OrderParcel(gross_g=90, waybill="LP123456799CN", contents=PARCEL.contents)


def maker() -> Documents:
    made = Documents(FONTS)
    implements: DocumentMaker = made
    assert implements is made
    return made


def test_the_label_is_zpl_and_the_form_a_page() -> None:
    made = [maker().make(document, papers()) for document in ("label", "cn22")]

    assert [(one.job, one.document, one.media) for one in made] == [
        ("", "label", "zpl"),
        ("", "cn22", "pdf"),
    ]
    assert made[0].payload.startswith(b"^XA")
    assert made[1].payload.startswith(b"%PDF-")


def test_the_same_parcel_gives_the_same_hash_in_another_process() -> None:
    script = (
        "import hashlib; from tests.documents.test_maker import maker; "
        "from tests.documents.samples import papers; "
        "print(*(hashlib.sha256(maker().make(d, papers()).payload).hexdigest() "
        "for d in ('label', 'cn22')))"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=True
    )

    assert done.stdout.split() == [
        hashlib.sha256(maker().make(document, papers()).payload).hexdigest()
        for document in ("label", "cn22")
    ]


def test_warming_up_changes_nothing_but_the_time() -> None:
    warm = Documents(FONTS)
    warm.warm()

    assert warm.make("label", papers()) == maker().make("label", papers())


def test_media_and_resolution_are_the_printers() -> None:
    job: PrintJob = Documents(FONTS, label=media("4x6", 300)).make("label", papers())

    assert b"^PW1200^LL1800" in job.payload


def test_an_unknown_document_is_refused() -> None:
    with pytest.raises(DocumentError) as refused:
        maker().make("poem", papers())

    assert refused.value.fields == {"field": "document", "value": "poem"}


def test_a_missing_font_is_named(tmp_path: Path) -> None:
    with pytest.raises(DocumentError) as refused:
        Documents(tmp_path).make("label", papers())

    assert refused.value.fields["field"] == "NotoSans-400.ttf"


def test_an_order_file_gives_a_label_in_every_format() -> None:
    sold = order(SHIRT, parcels=(PARCEL,))
    made = {fmt: render(sold, fmt, FONTS) for fmt in FORMATS}

    assert made["zpl"].count(b"^XA") == 1
    assert WAYBILL.encode() in made["zpl"]
    assert codes_in(Image.open(io.BytesIO(made["png"]))) == [WAYBILL]
    assert len(pypdfium2.PdfDocument(made["pdf"])) == 1


def test_each_parcel_has_its_label() -> None:
    sold = order(SHIRT, SOCKS, parcels=(PARCEL, SECOND), service="e-packet", carrier="chinapost")
    picture = Image.open(io.BytesIO(render(sold, "png", FONTS, on="2026-11-21")))

    assert codes_in(picture) == [WAYBILL, "LP123456799CN"]
    assert render(sold, "zpl", FONTS).count(b"^XZ") == 2
    assert b"^FD2026-11-21^FS" in render(sold, "zpl", FONTS, on="2026-11-21")
    assert b"^PW812" in render(sold, "zpl", FONTS, paper=media("4x6"))


def test_a_single_parcel_without_contents_holds_the_whole_order() -> None:
    parcel = msgspec.structs.replace(PARCEL, contents=(), length_mm=None)
    zpl = render(order(SHIRT, SOCKS, parcels=(parcel,)), "zpl", FONTS)

    assert b"2 x wool socks" in zpl


def _with(**fields: object) -> Order:
    return order(SHIRT, parcels=(msgspec.structs.replace(PARCEL, **fields),))


@pytest.mark.parametrize(
    ("sold", "field"),
    [
        (order(SHIRT), "parcels"),
        (_with(waybill=""), "parcels[0].waybill"),
        (_with(gross_g=None), "parcels[0].gross_g"),
        (order(SHIRT, parcels=(PARCEL,), to=Address(name="x", country="RU")), "ship_to.lines"),
    ],
)
def test_a_refusal_names_the_field_of_the_order(sold: Order, field: str) -> None:
    with pytest.raises(DocumentError) as refused:
        render(sold, "zpl", FONTS)

    assert refused.value.fields["field"] == field


def test_the_test_label_names_its_bench_and_ships_nothing() -> None:
    job = maker().test_label("07", "ru")
    assert (job.document, job.media) == ("label", "zpl")
    assert preflight(job.payload, labels=1).labels == 1


@pytest.mark.parametrize(("stock", "size"), [("sheet", (210, 148)), ("label", (100, 150))])
def test_a_cn_23_is_made_for_sheets_and_for_labels(stock: str, size: tuple[float, float]) -> None:
    lies = {
        "sheet": Stock("a4", 210, 297, 300, "pdf", SHEET),
        "label": Stock("100x150", 100, 150, 203, "pdf"),
    }[stock]
    job = maker().make("cn23", papers(), lies)

    assert (job.document, job.width_mm, job.height_mm) == ("cn23", *size)
    assert faults(job.payload, [size]) == []
    assert decoded(job.payload) == [WAYBILL]


def test_a_label_printer_gets_a_cn_23_in_its_language() -> None:
    job = maker().make("cn23", papers(), Stock("100x150", 100, 150))

    assert job.payload.startswith(b"^XA")
    assert preflight(job.payload, labels=1).labels == 1


def test_forms_speak_the_language_of_the_destination() -> None:
    job = maker().make("cn23", papers())

    assert missing(job.payload, ["CUSTOMS DECLARATION", "ТАМОЖЕННАЯ ДЕКЛАРАЦИЯ"]) == []


def test_papers_of_a_consignment_get_all_its_parcels() -> None:
    told: dict[str, Any] = {"incoterm": "DAP", "named_place": "Kazan"}
    told["invoice"] = {"no": "INV-1", "date": "2026-11-21"}
    parcels = (papers(number=1, **told), papers(number=2, waybill="LP123456799CN", **told))
    alone, both = (maker().make("invoice", parcels[1], consignment=c) for c in ((), parcels))

    assert missing(alone.payload, ["188.40"]) == []
    assert missing(both.payload, ["376.80"]) == []


def test_a_mark_that_the_parcel_does_not_bear_is_told_as_missing() -> None:
    with pytest.raises(DocumentError) as refused:
        maker().make("battery", papers())

    assert refused.value.fields == {"field": "goods.battery"}


def test_a_parcel_whose_day_nobody_wrote_gets_the_plain_form() -> None:
    job = maker().make("packing-list", papers(date="tomorrow"))

    assert job.plain is None
    assert faults(job.payload) == []


def test_a_letter_that_no_font_has_is_named_by_its_field() -> None:
    with pytest.raises(GlyphMissing) as refused:
        maker().make("label", papers(to=msgspec.structs.replace(RUSSIAN, name="Анна \U0001f984")))

    assert refused.value.fields["field"] == "ship_to.name"


def test_papers_are_previewed() -> None:
    png = maker().preview("cn23", papers(), Stock("a4", 210, 297, 300, "pdf", SHEET))

    assert png.startswith(b"\x89PNG")
