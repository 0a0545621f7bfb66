"""The .deb: the frozen program, its places in the system, and what dpkg runs."""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from installer.linux import freeze
from setup import system

LINUX = freeze.LINUX

# Ubuntu 24.04 renamed these when time_t grew to 64 bits.
_RENAMED = {"libglib2.0-0", "libzbar0"}

# Source in this folder -> place in the system.
_FILES = {
    "packstation.desktop": "usr/share/applications/packstation.desktop",
    "packstation.svg": "usr/share/icons/hicolor/scalable/apps/packstation.svg",
    "packstation.service": "usr/lib/systemd/user/packstation.service",
    "70-packstation.rules": "usr/lib/udev/rules.d/70-packstation.rules",
    "config.toml": "etc/packstation/config.toml",
    "debian/copyright": "usr/share/doc/packstation/copyright",
}
_CONFFILES = ("/etc/packstation/config.toml",)


def depends() -> str:
    """The libraries of the system that the program loads, with Ubuntu's newer names."""
    names = sorted(need.package for need in system.RUN)
    return ", ".join(["libc6 (>= 2.36)", *(f"{n} | {n}t64" if n in _RENAMED else n for n in names)])


def make(tree: Path, version: str, out: Path, *, level: int) -> Path:
    """Lays the package out, sets every time to the commit's and packs it. Returns the .deb."""
    stage = freeze.BUILD / "deb"
    shutil.rmtree(stage, ignore_errors=True)
    _program(tree, stage)
    _documents(stage)
    _control(stage, version)
    epoch = freeze.made_at()
    _settle(stage, int(epoch))
    package = out / f"packstation_{version}_amd64.deb"
    command = ["dpkg-deb", "--root-owner-group", "-Zzstd", f"-z{level}", "--build", str(stage)]
    env = {**os.environ, "SOURCE_DATE_EPOCH": epoch}
    subprocess.run([*command, str(package)], check=True, capture_output=True, env=env)
    return package


def _program(tree: Path, stage: Path) -> None:
    shutil.copytree(tree, stage / "opt" / "packstation", symlinks=True)
    (stage / "usr" / "bin").mkdir(parents=True)
    (stage / "usr" / "bin" / "packstation").symlink_to("../../opt/packstation/packstation")
    for name, place in _FILES.items():
        (stage / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(LINUX / name, stage / place)
    (stage / "etc" / "packstation" / "policy.d").mkdir()


def _documents(stage: Path) -> None:
    docs = stage / "usr" / "share" / "doc" / "packstation"
    changes = (freeze.ROOT / "CHANGELOG.md").read_bytes()
    (docs / "changelog.gz").write_bytes(gzip.compress(changes, 9, mtime=0))
    manual = stage / "usr" / "share" / "man" / "man1"
    manual.mkdir(parents=True)
    page = (LINUX / "packstation.1").read_bytes()
    (manual / "packstation.1.gz").write_bytes(gzip.compress(page, 9, mtime=0))
    for text in sorted(freeze.libraries().glob("*.dist-info/**/*")):
        if text.is_file() and text.name.upper().startswith(("LICEN", "COPYING", "NOTICE")):
            library = text.relative_to(freeze.libraries()).parts[0].removesuffix(".dist-info")
            place = docs / "licenses" / library / text.name
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(text, place)


def _control(stage: Path, version: str) -> None:
    folder = stage / "DEBIAN"
    folder.mkdir()
    files = sorted(
        path
        for path in stage.rglob("*")
        if path.is_file() and not path.is_symlink() and folder not in path.parents
    )
    size = sum(path.stat().st_size for path in files) // 1024
    template = (LINUX / "debian" / "control.in").read_text("utf-8")
    control = template.format(version=version, installed_kib=size, depends=depends())
    (folder / "control").write_text(control, "utf-8")
    (folder / "conffiles").write_text("".join(f"{name}\n" for name in _CONFFILES), "utf-8")
    sums = [
        f"{hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()}  "
        f"{path.relative_to(stage)}\n"
        for path in files
    ]
    (folder / "md5sums").write_text("".join(sums), "utf-8")
    for name in ("postinst", "postrm"):
        shutil.copy(LINUX / "debian" / name, folder / name)


def _settle(stage: Path, epoch: int) -> None:
    """Plain modes and one time for all: two builds of one commit are the same bytes."""
    programs = {stage / "opt/packstation/packstation", stage / "DEBIAN/postinst"}
    programs.add(stage / "DEBIAN/postrm")
    for path in sorted(stage.rglob("*"), reverse=True):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path in programs else 0o644)
        os.utime(path, (epoch, epoch), follow_symlinks=False)
    stage.chmod(0o755)
    os.utime(stage, (epoch, epoch))
