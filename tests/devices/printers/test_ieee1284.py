"""What USB printers say of themselves, and what a hostile one may say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packstation.devices.catalogue import PRINTERS
from packstation.devices.printers.ieee1284 import PrinterIdentity, language_of, parse_device_id


def test_a_zebra_tells_maker_model_and_languages() -> None:
    told = parse_device_id("MFG:Zebra Technologies ;CMD:EPL,ZPL;MDL:ZTC GK420d;CLS:PRINTER;SN:28J;")
    assert told == PrinterIdentity("Zebra Technologies", "ZTC GK420d", ("EPL", "ZPL"), "28J", "zpl")


def test_long_keys_say_the_same() -> None:
    told = parse_device_id("MANUFACTURER:TSC;COMMAND SET:TSPL2;MODEL:TTP-244;SERN:7;")
    assert told == PrinterIdentity("TSC", "TTP-244", ("TSPL2",), "7", "tspl")


@pytest.mark.parametrize(
    ("commands", "name", "language"),
    [
        (("EPL2",), "", "epl2"),
        (("CPCL",), "", "cpcl"),
        (("ESC/POS",), "", "escpos"),
        (("ESCPOS",), "", "escpos"),
        (("PT-CBP",), "Brother QL-820NWB", "brother-ql"),
        (("PT-CBP",), "Brother PT-9800", ""),
        (("PCL", "PDF"), "HP", ""),
        ((), "", ""),
    ],
)
def test_command_sets_name_the_model(commands: tuple[str, ...], name: str, language: str) -> None:
    assert language_of(commands, name) == language


def test_the_first_of_two_equal_keys_counts_and_control_characters_go() -> None:
    told = parse_device_id("MDL:A\x1b[2J;MDL:B;nonsense;;:;MFG")
    assert told.model == "A[2J"
    assert told.maker == ""


@given(st.text(max_size=2000))
def test_any_text_is_read_within_bounds(text: str) -> None:
    told = parse_device_id(text)
    assert len(told.maker) <= 80
    assert told.model.isprintable()
    assert told.language in {"", "brother-ql", "zpl", "tspl", "epl2", "cpcl", "escpos"}


def test_zpl_is_a_model_of_the_catalogue() -> None:
    assert "zpl" in {model.id for model in PRINTERS}
