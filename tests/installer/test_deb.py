"""The Debian package on a clean Debian 12: it comes, works, and goes without taking data along.

The tests share one machine and stand in the order of its life; the last one removes the package.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.installer.conftest import Machine, build

pytestmark = [pytest.mark.installer, pytest.mark.timeout(600)]


def test_two_builds_of_one_commit_are_the_same_bytes(
    package: Path, repository: Path, tmp_path: Path
) -> None:
    assert build(tmp_path, repository).read_bytes() == package.read_bytes()


def test_a_signature_fits_its_package_and_no_other_bytes(
    package: Path, repository: Path, tmp_path: Path
) -> None:
    def verify(file: Path) -> int:
        key = ["--key", str(package.parent / "packstation-test-key.asc")]
        command = [sys.executable, "installer/sign/verify.py", *key, str(file)]
        return subprocess.run(command, cwd=repository, check=False, capture_output=True).returncode

    assert verify(package) == 0
    forged = tmp_path / package.name
    content = bytearray(package.read_bytes())
    content[len(content) // 2] ^= 1
    forged.write_bytes(content)
    (tmp_path / f"{package.name}.asc").write_bytes(Path(f"{package}.asc").read_bytes())
    assert verify(forged) == 1


def test_a_command_answers_for_an_ordinary_user(machine: Machine) -> None:
    answer = machine.answer("packstation", "code", "6901234567892", "--json")
    assert "6901234567892" in str(answer)


def test_the_window_packs_a_shift_offscreen(machine: Machine) -> None:
    pack = "packstation demo --headless --orders 20 --out /home/packer/out"
    machine.succeed("su", "packer", "-s", "/bin/sh", "-c", pack)
    summary = (machine.root / "home/packer/out/summary.json").read_text("utf-8")
    assert '"waybill"' in summary


def test_the_parts_of_the_system_are_in_place(machine: Machine) -> None:
    for place in (
        "usr/share/applications/packstation.desktop",
        "usr/share/icons/hicolor/scalable/apps/packstation.svg",
        "usr/lib/systemd/user/packstation.service",
        "usr/lib/udev/rules.d/70-packstation.rules",
        "usr/share/doc/packstation/copyright",
        "opt/packstation/_internal/packstation/resources/fonts/NotoSans-400.ttf",
        "opt/packstation/_internal/libQt6Core.so.6",
    ):
        assert (machine.root / place).is_file(), place
    folder = machine.succeed("stat", "--format", "%A %G", "/var/lib/packstation").strip()
    assert folder == "drwxrws--- packstation"


def test_the_menu_entry_is_one_that_desktops_accept(machine: Machine) -> None:
    entry = machine.root / "usr/share/applications/packstation.desktop"
    done = subprocess.run(
        ["desktop-file-validate", str(entry)], check=False, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_removing_keeps_data_and_settings_and_purging_moves_the_data_aside(
    machine: Machine,
) -> None:
    data = machine.root / "var/lib/packstation"
    (data / "journal").write_text("packed, not yet synced")
    settings = machine.root / "etc/packstation/config.toml"
    settings.write_text(settings.read_text("utf-8") + "# edited\n", "utf-8")

    machine.succeed("apt-get", "remove", "--yes", "packstation")
    assert not (machine.root / "opt/packstation").exists()
    assert not (machine.root / "usr/bin/packstation").is_symlink()
    assert (data / "journal").read_text() == "packed, not yet synced"
    assert settings.read_text("utf-8").endswith("# edited\n")

    machine.succeed("apt-get", "purge", "--yes", "packstation")
    [aside] = (machine.root / "var/backups").glob("packstation-*")
    assert (aside / "journal").read_text() == "packed, not yet synced"
    assert not data.exists()
    assert not settings.exists()
