"""What the program imports is what pyproject.toml says it needs."""

import ast
import re
import sys
import tomllib
from importlib import metadata

from tests.walls.sources import ROOT, parsed, python_files, where

# Importable only on other systems than this one, hence not in this environment.
_ELSEWHERE = {"msvcrt", "winreg", "winsound"}


def _declared() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    lines = [*project["dependencies"], *extras["station"], *extras["server"]]
    return {_canonical(re.split(r"[\[<>=~! ;]", line, maxsplit=1)[0]) for line in lines}


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _imported() -> dict[str, str]:
    """Top-level module from outside -> a place that imports it."""
    found: dict[str, str] = {}
    for path in python_files("packstation"):
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                names = [node.module or ""]
            else:
                continue
            found |= {name.split(".")[0]: where(path, node.lineno) for name in names}
    known = sys.stdlib_module_names | _ELSEWHERE | {"packstation"}
    return {name: place for name, place in found.items() if name not in known}


def test_every_library_that_is_imported_is_declared() -> None:
    owners = metadata.packages_distributions()
    declared = _declared()
    strays = {
        name: place
        for name, place in _imported().items()
        if not declared & {_canonical(owner) for owner in owners.get(name, [])}
    }
    assert strays == {}


def test_every_dependency_has_a_lower_bound() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lists = [project["dependencies"], *project["optional-dependencies"].values()]
    loose = [line for lines in lists for line in lines if not re.search(">=|==", line)]
    assert loose == []
