"""The fonts that set-up cuts: static TrueType, of the named weight, with the characters needed."""

import pytest
from fontTools.ttLib import TTFont

from packstation.assets import resource
from setup import fonts

_ADDRESSES = {
    "NotoSans": "Zürich São Łódź Москва Ёлка Ψ №",
    "NotoSansSC": "广州市天河区 街道 （ＡＢ） ￥ 囍 123 Ab",
    "JetBrainsMono": "LP123456785CN 0O1lI",
}


@pytest.mark.parametrize("task", fonts.CUTS, ids=lambda task: str(task.name))
def test_each_file_is_a_static_truetype_font_with_its_characters(task: fonts.Cut) -> None:
    font = TTFont(resource("fonts", task.name))
    assert "glyf" in font
    assert "fvar" not in font
    assert font["OS/2"].usWeightClass == task.weight
    family = font["name"].getBestFamilyName()
    assert str(family).replace(" ", "") == task.name.split("-")[0]
    text = _ADDRESSES[task.name.split("-")[0]]
    assert [sign for sign in text if ord(sign) not in font.getBestCmap()] == []


def test_the_chinese_cut_holds_all_of_gb2312() -> None:
    rows = (bytes((0xB0 + row, 0xA1 + column)) for row in range(72) for column in range(94))
    signs = {raw.decode("gb2312", errors="ignore") for raw in rows} - {""}
    assert len(signs) == 6763
    assert {ord(sign) for sign in signs} <= fonts.chinese_characters()


def test_the_licences_lie_beside_the_fonts() -> None:
    for name in fonts.LICENCES:
        assert "SIL OPEN FONT LICENSE" in resource("fonts", name).read_text("utf-8").upper()
