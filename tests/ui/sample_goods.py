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
    "TP-CLY-BRN": ("Clay teapot", "紫砂壶", "Глиняный чайник", "600 ml"),
    "CB-OAK-M": ("Oak cutting board", "橡木砧板", "Дубовая разделочная доска", "M"),
    "LP-DSK-YEL": ("Desk lamp, yellow", "台灯 黄色", "Настольная лампа, жёлтая", ""),
    "TS-BLK-M": ("T-shirt, black", "T恤 黑色", "Футболка, чёрная", "M"),
    "SF-MER-PLM": ("Merino scarf, plum", "美利奴围巾 梅紫", "Шарф из мериноса, сливовый", ""),
    "PB-10K-BLK": ("Power bank, black", "充电宝 黑色", "Внешний аккумулятор, чёрный", "10 000 mAh"),
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
    return ProductView(sku, row[_COLUMN[language]], row[3])
