"""One table of USB ids: the rules that are installed and the manual say the same."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from packstation.cli import main
from packstation.devices.usb_ids import RULES_NAME, USB_IDS, rules, table
from tests.devices.mocking import told

# Of udev(7): a match or an assignment, and nothing else on a line.
_PART = re.compile(r'[A-Z_]+(\{[\w/$]+\})?(==|!=|=|\+=)"[^"]*"')


def test_the_installed_rules_are_those_of_the_table(repository: Path) -> None:
    installed = repository / "installer" / "linux" / RULES_NAME
    assert installed.read_text("utf-8") == rules()


def test_the_manual_lists_the_table(repository: Path) -> None:
    assert table() in (repository / "docs" / "devices.md").read_text("utf-8")


def test_every_rule_is_one_and_jumps_to_a_label_that_is_there() -> None:
    lines = [line for line in rules().splitlines() if line and not line.startswith("#")]
    for line in lines:
        assert all(_PART.fullmatch(part) for part in line.split(", ")), line
    assert lines[0].split('"')[-2] == lines[-1].split('"')[-2] == "packstation_end"


def test_every_scale_and_scanner_may_be_used_and_none_is_probed() -> None:
    text = rules()
    for row in USB_IDS:
        assert re.fullmatch(r"[0-9a-f]{4}", row.vid)
        if row.node == "hidraw":
            assert f'SUBSYSTEM=="hidraw", ATTRS{{idVendor}}=="{row.vid}"' in text
        if row.kind != "light":
            ignored = [line for line in text.splitlines() if "ID_MM_DEVICE_IGNORE" in line]
            assert any(row.vid in line for line in ignored)


def test_ids_are_named_once() -> None:
    named = [(row.vid, product) for row in USB_IDS for product in row.products or ("",)]
    assert len(named) == len(set(named))


# --- with a kernel made up by umockdev ----------------------------------------------------------


@pytest.fixture(scope="module")
def mocked(repository: Path) -> dict[str, Any]:
    return told(repository, "tests/devices/mocked.py")


def test_adapters_are_listed_with_what_the_kernel_knows(mocked: dict[str, Any]) -> None:
    listed = {row["port"]: row for row in mocked["listed"]}
    ftdi, twin = listed["/dev/ttyUSB0"], listed["/dev/ttyUSB2"]
    assert (ftdi["vid"], ftdi["pid"], ftdi["serial"]) == ("0403", "6001", "A10K2X")
    assert (ftdi["location"], ftdi["address"]) == ("1-1.2", "usb:0403:6001:A10K2X")
    assert (twin["serial"], twin["address"]) == ("", "usb:1A86:7523@1-1.4")


def test_a_hid_scale_is_found_by_its_ids(mocked: dict[str, Any]) -> None:
    (dymo,) = mocked["hid"]
    assert (dymo["vendor_id"], dymo["product_id"]) == (str(0x0922), str(0x8003))
    assert dymo["serial_number"] == "0012"


def test_a_scale_behind_a_mocked_adapter_is_read(mocked: dict[str, Any]) -> None:
    (found,) = mocked["read"]
    assert (found["state"], found["grams"]) == ("STABLE", 1250)


def test_udev_tells_what_was_plugged_in_and_a_removal_wakes_nobody(mocked: dict[str, Any]) -> None:
    assert (mocked["added"], mocked["removed"], mocked["changed"]) == (True, False, True)


def test_the_command_prints_them_for_a_checkout(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["devices", "rules"]) == 0
    assert capsys.readouterr().out == rules()
