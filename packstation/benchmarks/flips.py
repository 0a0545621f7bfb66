"""Code made wrong on purpose, a place at a time: comparisons, bounds, and, or, any, all.

`flips` gives every version of a source that is wrong in one place. Run as a program,
``python -m packstation.benchmarks.flips MODULE FILE PYTEST-ARGUMENTS``, it tests with ``FILE`` in
the place of ``MODULE`` and ends as pytest does.
"""

from __future__ import annotations

import ast
import copy
import runpy
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from typing import Final

from msgspec import Struct

_PAIRS: Final[tuple[tuple[type[ast.AST], type[ast.AST]], ...]] = (
    (ast.Lt, ast.LtE),
    (ast.Gt, ast.GtE),
    (ast.Eq, ast.NotEq),
    (ast.Is, ast.IsNot),
    (ast.In, ast.NotIn),
    (ast.And, ast.Or),
    (ast.Add, ast.Sub),
    (ast.BitAnd, ast.BitOr),
)
_OTHER: Final = {one: other for pair in _PAIRS for one, other in (pair, pair[::-1])}
_CALLS: Final = {"any": "all", "all": "any", "min": "max", "max": "min"}
# Tests of these kinds are turned where their own operator stands.
_TURNED: Final = (ast.Compare, ast.BoolOp)

Change = tuple[str, Callable[[], None]]


class Flip(Struct, frozen=True):
    """A source that is wrong in one place: its line there, what was done."""

    line: int
    what: str
    source: str


def flips(source: str) -> Iterator[Flip]:
    """Every version of a module that is wrong in one place."""
    tree = ast.parse(source)
    said = _said(tree)
    for at, node in enumerate(ast.walk(tree)):
        if id(node) in said:
            continue
        for turn, (what, _) in enumerate(_changes(node)):
            wrong = copy.deepcopy(tree)
            place = list(ast.walk(wrong))[at]
            list(_changes(place))[turn][1]()
            yield Flip(_line(node), what, ast.unparse(ast.fix_missing_locations(wrong)))


def _line(node: ast.AST) -> int:
    """Where it stands; the ``if`` of a comprehension stands nowhere by itself."""
    placed = node.target if isinstance(node, ast.comprehension) else node
    return getattr(placed, "lineno", 0)


def _said(tree: ast.AST) -> set[int]:
    """Nodes of annotations, which are for readers, and of how a class is made."""
    notes: list[ast.AST | None] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.arg | ast.AnnAssign):
            notes.append(node.annotation)
        elif isinstance(node, ast.FunctionDef):
            notes.append(node.returns)
        elif isinstance(node, ast.ClassDef):
            notes += [one.value for one in node.keywords]
    return {id(part) for note in notes if note is not None for part in ast.walk(note)}


def _changes(node: ast.AST) -> Iterator[Change]:
    """What can be done to a node, and how."""
    yield from _operators(node)
    yield from _tests(node)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _CALLS:
        yield from _call(node.func)
    elif isinstance(node, ast.Constant):
        yield from _constant(node)


def _operators(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.Compare):
        for at, op in enumerate(node.ops):
            yield from _operator(op, node.ops, at)
    elif isinstance(node, ast.BoolOp | ast.BinOp) and not isinstance(node.op, ast.BitOr):
        yield from _operator(node.op, node, "op")  # that of types is for readers


def _tests(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield _turn("operand", node)
    elif isinstance(node, ast.If | ast.IfExp | ast.While) and _plain(node.test):
        yield _turn("test", node)
    elif isinstance(node, ast.comprehension):
        for at, test in enumerate(node.ifs):
            if _plain(test):
                yield _turn(at, node.ifs)


def _operator(op: ast.AST, holder: object, place: int | str) -> Iterator[Change]:
    other = _OTHER.get(type(op))
    if other is not None:
        what = f"{type(op).__name__} is {other.__name__}"
        yield what, lambda: _put(holder, place, other())


def _put(holder: object, place: int | str, made: object) -> None:
    if isinstance(place, int):
        holder[place] = made  # type: ignore[index]
    else:
        setattr(holder, place, made)


def _call(name: ast.Name) -> Iterator[Change]:
    other = _CALLS[name.id]
    yield f"{name.id} is {other}", lambda: setattr(name, "id", other)


def _constant(node: ast.Constant) -> Iterator[Change]:
    value = node.value
    if isinstance(value, int):
        other = not value if isinstance(value, bool) else value + 1
        yield f"{value} is {other}", lambda: setattr(node, "value", other)


def _plain(test: ast.expr) -> bool:
    """Whether it is turned as a whole: it has no operator of its own to turn."""
    negated = isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)
    return not negated and not isinstance(test, _TURNED)


def _turn(place: int | str, holder: object) -> Change:
    def turned() -> None:
        test = holder[place] if isinstance(place, int) else getattr(holder, place)  # type: ignore[index]
        _put(holder, place, ast.UnaryOp(ast.Not(), test))

    return "turned", turned


class _Instead(MetaPathFinder):
    """Finds one module in another file."""

    def __init__(self, module: str, path: str) -> None:
        self.module, self.path = module, path

    def find_spec(self, fullname: str, *_: object) -> ModuleSpec | None:
        """The other file, for the module only."""
        if fullname != self.module:
            return None
        return spec_from_file_location(fullname, self.path)


def main(arguments: Sequence[str]) -> None:
    """Test with a file in the place of a module; ends the program with the status of pytest."""
    module, path, *rest = arguments
    sys.meta_path.insert(0, _Instead(module, path))
    sys.argv = ["pytest", *rest]
    # By its name: the program itself has no need of it.
    runpy.run_module("pytest", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(sys.argv[1:])
