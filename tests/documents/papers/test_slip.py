"""The packing slip as the buyer finds it in the box."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from packstation.documents.fonts import Fonts
from packstation.documents.papers.making import PaperAsked, make_paper
from packstation.documents.papers.slip import language_of, slip_words
from packstation.domain.errors import DocumentError, FormOverflow, GlyphMissing
from packstation.domain.labels import ParcelPapers
from packstation.domain.quantities import Money
from packstation.domain.templates import Extra
from tests.documents.papers.consignments import A4, asked, letterhead, parcel
from tests.documents.papers.pages import decoded, faults, missing, sizes, text
from tests.documents.samples import ACCENTED, CHINESE, FONTS, RUSSIAN

PLACED = datetime(2026, 11, 20, 6, 2, tzinfo=UTC)
TEXTS = (
    Extra(place="slip-greeting", language="en", text="Thank you for shopping with us!"),
    Extra(place="slip-greeting", language="ru", text="Спасибо за покупку!"),
    Extra(place="slip-foot", language="en", text="Questions? hello@example.com"),
)


def bought(count: int = 3, *, price: str | None = "59.90", **fields: Any) -> ParcelPapers:  # noqa: ANN401 - any field
    """A parcel whose lines were paid for."""
    found = parcel(count, **{"placed_at": PLACED, "to": ACCENTED, **fields})
    money = Money(Decimal(price), "CNY") if price else None
    lines = tuple(replace(line, unit_price=money) for line in found.order.lines)
    return replace(found, order=replace(found.order, lines=lines))


def slip(one: ParcelPapers, *, language: str = "en", **fields: Any) -> PaperAsked:  # noqa: ANN401 - as above
    return asked("slip", one, language=language, **fields)


@pytest.mark.parametrize("language", [*slip_words(), "zh_Hans", "ko"])
@pytest.mark.parametrize("count", [1, 40])
def test_its_pages_are_without_fault(fonts: Fonts, language: str, count: int) -> None:
    template = letterhead(texts=TEXTS)
    pdf = make_paper(slip(bought(count), language=language, template=template), fonts)

    assert faults(pdf, A4) == []


def test_it_tells_what_the_buyer_wants_to_know(fonts: Fonts) -> None:
    one = replace(bought(), count=2)
    pdf = make_paper(slip(one, template=letterhead(texts=TEXTS)), fonts)

    wanted = [
        "Baiyun Trading",
        "白云贸易",
        "Packing slip",
        "40112233-0007-1",
        "2026-11-20",
        "2026-11-22",
        "1 / 2",
        "José Müller-Nuñez",
        "Straße des 17. Juni 135",
        "50667 Köln",
        "GERMANY",
        "Thank you for shopping with us!",
        "enamel mug 350 ml, steel, for camping",
        "TS-001",
        "59.90 CNY",
        "119.80 CNY",
        "Sum of this parcel 359.40 CNY",
        "The other items of your order come in other parcels.",
        "Questions? hello@example.com",
    ]
    assert missing(pdf, wanted) == []
    assert decoded(pdf) == ["40112233-0007-1", "40112233-0007-1"]


@pytest.mark.parametrize(
    ("language", "to", "words"),
    [
        ("zh", CHINESE, ["装箱单", "数量", "李小明"]),
        ("ru", RUSSIAN, ["Упаковочный лист", "Количество", "Спасибо за покупку!"]),
        ("de", ACCENTED, ["Lieferschein", "Menge"]),
    ],
)
def test_it_speaks_the_buyers_language(
    fonts: Fonts,
    language: str,
    to: Any,  # noqa: ANN401 - an address
    words: list[str],
) -> None:
    one = bought(to=to, buyer={"id": "B-1", "language": language})
    pdf = make_paper(slip(one, template=letterhead(texts=TEXTS)), fonts)

    assert missing(pdf, words) == []


def test_the_buyers_language_comes_before_the_destinations() -> None:
    assert language_of(slip(bought(buyer={"language": "de-AT"}), language="fr")) == "de"
    assert language_of(slip(bought(buyer={"language": "kk"}), language="fr")) == "fr"
    assert language_of(slip(bought(buyer={"language": 7}), language="xx")) == "en"
    assert language_of(slip(bought(buyer=None), language="zh_Hans")) == "zh"


@pytest.mark.parametrize("fields", [{"gift": True}, {"category": "gift"}, {"gift": False}])
def test_a_gift_has_a_message_and_no_prices(fonts: Fonts, fields: dict[str, Any]) -> None:
    one = bought(gift_message="Happy birthday, Anna! 生日快乐", **fields)
    found = text(make_paper(slip(one), fonts))

    assert "A gift for you" in found
    assert "Happy birthday, Anna! 生日快乐" in found
    assert "CNY" not in found
    assert "Price" not in found
    assert "59.90" not in found


def test_a_gift_without_a_message_has_no_prices(fonts: Fonts) -> None:
    found = text(make_paper(slip(bought(gift=True)), fonts))

    assert "A gift for you" not in found
    assert "CNY" not in found


def test_prices_that_are_not_known_are_not_shown(fonts: Fonts) -> None:
    assert "Price" not in text(make_paper(slip(bought(price=None)), fonts))
    one = bought()
    first, *rest = one.order.lines
    partly = replace(one, order=replace(one.order, lines=(replace(first, unit_price=None), *rest)))
    found = text(make_paper(slip(partly), fonts))
    assert "119.80 CNY" in found
    assert "Sum" not in found


@pytest.mark.parametrize("tag", ["dropship", "Neutral"])
def test_a_neutral_slip_names_no_sender(fonts: Fonts, tag: str) -> None:
    one = bought(tags=(tag,))
    pdf = make_paper(slip(one, template=letterhead(texts=TEXTS)), fonts)
    found = text(pdf)

    for word in ("Baiyun", "白云", "Lin Yue", "Thank you", "hello@example.com"):
        assert word not in found
    assert b"/Subtype /Image" not in pdf
    assert "José Müller-Nuñez" in found


def test_without_a_template_the_sender_stands_there(fonts: Fonts) -> None:
    assert "Guangzhou Baiyun Trading Co., Ltd." in text(make_paper(slip(bought()), fonts))


def test_only_this_parcels_goods_are_on_it(fonts: Fonts) -> None:
    one = replace(bought(), contents=((2, 1),), number=2, count=2)
    found = text(make_paper(slip(one), fonts))

    assert "2 / 2" in found
    assert "TS-001" in found
    assert "TS-000" not in found


def test_many_items_are_pages_that_tell_their_number(fonts: Fonts) -> None:
    pdf = make_paper(slip(bought(120)), fonts)

    assert faults(pdf, A4) == []
    assert len(sizes(pdf)) > 3
    assert missing(pdf, [f"TS-{at:03}" for at in range(120)]) == []
    assert f"Page {len(sizes(pdf))} / {len(sizes(pdf))}" in text(pdf)


def test_training_is_written_on_it(fonts: Fonts) -> None:
    assert "TRAINING" in text(make_paper(slip(replace(bought(), training=True)), fonts))


@pytest.mark.parametrize("order_id", ["заказ-7", "X" * 64, "a b"])
def test_any_order_number_stands_on_it(fonts: Fonts, order_id: str) -> None:
    pdf = make_paper(slip(bought(order_id=order_id)), fonts)

    assert faults(pdf, A4) == []
    assert missing(pdf, [order_id]) == []
    assert {*decoded(pdf)} <= {order_id}


def test_a_long_message_is_never_cut(fonts: Fonts) -> None:
    message = " ".join(f"wish{at}" for at in range(300))
    pdf = make_paper(slip(bought(gift_message=message)), fonts)

    assert faults(pdf, A4) == []
    assert missing(pdf, [f"wish{at}" for at in range(300)]) == []


def test_what_no_page_holds_is_named(fonts: Fonts) -> None:
    with pytest.raises(FormOverflow) as refused:
        make_paper(slip(bought(gift_message="wish " * 6000)), fonts)

    assert refused.value.fields["field"] == "gift_message"


def test_a_missing_glyph_is_named(fonts: Fonts) -> None:
    with pytest.raises(GlyphMissing) as refused:
        make_paper(slip(bought(gift_message="مبروك")), fonts)

    assert refused.value.fields["field"] == "gift_message"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(name=st.text(max_size=400), message=st.text(max_size=900))
def test_hostile_words_are_printed_or_refused_by_name(name: str, message: str) -> None:
    one = bought(to=replace(ACCENTED, name=name), gift_message=message)
    try:
        pdf = make_paper(slip(one), _FONTS)
    except DocumentError as refused:
        field = str(refused.fields["field"])
    else:
        field = ""
        assert faults(pdf, A4) == []
    assert field in {"", "ship_to.name", "gift_message"}


_FONTS = Fonts(FONTS)
