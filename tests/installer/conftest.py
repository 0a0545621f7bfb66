"""One package and one clean Debian tree for all tests of the Debian package."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from installer.linux import chroot

VERSION = "0.1.0"


class Machine(NamedTuple):
    """A machine as a customer's IT has it, and the folder with what we send them."""

    root: Path
    dist: Path

    def run(
        self, *command: str, network: bool = False, env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """A command on that machine."""
        variables = {"DEBIAN_FRONTEND": "noninteractive", **(env or {})}
        return chroot.run(self.root, command, {self.dist: "/mnt/dist"}, variables, network=network)

    def succeed(self, *command: str, network: bool = False) -> str:
        """Its output; a failure shows both of its streams."""
        done = self.run(*command, network=network)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def answer(self, *command: str) -> Any:  # noqa: ANN401 - JSON
        """The JSON a command prints, run by a user of the machine who is not root."""
        return json.loads(self.succeed("su", "packer", "-s", "/bin/sh", "-c", " ".join(command)))


def build(out: Path, repository: Path) -> Path:
    """The package, made as the documentation says."""
    command = [sys.executable, "installer/build.py", "linux", "--version", VERSION, "--level", "3"]
    done = subprocess.run(
        [*command, "--out", str(out)], cwd=repository, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return out / f"packstation_{VERSION}_amd64.deb"


@pytest.fixture(scope="session")
def package(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The .deb, beside its signature and the test key."""
    return build(tmp_path_factory.mktemp("dist"), repository)


@pytest.fixture(scope="module")
def machine(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """A Debian 12 with nothing but its smallest system, on which the package was installed."""
    root = chroot.unpack(chroot.archive("clean"), tmp_path_factory.mktemp("clean") / "root")
    for name in ("resolv.conf", "hosts"):
        shutil.copy(f"/etc/{name}", root / "etc" / name)
    made = Machine(root, package.parent)
    made.succeed("apt-get", "update", "--quiet", network=True)
    install = ["apt-get", "install", "--yes", "--quiet", "--no-install-recommends"]
    made.succeed(*install, f"/mnt/dist/{package.name}", network=True)
    made.succeed("useradd", "--create-home", "--groups", "packstation,dialout", "packer")
    yield made
    shutil.rmtree(root)
