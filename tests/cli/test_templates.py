"""`papers templates`: a library is looked over, and seen before it is used."""

from __future__ import annotations

import io
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace
from PIL import Image

from packstation.domain.templates import Template, Templates
from tests.cli.terminal import packstation
from tests.documents.papers.consignments import letterhead


def library(folder: Path, *templates: Template) -> Path:
    path = folder / "templates.json"
    path.write_bytes(msgspec.json.encode(Templates(templates=templates)))
    return path


def test_a_good_library_has_nothing_to_mend(tmp_path: Path) -> None:
    done = packstation("papers", "templates", "lint", library(tmp_path, letterhead()), "--json")

    assert (done.status, done.document) == (0, {"ok": True, "findings": []})
    assert packstation("papers", "templates", "lint", library(tmp_path)).out == "Nothing to mend\n"


def test_each_fault_is_told_with_its_place(tmp_path: Path) -> None:
    broken = replace(letterhead(), logo="0" * 64)
    path = library(tmp_path, broken)
    done = packstation("papers", "templates", "lint", path, "--json")

    assert done.status == 1
    kinds = {(one["path"].split("[", 2)[1], one["kind"]) for one in done.document["findings"]}
    assert kinds == {("0].logo", "no_image"), ("0].images", "unused")}
    assert "is not in the template" in packstation("papers", "templates", "lint", path).out


def test_a_picture_that_is_none_is_told(tmp_path: Path) -> None:
    import hashlib

    name = hashlib.sha256(b"no picture").hexdigest()
    bad = Template(id="a", logo=name, images={name: b"no picture"})
    done = packstation("papers", "templates", "lint", library(tmp_path, bad), "--json")

    assert [one["kind"] for one in done.document["findings"]] == ["picture"]


@pytest.mark.parametrize("text", ["{", "[]", '{"schema":"packstation.order/1"}'])
def test_what_is_no_library_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(text, "utf-8")

    assert packstation("papers", "templates", "lint", path).status == 2


@pytest.mark.parametrize("kind", ["invoice", "proforma", "packing-list", "origin-request", "sli"])
def test_a_paper_is_seen_before_it_is_printed(tmp_path: Path, kind: str) -> None:
    path, out = library(tmp_path, letterhead()), tmp_path / "seen.png"
    done = packstation(
        *("papers", "templates", "preview", path, "--kind", kind, "--second", "zh"),
        *("--out", out, "--json"),
    )

    assert done.status == 0, done.err
    assert done.document == {"template": "baiyun", "kind": kind, "file": str(out), "pages": 1}
    seen = Image.open(io.BytesIO(out.read_bytes()))
    assert seen.width == pytest.approx(210 / 25.4 * 110, abs=2)


def test_a_template_goes_by_its_id_in_the_highest_version(tmp_path: Path) -> None:
    versions = (letterhead(), letterhead(version=2, letterhead=("Second",)))
    path, out = library(tmp_path, *versions), tmp_path / "seen.png"
    order = Path(__file__).parents[2] / "resources" / "samples" / "order-with-parcel.json"
    preview = ("papers", "templates", "preview", path, "--out", out)

    assert packstation(*preview, "--template", "baiyun").status == 0
    assert packstation(*preview, "--template", "other").status == 2
    assert packstation(*preview, "--order", order, "--kind", "packing-list").status == 0
    refused = packstation(*preview, "--order", order)
    assert refused.status == 1
    assert "invoice.date" in refused.err
