"""Libraries and programs of the system that pip cannot bring, by their Debian packages."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from typing import NamedTuple


class Need(NamedTuple):
    """A shared library (`libX.so.N`) or a program, and the Debian package that has it."""

    what: str
    package: str

    def met(self) -> bool:
        """Whether the library loads, or the program is on the path."""
        if ".so." not in self.what:
            return shutil.which(self.what, path=_PROGRAM_PATH) is not None
        try:
            ctypes.CDLL(self.what)
        except OSError:
            return False
        return True


# A user's path leaves out the folders of administration programs.
_PROGRAM_PATH = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/sbin"))

RUN = (
    Need("libEGL.so.1", "libegl1"),
    Need("libGL.so.1", "libgl1"),
    Need("libdbus-1.so.3", "libdbus-1-3"),
    Need("libfontconfig.so.1", "libfontconfig1"),
    Need("libglib-2.0.so.0", "libglib2.0-0"),
    Need("libxcb-cursor.so.0", "libxcb-cursor0"),
    Need("libxcb-icccm.so.4", "libxcb-icccm4"),
    Need("libxcb-image.so.0", "libxcb-image0"),
    Need("libxcb-keysyms.so.1", "libxcb-keysyms1"),
    Need("libxcb-randr.so.0", "libxcb-randr0"),
    Need("libxcb-render-util.so.0", "libxcb-render-util0"),
    Need("libxcb-shape.so.0", "libxcb-shape0"),
    Need("libxcb-shm.so.0", "libxcb-shm0"),
    Need("libxcb-sync.so.1", "libxcb-sync1"),
    Need("libxcb-xfixes.so.0", "libxcb-xfixes0"),
    Need("libxcb-xkb.so.1", "libxcb-xkb1"),
    Need("libxkbcommon.so.0", "libxkbcommon0"),
    Need("libxkbcommon-x11.so.0", "libxkbcommon-x11-0"),
    Need("libzbar.so.0", "libzbar0"),
)
TEST = (
    Need("git", "git"),
    Need("gpg", "gnupg"),
    Need("gpgv", "gpgv"),
    Need("chromium", "chromium"),
    Need("Xvfb", "xvfb"),
    Need("xauth", "xauth"),
    Need("node", "nodejs"),
    Need("npm", "npm"),
    Need("avahi-daemon", "avahi-daemon"),
    Need("cupsd", "cups-daemon"),
    Need("dbus-daemon", "dbus-daemon"),
    Need("ippeveprinter", "cups-ipp-utils"),
    Need("lpadmin", "cups-client"),
    Need("p910nd", "p910nd"),
    Need("pdftoppm", "poppler-utils"),
    Need("pg_ctlcluster", "postgresql"),
    Need("pgbouncer", "pgbouncer"),
    Need("umockdev-run", "umockdev"),
    Need("libopenh264.so.7", "libopenh264-7"),
    Need("zint", "zint"),
)
INSTALLER = (
    Need("mmdebstrap", "mmdebstrap"),
    Need("ip", "iproute2"),
    Need("apt-ftparchive", "apt-utils"),
    Need("zstd", "zstd"),
    Need("desktop-file-validate", "desktop-file-utils"),
    Need("Xvfb", "xvfb"),
)


def install(needs: tuple[Need, ...]) -> None:
    """Installs what is missing, or ends the run with the line that does."""
    packages = sorted({need.package for need in needs if not need.met()})
    if packages:
        install_packages(packages)


def install_packages(packages: list[str]) -> None:
    """`apt-get install` as root or through sudo; ends the run with the cure where neither is."""
    apt = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    if shutil.which("apt-get") is None:
        names = " ".join(packages)
        sys.exit(f"Missing system packages (named as in Debian), please install them: {names}")
    prefix = _as_root()
    if prefix is None:
        sys.exit(f"Missing system packages. Run this once, then again:\n  sudo {' '.join(apt)}")
    print(f"  system packages: {' '.join(packages)}", flush=True)
    if not _quietly([*prefix, *apt]):
        _quietly([*prefix, "apt-get", "update"])
        if not _quietly([*prefix, *apt], show=True):
            sys.exit(f"apt-get could not install: {' '.join(packages)}")


def _as_root() -> list[str] | None:
    """The words before a command that make it run as root, or None where nothing does."""
    if os.geteuid() == 0:
        return ["env", "DEBIAN_FRONTEND=noninteractive"]
    if shutil.which("sudo") is None:
        return None
    silent = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
    if silent.returncode == 0 or sys.stdin.isatty():
        return ["sudo", "env", "DEBIAN_FRONTEND=noninteractive"]
    return None


def _quietly(command: list[str], *, show: bool = False) -> bool:
    """Whether the command succeeded; its words are shown on request, when it did not."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if show and done.returncode != 0:
        print(done.stdout, done.stderr, file=sys.stderr)
    return done.returncode == 0
