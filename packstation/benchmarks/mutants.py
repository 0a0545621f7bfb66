"""What is wrong and nobody notices: the rules of customs, and the code that follows them.

No reference and no times: the goal is nothing. Every row of the rule pack is made wrong in each
of its places (`packstation.customs.mutants`) and has to be seen by an example. Every comparison of
the evaluator is turned (`flips`) and has to be seen by a test, each in a process of its own; where
the tests are not, as in an installed program, only the rules are looked at.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from packstation.assets import resource
from packstation.benchmarks.figures import Result
from packstation.benchmarks.flips import Flip, flips
from packstation.customs.mutants import EQUAL, judged
from packstation.customs.packs import read_folder
from packstation.customs.tables import Tables

ROOT: Final = Path(__file__).resolve().parents[2]
MODULES: Final = (
    "packstation.domain.customs.evaluate",
    "packstation.domain.customs.operators",
)
TESTS: Final = "tests/domain/customs/test_comparing.py"
# Flips that are the code itself said otherwise, by their line, and why.
SAME: Final[Mapping[tuple[str, str], str]] = {
    (
        'said = [one for one in check.when if check.scope == "order" or _of_order(one)]',
        "Or is And",
    ): "what is asked once for all items is asked of each",
    ("@lru_cache(maxsize=4)", "4 is 5"): "how many packs are kept ready, not what is said of any",
}
QUICK_RULES: Final = ("R01",)
# Of a module every so many flips.
QUICK_STEP: Final = 20
LONGEST_S: Final = 120.0
# What pytest answers when a test failed, or could not even be read.
_SEEN: Final = frozenset({1, 2})


def measure(*, quick: bool = False) -> list[Result]:
    """A row for the rules, a row for the code where its tests are."""
    rows = [_rules(QUICK_RULES if quick else ())]
    return [*rows, _code(QUICK_STEP if quick else 1)] if (ROOT / TESTS).is_file() else rows


def _rules(ids: Sequence[str]) -> Result:
    pack, folder = read_folder(resource("customs")), resource("customs", "examples")
    found = list(judged(pack, folder, Tables(), ids))
    alive = [f"{one.rule} {one.what}" for one, seen in found if not seen]
    equal = {" ".join(one) for one in EQUAL}
    return _row("mutants of rules", len(found), [one for one in alive if one not in equal])


def _code(step: int) -> Result:
    tried, alive = 0, []
    with tempfile.TemporaryDirectory(prefix="packstation-mutants-") as folder:
        for module in MODULES:
            for flip, line in list(_of(module))[::step]:
                tried += 1
                if not seen(module, flip, Path(folder)):
                    alive.append(f"{module} {line}: {flip.what}")
                    _tell(f"nobody sees {alive[-1]}")
    return _row("mutants of code", tried, alive)


def _of(module: str) -> Iterator[tuple[Flip, str]]:
    """The flips of a module with the line that each is in."""
    source = (ROOT / f"{module.replace('.', '/')}.py").read_text("utf-8")
    lines = source.splitlines()
    for flip in flips(source):
        line = lines[flip.line - 1].strip()
        if (line, flip.what) not in SAME:
            yield flip, line


def seen(module: str, flip: Flip, scratch: Path) -> bool:
    """Whether the tests fail with the flipped module; one that never ends is seen too."""
    wrong, bare = scratch / "wrong.py", scratch / "pytest.ini"
    wrong.write_text(flip.source, "utf-8")
    bare.write_text("[pytest]\n", "utf-8")
    command = [sys.executable, "-m", "packstation.benchmarks.flips", module, str(wrong)]
    options = ["-c", str(bare), "--rootdir", str(ROOT), "--noconftest", "-x", "-q"]
    try:
        done = subprocess.run(
            [*command, *options, "-p", "no:cacheprovider", TESTS],
            cwd=ROOT,
            env=os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
            capture_output=True,
            check=False,
            timeout=LONGEST_S,
        )
    except subprocess.TimeoutExpired:
        return True
    return done.returncode in _SEEN


def _row(name: str, tried: int, alive: Sequence[str]) -> Result:
    figures = {"tried": float(tried), "alive": float(len(alive))}
    return Result(
        name=name,
        figures=figures,
        reference={},
        ratio=0.0,
        goal={"alive": 0},
        note="each wrong in one place; alive are those that no example and no test sees",
        shape={"tried": tried, "alive": list(alive)},
    )


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
