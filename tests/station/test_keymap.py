"""What a card tells of a scanner, and that undoing it gives the printed codes back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packstation.domain.testcard import CARD_CODES, NEEDED_CODES
from packstation.station.keymap import (
    GS,
    LAYOUTS,
    US,
    CardRead,
    Diagnosis,
    Layout,
    ScanRepair,
    read_card,
    recognise,
)

NEEDED = {code.name: code.text for code in CARD_CODES if code.name in NEEDED_CODES}
BY_ID = {layout.id: layout for layout in LAYOUTS}
# What the house's own codes look like (reference/devices.md sections 2.5 to 2.7).
OWN = ("%PS:next-parcel", "%PB:PK-1", "T-117/4", "LP123456785CN", "6901234567892", "a+b]c.D_e")


def turned(text: str) -> str:
    """CapsLock: letters change their case, ß has no capital on a keyboard."""
    return "".join(c if c == "ß" else c.swapcase() for c in text)


def typed(text: str, layout: Layout = US, *, caps: bool = False, gs: str = GS) -> str:
    keys = dict(zip(US.plain + US.shifted, layout.plain + layout.shifted, strict=True))
    text = "".join(keys.get(char, char) for char in text)
    return (turned(text) if caps else text).replace(GS, gs)


def cards(**how: object) -> dict[str, CardRead]:
    return {name: CardRead(typed(text, **how), "]C0") for name, text in NEEDED.items()}  # type: ignore[arg-type]


def found(told: Diagnosis) -> list[tuple[str, str, str]]:
    return [(one.key, one.level, one.about) for one in told.findings]


def judged(reads: dict[str, CardRead]) -> Diagnosis:
    """Every code is known for what it is, and the repair gives the printed text back."""
    for name, read in reads.items():
        assert recognise(read.text) == name
    told = read_card(reads)
    for name, read in reads.items():
        assert not told.works or told.repair.mend(read.text) == NEEDED[name]
    return told


def test_a_scanner_set_up_well_needs_nothing() -> None:
    told = judged(cards())
    assert told == Diagnosis()
    assert all(told.repair.mend(text) == text for text in OWN)


@pytest.mark.parametrize("caps", [False, True])
@pytest.mark.parametrize("layout", ["us", "de", "fr", "ru"])
def test_layouts_and_capslock_are_named_and_undone(layout: str, caps: bool) -> None:
    told = judged(cards(layout=BY_ID[layout], caps=caps))
    wanted = [("layout", "mended", layout)] if layout != "us" else []
    assert found(told) == wanted + ([("caps", "mended", "")] if caps else [])
    for text in OWN:
        assert told.repair.mend(typed(text, BY_ID[layout], caps=caps)) == text


@pytest.mark.parametrize("gs", ["<GS>", "|", "^]", "{GS}", "~1", "\\x1d"])
@pytest.mark.parametrize("layout", ["us", "de"])
def test_what_stands_for_gs_is_learned(gs: str, layout: str) -> None:
    told = judged(cards(layout=BY_ID[layout], gs=gs))
    assert ("gs", "mended", gs) in found(told)
    sent = typed("10AB", BY_ID[layout]) + gs + typed("21", BY_ID[layout])
    assert told.repair.mend(sent) == f"10AB{GS}21"


def test_a_gs_that_is_lost_cannot_be_put_back_but_the_letters_can() -> None:
    told = judged(cards(layout=BY_ID["ru"], gs=""))
    assert found(told) == [("layout", "mended", "ru"), ("gs_lost", "stop", "")]
    assert not told.works
    assert told.repair.mend(typed("T-117", BY_ID["ru"])) == "T-117"


def test_fnc1_in_front_may_come_as_gs_too() -> None:
    reads = cards(gs="|")
    reads["gs1"] = CardRead("|" + reads["gs1"].text)
    told = read_card(reads)
    assert told.repair.mend(reads["gs1"].text) == GS + NEEDED["gs1"]


def test_an_unnamed_layout_is_found_key_by_key() -> None:
    moved = dict(zip("zyZY/-&?", "yzYZ-?/&", strict=True))
    reads = {
        name: CardRead("".join(moved.get(char, char) for char in text))
        for name, text in NEEDED.items()
    }
    told = judged(reads)
    assert ("layout", "mended", "other") in found(told)
    mixed = dict(reads, symbols=CardRead(typed(NEEDED["symbols"], BY_ID["fr"])))
    assert found(read_card(mixed))[0] == ("mixed", "stop", "")


def test_a_layout_in_which_two_keys_write_the_same_is_for_the_scanner_to_mend() -> None:
    """A scanner set to German on a US computer: ] is typed with AltGr, which is none here."""
    reads = cards() | {"symbols": CardRead("3%PS>0456789/.&?,<_^!*(9]")}
    assert recognise(reads["symbols"].text) == "symbols"
    told = read_card(reads)
    assert (found(told), told.works) == ([("mixed", "stop", "")], False)


def test_an_unnamed_layout_with_a_substitute_for_gs() -> None:
    moved = dict(zip("abcdefghij", "bcdefghija", strict=True))
    reads = {
        name: CardRead("".join(moved.get(c, c) for c in text).replace(GS, "<GS>"))
        for name, text in NEEDED.items()
        if name in {"lower", "gs1"}
    }
    told = read_card(reads)
    assert told.repair.gs == "<GS>"


@pytest.mark.parametrize("width", [4, 3, 0])
def test_alt_codes_of_the_number_pad_are_read(width: int) -> None:
    reads = {
        name: CardRead("".join(f"{ord(char):0{width}d}" for char in text), "]C0")
        for name, text in NEEDED.items()
    }
    told = judged(reads)
    assert found(told) == [("alt", "mended", "")]
    sent = "".join(f"{ord(char):0{width}d}" for char in "T-117")
    assert told.repair.mend(sent) == "T-117"
    assert told.repair.mend("T-117") == "T-117"
    assert told.repair.mend("1") == "1"


def test_a_swallowed_code_is_said_and_not_guessed() -> None:
    letters = str.maketrans("", "", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
    text = NEEDED["symbols"].translate(letters)
    assert recognise(text) == "symbols"
    told = read_card({"symbols": CardRead(text)})
    assert (found(told), told.works, told.repair) == ([("ime", "stop", "")], False, ScanRepair())
    text = NEEDED["upper"].lstrip("1")
    assert found(read_card({"upper": CardRead(text), "lower": CardRead(NEEDED["lower"][1:])})) == [
        ("digits_lost", "stop", "")
    ]


def test_full_width_letters_of_an_input_method_are_read() -> None:
    reads = {
        name: CardRead("".join(chr(ord(c) + 0xFEE0) if c != GS else c for c in text))
        for name, text in NEEDED.items()
    }
    assert ("layout", "mended", "wide") in found(judged(reads))


def test_what_every_code_carries_is_taken_off() -> None:
    reads = {name: CardRead(f"~{text}#1", "]C0") for name, text in NEEDED.items()}
    told = judged(reads)
    assert found(told) == [("extra", "mended", "~…#1")]
    reads["upper"] = CardRead(NEEDED["upper"], "]C0")
    assert read_card(reads).repair.lead == ""


def test_an_identifier_in_another_layout_is_no_prefix() -> None:
    reads = {
        name: CardRead(typed(("]C1" if name == "gs1" else "]C0") + text, BY_ID["de"]))
        for name, text in NEEDED.items()
    }
    told = read_card(reads)
    assert found(told) == [("layout", "mended", "de")]
    assert told.repair.mend(reads["gs1"].text) == "]C1" + NEEDED["gs1"]


def test_silence_as_an_end_and_missing_identifiers_are_told() -> None:
    reads = {name: CardRead(text, "", "silence") for name, text in NEEDED.items()}
    assert found(read_card(reads)) == [("no_end", "mended", ""), ("aim_off", "advice", "")]


def test_a_dead_key_may_swallow_its_sign() -> None:
    text = typed(NEEDED["symbols"], BY_ID["de"]).replace("`", "")
    assert recognise(text) == "symbols"
    assert found(read_card({"symbols": CardRead(text, "]C0")})) == [("layout", "mended", "de")]


def test_the_square_code_is_known_and_needs_no_judgement() -> None:
    assert recognise("PST-MATRIX-1") == "matrix"


@pytest.mark.parametrize("text", ["", "6901234567892", "T-117", "LP123456785CN", "%PS:accept"])
def test_other_codes_are_not_taken_for_the_card(text: str) -> None:
    assert recognise(text) is None


@given(st.text(max_size=60), st.sampled_from(list(NEEDED)))
def test_whatever_is_read_is_judged_without_harm(text: str, name: str) -> None:
    told = read_card({name: CardRead(text), "upper": CardRead(NEEDED["upper"])})
    assert isinstance(told.repair.mend(text), str)
    assert recognise(text) in {None, *(code.name for code in CARD_CODES)}


@given(st.text(max_size=40))
def test_a_scanner_without_lessons_is_left_alone(text: str) -> None:
    assert ScanRepair().mend(text) == text


def test_layouts_write_each_character_once() -> None:
    for layout in LAYOUTS:
        written = (layout.plain + layout.shifted).replace(" ", "")
        assert len(set(written)) == len(written) == 94
