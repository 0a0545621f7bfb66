"""Each language prints what the model says: read back from its bytes by another hand."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import groupby

import pytest
import zxingcpp
from msgspec import Struct
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from packstation.documents.code128 import encode
from packstation.documents.fonts import Fonts
from packstation.documents.label.languages import LANGUAGES, LabelLanguage, language, writer
from packstation.documents.label.matrix import matrix
from packstation.documents.label.png import draw
from packstation.documents.label.settings import LanguageSettings
from packstation.domain.labels import Barcode, Label, Media, Text
from tests.documents.label.printouts import brother_ql, cpcl, epl2, escpos, tspl
from tests.documents.label.specimens import specimens, stocks

Printer = Callable[[bytes, int], list[Image.Image]]
PRINTERS: dict[str, Printer] = {
    "tspl": tspl.pages,
    "epl2": epl2.pages,
    "cpcl": cpcl.pages,
    "escpos": escpos.pages,
    "brother-ql": brother_ql.pages,
}
READ = [row for row in LANGUAGES if row.id in PRINTERS]
CASES = [
    pytest.param(row, stock, id=f"{row.id}-{stock.width_mm:g}x{stock.height_mm:g}-{stock.dpi}")
    for row in READ
    for stock in stocks(row)
]


def printed(
    row: LabelLanguage, label: Label, fonts: Fonts, settings: LanguageSettings | None = None
) -> Image.Image:
    """The one label that comes out, as large as its paper."""
    (page,) = PRINTERS[row.id](writer(row.id, fonts, settings).write([label]), label.media.dpi)
    return on_paper(row, page, label.media)


def on_paper(row: LabelLanguage, page: Image.Image, stock: Media) -> Image.Image:
    """What a head printed, seen on the label's paper."""
    width, height = stock.size_dots
    if row.id == "escpos":
        return page.crop((0, 0, width, height))
    if row.id == "brother-ql":
        # 1822 rows are the label of 104 x 164 mm; heads of 1296 dots stand 44 further out.
        printable = 1200 if page.height == 1822 else 1164
        left = page.width - 44 - 12 - printable + (printable - width + 1) // 2
        top = (page.height - height + 1) // 2
        return _cropped(page, (left, top, left + width, top + height))
    return page


def found_in(picture: Image.Image) -> list[str]:
    read = zxingcpp.read_barcodes(picture, text_mode=zxingcpp.TextMode.Plain)
    return sorted(code.text for code in read)


def barcodes(label: Label) -> list[Barcode]:
    return [one for one in label.elements if isinstance(one, Barcode)]


def area(code: Barcode, stock: Media) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of a code, in dots."""
    x, y = stock.dots(code.x), stock.dots(code.y)
    if code.kind in {"code128", "gs1"}:
        wide = encode(code.data, gs1=code.kind == "gs1").modules * code.module_dots
        return x, y, x + wide, y + stock.dots(code.height)
    side = len(matrix(code.kind, code.data)) * code.module_dots
    return x, y, x + side, y + side


def without_codes(picture: Image.Image, label: Label) -> Image.Image:
    """White where codes are: a printer may choose other subsets or masks than we do."""
    bare = picture.copy()
    for code in barcodes(label):
        ImageDraw.Draw(bare).rectangle(area(code, label.media), fill=255)
    return bare


class Printed(Struct, frozen=True):
    """A specimen, the picture that PNG shows of it, and what came out of the printer."""

    name: str
    label: Label
    wanted: Image.Image
    picture: Image.Image


@pytest.fixture(scope="module")
def prints(fonts: Fonts) -> Callable[[LabelLanguage, Media], tuple[Printed, ...]]:
    """Every specimen of a stock, printed by a language; each once for all tests."""

    @cache
    def wanted(stock: Media) -> dict[str, tuple[Label, Image.Image]]:
        return {
            name: (label, draw(label, fonts).point([255 * (level > 115) for level in range(256)]))
            for name, label in specimens(stock, fonts).items()
        }

    @cache
    def every(id_: str, stock: Media) -> tuple[Printed, ...]:
        return tuple(
            Printed(name, label, picture, printed(language(id_), label, fonts))
            for name, (label, picture) in wanted(stock).items()
        )

    return lambda row, stock: every(row.id, stock)


Prints = Callable[[LabelLanguage, Media], tuple[Printed, ...]]


@pytest.mark.parametrize(("row", "stock"), CASES)
def test_every_language_prints_the_same_picture(
    row: LabelLanguage, stock: Media, prints: Prints
) -> None:
    for one in prints(row, stock):
        bare = [without_codes(picture, one.label) for picture in (one.picture, one.wanted)]
        assert stray(bare[0], bare[1]) == (0, 0), one.name


def stray(one: Image.Image, other: Image.Image) -> tuple[int, int]:
    """Dots of ink of each that have none of the other's within two dots."""
    assert one.size == other.size
    apart = ImageChops.difference(one, other).getbbox()
    if apart is None:
        return 0, 0
    box = (apart[0] - 3, apart[1] - 3, apart[2] + 3, apart[3] + 3)
    one, other = (_cropped(picture, box) for picture in (one, other))
    near = [picture.filter(ImageFilter.MinFilter(5)) for picture in (one, other)]
    return (
        _black(ImageChops.lighter(one, near[1]), one),
        _black(ImageChops.lighter(other, near[0]), other),
    )


def _cropped(picture: Image.Image, box: tuple[int, int, int, int]) -> Image.Image:
    return ImageChops.invert(ImageChops.invert(picture).crop(box))


def _black(both: Image.Image, whole: Image.Image) -> int:
    return sum(whole.histogram()[:128]) - sum(both.histogram()[:128])


@pytest.mark.parametrize(("row", "stock"), CASES)
def test_a_reader_finds_every_code_and_no_other(
    row: LabelLanguage, stock: Media, prints: Prints
) -> None:
    for one in prints(row, stock):
        wanted = sorted(code.data for code in barcodes(one.label))
        assert found_in(one.picture) == wanted, one.name


@pytest.mark.parametrize(("row", "stock"), CASES)
def test_bars_are_whole_modules_where_they_are_planned(
    row: LabelLanguage, stock: Media, prints: Prints
) -> None:
    for one in prints(row, stock):
        for code in barcodes(one.label):
            box = area(code, stock)
            quiet = 2 * code.module_dots
            y = (box[1] + box[3]) // 2
            line = one.picture.crop((box[0] - quiet, y, box[2] + quiet, y + 1)).tobytes()
            runs = [(dark, len(list(run))) for dark, run in groupby(dot < 128 for dot in line)]
            assert runs[0][1] >= quiet
            assert runs[-1][1] >= quiet
            assert not [run for _, run in runs if run % code.module_dots], (one.name, code.data)


@pytest.mark.parametrize(("row", "stock"), CASES)
def test_text_is_where_the_model_has_it(row: LabelLanguage, stock: Media, prints: Prints) -> None:
    for one in prints(row, stock):
        for text in (each for each in one.label.elements if isinstance(each, Text)):
            for index, line in enumerate(text.lines):
                base = stock.dots(text.baseline(index))
                left, wide = stock.dots(text.x), stock.dots(text.width)
                box = (left, base - stock.dots(text.size * 0.75), left + wide, base)
                dark = sum(one.picture.crop(box).histogram()[:128]) / (wide * (base - box[1]))
                assert dark < 0.98 if text.inverse else dark > 0.002, (one.name, line)


@pytest.mark.parametrize(
    "row", [row for row in READ if row.id in {"tspl", "epl2", "cpcl"}], ids=lambda row: row.id
)
@pytest.mark.parametrize(
    ("settings", "other"),
    [
        (LanguageSettings(native_codes=False), {}),
        (LanguageSettings(invert_bitmap=True), {"invert": True}),
        (LanguageSettings(hex_graphics=True), {}),
        (LanguageSettings(kind="mark", gap_mm=3, speed=3, darkness=9, cut=True, peel=True), {}),
        (LanguageSettings(kind="continuous"), {}),
    ],
    ids=["drawn", "inverted", "hex", "mark", "roll"],
)  # fmt: skip
def test_settings_change_the_bytes_and_not_the_print(
    row: LabelLanguage,
    settings: LanguageSettings,
    other: dict[str, bool],
    prints: Prints,
    fonts: Fonts,
) -> None:
    one = prints(row, stocks(row)[0])[0]
    label, wanted = one.label, one.wanted
    data = writer(row.id, fonts, settings).write([label])
    usual = 1 if row.id == "cpcl" else 0
    printer: Callable[..., list[Image.Image]] = PRINTERS[row.id]
    (page,) = printer(data, 203, black_is=1 - usual if other else usual)

    assert stray(without_codes(page, label), without_codes(wanted, label)) == (0, 0)
    assert found_in(page) == sorted(code.data for code in barcodes(label))


@pytest.mark.parametrize("row", READ, ids=lambda row: row.id)
def test_several_labels_come_out_one_by_one(row: LabelLanguage, fonts: Fonts) -> None:
    stock = stocks(row)[0]
    labels = list(specimens(stock, fonts).values())[:3]
    pages = PRINTERS[row.id](writer(row.id, fonts).write(labels), stock.dpi)

    assert len(pages) == 3
    for page, label in zip(pages, labels, strict=True):
        assert on_paper(row, page, stock).tobytes() == printed(row, label, fonts).tobytes()
