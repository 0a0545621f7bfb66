"""The dependency rule: its contracts hold, and the one that we wrote finds what it should."""

import subprocess
import sys
import tomllib
from pathlib import Path


def _project(folder: Path, domain: str) -> Path:
    (folder / "packstation").mkdir()
    (folder / "packstation" / "__init__.py").write_text("")
    (folder / "packstation" / "domain.py").write_text(domain)
    (folder / ".importlinter").write_text(
        "[importlinter]\nroot_package = packstation\ninclude_external_packages = True\n"
        "contract_types =\n    only: gates.allowed_imports.OnlyContract\n"
        "[importlinter:contract:pure]\nname = pure\ntype = only\nmodule = packstation.domain\n"
        "allowed =\n    msgspec\nrefused =\n    time\n"
    )
    return folder


def _lint(project: Path, repository: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"]
    return subprocess.run(
        [*command, "--no-cache"],
        cwd=project,
        env={"PYTHONPATH": f"{project}:{repository}", "PATH": ""},
        check=False,
        capture_output=True,
        text=True,
    )


def test_a_pure_module_may_import_the_standard_library_and_what_is_allowed(
    tmp_path: Path, repository: Path
) -> None:
    done = _lint(_project(tmp_path, "import decimal\nimport msgspec\n"), repository)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_clock_and_a_library_that_is_not_allowed_are_named(
    tmp_path: Path, repository: Path
) -> None:
    done = _lint(_project(tmp_path, "import time\nimport httpx\n"), repository)
    assert done.returncode == 1
    assert "packstation.domain imports time" in done.stdout
    assert "packstation.domain imports httpx" in done.stdout


def test_the_wall_around_qt_leaves_only_the_window_out(repository: Path) -> None:
    project = tomllib.loads((repository / "pyproject.toml").read_text("utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    [wall] = [entry for entry in contracts if "PySide6" in entry.get("forbidden_modules", [])]
    packages = {
        f"packstation.{path.stem}"
        for path in (repository / "packstation").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").is_file()
    }
    assert packages - set(wall["source_modules"]) == {"packstation.ui", "packstation.__init__"}
