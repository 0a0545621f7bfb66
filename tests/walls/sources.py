"""The project's own source files, parsed."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDERS = ("packstation", "tests", "installer", "setup", "gates")
_GENERATED = {"node_modules", "__pycache__", "build", "dist"}


def python_files(*folders: str) -> list[Path]:
    """Every Python file below the folders (all of the project's by default)."""
    return [
        path
        for folder in folders or FOLDERS
        for path in sorted((ROOT / folder).rglob("*.py"))
        if not _GENERATED & set(path.parts)
    ]


def text_files() -> list[Path]:
    """Every text file that is committed or about to be, as found in the project's own folders."""
    endings = {
        ".py", ".toml", ".md", ".json", ".po", ".html", ".css", ".js", ".lock", ".in", ".sh",
        ".cfg", ".yml", ".yaml", ".txt", ".service", ".desktop", ".rules", ".spec", "",
    }  # fmt: skip
    top = [path for path in ROOT.iterdir() if path.is_file() and path.name != ".coverage"]
    deep = [
        path
        for folder in (*FOLDERS, "resources", "docs", "requirements", ".ci")
        for path in sorted((ROOT / folder).rglob("*"))
    ]
    return [
        path
        for path in (*top, *deep)
        if path.is_file() and path.suffix in endings and not _GENERATED & set(path.parts)
    ]


def parsed(path: Path) -> ast.Module:
    """The syntax tree of one file; nobody keeps it: those of the project take gigabytes."""
    return ast.parse(path.read_text("utf-8"), filename=str(path))


def with_text(pattern: str, *folders: str) -> list[Path]:
    """The Python files in whose text the pattern is found: only these are worth parsing."""
    wanted = re.compile(pattern)
    return [path for path in python_files(*folders) if wanted.search(path.read_text("utf-8"))]


def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method of one file."""
    return [
        node
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def where(path: Path, line: int = 0) -> str:
    """`path:line` relative to the project."""
    return f"{path.relative_to(ROOT)}:{line}" if line else str(path.relative_to(ROOT))
