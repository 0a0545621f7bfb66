"""Goods of the sample views: invented products with names in three languages."""

from __future__ import annotations

from packstation.station.views import ProductView

# Names in English, Chinese and Russian, and the variant.
_GOODS: dict[str, tuple[str, str, str, str]] = {
    "TB-LIN-SND": ("Linen tote bag, sand", "亚麻包 沙色", "Льняная сумка, песочная", ""),
    "MG-ENM-MOS": (
        "Enamel mug, moss green",
        "搪瓷杯 苔绿",
        "Эмалированная кружка, зелёная",
        "350 ml",
    ),
    "MG-ENM-BLU": ("Enamel mug, blue", "搪瓷杯 蓝色", "Эмалированная кружка, синяя", "350 ml"),
    "SK-WOL-RST": ("Wool socks, rust", "羊毛袜 锈红", "Шерстяные носки, терракота", "39–42"),
    "NB-A6-DOT": ("Pocket notebook, dotted", "口袋笔记本 点阵", "Карманный блокнот в точку", ""),
    "TP-CER-CEL": ("Teapot, celadon", "茶壶 青瓷", "Чайник, селадон", "600 ml"),
    "CB-ACA-M": ("Acacia cutting board", "相思木砧板", "Разделочная доска из акации", "M"),
    "LP-DSK-YLW": ("Desk lamp, yellow", "台灯 黄色", "Настольная лампа, жёлтая", ""),
    "TS-BLK-M": ("T-shirt, black", "T恤 黑色", "Футболка, чёрная", "M"),
    "SC-SLK-PLM": ("Silk scarf, plum", "真丝围巾 梅紫", "Шёлковый шарф, сливовый", ""),
    "PB-10K-GRY": ("Power bank, grey", "充电宝 灰色", "Внешний аккумулятор, серый", "10 000 mAh"),
    "VT-D3-60": ("Vitamin D3, 60 capsules", "维生素D3 60粒", "Витамин D3, 60 капсул", ""),
}
_COLUMN = {"en": 0, "zh_Hans": 1, "ru": 2}

LONG_NAMES = {
    "en": "Hand-knitted extra-fine merino wool winter scarf with tassels, plum and grey, in a box",
    "zh_Hans": "手工编织超细美利奴羊毛冬季加厚保暖流苏围巾梅紫色与灰色双面可戴礼盒装附赠清洁袋一只",
    "ru": "Шарф ручной вязки из сверхтонкой мериносовой шерсти с кисточками, сливово-серый, в тубе",
}
HOSTILE = '<b>bold</b> & <img src="x"> %(n)s {n} \x07 </html>'


def product(sku: str, language: str) -> ProductView:
    """A product as the station pictures it, named in ``language``."""
    row = _GOODS[sku]
    return ProductView(sku, row[_COLUMN[language]], row[3], f"samples/pictures/{sku}.svg")
