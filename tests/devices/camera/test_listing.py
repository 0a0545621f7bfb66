"""Cameras are listed by their lasting names, and none is opened for it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from packstation.devices import discovery
from packstation.devices.camera import listing
from packstation.devices.camera.listing import list_cameras
from packstation.domain.errors import SettingsError


class Machine:
    """A folder of devices and the kernel's words for them."""

    def __init__(self, folder: Path) -> None:
        self.dev, self.sysfs = folder / "dev", folder / "sys" / "class" / "video4linux"
        self.by_id, self.by_path = self.dev / "by-id", self.dev / "by-path"
        for made in (self.by_id, self.by_path, self.sysfs):
            made.mkdir(parents=True)

    def plug(self, node: str, name: str, socket: str = "", **facts: str) -> Path:
        """A node that blocks whoever opens it (a pipe that nobody writes)."""
        os.mkfifo(self.dev / node)
        link = self.by_id / name
        link.symlink_to(self.dev / node)
        if socket:
            (self.by_path / f"pci-usb-0:{socket}-video-index0").symlink_to(self.dev / node)
            usb = self.sysfs.parent.parent / "devices" / socket
            (usb / "interface" / node).mkdir(parents=True)
            for fact, text in facts.items():
                (usb / fact).write_text(f"{text}\n")
            (usb / "interface" / node / "name").write_text("BRIO \x1b[31m\n")
            (usb / "interface" / node / "device").symlink_to(usb / "interface")
            (self.sysfs / node).symlink_to(usb / "interface" / node)
        return link

    def listed(self) -> list[dict[str, object]]:
        return list_cameras(self.by_id, self.by_path, self.sysfs)


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    made = Machine(tmp_path)
    monkeypatch.setattr(listing, "list_cameras", made.listed)
    return made


def test_a_camera_is_a_row_like_every_port(machine: Machine) -> None:
    usb = {"idVendor": "046d", "idProduct": "085e", "serial": "1A2B", "manufacturer": "Logitech"}
    link = machine.plug("video0", "usb-Logitech_BRIO_1A2B-video-index0", "1-2", **usb)
    machine.plug("video1", "usb-Logitech_BRIO_1A2B-video-index1")
    (row,) = machine.listed()
    assert row == {
        "port": str(machine.dev / "video0"),
        "address": str(link),
        "by_path": str(machine.by_path / "pci-usb-0:1-2-video-index0"),
        "description": "BRIO [31m",
        "manufacturer": "Logitech",
        "vid": "046D",
        "pid": "085E",
        "serial": "1A2B",
        "location": "1-2",
        "kind": "camera",
        "model": "uvc",
    }
    assert row in discovery.list_ports()
    shape = {"port", "address", "by_path", "description", "vid", "pid", "serial", "location"}
    assert all(shape <= set(one) for one in discovery.list_ports() if one.get("kind") == "camera")


def test_a_camera_of_which_the_kernel_says_nothing_has_its_name(machine: Machine) -> None:
    machine.plug("video2", "usb-Logitech_C920_77-video-index0")
    (row,) = machine.listed()
    assert (row["description"], row["vid"], row["location"]) == ("Logitech C920 77", None, "")
    assert list_cameras(machine.dev / "none", machine.dev / "none") == []


def test_a_camera_is_identified_without_a_look_through_it(machine: Machine) -> None:
    link = machine.plug("video0", "usb-Logitech_C920_77-video-index0")
    for address in (str(link), str(machine.dev / "video0")):
        found = discovery.identify(address)
        assert found == {
            "port": address,
            "found": True,
            "kind": "camera",
            "model": "uvc",
            "identity": "Logitech C920 77",
            "baud": None,
        }


@pytest.mark.parametrize(
    "address",
    ["http://camera.local/stream", "bench://10.0.0.2:9200", "udp://10.0.0.3:9", "ftp://x"],
)
def test_an_address_that_cannot_be_asked_says_what_can(address: str) -> None:
    with pytest.raises(SettingsError) as caught:
        discovery.identify(address)
    assert caught.value.fields["value"] == address
    assert "tcp://host:port" in str(caught.value.fields["allowed"])
