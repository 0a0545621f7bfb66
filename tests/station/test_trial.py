"""Papers are laid out before a label is asked for: what cannot be made takes no number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from msgspec.structs import replace

from packstation.domain.errors import DocumentError, FormOverflow, GlyphMissing
from packstation.domain.packing import State
from packstation.domain.packing.session import Parcel
from packstation.domain.printers import print_table
from packstation.station import ports as p
from packstation.station.trial import Drawing, PapersTried
from packstation.station.views import Screen, Words
from tests.station.customs_bench import bench, catalog, lacking, last, sock
from tests.station.desk import Bench, order, to_weighing

THAI = GlyphMissing(text="สมชาย", codepoint="U+0E2A", field="ship_to.name")
FULL = FormOverflow(field="contents", limit=4)
ROOM: Final = {"fact": "cn22_full", "is": "eq", "than": False}
SET: Final[Mapping[str, Sequence[Mapping[str, Any]]]] = {
    "forms": [
        {
            "slot": "form",
            "kind": "cn22",
            "when": [ROOM],
        },
        {"slot": "form", "kind": "cn23", "copies": 2},
        {
            "slot": "invoice",
            "kind": "invoice",
            "when": [{"fact": "form", "is": "eq", "than": "cn23"}],
        },
    ]
}


def formed(forms: Sequence[Mapping[str, Any]] = SET["forms"]) -> Bench:
    """A bench by whose rules forms and invoices are printed."""
    found = bench(tables={"forms": forms})
    kinds = ("label", "cn22", "cn23", "invoice")
    found.core.desk.printing.table = print_table(found.rows, (), kinds)
    return found


def on_label(found: Bench) -> None:
    """Its services have the CN 22 on their labels."""
    found.core.services = tuple(replace(one, documents=("label",)) for one in found.core.services)


def _weighed(found: Bench) -> None:
    to_weighing(found)
    found.weigh(780)


def test_a_letter_that_no_font_has_stops_the_parcel_before_its_label() -> None:
    found = bench()
    found.documents.unmade = {"label": THAI}
    _weighed(found)
    (lack,) = lacking(found.view)
    assert (lack.rule, lack.tone, lack.value, lack.allowed) == ("", "stop", "สมชาย", "")
    assert lack.field == Words("customs.field.ship_to.name")
    assert lack.why is not None
    assert (lack.why.key, dict(lack.why.args)["codepoint"]) == ("papers.cannot.letter", "U+0E2A")
    assert lack.cure == Words("papers.by_office")
    checked = last(found, "PapersChecked")
    assert (checked["ok"], checked["moment"]) == (False, "label")
    assert checked["refs"] == ("ship_to.name",)
    assert not {"LabelRequested", "NumberUsed", "ServiceSelected"} & set(found.kinds())


def test_all_that_cannot_be_made_is_told_at_once() -> None:
    found = bench()
    missing = DocumentError("error.document.missing", field="invoice.no")
    found.documents.unmade = {"label": THAI, "cn22": missing}
    _weighed(found)
    assert [one.why.key for one in lacking(found.view) if one.why] == [
        "papers.cannot.letter",
        "papers.cannot.lacks",
    ]


def test_it_goes_on_when_the_office_has_changed_what_is_printed() -> None:
    found = bench()
    found.documents.unmade = {"label": THAI}
    _weighed(found)
    before = len(found.kinds())
    found.say(p.RowsPulled((p.Row("rate", "x", 9, "put", {}),), "c8", 1))
    assert found.core.session.state is State.HELD
    assert "SessionResumed" not in found.kinds()[before:]
    assert lacking(found.view)[0].words == ""
    found.documents.unmade = {}
    view = catalog(found, sock(hs="611596", description="red wool socks"))
    assert view.screen is Screen.PRINTING
    assert "LabelIssued" in found.kinds()


def test_a_cn22_without_room_becomes_a_cn23_with_an_invoice() -> None:
    found = formed()
    found.documents.unmade = {"cn22": FULL}
    _weighed(found)
    assert found.view.screen is Screen.PRINTING
    chosen = last(found, "ServiceSelected")
    assert chosen["documents"] == ("label", "cn23", "invoice")
    assert [one.copies for one in found.core.session.parcel.papers] == [1, 2, 1]
    assert found.documents.laid[-1].form == "cn23"
    assert found.view.label is not None
    assert [one.words.key for one in found.view.label.papers] == ["paper.larger", "paper.invoice"]
    assert found.view.verdict is not None
    assert found.view.verdict.words == Words("papers.larger")
    found.out()
    assert "PapersChecked" not in found.kinds()[found.kinds().index("LabelIssued") :]


def test_contents_without_room_on_the_label_become_a_cn23_too() -> None:
    found = formed()
    on_label(found)
    found.documents.unmade = {"label with label": FULL}
    _weighed(found)
    assert last(found, "ServiceSelected")["documents"] == ("label", "cn23", "invoice")
    assert [one.form for one in found.documents.laid] == ["label", "cn23", "cn23", "cn23"]


def test_what_is_no_form_is_no_reason_for_a_larger_one() -> None:
    found = formed()
    on_label(found)
    found.documents.unmade = {"label": FormOverflow(field="ship_to.lines", limit=4)}
    _weighed(found)
    assert lacking(found.view)[0].why is not None
    assert {one.form for one in found.documents.laid} == {"label"}


def test_a_cn23_by_the_rules_is_no_larger_form() -> None:
    found = formed(SET["forms"][1:])
    _weighed(found)
    found.out()
    assert [one["larger"] for one in last(found, "ServiceSelected")["papers"]] == [False, False]
    assert found.view.verdict is None or found.view.verdict.words.key != "papers.larger"
    assert "PapersChecked" not in found.kinds()[found.kinds().index("LabelIssued") :]


def test_the_usual_form_is_tried_again_once_the_office_has_mended_the_papers() -> None:
    found = formed()
    found.documents.unmade = {"cn22": FULL, "cn23": FULL}
    _weighed(found)
    assert found.core.session.state is State.HELD
    found.documents.unmade = {}
    catalog(found, sock(hs="611596", description="red wool socks"))
    assert last(found, "ServiceSelected")["documents"] == ("label", "cn22")


def test_what_has_no_room_on_the_larger_form_either_is_held() -> None:
    found = bench()
    found.documents.unmade = {"cn22": FULL}
    _weighed(found)
    assert lacking(found.view)[0].why is not None


def test_what_was_laid_out_is_what_is_printed() -> None:
    found = bench()
    _weighed(found)
    found.out()
    assert found.documents.laid == found.documents.seen


def test_a_trial_of_a_parcel_that_went_on_says_nothing() -> None:
    found = bench()
    trial = found.station._flow.trial
    trial.tried(PapersTried(7, ()))
    to_weighing(found)
    assert "LabelRequested" not in found.kinds()
    again: list[bool] = []
    trial.again = lambda: again.append(True)
    trial._pending = (replace(found.core.session), lambda _: None)
    trial.tried(PapersTried(trial._number, ()))
    assert again == [True]


def test_what_nobody_can_draw_is_told_at_once() -> None:
    found = bench()

    def gone(_: Parcel) -> Iterable[Drawing]:
        raise DocumentError("error.document", field="order")

    found.station._flow.trial._draws = gone
    _weighed(found)
    (lack,) = lacking(found.view)
    assert lack.why is not None
    assert lack.why.key == "error.document"
    assert "LabelRequested" not in found.kinds()


def test_a_number_that_another_parcel_has_is_passed_over() -> None:
    found = bench()
    used = order("O-7")
    found.cache.add(p.OrderRow(used, 1))
    profile = found.core.services[0]
    labelling = found.station._flow.labelling
    first = labelling.next_number(profile)
    row = found.cache.order("O-7")
    assert row is not None
    found.cache.orders_of_code = lambda code: (row,) if code == first else ()  # type: ignore[method-assign]
    assert labelling.next_number(profile) not in {"", first}
    _weighed(found)
    assert last(found, "LabelIssued")["waybill"] != first
    assert last(found, "LabelIssued")["waybill"] == last(found, "NumberUsed")["number"]
