"""Which letterhead a paper gets, and what a clerk is told of a library that will not do."""

from __future__ import annotations

import hashlib
from datetime import date

import msgspec
import pytest
from msgspec.structs import replace

from packstation.domain.templates import (
    Extra,
    Fault,
    Template,
    Templates,
    choose,
    faults,
    paragraphs,
)

DAY = date(2026, 11, 22)
LOGO = b"a picture"
NAME = hashlib.sha256(LOGO).hexdigest()


def taken(
    *templates: Template,
    store: str = "ozon-2",
    to: str = "RU",
    site: str = "GZ-1",
    kind: str = "invoice",
) -> str:
    found = choose(templates, site=site, store=store, destination=to, kind=kind, on=DAY)
    return f"{found.id} {found.version}" if found else ""


def test_the_seller_comes_before_the_destination_and_that_before_the_site() -> None:
    general = Template(id="general")
    site = Template(id="site", site="GZ-1")
    russia = Template(id="russia", destinations=("RU", "BY"))
    shop = Template(id="shop", store="ozon-2")

    assert taken(general, site, russia, shop) == "shop 1"
    assert taken(general, site, russia) == "russia 1"
    assert taken(general, site) == "site 1"
    assert taken(general, site, site="GZ-2") == "general 1"
    assert taken(site, russia, shop, store="", to="DE", site="") == ""


def test_one_for_a_kind_of_paper_is_for_that_alone() -> None:
    shop, slip = Template(id="shop", store="ozon-2"), Template(id="slips", kinds=("slip",))
    both = Template(id="both", store="ozon-2", kinds=("slip", "returns"))

    assert taken(shop, slip, kind="slip") == "shop 1"
    assert taken(shop, slip, both, kind="slip") == "both 1"
    assert taken(shop, slip, both, kind="returns") == "both 1"
    assert taken(shop, slip, both) == "shop 1"
    assert taken(slip) == ""
    assert taken(shop, kind="cn23") == ""


def test_a_text_is_taken_line_by_line() -> None:
    assert paragraphs("  Bank: Example\r\n\n IBAN 00 ") == ("Bank: Example", "IBAN 00")


def test_the_newest_that_holds_counts() -> None:
    old = Template(id="a", version=3, valid_from=date(2026, 1, 1))
    new = Template(id="a", version=4, valid_from=date(2026, 11, 22))
    coming = Template(id="a", version=5, valid_from=date(2026, 11, 23))
    gone = Template(id="a", version=6, valid_to=date(2026, 11, 21))

    assert taken(old, new, coming, gone) == "a 4"
    assert taken(gone, coming) == ""
    assert taken(Template(id="a"), Template(id="a", version=2)) == "a 2"


def test_texts_are_in_the_first_language_there_is() -> None:
    template = Template(
        id="a",
        texts=(
            Extra(place="invoice-foot", language="en", text="Thank you"),
            Extra(place="invoice-foot", language="ru", text="Спасибо"),
        ),
    )

    assert template.text("invoice-foot", "ru", "en") == "Спасибо"
    assert template.text("invoice-foot", "zh", "en") == "Thank you"
    assert template.text("slip-greeting", "en") == ""


def test_pictures_go_by_their_hash() -> None:
    template = Template(id="a", logo=NAME, images={NAME: LOGO})

    assert template.image(template.logo) == LOGO
    assert template.image(template.signature) == b""
    assert faults((template,)) == ()


def test_a_library_survives_its_own_json() -> None:
    library = Templates(templates=(Template(id="a", logo=NAME, images={NAME: LOGO}),))

    assert msgspec.json.decode(msgspec.json.encode(library), type=Templates) == library


@pytest.mark.parametrize(
    ("template", "fault"),
    [
        (Template(id="a", logo=NAME), Fault("templates[0].logo", "no_image", NAME)),
        (
            Template(id="a", signature=NAME, images={NAME: b"another"}),
            Fault(f"templates[0].images[{NAME}]", "digest", NAME),
        ),
        (
            Template(id="a", images={NAME: LOGO}),
            Fault(f"templates[0].images[{NAME}]", "unused", NAME),
        ),
        (
            Template(id="a", valid_from=DAY, valid_to=date(2026, 11, 21)),
            Fault("templates[0].valid_to", "never", "2026-11-21"),
        ),
        (
            Template(
                id="a",
                texts=(
                    Extra(place="slip-foot", language="en", text="a"),
                    Extra(place="slip-foot", language="en", text="b"),
                ),
            ),
            Fault("templates[0].texts[1]", "twice", "slip-foot en"),
        ),
    ],
)
def test_each_fault_is_named(template: Template, fault: Fault) -> None:
    assert faults((template,)) == (fault,)


def test_two_that_nothing_decides_between_are_named() -> None:
    one = Template(id="a", store="x", destinations=("DE", "FR"))

    assert faults((one, Template(id="b", store="x", destinations=("FR",)))) == (
        Fault("templates[1]", "ambiguous", "a"),
    )
    assert faults((one, Template(id="b", store="x", destinations=("IT",)))) == ()
    assert faults((one, Template(id="b", store="x"))) == ()
    assert faults((one, Template(id="b", store="y", destinations=("FR",)))) == ()
    slips = Template(id="b", store="x", destinations=("FR",), kinds=("slip",))
    assert faults((one, slips)) == ()
    assert faults((slips, replace(slips, id="c", kinds=("slip", "sli")))) != ()
    assert faults((slips, replace(slips, id="c", kinds=("sli",)))) == ()
    later = Template(id="b", store="x", destinations=("FR",), valid_from=DAY)
    assert faults((one, later)) == ()
    assert faults((one, Template(id="a", version=2, store="x", destinations=("FR",)))) == ()


def test_a_version_is_there_once() -> None:
    assert faults((Template(id="a"), Template(id="a"))) == (
        Fault("templates[1].id", "twice", "a 1"),
    )


@pytest.mark.parametrize(
    "raw",
    [
        b'{"schema":"packstation.templates/1","templates":[{"id":"a","logo":"nothing"}]}',
        b'{"schema":"packstation.templates/1","templates":[{"id":"a","destinations":["Russia"]}]}',
        b'{"schema":"packstation.templates/1","templates":[{"id":"a","colour":"red"}]}',
        b'{"schema":"packstation.templates/1","templates":[{"id":"../a"}]}',
    ],
)
def test_another_shape_is_refused(raw: bytes) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(raw, type=Templates)
