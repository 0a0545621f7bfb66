"""Clean Debian trees to build and to test in, and commands run inside them.

A tree is made by mmdebstrap and kept in `.cache/packages`, under a digest of what is in it.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
CACHE = ROOT / ".cache" / "packages"
RELEASE = (
    "bookworm"  # Debian 12: the oldest system the package runs on, hence the one it is built on
)

_MOUNT = """
set -eu
root=$1; shift
[ "$1" = alone ] && ip link set lo up
shift
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
while [ "$1" != -- ]; do mkdir -p "$root$2"; mount --bind "$1" "$root$2"; shift 2; done
shift
exec chroot "$root" "$@"
"""


def check_this_machine() -> None:
    """Ends the run with the cure where a chroot cannot be made."""
    if platform.machine() != "x86_64":
        sys.exit("The Debian package is built on x86_64 (amd64) machines.")
    if os.geteuid() != 0:
        sys.exit("A chroot is made by root: sudo python installer/build.py ...")
    if shutil.which("mmdebstrap") is None:
        sys.exit("mmdebstrap is missing: apt-get install mmdebstrap")


def archive(name: str, packages: Sequence[str] = ()) -> Path:
    """A tar of Debian's smallest system with `packages`, made once."""
    key = hashlib.sha256("\n".join([RELEASE, *packages]).encode()).hexdigest()[:12]
    tar = CACHE / f"{name}-{key}.tar"
    if not tar.is_file():
        CACHE.mkdir(parents=True, exist_ok=True)
        part = tar.with_suffix(".part.tar")
        command = ["mmdebstrap", "--quiet", "--variant=minbase", RELEASE, str(part)]
        if packages:
            command.insert(3, f"--include={','.join(packages)}")
        subprocess.run(command, check=True)
        part.replace(tar)
    return tar


def unpack(tar: Path, folder: Path) -> Path:
    """The tree of an archive below `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["tar", "-xf", str(tar), "-C", str(folder), "--exclude=./dev/*"], check=True)
    return folder


def run(
    root: Path,
    command: Sequence[str],
    binds: Mapping[Path, str] | None = None,
    env: Mapping[str, str] | None = None,
    *,
    network: bool = False,
) -> subprocess.CompletedProcess[str]:
    """Runs a command in the tree, in name spaces of its own: its mounts end with it.

    `binds` are folders of this machine by their place in the tree. Without `network` there is
    a loopback of its own and nothing else.
    """
    spaces = ["unshare", "--mount", "--pid", "--fork", "--kill-child"]
    spaces += [] if network else ["--net"]
    places = [word for pair in (binds or {}).items() for word in (str(pair[0]), pair[1])]
    variables = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LC_ALL": "C.UTF-8"}
    words = [f"{name}={value}" for name, value in {**variables, **(env or {})}.items()]
    return subprocess.run(
        [
            *spaces,
            "sh",
            "-c",
            _MOUNT,
            "sh",
            str(root),
            "shared" if network else "alone",
            *places,
            "--",
            "env",
            "-i",
            *words,
            *command,
        ],
        check=False,
        capture_output=True,
        text=True,
    )
