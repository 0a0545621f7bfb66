"""Which cameras there are, by the names that udev gives them; none is opened for it.

``/dev/v4l/by-id`` holds a link a node, named after maker, model and serial number, and
``by-path`` one after its socket (udev, 60-persistent-v4l.rules). A camera's second node
(``index1``) carries no picture.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

BY_ID: Final = Path("/dev/v4l/by-id")
BY_PATH: Final = Path("/dev/v4l/by-path")
SYSFS: Final = Path("/sys/class/video4linux")
_PICTURES: Final = "*-index0"
_MOST: Final = 80


def list_cameras(
    folder: Path = BY_ID, sockets: Path = BY_PATH, sysfs: Path = SYSFS
) -> list[dict[str, object]]:
    """Cameras as rows of ``devices list``; none where there is no udev."""
    paths = {os.path.realpath(link): str(link) for link in _links(sockets)}
    rows: list[dict[str, object]] = []
    for link in _links(folder):
        node = os.path.realpath(link)
        usb = _usb(sysfs / Path(node).name)
        rows.append(
            {
                "port": node,
                "address": str(link),
                "by_path": paths.get(node, ""),
                "description": _text(sysfs / Path(node).name / "name") or camera_name(link.name),
                "manufacturer": _text(usb / "manufacturer") if usb else "",
                "vid": _text(usb / "idVendor").upper() or None if usb else None,
                "pid": _text(usb / "idProduct").upper() or None if usb else None,
                "serial": _text(usb / "serial") if usb else "",
                "location": usb.name if usb else "",
                "kind": "camera",
                "model": "uvc",
            }
        )
    return rows


def camera_name(link: str) -> str:
    """What it calls itself: ``usb-Logitech_BRIO_1A2B-video-index0`` is a Logitech BRIO 1A2B."""
    name = link.removesuffix("-index0").removesuffix("-video").removeprefix("usb-")
    return name.replace("_", " ")


def _links(folder: Path) -> list[Path]:
    return sorted(folder.glob(_PICTURES)) if folder.is_dir() else []


def _usb(node: Path) -> Path | None:
    """The USB device above the node's interface; None for a camera of another bus."""
    if not node.exists():
        return None
    above = ((node / "device").resolve(), *(node / "device").resolve().parents)
    return next((part for part in above if (part / "idVendor").is_file()), None)


def _text(path: Path) -> str:
    """A line of the system's, as far as it can be printed: devices name themselves."""
    try:
        raw = path.read_bytes()
    except OSError:
        return ""
    text = raw.decode("utf-8", "replace").strip()
    return "".join(sign for sign in text if sign.isprintable())[:_MOST]
