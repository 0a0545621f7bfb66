"""Set-up does each step once, again only when what it depends on has changed."""

import sys
from pathlib import Path

import pytest

from setup import prepare, system
from setup.system import Need


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(prepare, "ROOT", tmp_path)
    monkeypatch.setattr(prepare, "STAMPS", tmp_path / "stamps")
    (tmp_path / "lock").write_text("one==1")
    return tmp_path


def test_a_step_is_done_once_and_again_when_its_input_changes(checkout: Path) -> None:
    done: list[str] = []
    step = prepare.Step("step", ("lock",), lambda: done.append("done"))
    prepare.perform(step)
    prepare.perform(step)
    assert done == ["done"]
    (checkout / "lock").write_text("one==2")
    prepare.perform(step)
    assert done == ["done", "done"]


def test_a_step_that_failed_is_tried_again(checkout: Path) -> None:
    def fail() -> None:
        sys.exit("no network")

    step = prepare.Step("step", ("lock",), fail)
    with pytest.raises(SystemExit):
        prepare.perform(step)
    assert not prepare.is_done(step)


def test_the_tests_environment_serves_the_demo_too(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outer = prepare.Step("test", ("lock",), lambda: None)
    inner = prepare.Step("run", ("lock",), lambda: pytest.fail("not due"), within="test")
    monkeypatch.setattr(prepare, "_TESTS", (outer,))
    prepare.perform(outer)
    prepare.perform(inner)
    assert prepare.is_done(inner)


def test_an_unknown_target_is_refused_with_the_known_ones() -> None:
    with pytest.raises(SystemExit, match="demo,test,installer"):
        prepare.main(["nonsense"])


def test_an_old_node_is_refused_with_the_cure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    node = tmp_path / "node"
    node.write_text("#!/bin/sh\necho v16.20.2\n")
    node.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    with pytest.raises(SystemExit, match=r"Node 18 or newer, here is v16\.20\.2.*nodejs"):
        prepare.install_node_tools()


def test_what_is_missing_is_told_in_one_line_without_root(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(system, "_as_root", lambda: None)
    needs = (Need("libnowhere.so.9", "libnowhere9"), Need("libc.so.6", "libc6"))
    with pytest.raises(SystemExit, match=r"sudo apt-get install .* libnowhere9$"):
        system.install(needs)


def test_a_program_of_the_administrators_path_counts_as_present() -> None:
    assert Need("ldconfig", "libc-bin").met()
    assert not Need("no-such-program", "nothing").met()
