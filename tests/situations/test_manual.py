"""The manual says what the catalogue says; the catalogue is what it claims to be."""

from __future__ import annotations

from packstation.ui import tones
from tests.situations import manual
from tests.situations.catalogue import SITUATIONS
from tests.situations.robot import CONDITIONS


def test_the_manual_is_the_catalogue() -> None:
    text = manual.MANUAL.read_text(encoding="utf-8")
    assert manual.written(text) == text, "run: python -m tests.situations.manual"


def test_situations_have_names_of_their_own() -> None:
    names = [one.name for one in SITUATIONS]
    assert len(set(names)) == len(names)


def test_every_situation_says_something_of_facts_and_screen() -> None:
    silent = [one.name for one in SITUATIONS if not (one.facts and one.says and one.screen)]
    assert silent == []


def test_sounds_and_conditions_are_those_that_there_are() -> None:
    sounds = {one.sound for one in SITUATIONS} - {""}
    assert sounds <= set(tones.EARCONS)
    waits = {step.till.partition("=")[0] for one in SITUATIONS for step in one.steps} - {""}
    assert waits <= set(CONDITIONS)
