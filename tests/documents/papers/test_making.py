"""Papers by their kind, and whether the judge of pages sees what is wrong."""

from __future__ import annotations

import pytest

from packstation.documents.fonts import Fonts
from packstation.documents.label.pdf import write_pdf
from packstation.documents.layout import Box, Sheet, Style
from packstation.documents.papers.making import PaperAsked, make_paper
from packstation.domain.errors import DocumentError
from packstation.domain.labels import Media, Text, media
from tests.documents.papers.pages import cells, decoded, drawn_glyphs, faults, missing, sizes, text
from tests.documents.samples import WAYBILL, papers

_PAGE = Media(74, 105, 300)


def asked(kind: str = "cn22") -> PaperAsked:
    return PaperAsked(kind, (papers(),), media("cn22", 300), today="2026-11-21")


def test_a_paper_is_made_by_its_kind(fonts: Fonts) -> None:
    pdf = make_paper(asked(), fonts)

    assert faults(pdf, [(74, 105)]) == []
    assert decoded(pdf) == [WAYBILL]
    assert missing(pdf, ["CN 22", "wool socks, rust"]) == []
    assert sizes(pdf)[0] == pytest.approx((74, 105), abs=0.01)


def test_an_unknown_kind_is_refused_by_name(fonts: Fonts) -> None:
    with pytest.raises(DocumentError) as refused:
        make_paper(asked("cn24"), fonts)

    assert refused.value.fields["value"] == "cn24"


def drawn(fonts: Fonts, *texts: Text) -> bytes:
    sheet = Sheet(_PAGE, fonts)
    sheet.frame(Box(10, 10, 40, 10))
    sheet.elements += texts
    return write_pdf([sheet.label()], fonts)


def test_a_page_as_it_should_be_has_no_faults(fonts: Fonts) -> None:
    pdf = drawn(fonts, Text("a", 11, 11, 30, 3, ("Ёлка 深圳", "below")))

    assert faults(pdf, [(74, 105)]) == []
    assert text(pdf) == "Ёлка 深圳 below"


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (Text("a", 70, 50, 3, 3, ("outside",)), "outside of the page"),
        (Text("a", 11, 100.5, 40, 6, ("low",)), "outside of the page"),
        (Text("a", 45, 13, 10, 3, ("over",)), "'over' stands on the right of a frame"),
        (Text("a", 20, 8.4, 10, 3, ("over",)), "'over' stands on the top of a frame"),
    ],
)
def test_words_where_they_should_not_be_are_faults(fonts: Fonts, words: Text, fault: str) -> None:
    assert any(fault in found for found in faults(drawn(fonts, words)))


def test_words_over_words_are_a_fault(fonts: Fonts) -> None:
    one, other = (Text("a", 20, y, 30, 3, (word,)) for y, word in ((50, "one"), (51.2, "two")))

    assert faults(drawn(fonts, one, other)) == ["page 1: 'one' and 'two' overlap"]


def test_another_size_is_a_fault(fonts: Fonts) -> None:
    pdf = write_pdf([Sheet(_PAGE, fonts).label()], fonts)

    assert faults(pdf, [(74, 106)]) == ["page 1: is 74.0 x 105.0 mm, not 74 x 106"]


def test_a_font_that_is_not_embedded_is_a_fault() -> None:
    import io

    from reportlab.pdfgen.canvas import Canvas

    target = io.BytesIO()
    canvas = Canvas(target)
    canvas.drawString(100, 100, "Helvetica")
    canvas.save()

    assert "page 1: font Helvetica is not embedded" in faults(target.getvalue())


def test_an_empty_cell_is_drawn_too(fonts: Fonts) -> None:
    sheet = Sheet(_PAGE, fonts)
    sheet.text("a", Box(1, 1, 20, 5), "", Style((2.0,)))

    assert faults(write_pdf([sheet.label()], fonts)) == []


def test_letters_too_small_to_read_are_a_fault(fonts: Fonts) -> None:
    latin = drawn(fonts, Text("a", 11, 50, 30, 1.4, ("small",)))
    han = drawn(fonts, Text("a", 11, 50, 30, 1.9, ("小",)))

    assert faults(latin) == ["page 1: 's' is 1.40 mm high"]
    assert faults(han) == ["page 1: '小' is 1.90 mm high"]


def test_a_line_between_the_letters_of_a_word_is_a_fault(fonts: Fonts) -> None:
    sheet = Sheet(_PAGE, fonts)
    sheet.text("a", Box(10, 50, 60, 6), "iiiiiiii", Style((3.0,)))
    inside = write_pdf([sheet.label()], fonts)
    sheet.down(10 + 3.0 * fonts.em_width("iiii", bold=False), Box(0, 45, 0, 20), 0.001)

    assert cells(inside) == []
    assert cells(write_pdf([sheet.label()], fonts)) != []


def test_ink_on_the_edge_is_a_fault(fonts: Fonts) -> None:
    cut = drawn(fonts, Text("a", 11, 102.5, 40, 3, ("gypsy",)))

    assert drawn_glyphs(cut) == ["page 1: ink at the edge"]
    assert drawn_glyphs(drawn(fonts, Text("a", 11, 50, 40, 3, ("gypsy",)))) == []
