"""The program as a folder that runs without a Python of its own on the system (PyInstaller)."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from installer.linux import chroot
from setup import system

ROOT = chroot.ROOT
LINUX = ROOT / "installer" / "linux"
LOCK = ROOT / "requirements" / "package.lock"
BUILD = ROOT / "build" / "linux"

# What the tree needs besides the program's own libraries: Debian's Python and its shared library,
# and objdump, by which PyInstaller finds the libraries that others need.
_TOOLS = ("python3", "libpython3.11", "binutils")
_TARGET = ("--python-platform", "x86_64-manylinux_2_36", "--python-version", "3.11")

# Taken out of the libraries before PyInstaller looks at them: what the program never loads, some
# of which would want more libraries of the system (the GTK theme).
_UNUSED = (
    "PySide6/Qt/qml",
    "PySide6/Qt/plugins/egldeviceintegrations",
    "PySide6/Qt/plugins/platformthemes/libqgtk3.so",
    "PySide6/Qt/plugins/platforms/libq[elv]*.so",
    "PySide6/Qt/translations/!qtbase_ru.qm,qtbase_zh_CN.qm",
    "babel/locale-data/!root.dat,en*.dat,ru*.dat,zh*.dat",
)


def build_tree() -> Path:
    """The tree to build in, unpacked once."""
    tar = chroot.archive("build", [*_TOOLS, *sorted(need.package for need in system.RUN)])
    root = tar.with_suffix("")
    if not root.is_dir():
        chroot.unpack(tar, root.with_suffix(".part"))
        root.with_suffix(".part").rename(root)
    return root


def libraries() -> Path:
    """The locked dependencies for the tree's Python, by hash; installed once for each lock."""
    recipe = LOCK.read_bytes() + repr(_UNUSED).encode()
    folder = chroot.CACHE / f"site-{hashlib.sha256(recipe).hexdigest()[:12]}"
    if not folder.is_dir():
        part = folder.with_suffix(".part")
        shutil.rmtree(part, ignore_errors=True)
        command = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--only-binary=:all:"]
        command += [*_TARGET, "--target", str(part), "--require-hashes", "-r", str(LOCK)]
        subprocess.run(command, check=True)
        for pattern in _UNUSED:
            prune(part, pattern)
        # The first import of a module writes its byte code, and one that is read back packs
        # other bytes: without this the first build would differ from all later ones.
        chroot.run(build_tree(), ["python3", "-m", "compileall", "-q", "/site"], {part: "/site"})
        part.rename(folder)
    return folder


def prune(folder: Path, pattern: str) -> None:
    """Removes what a pattern matches; `FOLDER/!a,b` removes all in FOLDER but a and b."""
    place, _, kept = pattern.partition("!")
    found = folder.glob(f"{place}*" if kept else place)
    for path in list(found):
        if kept and any(path.match(name) for name in kept.split(",")):
            continue
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def source(version: str) -> Path:
    """A copy of the program and its resources, of the version that is built."""
    folder = BUILD / "source"
    shutil.rmtree(BUILD, ignore_errors=True)
    skipped = shutil.ignore_patterns("__pycache__", "*.pyc", "built.json", "*.part")
    shutil.copytree(ROOT / "packstation", folder / "packstation", ignore=skipped)
    shutil.copytree(ROOT / "resources", folder / "resources", ignore=skipped)
    for name in ("entry.py", "packstation.spec"):
        shutil.copy(LINUX / name, folder / name)
    module = folder / "packstation" / "__init__.py"
    text = module.read_text("utf-8")
    module.write_text(re.sub(r'__version__ = ".*"', f'__version__ = "{version}"', text), "utf-8")
    return folder


def made_at() -> str:
    """Seconds since 1970 of the last commit: what every time stamp in the package is set to."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if given:
        return given
    command = ["git", "log", "-1", "--format=%ct"]
    return subprocess.run(
        command, cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.strip()


def freeze(version: str) -> Path:
    """Builds in the tree without a network; returns the folder with the program.

    A library or module that PyInstaller cannot find is fatal: such a build dies at a bench.
    """
    folder = source(version)
    binds = {BUILD: "/build", libraries(): "/site"}
    env = {
        "PYTHONPATH": "/site:/build/source",
        "PYTHONHASHSEED": "0",
        "SOURCE_DATE_EPOCH": made_at(),
    }
    options = ["--noconfirm", "--distpath", "/build/dist", "--workpath", "/build/work"]
    command = ["python3", "-m", "PyInstaller", *options, "/build/source/packstation.spec"]
    done = chroot.run(build_tree(), command, binds, env)
    (BUILD / "freeze.log").write_text(done.stdout + done.stderr, "utf-8")
    missing = [line for line in done.stderr.splitlines() if "Library not found" in line]
    warnings = BUILD / "work" / "packstation" / "warn-packstation.txt"
    if done.returncode == 0:
        ours = "missing module named 'packstation"
        missing += [line for line in warnings.read_text("utf-8").splitlines() if ours in line]
    if done.returncode != 0 or missing:
        tail = missing or done.stderr.splitlines()[-30:]
        sys.exit("\n".join(["PyInstaller failed:", *tail]))
    shutil.rmtree(folder)
    return BUILD / "dist" / "packstation"
