"""ZPL from carriers is looked through before a printer sees it."""

from __future__ import annotations

import pytest

from packstation.documents.label.preflight import preflight
from packstation.domain.errors import DocumentError

PLAIN = b"^XA^CI28^FO10,10^A0N,30^FDHello^FS^XZ\r\n"


def test_labels_and_formats_are_counted() -> None:
    found = preflight(PLAIN + b"^XA^MNY^XZ" + b"^XA^FO1,1^GB9,9,1^FS^PQ3^XZ")

    assert (found.labels, found.formats) == (4, 3)
    assert found.commands["^FO"] == 2


def test_settings_of_density_and_speed_may_stand_before_a_format() -> None:
    assert preflight(b"~SD15" + PLAIN).labels == 1


def test_binary_graphics_may_hold_any_byte() -> None:
    data = b"^XZ~JA\x02\x03"
    zpl = b"^XA^FO1,1^GFB,%d,%d,1," % (len(data), len(data)) + data + b"^FS^XZ"

    assert preflight(zpl).commands == {"^XA": 1, "^FO": 1, "^GF": 1, "^FS": 1, "^XZ": 1}


@pytest.mark.parametrize(
    ("zpl", "reason"),
    [
        (b"^XA^FDx^FS", "^XZ missing"),
        (b"^XA^FDx^FS^XA^XZ", "^XA in a format"),
        (b"^FDx^FS", "^FD outside of a format"),
        (b"^XZ", "^XZ outside of a format"),
        (b"~JA" + PLAIN, "~JA"),
        (b"^XA^JUS^XZ", "^JU"),
        (b"~DGR:A.GRF,1,1,FF" + PLAIN, "~DG"),
        (b"^XA^DFR:A.ZPL^FS^XZ", "^DF"),
        (b"^XA^IDR:*.*^XZ", "^ID"),
        (b"^XA^KNname^XZ", "^KN"),
        (b"^XA^CC+^XZ", "^CC"),
        (b"~CT+" + PLAIN, "~CT"),
        (b"^XA^NBs^XZ", "^NB"),
        (b"~WR" + PLAIN, "~WR"),
        (b"^xa^juS^xz", "^JU"),
        (b"^XA^HH^XZ", "^HH"),
        (b"^XA^FDa\x03b^FS^XZ", "control character 03"),
        (b"^XA^\x02A^FS^XZ", "control character 02"),
        (b"^XA^FDx^FS^PQ51^XZ", "51 labels"),
        (b"^XA^FDx^FS^XZ" + b"\r" * 1_000_000, "size"),
    ],
)
def test_what_reaches_beyond_the_label_is_refused_by_name(zpl: bytes, reason: str) -> None:
    with pytest.raises(DocumentError) as refused:
        preflight(zpl)

    assert refused.value.fields["field"] == "zpl"
    assert refused.value.fields["reason"] == reason


def test_another_number_of_labels_than_bought_is_refused() -> None:
    with pytest.raises(DocumentError) as refused:
        preflight(PLAIN + PLAIN, labels=1)

    assert refused.value.fields["reason"] == "2 labels"
