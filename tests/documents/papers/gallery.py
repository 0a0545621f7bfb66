"""The pictures of docs/papers.md: python -m tests.documents.papers.gallery docs/images/papers."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Final

from msgspec.structs import replace
from PIL import Image

from packstation.documents.fonts import Fonts
from packstation.documents.papers.making import make_paper
from packstation.domain.labels import Media
from packstation.domain.orders import Address
from tests.documents.papers.consignments import letterhead
from tests.documents.papers.pages import pictures
from tests.documents.papers.worlds import CYRILLIC, HAN, LATIN, MIXED, SHEET, World, asked
from tests.documents.samples import FONTS

_DPI: Final = 100
_SMALL: Final = Media(74, 105, 300)
_LABEL: Final = Media(101.6, 152.4, 203)
_A5: Final = Media(210, 148, 300)
_TOKYO: Final = Address(
    name="山田 花子",
    lines=("千代田区丸の内1丁目9番1号", "グランドハイツ501号室"),
    city="東京都",
    postcode="100-0005",
    country="JP",
)
# Name, kind, consignment, lines, paper, page, fields of the order.
SHOWN: Final[tuple[tuple[str, str, World, int, Media, int, dict[str, Any]], ...]] = (
    ("cn22-de", "cn22", LATIN, 4, _SMALL, 0, {}),
    ("cn22-zh", "cn22", HAN, 4, _SMALL, 0, {}),
    ("cn22-label-ru", "cn22", CYRILLIC, 4, _LABEL, 0, {}),
    ("cn23-label-ru", "cn23", CYRILLIC, 4, _LABEL, 0, {}),
    ("cn23-de", "cn23", LATIN, 12, _A5, 0, {}),
    ("cn23-zh", "cn23", HAN, 4, _A5, 0, {}),
    ("invoice-ru", "invoice", MIXED, 20, SHEET, 0, {}),
    ("invoice-ru-2", "invoice", MIXED, 20, SHEET, 1, {}),
    ("proforma-de", "proforma", LATIN, 5, SHEET, 0, {"category": "commercial_sample"}),
    ("packing-list-zh", "packing-list", HAN, 8, SHEET, 0, {}),
    ("origin-de", "origin", LATIN, 3, SHEET, 0, {}),
    ("origin-request-ru", "origin-request", CYRILLIC, 3, SHEET, 0, {}),
    ("sli-zh", "sli", HAN, 5, SHEET, 0, {}),
    ("returns-ru", "returns", CYRILLIC, 3, SHEET, 0, {"category": "returned_goods"}),
    ("slip-de", "slip", LATIN, 5, SHEET, 0, {"gift_message": ""}),
    ("slip-ja", "slip", LATIN, 3, SHEET, 0, {"gift_message": "", "to": _TOKYO}),
    ("class-9", "class-9", LATIN, 1, Media(100, 100, 300), 0, {}),
    ("cargo-only", "cargo-only", LATIN, 1, Media(120, 110, 300), 0, {}),
    ("sli-ru-2", "sli", CYRILLIC, 60, SHEET, 1, {}),
    ("slip-gift-zh", "slip", HAN, 3, SHEET, 0, {"gift": True}),
    ("battery", "battery", LATIN, 1, Media(100, 100, 300), 0, {}),
    ("compliance-ru", "compliance", CYRILLIC, 3, Media(100, 70, 300), 0, {}),
)
# Sellers have letterheads on these.
_HEADED: Final = ("invoice-ru", "invoice-ru-2", "slip-de", "slip-ja")
# The second language of a picture, where it is not that of its goods.
_LANGUAGES: Final = {"slip-ja": "ja"}


def main(folder: Path) -> None:
    """Draw all of them."""
    fonts = Fonts(FONTS)
    folder.mkdir(parents=True, exist_ok=True)
    for name, kind, world, count, media, page, fields in SHOWN:
        language = _LANGUAGES.get(name, "")
        one = asked(kind, world, count, media, language=language, **fields)
        if name in _HEADED:
            one = replace(one, template=letterhead())
        dpi = _DPI if media.width_mm > 150 else 2 * _DPI
        drawn = pictures(make_paper(one, fonts), dpi, grey=kind != "battery")[page]
        scaled = drawn.resize(
            (drawn.width * 3 // 4, drawn.height * 3 // 4), Image.Resampling.LANCZOS
        )
        scaled.quantize(16).save(folder / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
