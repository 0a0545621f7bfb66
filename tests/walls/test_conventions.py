"""Rules that a linter cannot see."""

import ast
import re
from pathlib import Path

import pytest

from tests.walls.sources import ROOT, parsed, python_files, text_files, where, with_text

# Calls that fail a test when they do not hold.
_CHECKING_CALLS = re.compile(r"^(raises|warns|wait\w*|assert\w*|check_\w+|expect\w*)$")
_CLOCKS = {"now", "utcnow", "today"}


def _tests(path: Path) -> list[ast.stmt]:
    """The tests of a file, as pytest finds them: functions, and methods of `Test...` classes."""
    top = parsed(path).body
    classes = [node for node in top if isinstance(node, ast.ClassDef)]
    methods = [part for node in classes if node.name.startswith("Test") for part in node.body]
    return [node for node in (*top, *methods) if getattr(node, "name", "").startswith("test")]


def _checks_something(node: ast.AST) -> bool:
    for part in ast.walk(node):
        if isinstance(part, ast.Assert):
            return True
        if isinstance(part, ast.Call):
            called = part.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if _CHECKING_CALLS.match(name):
                return True
    return False


def _calls(path: Path, attribute: str) -> list[str]:
    return [
        where(path, node.lineno)
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == attribute
    ]


def test_every_test_asserts_something() -> None:
    silent = [
        where(path, node.lineno)
        for path in python_files("tests")
        if path.name.startswith("test_")
        for node in _tests(path)
        if not _checks_something(node)
    ]
    assert silent == []


def test_style_sheets_are_set_by_the_theme_only() -> None:
    strays = [
        hit
        for path in with_text("setStyleSheet", "packstation")
        if path != ROOT / "packstation" / "ui" / "theme.py"
        for hit in _calls(path, "setStyleSheet")
    ]
    assert strays == []


def test_the_domain_and_the_station_read_no_clock() -> None:
    strays = [
        where(path, node.lineno)
        for path in with_text("|".join(_CLOCKS), "packstation/domain", "packstation/station")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in _CLOCKS
        and ast.unparse(node.func.value) in {"datetime", "date", "datetime.datetime"}
    ]
    assert strays == []


def test_a_broad_except_has_its_reason_beside_it() -> None:
    bare = []
    for path in with_text(r"except\s*:|except.*Exception\b"):
        lines = path.read_text("utf-8").splitlines()
        bare += [
            where(path, node.lineno)
            for node in ast.walk(parsed(path))
            if isinstance(node, ast.ExceptHandler)
            and (
                node.type is None or getattr(node.type, "id", "") in {"Exception", "BaseException"}
            )
            and "#" not in "".join(lines[node.lineno - 2 : node.lineno + 1])
        ]
    assert bare == []


@pytest.mark.parametrize(
    "pattern",
    [
        re.escape(f"{ROOT}/"),
        re.escape(f"{Path.home()}/."),
        r"/home/\w+/\.",
        r"files\.python\w+\.org",
        r"(?:registry|pypi)\.(?:npmjs\.)?org",
        r"--(?:extra-)?index-url[ =]\S",
        r"--find-links[ =]\S",
    ],
)
def test_no_path_of_a_machine_and_no_address_of_a_registry(pattern: str) -> None:
    wanted = re.compile(pattern)
    hits = [
        where(path)
        for path in text_files()
        if path != Path(__file__) and wanted.search(path.read_text("utf-8", errors="ignore"))
    ]
    assert hits == []


def test_lock_files_hold_hashes_for_every_requirement() -> None:
    for lock in sorted((ROOT / "requirements").glob("*.lock")):
        entries = re.split(r"\n(?=\S)", lock.read_text("utf-8").split("\n", 1)[1])
        unpinned = [entry for entry in entries if entry and "--hash=sha256:" not in entry]
        assert unpinned == [], lock.name


def test_node_lock_has_integrity_and_no_address() -> None:
    text = (ROOT / "tests" / "node" / "package-lock.json").read_text("utf-8")
    assert '"resolved"' not in text
    assert text.count('"integrity"') == text.count('"node_modules/')
