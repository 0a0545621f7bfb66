"""AIM identifiers have names."""

import pytest

from packstation.domain.symbologies import SYMBOLOGIES, symbology_of


@pytest.mark.parametrize(
    ("aim", "name"),
    [
        ("]A0", "Code 39"),
        ("]C0", "Code 128"),
        ("]C1", "GS1-128"),
        ("]C4", "ISBT 128"),
        ("]E0", "EAN-13"),
        ("]E1", "EAN/UPC"),
        ("]E4", "EAN-8"),
        ("]I1", "ITF-14"),
        ("]Q1", "QR Code"),
        ("]Q3", "GS1 QR Code"),
        ("]d1", "Data Matrix"),
        ("]d2", "GS1 DataMatrix"),
        ("]e0", "GS1 DataBar"),
        ("]J1", "GS1 DotCode"),
        ("]z0", "Aztec Code"),
        ("]U0", "MaxiCode"),
        ("]y0", ""),
        ("", ""),
        ("C1", ""),
        ("(C1", ""),
    ],
)
def test_a_symbology_by_its_identifier(aim: str, name: str) -> None:
    assert symbology_of(aim) == name


def test_letters_are_told_once() -> None:
    assert len({row.letter for row in SYMBOLOGIES}) == len(SYMBOLOGIES)
