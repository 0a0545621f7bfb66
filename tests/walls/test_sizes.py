"""Files and functions stay small, and folders are named for what they hold."""

from tests.walls.sources import ROOT, functions, python_files, where

MOST_LINES_OF_A_FILE = 500
MOST_LINES_OF_A_FUNCTION = 50
REFUSED_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "misc", "data"}


def test_no_file_is_longer_than_500_lines() -> None:
    sizes = {where(path): len(path.read_text("utf-8").splitlines()) for path in python_files()}
    assert {name: size for name, size in sizes.items() if size > MOST_LINES_OF_A_FILE} == {}


def test_no_function_is_longer_than_50_lines() -> None:
    long = {
        f"{where(path, node.lineno)} {node.name}": (node.end_lineno or 0) - node.lineno + 1
        for path in python_files()
        for node in functions(path)
        if (node.end_lineno or 0) - node.lineno + 1 > MOST_LINES_OF_A_FUNCTION
    }
    assert long == {}


def test_no_module_or_folder_has_a_name_that_says_nothing() -> None:
    parts = {
        where(path)
        for path in python_files()
        if REFUSED_NAMES & {*path.relative_to(ROOT).with_suffix("").parts}
    }
    assert parts == set()
