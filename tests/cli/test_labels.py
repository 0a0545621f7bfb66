from __future__ import annotations

import json
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from packstation.assets import resource
from packstation.cli.commands import _LABELS
from packstation.documents.label import FORMATS
from tests.cli.terminal import packstation

MAGIC = {
    "zpl": b"^XA",
    "tspl": b"SIZE 100 mm,150 mm\r\n",
    "epl2": b"\r\nq799\r\n",
    "cpcl": b"! 0 200 200 1198 1\r\n",
    "escpos": b"\x1b@\x1dv0",
    "brother-ql": bytes(64),
    "pdf": b"%PDF-",
    "png": b"\x89PNG",
}


def order(path: Path, **changes: object) -> Path:
    (raw, *_) = json.loads(resource("samples", "orders.json").read_text("utf-8"))
    catalog = json.loads(resource("samples", "catalog.json").read_text("utf-8"))
    parcel = {
        "carton": "C3",
        "gross_g": 1115,
        "length_mm": 306,
        "width_mm": 206,
        "height_mm": 126,
        "waybill": "LP123456785CN",
    }
    raw |= {"products": catalog["products"], "parcels": [parcel], "carrier": "chinapost"}
    path.write_text(json.dumps(raw | changes), "utf-8")
    return path


def test_the_command_line_offers_every_format_there_is() -> None:
    assert set(_LABELS) == set(FORMATS)


@pytest.mark.parametrize("form", FORMATS)
def test_a_label(tmp_path: Path, form: str) -> None:
    out = tmp_path / f"label.{form}"
    argv = ("label", order(tmp_path / "order.json"), "--format", form, "--out", out)
    done = packstation(*argv, "--json")
    assert done.status == 0
    assert done.document["waybills"] == ["LP123456785CN"]
    assert MAGIC[form] in out.read_bytes()[:64]
    assert packstation(*argv).out == f"{out}: LP123456785CN\n"


def test_a_label_for_a_certain_printer(tmp_path: Path) -> None:
    out = tmp_path / "label.tspl"
    file = order(tmp_path / "order.json")
    told = "stock=4x6 dpi=300 media=mark gap_mm=3 darkness=9 cut=true".split()
    options = [word for one in told for word in ("--set", one)]
    done = packstation("label", file, "--format", "tspl", "--out", out, *options)
    assert done.status == 0
    assert out.read_bytes().startswith(
        b"SIZE 101.6 mm,152.4 mm\r\nBLINE 3 mm,0 mm\r\nDIRECTION 1\r\nREFERENCE 0,0\r\n"
        b"DENSITY 9\r\nSET CUTTER 1\r\nCLS\r\n"
    )


def test_a_roll_is_named_by_its_width(tmp_path: Path) -> None:
    out = tmp_path / "label.bin"
    file = order(tmp_path / "order.json")
    told = ("--set", "stock=50x180", "--set", "tape=62", "--json")
    done = packstation("label", file, "--format", "brother-ql", "--out", out, *told)
    assert done.document["error"]["code"] == "form-overflow"
    wide = ("--set", "media=continuous", "--set", "tape=102")
    assert packstation("label", file, "--format", "brother-ql", "--out", out, *wide).status == 0
    assert b"\x1biz\xc6\x0a\x66\x00" in out.read_bytes()


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ("dpi=204", "label.dpi"),
        ("ink=red", "ink"),
        ("darkness=16", "darkness"),
        ("darkness=dark", "darkness"),
        ("cut=9.5", "options"),
    ],
)
def test_what_no_printer_can_be_told_is_refused(tmp_path: Path, told: str, name: str) -> None:
    out = tmp_path / "label.tspl"
    file = order(tmp_path / "order.json")
    argv = ("label", file, "--format", "tspl", "--out", out, "--set", told, "--json")
    done = packstation(*argv)
    assert done.status != 0
    assert name in done.out + done.err
    assert not out.exists()


@pytest.mark.parametrize(
    ("changes", "status"),
    [({"parcels": []}, 1), ({"lines": []}, 2)],
)
def test_no_file_without_a_label(tmp_path: Path, changes: dict[str, object], status: int) -> None:
    out = tmp_path / "label.zpl"
    file = order(tmp_path / "order.json", **changes)
    done = packstation("label", file, "--format", "zpl", "--out", out, "--json")
    assert done.status == status
    assert not out.exists()
    if status == 1:
        assert done.document["error"]["field"] == "parcels"


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    file = order(tmp_path / "order.json")
    out = tmp_path / "missing" / "label.zpl"
    assert packstation("label", file, "--format", "zpl", "--out", out).status == 2


def test_logistic_labels_count_on_from_a_serial(tmp_path: Path) -> None:
    out = tmp_path / "units.png"
    parcels = [{"gross_g": 1115, "contents": [{"line": 1, "quantity": 1}]}] * 2
    file = order(tmp_path / "order.json", parcels=parcels)
    argv = ("label", file, "--format", "png", "--sscc", "6901234:41", "--out", out)
    done = packstation(*argv, "--json")
    assert done.status == 0, done.err
    assert done.document["ssccs"] == ["069012340000000412", "069012340000000429"]
    assert packstation(*argv).out == f"{out}: 069012340000000412, 069012340000000429\n"
    found = zxingcpp.read_barcodes(Image.open(out), text_mode=zxingcpp.TextMode.HRI)
    read = [code.text for code in found if code.text.startswith("(00)")]
    assert sorted(read) == ["(00)069012340000000412", "(00)069012340000000429"]


@pytest.mark.parametrize(
    "given", ["x", "690:a", "123:1", "690123456789:10000", "6901234:٣", "6901234:²"]
)
def test_what_makes_no_sscc_is_refused(tmp_path: Path, given: str) -> None:
    file = order(tmp_path / "order.json")
    argv = ("label", file, "--format", "png", "--sscc", given, "--out", tmp_path / "x.png")
    done = packstation(*argv)
    assert done.status != 0
    assert given in done.err
    assert not (tmp_path / "x.png").exists()


@pytest.mark.parametrize(
    ("form", "more"),
    [
        ("zpl", ("--sscc", "6901234:" + "9" * 5000)),
        ("zpl", ("--set", "darkness=" + "[" * 50_000)),
        ("escpos", ("--set", "feed_mm=1e308")),
        ("escpos", ("--set", "feed_mm=-1")),
        ("escpos", ("--set", "feed_mm=NaN")),
    ],
)
def test_absurd_values_are_refused_by_name(
    tmp_path: Path, form: str, more: tuple[str, str]
) -> None:
    file, out = order(tmp_path / "order.json"), tmp_path / "label.bin"
    done = packstation("label", file, "--format", form, "--out", out, *more)
    assert done.status != 0
    assert "bug" not in done.err
    assert "llowed" in done.err
    assert not out.exists()


def test_a_carriers_own_label_goes_through_untouched(tmp_path: Path) -> None:
    file = order(tmp_path / "order.json")
    label, out = tmp_path / "label.zpl", tmp_path / "out.zpl"
    assert packstation("label", file, "--format", "zpl", "--out", label).status == 0
    argv = ("label", file, "--format", "zpl", "--file", label, "--out", out)
    done = packstation(*argv, "--json")
    assert (done.status, done.document["untouched"]) == (0, True), done.err
    assert out.read_bytes() == label.read_bytes()
    shown = tmp_path / "preview.png"
    argv = ("label", file, "--format", "png", "--file", label, "--out", shown)
    assert "drawn" in packstation(*argv).out
    assert shown.read_bytes().startswith(b"\x89PNG")
    page = tmp_path / "label.pdf"
    assert packstation("label", file, "--format", "pdf", "--out", page).status == 0
    argv = ("label", file, "--format", "tspl", "--file", page, "--out", out)
    assert packstation(*argv, "--json").document["untouched"] is False
    argv = ("label", file, "--format", "pdf", "--file", page, "--out", out)
    assert packstation(*argv, "--json").document["untouched"] is True
    refused = packstation(*argv, "--set", "stock=a6")
    assert "100 x 150 mm" in refused.err


def test_what_is_no_label_is_named(tmp_path: Path) -> None:
    file, page = order(tmp_path / "order.json"), tmp_path / "page.html"
    page.write_text("<html>signed out</html>", "utf-8")
    argv = ("label", file, "--format", "zpl", "--file", page, "--out", tmp_path / "x")
    done = packstation(*argv)
    assert done.status != 0
    assert "html" in done.err
