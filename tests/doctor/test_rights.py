"""Groups, rules, ModemManager and brltty, on machines made of files."""

from __future__ import annotations

import grp
import os
import pwd
from pathlib import Path

import pytest

from packstation.devices.usb_ids import RULES_NAME, rules
from packstation.doctor import machine, rights
from packstation.doctor.rights import why_denied


class System:
    """Folders of rules, processes, and udev itself."""

    def __init__(self, root: Path) -> None:
        self.etc, self.lib, self.proc = root / "etc", root / "lib", root / "proc"
        self.control = root / "control"
        for folder in (self.etc, self.lib, self.proc / "17", self.proc / "self"):
            folder.mkdir(parents=True)
        self.control.touch()
        self.runs("systemd")

    def runs(self, name: str) -> None:
        (self.proc / "17" / "comm").write_text(f"{name}\n", "ascii")

    def found(self) -> list[tuple[str, str]]:
        findings = rights.udev((self.etc, self.lib), self.proc, self.control)
        return [(one.key, one.state) for one in findings]


@pytest.fixture
def system(tmp_path: Path) -> System:
    return System(tmp_path)


def test_without_udev_there_is_nothing_to_say(system: System) -> None:
    system.control.unlink()
    assert system.found() == []


def test_rules_are_missing_old_or_right_and_etc_comes_first(system: System) -> None:
    assert system.found() == [("rules.missing", "warn")]
    (system.lib / RULES_NAME).write_text("# other words\n" + rules(), "utf-8")
    assert system.found() == [("rules.ok", "ok")]
    (system.etc / RULES_NAME).write_text('KERNEL=="tty*"\n', "utf-8")
    assert system.found() == [("rules.old", "warn")]


def test_a_modem_manager_without_our_rules_is_told(system: System) -> None:
    system.runs("ModemManager")
    (system.proc / "18").mkdir()
    (system.proc / "18" / "comm").mkdir()  # cannot be read
    assert system.found() == [("rules.missing", "warn"), ("modem_manager", "warn")]
    (system.lib / RULES_NAME).write_text(rules(), "utf-8")
    assert system.found() == [("rules.ok", "ok")]


def test_a_braille_daemon_that_takes_adapters_is_told(system: System) -> None:
    (system.lib / RULES_NAME).write_text(rules(), "utf-8")
    brltty = system.lib / "85-brltty.rules"
    brltty.write_text('# ENV{PRODUCT}=="1a86/7523/*"\nENV{PRODUCT}=="403/de58/*"\n', "ascii")
    assert system.found() == [("rules.ok", "ok")]
    brltty.write_text('ENV{PRODUCT}=="1a86/7523/*", GOTO="brltty_usb_run"\n', "ascii")
    assert system.found() == [("rules.ok", "ok"), ("brltty", "warn")]


def test_the_group_of_a_port_is_the_one_to_join(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = tmp_path / "ttyUSB0"
    port.touch()
    assert why_denied(str(tmp_path / "none")) == ("ports.denied", "dialout")
    me = pwd.getpwuid(os.getuid()).pw_name

    def group(members: list[str], name: str = "uucp") -> None:
        made = grp.struct_group((name, "x", 987_654, members))
        monkeypatch.setattr(grp, "getgrgid", lambda _number: made)

    group([])
    assert why_denied(str(port)) == ("ports.denied", "uucp")
    group([me])
    assert why_denied(str(port)) == ("ports.relogin", "uucp")
    found = list(machine.ports([{"port": str(port)}], lambda _port: False))
    assert [(one.key, one.args["group"]) for one in found] == [("ports.relogin", "uucp")]
    group([me], "root")
    assert why_denied(str(port)) == ("ports.denied", "dialout")
