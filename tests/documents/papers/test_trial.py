"""A template is tried before it is used, and papers go on without one that will not do."""

from __future__ import annotations

import hashlib
import io
from typing import Any

import pypdfium2
import pytest
from msgspec.structs import replace
from PIL import Image

from packstation.assets import resource
from packstation.documents.fonts import Fonts
from packstation.documents.maker import Documents
from packstation.documents.papers.making import drawn, make_paper, paper_pages
from packstation.documents.papers.sample import sample_asked, sample_picture
from packstation.documents.papers.trial import trial
from packstation.domain.errors import DocumentError
from packstation.domain.labels import Image as Drawing
from packstation.domain.labels import ParcelPapers, PrintJob
from packstation.domain.templates import KINDS, PLACES, Extra, Template
from tests.documents.papers.consignments import asked, letterhead, parcel
from tests.documents.papers.pages import faults, text

# As long as a text may be, and as wide.
LONG = "W" * 600
EVERYWHERE = tuple(
    Extra(place=place, language=language, text=f"{place} {language}")
    for place in PLACES
    for language in ("en", "ru")
)


def told(template: Template, fonts: Fonts) -> list[tuple[str, str]]:
    return [(one.path, one.kind) for one in trial(template, fonts)]


def test_a_good_template_has_nothing_to_mend(fonts: Fonts) -> None:
    assert trial(letterhead(texts=EVERYWHERE), fonts) == ()
    assert trial(Template(id="empty"), fonts) == ()


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"letterhead": ("Baiyun", "ไทย")}, ("letterhead[1]", "glyph")),
        (
            {"texts": (Extra(place="slip-foot", language="en", text="ع"),)},
            ("texts[0].text", "glyph"),
        ),
        ({"letterhead": ("W" * 120,) * 8}, ("letterhead", "overflow")),
        (
            {"texts": (Extra(place="invoice-foot", language="en", text="a\n" * 300),)},
            ("texts[0].text", "overflow"),
        ),
        (
            {"texts": (Extra(place="invoice-head", language="ru", text="a\n" * 300),)},
            ("texts[0].text", "overflow"),
        ),
    ],
)
def test_each_fault_has_its_field(
    fonts: Fonts, fields: dict[str, Any], fault: tuple[str, str]
) -> None:
    assert fault in told(letterhead(**fields), fonts)


def test_a_picture_that_is_none_is_told_at_its_field(fonts: Fonts) -> None:
    svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    name = hashlib.sha256(svg).hexdigest()

    assert told(Template(id="a", logo=name, images={name: svg}), fonts) == [("logo", "picture")]
    assert told(Template(id="a", images={name: svg}), fonts) == [(f"images[{name}]", "picture")]
    assert told(Template(id="a", logo=name), fonts) == []  # told by `faults`


def test_the_longest_texts_are_drawn_whole(fonts: Fonts) -> None:
    texts = tuple(Extra(place=place, language="en", text=LONG) for place in PLACES)
    full = letterhead(texts=texts)

    assert trial(full, fonts) == ()
    for kind in ("invoice", "packing-list", "slip"):
        pdf = make_paper(sample_asked(kind, full), fonts)
        assert faults(pdf) == []
        assert text(pdf).replace("\n", "").count("W") >= 600


def test_words_before_the_goods_of_an_invoice(fonts: Fonts) -> None:
    words = (
        Extra(place="invoice-head", language="en", text="Payment received\nOrder of our web shop"),
        Extra(place="invoice-head", language="ru", text="Оплачено"),
    )
    pdf = make_paper(asked("invoice", language="ru", template=letterhead(texts=words)), fonts)
    shown = text(pdf)

    assert faults(pdf) == []
    order = ("Kazan", "Payment received", "Order of our", "Оплачено", "TS-000")
    places = [shown.index(words) for words in order]
    assert places == sorted(places)
    assert "Payment received" not in text(
        make_paper(asked("packing-list", template=letterhead(texts=words)), fonts)
    )


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "origin"])
def test_a_signature_stands_only_where_it_may(fonts: Fonts, kind: str) -> None:
    signed = kind in {"invoice", "proforma", "packing-list", "sli"}
    for signs in (True, False):
        one = replace(parcel(category_text="does not fit"), signs=signs)
        pages = paper_pages(asked(kind, one, template=letterhead()), fonts)
        images = {one.role for page in pages for one in page.elements if isinstance(one, Drawing)}
        assert ("template.signature" in images) == (signed and signs), kind


def printed(template: Template, one: ParcelPapers, kind: str = "invoice") -> PrintJob:
    return Documents(resource("fonts"), templates=lambda: (template,)).make(kind, one)


@pytest.mark.parametrize(
    ("broken", "field"),
    [
        ({"logo": "0" * 64}, "template.logo"),
        ({"images": {letterhead().logo: b"no picture"}, "signature": ""}, "template.logo"),
        ({"letterhead": ("W" * 120,) * 8}, "template.letterhead"),
        ({"letterhead": ("ไทย",)}, "template.letterhead"),
        (
            {"texts": (Extra(place="invoice-foot", language="en", text="a\n" * 300),)},
            "template.invoice-foot",
        ),
    ],
)
def test_a_paper_goes_on_without_a_template_that_will_not_do(
    fonts: Fonts, broken: dict[str, Any], field: str
) -> None:
    one = parcel()
    job = printed(letterhead(**broken), one)

    assert job.plain == ("baiyun", field)
    assert faults(job.payload) == []
    assert job.payload == Documents(resource("fonts")).make("invoice", one).payload
    assert printed(letterhead(), one).plain is None


def test_what_the_plain_form_lacks_too_is_refused_as_ever(fonts: Fonts) -> None:
    one = parcel(1)
    buyer = replace(one.order.ship_to, name="สมชาย")
    unknown = replace(one, order=replace(one.order, ship_to=buyer))
    with pytest.raises(DocumentError) as refused:
        drawn(asked("invoice", unknown, template=letterhead(logo="0" * 64)), fonts)
    assert "ส" in str(refused.value.fields)


def test_postal_forms_take_no_template(fonts: Fonts) -> None:
    one = replace(parcel(1), signs=True)

    assert printed(letterhead(logo="0" * 64), one, "cn22").plain is None


def test_papers_choose_by_kind() -> None:
    slips = letterhead(id="slips", kinds=("slip",), letterhead=("For the box",))
    documents = Documents(resource("fonts"), templates=lambda: (letterhead(), slips))
    one = parcel(1)

    assert "For the box" in text(documents.make("slip", one).payload)
    assert "Baiyun Trading" in text(documents.make("invoice", one).payload)


def test_a_sample_is_seen_as_a_picture(fonts: Fonts) -> None:
    for kind in ("invoice", "slip", "cn23", "returns"):
        png, pages = sample_picture(sample_asked(kind, letterhead(), "zh"), fonts, 72)
        assert pages == 1
        assert Image.open(io.BytesIO(png)).width in {595, 596}
    assert isinstance(pypdfium2.PDFIUM_INFO.build, int)
