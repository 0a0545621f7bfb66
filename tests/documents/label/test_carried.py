"""Labels that carriers and marketplaces made: as they came, or refused by name."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from PIL import Image

from packstation.carriers.label_files import checked
from packstation.documents.fonts import Fonts
from packstation.documents.label.carried import MEDIA, carried_job, carried_preview
from packstation.documents.label.languages import language, writer
from packstation.documents.label.pdf import write_pdf
from packstation.documents.label.png import draw, write_png
from packstation.documents.label.shipping import shipping_labels
from packstation.documents.label.tspl_preflight import preflight_tspl
from packstation.documents.maker import Documents
from packstation.domain.carriers import LabelFile
from packstation.domain.errors import DocumentError
from packstation.domain.labels import Label, PrintJob, media
from packstation.domain.printers import CONTINUOUS, SHEET, Stock
from tests.documents.label.test_printouts import PRINTERS
from tests.documents.samples import FONTS, RUSSIAN, WAYBILL, papers
from tests.node.rendering import codes_in, render_zpl

FACES = Fonts(FONTS)
STOCK = Stock("4x6", 101.6, 152.4)
(OURS,) = shipping_labels(papers(to=RUSSIAN, form="cn22"), media("4x6"), FACES)


def came(content: bytes, **fields: object) -> LabelFile:
    found = checked(content).file
    assert found is not None
    assert found.media in MEDIA
    return replace(found, **fields)


def pdf(*labels: Label) -> LabelFile:
    return came(write_pdf(labels or (OURS,), FACES, title="x"))


def png(label: Label = OURS) -> LabelFile:
    return came(write_png([label], FACES))


def zpl() -> LabelFile:
    return came(writer("zpl", FACES).write([OURS]))


def tspl() -> LabelFile:
    return came(writer("tspl", FACES).write([OURS]))


def printed(file: LabelFile, stock: Stock = STOCK, waybill: str = WAYBILL) -> PrintJob:
    spoken = stock.language if stock.language != "pdf" else "zpl"
    return carried_job(file, stock, writer(spoken, FACES), waybill)


def refusal(file: LabelFile, stock: Stock = STOCK, waybill: str = WAYBILL) -> tuple[str, ...]:
    with pytest.raises(DocumentError) as refused:
        printed(file, stock, waybill)
    error = refused.value
    return (error.key, *(str(value) for value in error.fields.values()))


@pytest.mark.parametrize(
    ("make", "spoken"), [(zpl, "zpl"), (tspl, "tspl"), (pdf, "pdf")], ids=["zpl", "tspl", "pdf"]
)
def test_what_the_printer_speaks_goes_to_it_byte_for_byte(
    make: Callable[[], LabelFile], spoken: str
) -> None:
    file = make()
    job = printed(file, replace(STOCK, language=spoken))
    assert (job.payload, job.labels, job.media) == (file.content, 1, spoken)
    assert (job.width_mm, job.height_mm) == (101.6, 152.4)


@pytest.mark.node
@pytest.mark.xdist_group("zpl-renderer")
@pytest.mark.parametrize("make", [pdf, png], ids=["pdf", "png"])
def test_pages_and_pictures_come_out_dot_for_dot(make: Callable[[], LabelFile]) -> None:
    ((page,),) = render_zpl([(printed(make()).payload, STOCK.media)])
    assert codes_in(page) == [WAYBILL]
    meant = draw(OURS, FACES).point(lambda level: 255 if level >= 128 else 0)
    wrong = sum(a != b for a, b in zip(page.tobytes(), meant.tobytes(), strict=True))
    # A page has the text as outlines, which are drawn a little otherwise than our pictures' are.
    assert wrong / (page.width * page.height) < (0.03 if make is pdf else 0.0005)


@pytest.mark.parametrize("id_", sorted(set(PRINTERS) - {"escpos", "brother-ql"}))
@pytest.mark.parametrize("make", [pdf, png], ids=["pdf", "png"])
def test_other_printers_draw_them_too(make: Callable[[], LabelFile], id_: str) -> None:
    job = printed(make(), replace(STOCK, language=id_))
    (page,) = PRINTERS[id_](job.payload, language(id_).dpi[0])
    assert codes_in(page) == [WAYBILL]


def test_a_finer_head_draws_each_dot_as_a_square() -> None:
    (fine,) = shipping_labels(papers(form="cn22"), media("4x6", 300), FACES)
    job = printed(came(write_png([fine], FACES)), replace(STOCK, dpi=600))
    assert (job.labels, job.media) == (1, "zpl")
    assert refusal(png(), replace(STOCK, dpi=300)) == (
        "error.document.dpi", "label", "203", "300"
    )  # fmt: skip


@pytest.mark.parametrize("make", [pdf, png, zpl, tspl], ids=["pdf", "png", "zpl", "tspl"])
def test_a_label_for_other_paper_is_refused(make: Callable[[], LabelFile]) -> None:
    told = refusal(make(), Stock("100x150", 100, 150))
    assert told[:2] == ("error.document.stock", "label")
    assert told[3] == "100 x 150 mm"
    assert refusal(make(), Stock("a6", 105, 148, kind=CONTINUOUS))[0] == "error.document.stock"


def test_sheets_hold_what_is_smaller() -> None:
    sheet = Stock("a4", 210, 297, 300, "pdf", SHEET)
    assert printed(pdf(), sheet).payload == pdf().content
    assert refusal(pdf(), Stock("a6", 105, 148, 300, "pdf", SHEET))[0] == "error.document.stock"


def test_a_language_that_the_printer_does_not_speak_is_refused() -> None:
    assert refusal(zpl(), replace(STOCK, language="tspl")) == (
        "error.document.language", "label", "zpl", "tspl"
    )  # fmt: skip
    assert refusal(tspl())[2:] == ("tspl", "zpl")
    assert refusal(png(), replace(STOCK, language="pdf"))[2:] == ("png", "pdf")
    assert refusal(replace(zpl(), dpi=300))[0] == "error.document.dpi"


@pytest.mark.parametrize("make", [pdf, png], ids=["pdf", "png"])
def test_another_parcels_label_is_refused(make: Callable[[], LabelFile]) -> None:
    told = ("error.document.unread", "waybill", "LP999999994CN")
    assert refusal(make(), waybill=told[2]) == told
    blank = Image.new("L", (812, 1218), 255)
    held = io.BytesIO()
    blank.save(held, "PNG", dpi=(203, 203))
    assert refusal(came(held.getvalue()))[0] == "error.document.unread"


def test_what_does_more_than_print_is_refused() -> None:
    evil = zpl().content.replace(b"^XZ", b"^XZ~JA")
    assert refusal(replace(zpl(), content=evil))[0] == "error.document.zpl"
    evil = tspl().content + b"KILL F,*\r\n"
    told = refusal(replace(tspl(), content=evil), replace(STOCK, language="tspl"))
    assert told[:3] == ("error.document.zpl", "tspl", "KILL")


def test_damaged_and_endless_pages_are_refused() -> None:
    cut = replace(pdf(), content=b"%PDF-1.4 nothing")
    assert refusal(cut)[:2] == ("error.document.image", "label")
    assert refusal(pdf(*[OURS] * 11))[2] == "11 pages"


def test_transparent_pictures_stand_on_white() -> None:
    with Image.open(io.BytesIO(png().content)) as opened:
        clear = Image.new("RGBA", opened.size, (0, 0, 0, 0))
        ink = opened.convert("L").point(lambda level: 255 - level)
        clear.putalpha(ink)
    held = io.BytesIO()
    clear.save(held, "PNG", dpi=(203, 203))
    job = printed(came(held.getvalue()), replace(STOCK, language="tspl"))
    (page,) = PRINTERS["tspl"](job.payload, 203)
    assert codes_in(page) == [WAYBILL]


@pytest.mark.parametrize("make", [pdf, png, zpl, tspl], ids=["pdf", "png", "zpl", "tspl"])
def test_a_preview_shows_it_and_no_reader_takes_a_code_from_it(
    make: Callable[[], LabelFile],
) -> None:
    with Image.open(io.BytesIO(carried_preview(make(), STOCK, FACES, WAYBILL))) as shown:
        assert max(shown.size) <= 900
        grey = shown.convert("L")
        assert min(grey.tobytes()) < 64
        assert codes_in(grey) == []


def test_the_maker_prints_the_carriers_label_in_place_of_ours() -> None:
    maker, file = Documents(FONTS), zpl()
    parcel = replace(papers(), carried=file)
    assert maker.make("label", parcel, STOCK).payload == file.content
    maker.lay("label", parcel, STOCK)
    with pytest.raises(DocumentError):
        maker.lay("label", parcel, Stock("a6", 105, 148))
    assert maker.preview("label", parcel, STOCK).startswith(b"\x89PNG")
    assert maker.make("label", papers(), STOCK).payload != file.content
    sheet = Stock("a4", 210, 297, 300, "pdf", SHEET)
    assert maker.make("label", replace(parcel, carried=pdf()), sheet).media == "pdf"


HEAD = b"SIZE 101.6 mm,152.4 mm\r\nCLS\r\n"


@pytest.mark.parametrize(
    ("tspl", "labels"),
    [
        (HEAD + b'TEXT 1,1,"0",0,1,1,"KILL"\r\nPRINT 1\r\n', 1),
        (HEAD + b"BITMAP 0,0,2,2,0,\rKIL\r\nPRINT 2,3\r\n", 6),
        (b"\xef\xbb\xbf" + HEAD + b"SET TEAR ON\r\nPRINT 1,1", 1),
    ],
)
def test_tspl_that_only_prints_passes(tspl: bytes, labels: int) -> None:
    assert preflight_tspl(tspl) == labels


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        (b'DOWNLOAD F,"A",1,x\r\n', "DOWNLOAD"),
        (b"SET RESPONSE ON\r\n", "SET RESPONSE"),
        (b"SELFTEST\r\n", "SELFTEST"),
        (b"PRINT 51\r\n", "51 labels"),
        (b"PRINT x\r\n", "PRINT"),
        (b"", "0 labels"),
        (b"BITMAP 0,0,9,9,0,x", "picture cut short"),
        (b"\x1b!R\r\n", "byte 1B"),
        (b'TEXT 1,1,"\x1b!R"\r\n', "control character"),
        (b"x" * 1_000_001, "size"),
    ],
)
def test_other_tspl_is_refused(more: bytes, reason: str) -> None:
    with pytest.raises(DocumentError) as refused:
        preflight_tspl(HEAD + more)
    assert (refused.value.fields["field"], refused.value.fields["reason"]) == ("tspl", reason)


@given(st.binary(max_size=200))
def test_no_bytes_break_the_look(content: bytes) -> None:
    try:
        labels = preflight_tspl(HEAD + content)
    except DocumentError:
        labels = 1
    assert 0 < labels <= 50
