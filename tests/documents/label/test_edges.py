"""What cannot be printed whole is refused by name, and pictures that touch become one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ImageChops

from packstation.documents.fonts import Fonts
from packstation.documents.label.brother_ql import TAPES, packbits, tape_of
from packstation.documents.label.dots import Draughtsman, picture_of
from packstation.documents.label.languages import writer
from packstation.documents.label.settings import LanguageSettings
from packstation.domain.errors import DocumentError
from packstation.domain.labels import Barcode, Fill, Label, Media, Text, media
from tests.documents.label.printouts import brother_ql, escpos, tspl
from tests.documents.label.specimens import BROTHER


def refused(id_: str, label: Label, fonts: Fonts, **told: object) -> dict[str, object]:
    settings = LanguageSettings(**told)  # type: ignore[arg-type]
    with pytest.raises(DocumentError) as found:
        writer(id_, fonts, settings).write([label])
    return {"key": found.value.key, **found.value.fields}


def test_a_brother_prints_at_300_dpi_only(fonts: Fonts) -> None:
    assert refused("brother-ql", Label(media("4x6"), ()), fonts) == {
        "key": "error.document.dpi",
        "field": "dpi",
        "value": 203,
        "limit": 300,
    }


@pytest.mark.parametrize(("stock", "tape"), [(Media(150, 200, 300), ""), (BROTHER, "17x54")])
def test_a_roll_that_there_is_not_is_named(stock: Media, tape: str, fonts: Fonts) -> None:
    assert refused("brother-ql", Label(stock, ()), fonts, tape=tape)["field"] == "tape"


@pytest.mark.parametrize(
    ("stock", "told", "name"),
    [
        (BROTHER, {}, "102x152"),
        (Media(101.6, 152.4, 300), {}, "102x152"),
        (Media(103, 164, 300), {}, "103x164"),
        (Media(100, 150, 300), {}, "102"),
        (Media(62, 100, 300), {}, "62x100"),
        (Media(62, 90, 300), {}, "62"),
        (BROTHER, {"kind": "continuous"}, "102"),
        (BROTHER, {"tape": "103x164"}, "103x164"),
    ],
)
def test_the_roll_follows_from_the_label(stock: Media, told: dict[str, str], name: str) -> None:
    settings = LanguageSettings(**told)  # type: ignore[arg-type]
    assert tape_of(stock, settings).name == name


def test_every_roll_fits_its_head() -> None:
    for tape in TAPES:
        head, more = (720, 0) if tape.width_mm <= 62 else (1296, 44)
        assert tape.right + more + tape.printable[0] <= head
        assert tape.printable[0] < tape.paper[0]


@pytest.mark.parametrize(
    ("id_", "stock", "x"),
    [("escpos", Media(100, 50), 1.0), ("brother-ql", Media(101.6, 152.4, 300), 0.5)],
)
def test_ink_beyond_the_head_is_refused_not_cut(
    id_: str, stock: Media, x: float, fonts: Fonts
) -> None:
    edge = Label(stock, (Fill(x, 20, 2, 2),))
    middle = Label(stock, (Fill(stock.width_mm / 2, 20, 2, 2),))

    assert refused(id_, edge, fonts)["key"] == "error.document.outside"
    assert writer(id_, fonts).write([middle])


def test_a_narrow_brother_has_its_own_head_and_feeds_a_roll(fonts: Fonts) -> None:
    stock = Media(58, 50, 300)
    label = Label(stock, (Barcode("code", "code128", "PST-1", 10, 10, 3, 10),))
    data = writer("brother-ql", fonts, LanguageSettings(cut=True, tape="62")).write([label])
    (page,) = brother_ql.pages(data, 300, head=720)

    assert page.size == (720, 590)
    assert b"\x1bid\x23\x00" in data
    assert b"\x1biM\x40\x1biA\x01\x1biK\x08" in data


@given(
    st.binary(min_size=90, max_size=90)
    | st.lists(st.sampled_from([0, 255, 1]), min_size=90, max_size=400).map(bytes)
)
def test_packbits_unpack_to_the_row(row: bytes) -> None:
    packed, unpacked, at = packbits(row), bytearray(), 0
    while at < len(packed):
        count = packed[at]
        take = count + 1 if count < 128 else 1
        unpacked += packed[at + 1 : at + 1 + take] * (1 if count < 128 else 257 - count)
        at += 1 + take

    assert bytes(unpacked) == row
    assert len(packed) <= len(row) + len(row) // 128 + 1


@pytest.mark.parametrize(
    ("told", "end"),
    [
        ({"kind": "gap"}, b"\x1d\x0c"),
        ({"kind": "mark", "cut": True}, b"\x1d\x0c\x1dV\x00"),
        ({"cut": True, "feed_mm": 3.0}, b"\x1dv0\x00\x01\x00\x18\x00" + bytes(24) + b"\x1dV\x00"),
    ],
)
def test_a_receipt_ends_as_its_paper_wants(
    told: dict[str, object], end: bytes, fonts: Fonts
) -> None:
    settings = LanguageSettings(**told)  # type: ignore[arg-type]
    data = writer("escpos", fonts, settings).write([Label(Media(72, 30), (Fill(5, 5, 9, 9),))])

    assert data.endswith(end)
    assert len(escpos.pages(data, 203)) == 1


@pytest.mark.parametrize(
    ("id_", "native"), [("tspl", b'"128"'), ("epl2", b"B40,80"), ("cpcl", b"BARCODE 128")]
)
def test_a_code_is_native_where_a_longer_one_would_do_no_harm(
    id_: str, native: bytes, fonts: Fonts
) -> None:
    def written(module: int) -> bytes:
        code = Barcode("code", "code128", "LP123456785CN", 5, 10, module, 10)
        return writer(id_, fonts).write([Label(media("100x150"), (code,))])

    # 178 modules where the printer knows no pairs of digits, and 10 of quiet zone: 752 dots.
    assert native in written(3)
    assert native not in written(4)


def test_pictures_that_touch_become_one(fonts: Fonts) -> None:
    lines = Text("a", 5, 5, 60, 5, ("Ünder", "Çıft"))
    over = Text("b", 6, 8, 60, 5, ("overlapping",))
    drawing = Draughtsman(fonts).draw(Label(media("100x150"), (lines, over)))

    (picture,) = drawing.pictures
    alone = [
        Draughtsman(fonts).draw(Label(media("100x150"), (one,))).pictures for one in (lines, over)
    ]
    for parts in alone:
        for part in parts:
            at = (part.x - picture.x, part.y - picture.y)
            there = picture_of(picture).crop((*at, at[0] + part.width, at[1] + part.height))
            # All of the part's ink is there.
            assert ImageChops.logical_and(there, picture_of(part)).tobytes() == part.bits


def test_a_picture_ends_at_the_edge_of_the_paper(fonts: Fonts) -> None:
    stock = Media(40, 20)
    label = Label(
        stock, (Text("a", 30, 5, 60, 5, ("far too long", "x")), Text("b", 90, 5, 9, 5, ("x",)))
    )
    (page,) = tspl.pages(writer("tspl", fonts).write([label]), 203)
    drawing = Draughtsman(fonts).draw(label)

    assert page.size == stock.size_dots
    assert all(one.x + one.width <= page.width for one in drawing.pictures)
