"""Makes a checkout ready: `python3 -m setup.prepare {demo,test,installer}`.

Each step leaves a stamp with a digest of what it depends on. A step whose stamp still fits does
nothing, so the second run needs no network and takes a fraction of a second.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from setup import system

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
# karrio's own Python: nothing of it can be imported by the program (docs/carriers-live.md).
KARRIO = ROOT / ".venv-karrio"
STAMPS = VENV / "stamps"
LEAST_PYTHON = (3, 11)
LEAST_NODE = 18
NODE_TOOLS = ROOT / "tests" / "node"


class Step(NamedTuple):
    """A piece of set-up: what it depends on, what it does, and which other step includes it."""

    name: str
    inputs: tuple[str, ...]
    action: Callable[[], None]
    within: str = ""


def install_lock(name: str) -> Callable[[], None]:
    """An action that installs one lock file and the project itself into the environment."""

    def action() -> None:
        pip = [str(VENV / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "install"]
        _run([*pip, "--quiet", "--require-hashes", "--requirement", f"requirements/{name}"])
        offline = ["--no-deps", "--no-build-isolation", "--no-index"]
        _run([*pip, "--quiet", *offline, "--editable", "."])
        # An editable install copies hatch's forced files; a checkout uses its own resources.
        for copied in VENV.glob("lib/python*/site-packages/packstation"):
            shutil.rmtree(copied)

    return action


def make_environment() -> None:
    """A new .venv; one made by another Python, or moved here from elsewhere, is replaced."""
    if VENV.exists():
        shutil.rmtree(VENV)
    command = [getattr(sys, "_base_executable", sys.executable), "-m", "venv", str(VENV)]
    if subprocess.run(command, capture_output=True, check=False).returncode != 0:
        system.install_packages([f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"])
        _run([*command, "--clear"])


def install_karrio() -> None:
    """Live carriers' packages in an environment that holds nothing else."""
    if KARRIO.exists():
        shutil.rmtree(KARRIO)
    _run([getattr(sys, "_base_executable", sys.executable), "-m", "venv", str(KARRIO)])
    pip = [str(KARRIO / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "install"]
    _run([*pip, "--quiet", "--require-hashes", "--requirement", "requirements/karrio.lock"])


def build_fonts() -> None:
    """The fonts of screens and papers."""
    _run([str(VENV / "bin" / "python"), "setup/fonts.py"])


def install_node_tools() -> None:
    """The pinned Node tools of the tests, after a look at Node's own version."""
    words = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True)
    if int(words.stdout.strip().lstrip("v").split(".", maxsplit=1)[0]) < LEAST_NODE:
        sys.exit(
            f"The tests need Node {LEAST_NODE} or newer, here is {words.stdout.strip()}. "
            "Install a newer nodejs, e.g. from Debian 12's own packages, and run again."
        )
    quiet = ["--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
    _run(["npm", "ci", *quiet, "--prefix", str(NODE_TOOLS)])


_ENVIRONMENT = ("setup/prepare.py",)
_PROJECT = ("pyproject.toml", *_ENVIRONMENT)
_NODE = ("tests/node/package.json", "tests/node/package-lock.json")

_SYSTEM = Step("system-run", ("setup/system.py",), lambda: system.install(system.RUN))
_RUN = Step("run", ("requirements/run.lock", *_PROJECT), install_lock("run.lock"), within="test")
_TEST = Step("test", ("requirements/test.lock", *_PROJECT), install_lock("test.lock"))
_FONTS = Step("fonts", ("setup/fonts.py", "requirements/run.lock"), build_fonts)
_DEMO = (_SYSTEM, _RUN, _FONTS)
_TESTS = (
    _SYSTEM,
    Step("system-test", ("setup/system.py",), lambda: system.install(system.TEST)),
    _TEST,
    _FONTS,
    Step("node", _NODE, install_node_tools),
    Step("karrio", ("requirements/karrio.lock", *_ENVIRONMENT), install_karrio),
)
TARGETS: dict[str, tuple[Step, ...]] = {
    "demo": _DEMO,
    "test": _TESTS,
    "installer": (
        *_TESTS,
        Step("system-installer", ("setup/system.py",), lambda: system.install(system.INSTALLER)),
    ),
}


def digest(step: Step) -> str:
    """What the step's result depends on: its inputs, the Python, and where the checkout lies."""
    total = hashlib.sha256(f"{ROOT}\n{sys.version_info[:2]}\n".encode())
    for name in step.inputs:
        total.update((ROOT / name).read_bytes())
    return total.hexdigest()


def is_done(step: Step) -> bool:
    """Whether the step's own stamp fits, or that of the step that includes it."""
    stamp = STAMPS / step.name
    if stamp.is_file() and stamp.read_text() == digest(step):
        return True
    outer = next((other for other in _TESTS if other.name == step.within), None)
    return outer is not None and is_done(outer)


def perform(step: Step) -> None:
    """Does the step where it is due, and stamps it."""
    if is_done(step):
        return
    started = time.monotonic()
    print(f"set-up: {step.name} ...", flush=True)
    step.action()
    STAMPS.mkdir(exist_ok=True)
    (STAMPS / step.name).write_text(digest(step))
    print(f"set-up: {step.name} done in {time.monotonic() - started:.0f} s", flush=True)


def main(argv: list[str]) -> int:
    """The steps of one target, in order."""
    _use_new_enough_python()
    if len(argv) != 1 or argv[0] not in TARGETS:
        sys.exit(f"usage: python3 -m setup.prepare {{{','.join(TARGETS)}}}")
    mark = STAMPS / "environment"
    environment = Step("environment", (), make_environment)
    if not mark.is_file() or mark.read_text() != digest(environment):
        perform(environment)
    for step in TARGETS[argv[0]]:
        perform(step)
    return 0


def _use_new_enough_python() -> None:
    if sys.version_info >= LEAST_PYTHON:
        return
    for minor in range(20, LEAST_PYTHON[1] - 1, -1):
        other = shutil.which(f"python3.{minor}")
        if other:
            os.execv(other, [other, "-m", "setup.prepare", *sys.argv[1:]])
    sys.exit("packstation needs Python 3.11 or newer: sudo apt-get install python3.11")


def _run(command: list[str]) -> None:
    if subprocess.run(command, cwd=ROOT, check=False).returncode != 0:
        sys.exit(f"set-up stopped at: {' '.join(command)}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
