"""ZPL from carriers is looked through before a printer sees it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packstation.documents.label.preflight import ALLOWED, ALLOWED_SO, preflight
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
        (b"~\nJA" + PLAIN, "~\nJ"),
        (b'^XA^FDx^FS^XZ! U1 setvar "device.reset" ""\r\n', "! U1"),
        (b"! 0 200 200 210 1\r\nPRINT\r\n" + PLAIN, "! 0 200 200 210 1"),
        (b"\nN\nP9\n" + PLAIN, "text outside of a format"),
        (PLAIN + b"P9\r\n", "text outside of a format"),
        (b'^CI28"' + PLAIN, "text outside of a format"),
        (b"^XA^GFB,9,9,1,123", "picture cut short"),
        (b"^XA^XFR:OTHER.ZPL^FS^XZ", "^XF"),
        (b"^XA^MUM^XZ", "^MU"),
        (b"^XA^JMB^XZ", "^JM"),
        (b"^XA^MCN^XZ", "^MC"),
        (b"^XA^CW0,E:ODD.TTF^XZ", "^CW"),
        (b"~TA100" + PLAIN, "~TA"),
        (b"^XA^RFW,H^FDx^FS^XZ", "^RF"),
        (b"^XA^HV1,9^XZ", "^HV"),
        (b"^XA^FDx^FS^PQ5,1^XZ", "^PQ"),
        (b"^XA^FDx^FS^PQ5,0,3^XZ", "^PQ"),
        (b"^XA^FDx^FS^PQmany^XZ", "^PQ"),
    ],
)
def test_what_reaches_beyond_the_label_is_refused_by_name(zpl: bytes, reason: str) -> None:
    with pytest.raises(DocumentError) as refused:
        preflight(zpl)

    assert refused.value.fields["field"] == "zpl"
    assert refused.value.fields["reason"] == reason


@pytest.mark.parametrize(
    ("zpl", "labels"),
    [
        (b"^XA^FDx^FS^PQ2,0,1,Y^XZ", 2),
        (b"^XA^FDx^FS^PQ9^PQ3^XZ", 3),
        (b"^XA^FDx^FS^PQ0,1,,N^XZ", 1),
        (b"^XA^FDx^FS^PQ,,,Y^XZ", 1),
        (b"^CI28" + PLAIN, 1),
        (b"\xef\xbb\xbf" + PLAIN, 1),
        (b"^XA^MUd^JMA^MCY^SZ2^XZ~TA000" + PLAIN, 1),
        (b"^XA^FDWow! You won, ^FS^DN^XZ", 1),
        (b"", 0),
    ],
)
def test_what_carriers_write_passes_and_is_counted(zpl: bytes, labels: int) -> None:
    assert preflight(zpl, labels=labels).labels == labels


NAMES = st.builds(
    "{}{}{}".format,
    st.sampled_from("^~"),
    st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcjn"),
    st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@ \n\\"),
)
PARTS = st.sampled_from(sorted(ALLOWED - {"^XA", "^XZ", "^PQ"})).flatmap(
    lambda name: st.from_regex(r"[A-Za-z0-9,.:;_ ]{0,9}", fullmatch=True).map(name.__add__)
)


@given(st.lists(PARTS, max_size=8), st.integers(1, 20), st.data())
def test_whatever_is_no_part_of_a_label_is_refused_anywhere(
    parts: list[str], copies: int, data: st.DataObject
) -> None:
    label = ["^XA", "^FO9,9", "^FDx^FS", *parts, f"^PQ{copies}", "^XZ"]
    # ^GFB with a length would take what follows for its data.
    whole = "".join(label).upper().replace("^GF", "^GB").encode()
    assert preflight(whole).labels == copies

    name = data.draw(NAMES.filter(lambda one: one.upper() not in ALLOWED | set(ALLOWED_SO)))
    at = data.draw(st.integers(0, len(label)))
    spoiled = "".join([*label[:at], name, *label[at:]]).replace("^GF", "^GB").encode()
    with pytest.raises(DocumentError):
        preflight(spoiled)


@given(
    st.binary(max_size=200)
    | st.lists(
        st.sampled_from(["^XA", "^XZ", "^FD", "~JA", "^GFB,3,3,1,", "^PQ", "! U1 ", "9", "\n"])
    )
    .map("".join)
    .map(str.encode)
)
def test_any_bytes_are_checked_or_refused(zpl: bytes) -> None:
    try:
        found = preflight(zpl)
    except DocumentError:
        found = None
    assert found is None or found.commands["^XA"] == found.commands["^XZ"] == found.formats


def test_another_number_of_labels_than_bought_is_refused() -> None:
    with pytest.raises(DocumentError) as refused:
        preflight(PLAIN + PLAIN, labels=1)

    assert refused.value.fields["reason"] == "2 labels"
