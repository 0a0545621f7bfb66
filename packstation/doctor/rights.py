"""What keeps a bench from its ports on Linux: groups, udev rules, ModemManager, brltty."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from packstation.devices.usb_ids import CH340, RULES_NAME, rules
from packstation.doctor.findings import Finding, State

CONTROL: Final = Path("/run/udev/control")
FOLDERS: Final = tuple(
    Path(place) for place in ("/etc/udev/rules.d", "/run/udev/rules.d", "/usr/lib/udev/rules.d")
)
PROCESSES: Final = Path("/proc")
_DIALOUT: Final = "dialout"


def udev(
    folders: Iterable[Path] = FOLDERS, processes: Path = PROCESSES, control: Path = CONTROL
) -> Iterator[Finding]:
    """Whether our rules are there and current, and who else takes the ports; nothing without udev.

    The first folder that has a file of that name is the one that udev reads.
    """
    if not control.exists():
        return
    ours = next((text for text in _texts(folders, RULES_NAME)), None)
    if ours is None:
        yield Finding("ports", State.WARN, "rules.missing")
    elif _bare(ours) != _bare(rules()):
        yield Finding("ports", State.WARN, "rules.old")
    else:
        yield Finding("ports", State.OK, "rules.ok")
    if ours is None and _runs("ModemManager", processes):
        yield Finding("ports", State.WARN, "modem_manager")
    if _brltty_takes_adapters(folders):
        yield Finding("ports", State.WARN, "brltty")


def why_denied(port: str) -> tuple[str, str]:
    """The key of the finding, and the group that may open the port.

    ``ports.relogin`` where this user was put into the group after signing in.
    """
    group, members, number = _group_of(port)
    joined = number in os.getgroups()
    return ("ports.relogin" if _me() in members and not joined else "ports.denied"), group


def _group_of(port: str) -> tuple[str, list[str], int]:
    try:
        import grp

        found = grp.getgrgid(Path(port).stat().st_gid)
    except (ImportError, OSError, KeyError):
        return _DIALOUT, [], -1
    # A port that only root may open has no group to join: the rules give it one.
    if found.gr_name == "root":
        return _DIALOUT, [], -1
    return found.gr_name, list(found.gr_mem), found.gr_gid


def _me() -> str:
    try:
        import pwd

        return pwd.getpwuid(os.getuid()).pw_name
    except (ImportError, KeyError):
        return ""


def _texts(folders: Iterable[Path], pattern: str) -> Iterator[str]:
    for folder in folders:
        for path in sorted(folder.glob(pattern)):
            try:
                yield path.read_text("utf-8", "replace")
            except OSError:
                continue


def _bare(text: str) -> list[str]:
    """The rules alone, whatever is written about them."""
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def _runs(name: str, processes: Path) -> bool:
    for path in processes.glob("[0-9]*/comm"):
        try:
            if path.read_text("utf-8", "replace").strip() == name:
                return True
        except OSError:
            continue  # it has ended meanwhile
    return False


def _brltty_takes_adapters(folders: Iterable[Path]) -> bool:
    ids = "/".join(CH340)
    texts = _texts(folders, "*brltty*.rules")
    return any(ids in line.lower() for text in texts for line in _bare(text))
