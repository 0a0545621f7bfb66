"""The matrix: of all rows that fit, the one that says most counts."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from packstation.domain.customs.findings import LANGUAGES
from packstation.domain.customs.restrictions import Restriction, Way, known, verdict

ROOT = Path(__file__).resolve().parents[3]
SHIPPED = msgspec.convert(
    json.loads((ROOT / "resources/customs/tables/restrictions.json").read_text("utf-8")),
    tuple[Restriction, ...],
)
TODAY = date(2026, 11, 22)
POST = Way(
    carrier="chinapost",
    service="e-packet",
    service_class="postal",
    places=frozenset({"DE", "EU"}),
    country="DE",
)


def row(name: str, **fields: Any) -> Restriction:  # noqa: ANN401 - any field of a row
    whole = {"classes": ("liquid",), "action": "WARN", "source": "test", **fields}
    return Restriction(id=name, **whole)


def chosen(*rows: Restriction, codes: tuple[str, ...] = ("liquid",), way: Way = POST) -> str | None:
    found = verdict(rows, codes, way, TODAY)
    return found.id if found else None


def test_nothing_fits_another_class_carrier_service_or_country() -> None:
    assert chosen(row("a", classes=("powder",))) is None
    assert chosen(row("a", carriers=("dhl",))) is None
    assert chosen(row("a", services=("express",))) is None
    assert chosen(row("a", service_classes=("express",))) is None
    assert chosen(row("a", countries=("US", "EAEU"))) is None
    assert chosen(row("a", valid_from=date(2026, 11, 23))) is None
    assert chosen(row("a", valid_to=date(2026, 11, 21))) is None
    assert chosen(row("a", valid_from=TODAY, valid_to=TODAY)) == "a"


@pytest.mark.parametrize(
    ("more", "less"),
    [
        ({"services": ("e-packet",)}, {"carriers": ("chinapost",)}),
        ({"carriers": ("chinapost",)}, {"countries": ("DE",)}),
        ({"countries": ("DE",)}, {"countries": ("EU",)}),
        ({"countries": ("EU",)}, {"service_classes": ("postal",)}),
        ({"service_classes": ("postal",)}, {}),
        ({"action": "BLOCK"}, {"action": "WARN"}),
        ({"action": "WARN"}, {"action": "ALLOW"}),
    ],
)
def test_what_says_more_counts(more: dict[str, Any], less: dict[str, Any]) -> None:
    assert chosen(row("less", **less), row("more", **more)) == "more"
    assert chosen(row("more", **more), row("less", **less)) == "more"


def test_a_narrow_class_counts_before_a_wide_one() -> None:
    codes = ("PI967-II", "PI967", "UN3481", "battery")
    rows = (
        row("wide", classes=("battery",), action="BLOCK"),
        row("narrow", classes=("other", "PI967-II"), action="ALLOW"),
    )

    assert chosen(*rows, codes=codes) == "narrow"


@pytest.mark.parametrize(
    ("codes", "service_class", "action"),
    [
        (("PI965-IB", "PI965", "UN3480", "battery"), "postal", "BLOCK"),
        (("PI966-II", "PI966", "UN3481", "battery"), "postal", "BLOCK"),
        (("PI967-II", "PI967", "UN3481", "battery"), "postal", "ALLOW"),
        (("PI967-I", "PI967", "UN3481", "battery"), "postal", "BLOCK"),
        (("PI970-II", "PI970", "UN3091", "battery"), "postal", "ALLOW"),
        (("PI965-IB", "PI965", "UN3480", "battery"), "express", "WARN"),
        (("PI965-IB", "PI965", "UN3480", "battery"), "", None),
        (("aerosol",), "postal", "BLOCK"),
        (("flammable",), "express", "WARN"),
        (("liquid",), "postal", "WARN"),
        (("brand",), "", "WARN"),
        (("toy",), "postal", None),
    ],
)
def test_the_defaults_that_ship(
    codes: tuple[str, ...], service_class: str, action: str | None
) -> None:
    found = verdict(SHIPPED, codes, Way(service_class=service_class), TODAY)

    assert (found.action if found else None) == action


def test_every_row_that_speaks_does_so_in_three_languages() -> None:
    for one in SHIPPED:
        assert one.action == "ALLOW" or {*one.text} == {*LANGUAGES}, one.id
    assert len({one.id for one in SHIPPED}) == len(SHIPPED)
    assert known(SHIPPED) >= {"battery", "liquid", "tobacco", "UN3480"}
