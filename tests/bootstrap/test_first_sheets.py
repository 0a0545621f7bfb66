"""First start prints in the printer's own language, on what lies in it."""

from __future__ import annotations

import pytest

from packstation.assets import resource
from packstation.bootstrap.first_start import CARD_JOB, TEST_JOB, first_sheets
from packstation.devices.bench import DeviceConfig
from packstation.devices.printers.rows import bench_printers
from packstation.documents.fonts import Fonts
from packstation.i18n import load

BEGINS = {
    "zpl": b"^XA",
    "tspl": b"SIZE ",
    "epl2": b"\r\nq",
    "cpcl": b"! ",
    "escpos": b"\x1b@",
    "brother-ql": b"\x00",
}


@pytest.mark.parametrize("model", BEGINS)
def test_the_test_label_is_in_the_language_of_its_printer(model: str) -> None:
    (printer,) = bench_printers([DeviceConfig("label", model, "tcp://127.0.0.1:9100")])
    words = load("en").say
    sheets = first_sheets(printer.stock, "Bench 07", words, Fonts(resource("fonts")))
    assert sheets[TEST_JOB].startswith(BEGINS[model])
    # A receipt roll is too narrow for the card's codes.
    assert (CARD_JOB in sheets) is (model != "escpos")
