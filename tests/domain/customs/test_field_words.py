"""What a field is called, for people."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from packstation.domain.customs.evaluate import evaluate
from packstation.domain.customs.field_words import field_in_words
from packstation.domain.customs.shapes import misshapen
from tests.domain.customs.rig import case, pack


@pytest.mark.parametrize(
    ("path", "told"),
    [
        (
            "ship_from.city",
            {"en": "Sender: city", "zh": "寄件人：城市", "ru": "Отправитель: город"},
        ),
        ("ship_to.city", {"en": "City", "zh": "城市", "ru": "Город"}),
        ("tags", {"en": "Tag", "zh": "标签", "ru": "Метка"}),
        (
            "products[A-1].names.de",
            {
                "en": "Product A-1: name (de)",
                "zh": "商品 A-1：名称 (de)",
                "ru": "Товар A-1: название (de)",
            },
        ),
        (
            "lines[0].unit_price.amount",
            {
                "en": "Line 1: price of one: amount",
                "zh": "订单行 1：单价：金额",
                "ru": "Строка 1: цена за штуку: сумма",
            },
        ),
        ("products[7].sku", {"en": "Product 7: SKU", "zh": "商品 7：SKU", "ru": "Товар 7: SKU"}),
        ("order", dict.fromkeys(("en", "zh", "ru"), "order")),
        ("", dict.fromkeys(("en", "zh", "ru"), "")),
    ],
)
def test_a_path_is_told_in_words(path: str, told: dict[str, str]) -> None:
    assert field_in_words(pack(), path) == told


def test_every_field_that_has_a_shape_has_words() -> None:
    for row in pack().tables["shapes"]:
        path = str(row["path"]).replace("[]", "[0]")
        for language, told in field_in_words(pack(), path).items():
            assert "_" not in told, (path, language, told)
            assert path not in told or path.count(".") == 0, (path, language, told)


def test_a_misshapen_field_is_told_in_words() -> None:
    found = misshapen(case(ship_from={"city": 7}), ())
    (city,) = (one for one in found if one.field == "ship_from.city")
    assert city.message("ru") == "Поле «Отправитель: город» должно быть текстом до 500 знаков: 7"
    assert city.message("zh") == "“寄件人：城市”应为文本，最多500字符：7"


def test_a_pack_without_the_words_says_the_path() -> None:
    bare = replace(pack(), tables={})
    assert field_in_words(bare, "ship_from.city")["ru"] == "ship_from.city"


@pytest.mark.parametrize("party", ["ship_to", "ship_from"])
def test_initials_are_told_once_even_where_they_are_a_stop_word(party: str) -> None:
    raw = {
        "ship_from": {"country": "CN", "name": "Li Na"},
        "ship_to": {"country": "DE", "name": "Eva Krause"},
    }
    raw[party]["name"] = "N/A"
    found = [one for one in evaluate(case(**raw)) if one.rule == "R05"]
    assert [(one.field, one.value) for one in found] == [(f"{party}.name", "N/A")]


def test_a_finding_of_an_origin_statement_has_what_stands_there() -> None:
    def stated(origin: str, **statement: object) -> list[tuple[str, str | None]]:
        told = case(
            ship_from={"country": "CN"},
            ship_to={"country": "DE"},
            lines=[{"line": 1, "sku": "A", "quantity": 1}],
            products=[{"sku": "A", "customs": {"origin": origin}}],
            origin_statement=statement,
        )
        return [(one.field, one.value) for one in evaluate(told) if one.rule == "R35"]

    assert stated("CN", agreement="eu-gsp") == [("origin_statement.agreement", "eu-gsp")]
    assert stated("BD", agreement="eu-gsp") == [("origin_statement.agreement", "eu-gsp")]
    assert stated("BD") == []
