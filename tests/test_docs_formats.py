"""docs/formats names every field of every document, so that it does not fall behind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from packstation.cli.codes import schema_of
from packstation.cli.commands import DOCUMENTS

FORMATS: Final = Path(__file__).parent.parent / "docs" / "formats"
# Where the fields of a document stand; an order brings products as a catalog has them.
PAGES: Final = {
    "order": ("order.md", "catalog.md"),
    "catalog": ("catalog.md",),
    "cartons": ("more.md",),
    "items": ("more.md",),
    "people": ("more.md",),
    "shipment": ("more.md",),
    "packing-rules": ("more.md",),
    "choice": ("choice.md",),
    "lanes": ("choice.md",),
    "calendars": ("choice.md",),
    "tariff": ("tariffs.md",),
    "templates": ("templates.md",),
    "customs-pack": ("customs-pack.md",),
    "carrier-invoice": ("carrier-invoice.md",),
    "carrier": ("carrier.md",),
    "itmatt": ("customs-data.md",),
    "h7": ("customs-data.md",),
    "cn-9610": ("customs-data.md",),
    "cn-declaration": ("customs-data.md",),
}
# Read by rules, and no field of a schema (domain/customs).
BESIDE: Final = {
    "order": (
        "bench.scanned bench.more bench.gross bench.limits bench.stock bench.label bench.printed "
        "bench.confirmed bench.used_waybills bench.used_invoices bench.signer_right "
        "bench.synced_at bench.manifest bench.party_lists comment licence certificate criterion "
        "agreement rex classify paperless invoice packing_list sli suggestion authorised "
        "weight_max_g sides_max_mm value_max order_id ok findings form rule_pack estimates"
    ).split(),
    "catalog": ["hs_national"],
}


def named(*pages: str) -> set[str]:
    """The words in code marks, and those in quotes of the examples."""
    text = "\n".join((FORMATS / page).read_text("utf-8") for page in pages)
    marked = re.findall(r"`([^`\n]+)`", text)
    quoted = re.findall(r'"([\w.]+)"', text)
    whole = {word.removesuffix("[]") for word in marked}
    return whole | {word for one in marked for word in re.findall(r"\w+", one)} | set(quoted)


def fields(schema: dict[str, Any]) -> Iterator[str]:
    for part in (schema, *schema.get("$defs", {}).values()):
        yield from part.get("properties", {})


@pytest.mark.parametrize("name", PAGES)
def test_every_field_of_a_schema_is_on_its_page(name: str) -> None:
    assert sorted(set(fields(schema_of(name))) - named(*PAGES[name])) == []


@pytest.mark.parametrize("name", BESIDE)
def test_what_rules_read_beside_the_schema_is_there_too(name: str) -> None:
    assert sorted(set(BESIDE[name]) - named(*PAGES[name])) == []


def test_every_schema_has_a_page_and_the_list_names_it() -> None:
    assert set(DOCUMENTS) == set(PAGES)
    listed = named("README.md")
    assert sorted(set(DOCUMENTS) - listed) == []
    pages = {one.name for one in FORMATS.glob("*.md")} - {"README.md"}
    text = (FORMATS / "README.md").read_text("utf-8")
    assert sorted(page for page in pages if f"({page})" not in text) == []
