"""Writes the lock files: every version and hash, for every platform, without an index address."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "requirements"

_RUN = ("station", "server", "setup")
_HEADER = "# Written by `make lock` from pyproject.toml. Hashes only, no index address.\n"

# Lock file -> extras, and the file that overrides a requirement.
LOCKS: dict[str, tuple[tuple[str, ...], str | None]] = {
    "run.lock": (_RUN, None),
    "test.lock": ((*_RUN, "dev"), None),
    "package.lock": (("station", "server", "installer"), "package-overrides.in"),
}


# Lock file of an environment that holds one extra and nothing of the project.
ALONE: dict[str, str] = {"karrio.lock": "karrio"}


def compile_lock(name: str, extras: tuple[str, ...], override: str | None) -> None:
    """One lock file. All but the first are held to the versions of the first."""
    first = FOLDER / next(iter(LOCKS))
    options = ["pyproject.toml"]
    for extra in extras:
        options += ["--extra", extra]
    if override:
        options += ["--override", str(FOLDER / override)]
    if name != first.name:
        options += ["--constraint", str(first)]
    _compiled(name, options)


def compile_alone(name: str, extra: str) -> None:
    """The lock file of an extra by itself."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    _compiled(name, ["-"], "\n".join(project["optional-dependencies"][extra]))


def _compiled(name: str, options: list[str], wanted: str = "") -> None:
    command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal"]
    command += ["--python-version", "3.11", "--generate-hashes", "--no-annotate", "--no-header"]
    command += ["--no-emit-index-url", "--no-emit-find-links", *options]
    done = subprocess.run(
        command, cwd=ROOT, check=True, capture_output=True, text=True, input=wanted
    )
    lines = [
        line
        for line in done.stdout.splitlines()
        if not line.startswith(("--index", "--extra", "--find"))
    ]
    (FOLDER / name).write_text(_HEADER + "\n".join(lines) + "\n", "utf-8")


def main() -> int:
    """All lock files, the one that the others are held to first."""
    for name, (extras, override) in LOCKS.items():
        compile_lock(name, extras, override)
        print(f"  {FOLDER.name}/{name}")
    for name, extra in ALONE.items():
        compile_alone(name, extra)
        print(f"  {FOLDER.name}/{name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
