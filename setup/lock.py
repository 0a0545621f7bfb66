"""Writes the lock files: every version and hash, for every platform, without an index address."""

from __future__ import annotations

import subprocess
import sys
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


def compile_lock(name: str, extras: tuple[str, ...], override: str | None) -> None:
    """One lock file. All but the first are held to the versions of the first."""
    first = FOLDER / next(iter(LOCKS))
    command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal"]
    command += ["--python-version", "3.11", "--generate-hashes", "--no-annotate", "--no-header"]
    command += ["--no-emit-index-url", "--no-emit-find-links", "pyproject.toml"]
    for extra in extras:
        command += ["--extra", extra]
    if override:
        command += ["--override", str(FOLDER / override)]
    if name != first.name:
        command += ["--constraint", str(first)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
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
    return 0


if __name__ == "__main__":
    sys.exit(main())
