"""What goes into the packages, looked at without building one."""

import configparser
import re
import shlex
import tomllib
from pathlib import Path

import pytest

from installer import build
from installer.linux import freeze, mkdeb
from installer.sign import signer
from packstation.settings import Places, load
from packstation.settings.keys import INSTALLER
from setup import system

LINUX = mkdeb.LINUX
# Keys of a rule that match, and keys that set; see udev(7).
_MATCH = re.compile(
    r'^(ACTION|SUBSYSTEMS?|KERNEL|DRIVER|ATTRS?\{[\w/]+\}|ENV\{\w+\})(==|!=)"[^"]*"$'
)
_SET = re.compile(r'^(GOTO|LABEL|GROUP|MODE|TAG|SYMLINK|ENV\{\w+\}|ATTR\{[\w/]+\})(=|\+=)"[^"]*"$')


def test_udev_rules_are_well_formed_and_come_before_the_seat_rules() -> None:
    [rules] = LINUX.glob("*.rules")
    assert rules.name < "73-seat-late.rules"
    for line in rules.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            for part in line.split(", "):
                assert _MATCH.match(part) or _SET.match(part), part


def test_rules_that_give_rights_name_a_group_too() -> None:
    text = (LINUX / "70-packstation.rules").read_text("utf-8")
    seated = [line for line in text.splitlines() if 'TAG+="uaccess"' in line]
    assert seated
    assert all(re.search(r'GROUP="(dialout|plugdev|lp)"', line) for line in seated)


@pytest.mark.parametrize("name", ["packstation.desktop", "packstation.service"])
def test_what_the_system_starts_is_the_installed_command(name: str) -> None:
    parser = configparser.RawConfigParser(strict=False)
    parser.read(LINUX / name, "utf-8")
    starts = [
        parser[section][key]
        for section in parser.sections()
        for key in ("exec", "execstart")
        if key in parser[section]
    ]
    command = ["/usr/bin/packstation", "station", "--from-menu"]
    assert [shlex.split(start) for start in starts] == [command]


def test_the_machine_settings_name_the_data_folder_that_the_package_makes() -> None:
    settings = tomllib.loads((LINUX / "config.toml").read_text("utf-8"))
    assert settings["DATADIR"] in (LINUX / "debian" / "postinst").read_text("utf-8")


def test_the_machine_settings_are_ones_that_the_program_knows(tmp_path: Path) -> None:
    nowhere = tmp_path / "none"
    places = Places(nowhere, LINUX / "config.toml", nowhere, nowhere)
    settings = load(environ={}, places=places)
    assert settings.explain("DATADIR").source == INSTALLER
    assert settings.explain("UPDATE_MODE").value == "off"


def test_the_package_depends_on_every_library_that_set_up_installs() -> None:
    listed = mkdeb.depends()
    assert all(need.package in listed for need in system.RUN)
    assert "libglib2.0-0 | libglib2.0-0t64" in listed


@pytest.mark.parametrize("version", ["1.0", "1.0.0rc1", "v1.0.0", "1.0.0-1"])
def test_a_version_is_three_numbers(version: str) -> None:
    with pytest.raises(SystemExit):
        build.arguments(["linux", "--version", version])
    assert build.arguments(["linux", "--version", "1.0.0"]).version == "1.0.0"


def test_pruning_takes_out_what_is_not_kept(tmp_path: Path) -> None:
    for name in ("a/keep.qm", "a/drop.qm", "b/file", "b2"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    freeze.prune(tmp_path, "a/!keep.qm")
    freeze.prune(tmp_path, "b")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a", "b2", "keep.qm"]


def test_a_test_signature_verifies_until_a_byte_is_changed(tmp_path: Path) -> None:
    file = tmp_path / "packstation.deb"
    file.write_bytes(b"a package")
    signature, key = signer.sign([file], key=None)
    assert signature.name == "packstation.deb.asc"
    assert signer.verify(file, key)
    file.write_bytes(b"A package")
    assert not signer.verify(file, key)


def test_an_unsigned_file_does_not_verify(tmp_path: Path) -> None:
    file = tmp_path / "packstation.deb"
    file.write_bytes(b"a package")
    _, key = signer.sign([file], key=None)
    Path(f"{file}.asc").unlink()
    assert not signer.verify(file, key)
