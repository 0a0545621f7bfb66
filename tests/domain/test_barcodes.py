from __future__ import annotations

import json
import string
import subprocess
import sys
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from packstation.domain import gs1
from packstation.domain.barcodes import (
    COMMANDS,
    Badge,
    Command,
    Gs1,
    Gtin,
    Sscc,
    Unknown,
    Waybill,
    expand_upce,
    parse_code,
)

GS = "\x1d"
ITEM = "0109521234543213"
DIGITS = st.text("0123456789", min_size=7, max_size=17)


def with_check(digits: str) -> str:
    return digits + str(gs1.check_digit(digits))


@pytest.mark.parametrize(
    ("payload", "digit"),
    [
        ("950110153000", 3),
        ("0952123454321", 3),
        ("09521234000000001", 3),
        ("01234500006", 5),
        ("690123456789", 2),
    ],
)
def test_mod_10_check_digit(payload: str, digit: int) -> None:
    assert gs1.check_digit(payload) == digit


@pytest.mark.parametrize(
    ("text", "gtin"),
    [
        ("6901234567892", "06901234567892"),
        ("16901234567899", "16901234567899"),
        ("012345000065", "00012345000065"),
        ("9501234" + "6", "00000095012346"),
        ("9781492053743", "09781492053743"),
        (with_check("977123456789"), "0" + with_check("977123456789")),
        (with_check("950110153000"), "09501101530003"),
    ],
)
def test_trade_items(text: str, gtin: str) -> None:
    assert parse_code(text) == Gtin(gtin, text)


@pytest.mark.parametrize(
    ("aim", "prefer_upce", "gtin"),
    [
        ("", False, "00000001234565"),
        ("", True, "00012345000065"),
        ("]E4", True, "00000001234565"),
        ("]E0", False, "00012345000065"),
        ("]X0", False, "00000001234565"),
    ],
)
def test_eight_digits_that_are_both(aim: str, prefer_upce: bool, gtin: str) -> None:
    code = parse_code("01234565", aim, prefer_upce=prefer_upce)
    assert isinstance(code, Gtin)
    assert code.gtin14 == gtin


def test_the_check_digit_beats_the_aim_identifier() -> None:
    assert parse_code("04252614", "]E4") == Gtin("00042100005264", "04252614")
    assert parse_code("95012346", "]E0") == Gtin("00000095012346", "95012346")


@pytest.mark.parametrize(
    ("upce", "upca"),
    [
        ("01234565", "012345000065"),
        ("04252614", "042100005264"),
        ("01234531", with_check("01230000045")),
        ("01234541", with_check("01234000005")),
        ("01234505", with_check("01200000345")),
        ("11234592", with_check("11234500009")),
    ],
)
def test_upce_expands(upce: str, upca: str) -> None:
    text = upce[:7] + upca[-1]
    assert expand_upce(text) == upca


def test_upce_has_number_system_0_or_1() -> None:
    assert expand_upce("21234565") == ""


@given(st.sampled_from("01"), st.text("0123456789", min_size=6, max_size=6))
def test_every_upce_with_its_check_digit_is_an_item(system: str, six: str) -> None:
    readable = [found for check in "0123456789" if (found := expand_upce(f"{system}{six}{check}"))]
    assert len(readable) == 1
    assert gs1.check_problem(readable[0]) == ""


def test_elements_of_the_reference_vector() -> None:
    code = parse_code(f"{ITEM}10ABC123{GS}172701013712", "]C1")
    assert isinstance(code, Gs1)
    assert code.elements == {
        "01": "09521234543213",
        "10": "ABC123",
        "17": "2027-01-01",
        "37": "12",
    }
    assert (code.gtin, code.lot, code.serial) == ("09521234543213", "ABC123", "")
    assert (code.expiry, code.count, code.sscc) == ("2027-01-01", 12, "")


@pytest.mark.parametrize("prefix", ["]C1", "]d2", "]Q3", GS, "]C1" + GS])
def test_the_mark_may_come_with_the_text(prefix: str) -> None:
    code = parse_code(f"{prefix}{ITEM}21SN-1")
    assert isinstance(code, Gs1)
    assert code.serial == "SN-1"


def test_other_elements() -> None:
    code = parse_code(f"02{'09521234543213'}3724{GS}310300175070032701311430", "]C1")
    assert isinstance(code, Gs1)
    assert code.elements["3103"] == "1.750"
    assert (code.gtin, code.count) == ("09521234543213", 24)
    assert (code.elements["7003"], code.expiry) == ("2027-01-31T14:30", "2027-01-31")
    assert parse_code("3100000012", "]C1").to_json()["elements"] == {"3100": "12"}
    assert parse_code("17260200", "]C1").to_json()["elements"] == {"17": "2026-02-28"}
    empty = parse_code("10A", "]C1")
    assert isinstance(empty, Gs1)
    assert (empty.gtin, empty.count, empty.expiry) == ("", None, "")


def test_a_digital_link_on_any_host() -> None:
    code = parse_code("HTTPS://shop.example/p/01/09521234543213/10/ABC?17=270101&x=1")
    assert isinstance(code, Gs1)
    assert code.elements == {"01": "09521234543213", "10": "ABC", "17": "2027-01-01"}


@pytest.mark.parametrize(
    "text",
    [
        "http://[",
        "https://example.com/",
        "https://example.com/01/09521234543214",
        "https://example.com/01",
        "https://example.com/01/09521234543213?17=279999",
        "https://example.com/01/%D9%A19521234543213",
    ],
)
def test_addresses_that_are_no_digital_link(text: str) -> None:
    code = parse_code(text)
    assert isinstance(code, Unknown)
    assert code.reason == "gs1"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("00095212340000000014", "(00) check digit: 3 expected, 4 found"),
        ("0109521234543214", "(01) check digit"),
        ("8003095212345432141", "(8003) check digit"),
        ("4109521234543214", "(410) check digit"),
        ("401AB1", "(401) does not start with a company prefix"),
        ("421999AB", "(421) country 999"),
        ("4307XX", "(4307) country XX"),
        ("422000", "(422) country 000"),
        ("423156999", "(423) country 999"),
        (f"{ITEM}02{'09521234543213'}", "(01) and (02) exclude"),
        (f"420123{GS}421840123", "(420) and (421) exclude"),
        (f"10A{GS}10B", "(10) twice"),
        ("31030017503102001750", "(310n) twice"),
        ("3109001750", "3109"),
        ("17271301", "(17)"),
        ("17270230", "(17)"),
        ("010952", "(01)"),
        ("10" + "x" * 21, "Application Identifier"),
        ("10" + "7" * 20 + "17270101", "(10) too long, or its separator is lost"),
        ("10", "(10)"),
        ("99é", "not ASCII"),
        ("01٠٩٥٢١٢٣٤٥٤٣٢١٣", "not ASCII"),
        ("", "empty"),
    ],
)
def test_elements_that_are_refused(text: str, words: str) -> None:
    code = parse_code(text, "]C1")
    assert isinstance(code, Unknown)
    assert words in code.error
    assert code.to_json()["valid"] is False


def test_repeating_an_element_with_the_same_value_is_fine() -> None:
    assert isinstance(parse_code(f"10A{GS}10A", "]C1"), Gs1)


def test_valid_countries_pass() -> None:
    code = parse_code(f"42115610{GS}4307RU", "]C1")
    assert isinstance(code, Unknown)  # 421 and 4307 exclude each other
    assert isinstance(parse_code(f"422156{GS}10A", "]C1"), Gs1)
    assert isinstance(parse_code("4307RU", "]C1"), Gs1)
    assert isinstance(parse_code("4018901234", "]C1"), Gs1)


@pytest.mark.parametrize("text", ["095212340000000013", "00095212340000000013"])
def test_a_logistic_unit(text: str) -> None:
    assert parse_code(text) == Sscc("095212340000000013", text)


def test_a_logistic_unit_with_more_is_gs1() -> None:
    code = parse_code(f"00095212340000000013400PO-7{GS}37")
    assert isinstance(code, Unknown)
    code = parse_code("00095212340000000013400PO-7")
    assert isinstance(code, Gs1)
    assert code.sscc == "095212340000000013"


def test_a_wrong_logistic_unit() -> None:
    assert parse_code("095212340000000014").to_json() == {
        "kind": "unknown",
        "valid": False,
        "error": "check digit: 3 expected, 4 found",
        "text": "095212340000000014",
    }


@pytest.mark.parametrize(
    "text",
    [
        "40112233-0007-1",
        "S-10482",
        "T-101",
        "C3",
        "10ABC",
        "2112345678901234567",
        "123",
        "99bottles",
        "Ünïcode",
        "19 Main St",
        "1701ABC",
    ],
)
def test_plain_texts_stay_plain(text: str) -> None:
    assert parse_code(text) == Unknown("no known code", "none", text)


def test_waybills() -> None:
    assert parse_code("rb 123 456 785 gb") == Waybill("RB123456785GB", "rb 123 456 785 gb")
    assert parse_code("RB123456785GB").to_json() == {
        "kind": "waybill",
        "valid": True,
        "format": "s10",
        "text": "RB123456785GB",
    }
    wrong = parse_code("RB123456786GB")
    assert isinstance(wrong, Unknown)
    assert (wrong.reason, wrong.error) == ("s10", "check digit: 5 expected, 6 found")
    assert isinstance(parse_code("RB123456785XX"), Unknown)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_commands_in_any_case(name: str) -> None:
    for text in (f"%PS:{name}", f"%ps:{name.upper()}"):
        code = parse_code(text)
        assert isinstance(code, Command)
        assert code.to_json() == {"kind": "command", "valid": True, "command": name}


@pytest.mark.parametrize(
    ("text", "command", "argument"),
    [
        ("%PS:quantity:12", "quantity", "12"),
        ("%PS:carton:C3", "carton", "C3"),
        ("%PS:service:e-packet", "service", "e-packet"),
    ],
)
def test_commands_with_an_argument(text: str, command: str, argument: str) -> None:
    assert parse_code(text).to_json() == {
        "kind": "command",
        "valid": True,
        "command": command,
        "argument": argument,
    }


@pytest.mark.parametrize(
    "text",
    [
        "%PS:",
        "%PS:format-disk",
        "%PS:undo:1",
        "%PS:undo:",
        "%PS:quantity:",
        "%PS:quantity:0",
        "%PS:quantity:-1",
        "%PS:quantity:99999",
        "%PS:carton:",
        "%PS:carton:A B",
    ],
)
def test_wrong_commands_are_refused(text: str) -> None:
    code = parse_code(text)
    assert isinstance(code, Unknown)
    assert code.reason == "command"


@pytest.mark.parametrize("aim", ["]E0", "]E4", "]C1", "]d2", "]Q3", "]e0", "]I1"])
def test_a_product_symbol_never_commands(aim: str) -> None:
    for text, reason in (("%PS:void", "command"), ("%PB:anna", "badge")):
        code = parse_code(text, aim)
        assert isinstance(code, Unknown)
        assert code.reason == reason
        assert parse_code(aim + text) == code


def test_answers_as_json() -> None:
    assert parse_code("6901234567892").to_json() == {
        "kind": "gtin",
        "valid": True,
        "gtin": "06901234567892",
        "text": "6901234567892",
    }
    assert parse_code("095212340000000013").to_json()["sscc"] == "095212340000000013"


def test_badges() -> None:
    assert parse_code("%PB:b-0017") == Badge("b-0017", "%PB:b-0017")
    assert parse_code("%pb:Qx.7_").to_json() == {"kind": "badge", "valid": True, "badge": "Qx.7_"}
    for text in ("%PB:", "%PB:a b", "%PB:" + "x" * 65, "%PB:'; DROP TABLE people"):
        code = parse_code(text)
        assert isinstance(code, Unknown)
        assert code.reason == "badge"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("   \r\n", "empty"),
        ("\x1d", "empty"),
        ("x" * 513, "too_long"),
        ("a\x00b", "control"),
        ("\x1b[2J", "control"),
        ("a\x16\x54\rb", "control"),
        ("abc\u202edef", "control"),
        ("\ud800", "control"),
    ],
)
def test_hostile_texts_go_no_further(text: str, reason: str) -> None:
    code = parse_code(text)
    assert isinstance(code, Unknown)
    assert (code.reason, code.text) == (reason, "")


def test_512_characters_are_allowed() -> None:
    assert parse_code("x" * 512) == Unknown("no known code", "none", "x" * 512)


AIMS = st.sampled_from(["", "]C1", "]d1", "]d2", "]E0", "]E4", "]Q1", "]Q3", "]X0", "]", "x"])
STARTS = st.sampled_from(["", "]C1", "https://a/01/", "%PS:", "%PB:", ITEM, "00", "31", "RB1"])
TORN = st.text(string.digits + string.ascii_letters + GS + "%:/?&=-.", max_size=60)


@given(STARTS, st.text(max_size=60) | TORN, AIMS, st.booleans())
@example("", "http://[::1", "", False)
@example("]C1", "\x1d\x1d", "", False)
@example("", "]", "]C1", False)
def test_no_text_raises(start: str, text: str, aim: str, prefer: bool) -> None:
    answer = parse_code(start + text, aim, prefer_upce=prefer).to_json()
    assert json.loads(json.dumps(answer)) == answer
    assert isinstance(answer["kind"], str)


@given(st.text(string.digits, min_size=13, max_size=13), st.integers(1, 9))
def test_a_wrong_check_digit_is_never_an_item(payload: str, off: int) -> None:
    right = with_check(payload)
    wrong = payload + str((int(right[-1]) + off) % 10)
    assert isinstance(parse_code(right), Gtin)
    assert isinstance(parse_code(wrong), Unknown)
    assert isinstance(parse_code("01" + wrong, "]C1"), Unknown)


LOTS = st.text(string.ascii_letters + string.digits + "-/_.", min_size=1, max_size=20)


@given(LOTS, LOTS, st.dates(date(2000, 1, 1), date(2060, 12, 31)), st.integers(1, 99_999_999))
def test_elements_read_back(lot: str, serial: str, expiry: date, count: int) -> None:
    text = f"{ITEM}17{expiry:%y%m%d}10{lot}{GS}21{serial}{GS}30{count}"
    code = parse_code(text, "]d2")
    assert isinstance(code, Gs1)
    assert (code.lot, code.serial, code.expiry, code.count) == (
        lot,
        serial,
        expiry.isoformat(),
        count,
    )


def test_biip_is_loaded_only_for_gs1() -> None:
    program = (
        "import sys; from packstation.domain.barcodes import parse_code as p;"
        "p('6901234567892'); p('T-101'); p('%PS:undo'); p('RB123456785GB');"
        "assert 'biip' not in sys.modules;"
        "p(']C1' + '10A'); assert 'biip' in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
