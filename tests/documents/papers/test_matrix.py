"""Every paper in every script, with few and many lines, short and long: pages without a fault."""

from __future__ import annotations

import re
from typing import Final

import pytest
from msgspec.structs import replace

from packstation.documents.fonts import Fonts
from packstation.documents.papers.making import PAPERS, make_paper
from packstation.documents.papers.sets import Asked, Consignment, make_set
from packstation.domain.errors import DocumentError, GlyphMissing
from packstation.domain.labels import Media
from tests.documents.papers.pages import cells, decoded, drawn_glyphs, faults, missing, sizes, text
from tests.documents.papers.worlds import LATIN, SHEET, STOCKS, WORLDS, World, asked
from tests.documents.samples import FONTS, WAYBILL

FACES: Final = Fonts(FONTS)
FORMS: Final = {"cn22", "cn23"}
MARKS: Final = {"battery", "battery-preprinted", "class-9", "cargo-only"}
# 59.90 less the discount of 0.50.
DECLARED: Final = "59.40"
# Papers that name each thing of the consignment.
LISTS: Final = {
    "invoice",
    "proforma",
    "packing-list",
    "origin",
    "origin-request",
    "returns",
    "slip",
}
MAY_REFUSE: Final = {
    ("cn22", "contents"),
    ("compliance", "compliance_parties"),
}
# Characters that no face has, by script (U+20BB7 is Han beyond GBK).
STRANGE: Final = ("محمد", "สมชาย", "📦", "𠮷田", "김민수", "שלום")
NAMED: Final = [f"{kind}-{media.width_mm:.0f}x{media.height_mm:.0f}" for kind, media in STOCKS]


def on_paper(kind: str, world: World, count: int, media: Media, *, long: bool = False) -> bytes:
    """The paper, or b"" where it is refused for what may be refused."""
    try:
        return make_paper(asked(kind, world, count, media, long=long), FACES)
    except DocumentError as error:
        refused = kind, str(error.fields["field"])
    # What a CN 22 has no room for goes to a CN 23; China asks for no label on goods.
    assert refused in MAY_REFUSE
    assert count > 1 if kind == "cn22" else world.to.country == "CN"
    return b""


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize(("kind", "media"), STOCKS, ids=NAMED)
def test_every_paper_in_every_script(kind: str, media: Media, world: str) -> None:
    for count, long in ((1, False), (5, True)):
        pdf = on_paper(kind, WORLDS[world], count, media, long=long)
        if not pdf:
            continue
        assert faults(pdf, [(media.width_mm, media.height_mm)]) == []
        assert cells(pdf) == []
        # A mark is drawn up to its edge, two forms on a sheet have a line to cut along.
        whole = kind in MARKS or (kind in FORMS and media is SHEET)
        assert whole or long or drawn_glyphs(pdf) == []
        assert len(pdf) < 60 * 1024


@pytest.mark.parametrize("world", ["cyrillic", "mixed"])
@pytest.mark.parametrize("kind", sorted(LISTS | {"sli"}))
def test_sixty_long_lines_are_pages_with_all_of_them(kind: str, world: str) -> None:
    pdf = on_paper(kind, WORLDS[world], 60, SHEET, long=True)
    count = len(sizes(pdf))

    assert faults(pdf, [(210, 297)]) == []
    assert count > 1
    pages = re.findall(r"(\d+) / (\d+)", text(pdf))
    assert {(str(page), str(count)) for page in range(1, count + 1)} <= set(pages)
    if kind in LISTS:
        assert missing(pdf, [f"SKU-{at:03}" for at in range(60)]) == []


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize(("kind", "media"), STOCKS, ids=NAMED)
def test_what_is_declared_can_be_copied_out_of_it(kind: str, media: Media, world: str) -> None:
    one = WORLDS[world]
    pdf = on_paper(kind, one, 1, media)
    if not pdf or kind in MARKS:
        return
    wanted = [one.sender.name] if kind not in {"slip", "compliance"} else []
    if kind not in {"cn22", "compliance"}:
        wanted.append(one.to.name)
    if kind not in {"compliance", "slip"}:
        wanted += [one.goods[0], "0.175"]
    if kind in FORMS | {"invoice", "proforma", "returns", "sli"}:
        # A discount is taken off what is declared; an invoice has the price and the discount.
        wanted += ["59.90" if kind in {"invoice", "proforma"} else DECLARED, "610910"]
    assert missing(pdf, wanted) == []
    if kind in FORMS:
        assert decoded(pdf, media.dpi) == [WAYBILL] * (2 if media is SHEET else 1)


@pytest.mark.parametrize("kind", sorted(PAPERS))
def test_no_paper_shows_the_number_of_ioss(kind: str) -> None:
    media = next(media for name, media in STOCKS if name == kind)
    made = [(world, on_paper(kind, world, 1, media)) for world in WORLDS.values()]
    shown = [(world, "".join(text(pdf).split())) for world, pdf in made if pdf]
    assert len(shown) >= len(WORLDS) - (kind == "compliance")
    for world, words in shown:
        assert world.sender.ioss
        assert world.sender.ioss not in words


@pytest.mark.parametrize("kind", sorted(PAPERS))
def test_a_number_of_ioss_in_the_senders_name_is_on_no_paper(kind: str) -> None:
    media = next(media for name, media in STOCKS if name == kind)
    sender = replace(LATIN.sender, ioss="IM2760000017", name="Lin Yue IM 276 000 0017")
    if kind == "origin":
        sender = replace(sender, country="DE")
    paper = asked(kind, LATIN, 1, media, sender=sender)
    if kind in MARKS | {"slip", "compliance"}:  # no sender stands on these
        assert "IM2760000017" not in "".join(text(make_paper(paper, FACES)).split())
        return
    with pytest.raises(DocumentError) as refused:
        make_paper(paper, FACES)
    assert refused.value.key == "error.document.ioss"
    assert str(refused.value.fields["field"]).startswith("ship_from")


@pytest.mark.parametrize("words", STRANGE)
@pytest.mark.parametrize("kind", sorted(set(PAPERS) - MARKS))
def test_a_character_that_no_face_has_is_named(kind: str, words: str) -> None:
    media = next(media for name, media in STOCKS if name == kind)
    sender = replace(LATIN.sender, name=words, company=words)
    to = replace(LATIN.to, name=words)
    if kind == "origin":
        sender, to = replace(sender, country="DE"), replace(to, country="JP")

    with pytest.raises(GlyphMissing) as refused:
        make_paper(asked(kind, LATIN, 1, media, sender=sender, to=to), FACES)

    assert refused.value.fields["text"] == words
    assert refused.value.fields["codepoint"] == f"U+{ord(words[0]):04X}"
    assert str(refused.value.fields["field"]).startswith("ship_") or kind != "cn23"


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize(("count", "long"), [(5, False), (4, True), (20, False)])
def test_what_a_cn_22_has_no_room_for_is_a_cn_23_and_an_invoice(
    world: str, count: int, *, long: bool
) -> None:
    one = asked("cn22", WORLDS[world], count, long=long)
    whole = Consignment(one.parcels, one.today, one.language, tables=one.tables)
    made = make_set(whole, (Asked("cn22", size=(74.0, 105.0)),), FACES)
    kinds = [paper.kind for paper in made]

    if count > 4 or kinds != ["cn22"]:
        assert kinds == ["cn23", "invoice"]
    for paper in made:
        assert faults(paper.payload, [paper.media_mm]) == []
    if "invoice" in kinds:
        assert missing(made[-1].payload, [f"SKU-{at:03}" for at in range(count)]) == []
