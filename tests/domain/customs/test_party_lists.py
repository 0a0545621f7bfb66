from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packstation.domain.customs.party_lists import read_parties
from packstation.domain.customs.reference import Party
from packstation.domain.errors import InputInvalid

# Invented parties in the shapes of the publishers' files.
SDN = (
    b'7001,"PETROV, Ivan","individual","TEST",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"DOB 1960"\r\n'
    b"7002,BLUE HERON SHIPPING,-0- ,TEST,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n"
    b'7003,-0- ,-0- ,"TEST",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n'
    b"\x1a\r\n"
)
ALT = b'7001,501,"aka","PETROFF, Iwan",-0- \r\n7002,502,"fka","BLAUER REIHER",-0- \r\n'
UN = b"""<?xml version="1.0"?><CONSOLIDATED_LIST><INDIVIDUALS><INDIVIDUAL>
<FIRST_NAME>IVAN</FIRST_NAME><SECOND_NAME>PETROV</SECOND_NAME><THIRD_NAME/>
<REFERENCE_NUMBER>TEi.001</REFERENCE_NUMBER>
<INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Iwan  Petroff</ALIAS_NAME></INDIVIDUAL_ALIAS>
<INDIVIDUAL_ALIAS><ALIAS_NAME/></INDIVIDUAL_ALIAS>
</INDIVIDUAL></INDIVIDUALS><ENTITIES><ENTITY><FIRST_NAME>BLUE HERON</FIRST_NAME>
<ENTITY_ALIAS><ALIAS_NAME>Blauer Reiher</ALIAS_NAME></ENTITY_ALIAS></ENTITY></ENTITIES>
</CONSOLIDATED_LIST>"""
EU = (
    "\ufefffileGenerationDate;Entity_LogicalId;Entity_EUReferenceNumber;NameAlias_WholeName\n"
    "01/11/2026;13;EU.1.1;Иван Петров\n01/11/2026;13;EU.1.1;Ivan Petrov\n01/11/2026;13;EU.1.1;\n"
    "01/11/2026;14\n"
).encode()


def names(data: bytes) -> list[tuple[str, str]]:
    return [(one.name, one.reference) for one in read_parties(data, "L")]


def test_the_lists_of_the_us_are_read() -> None:
    assert names(SDN) == [("PETROV, Ivan", "7001"), ("BLUE HERON SHIPPING", "7002")]
    assert names(ALT) == [("PETROFF, Iwan", "7001"), ("BLAUER REIHER", "7002")]


def test_the_list_of_the_un_is_read_with_its_aliases() -> None:
    assert names(UN) == [
        ("IVAN PETROV", "TEi.001"),
        ("Iwan Petroff", "TEi.001"),
        ("BLUE HERON", ""),
        ("Blauer Reiher", ""),
    ]


def test_the_list_of_the_eu_is_read() -> None:
    assert names(EU) == [("Иван Петров", "EU.1.1"), ("Ivan Petrov", "EU.1.1")]


def test_a_plain_table_is_read_in_either_encoding() -> None:
    assert names(b"Name,Reference\nJos\xe9 Test,1\nAnna\n") == [("José Test", "1"), ("Anna", "")]
    assert names("name\nИван\n".encode()) == [("Иван", "")]
    assert read_parties(b"name\nA B", "mine") == (Party("A B", "mine"),)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n\n",
        b"name\n",
        b"a,b,c\n1,2,3\n",
        b"<html><body>Not found</body></html>",
        b"<broken",
        b"PK\x03\x04",
        b"name\n" + b"x" * 200_000,
    ],
)
def test_what_is_no_list_is_refused(data: bytes) -> None:
    with pytest.raises(InputInvalid) as refused:
        read_parties(data, "L")
    assert refused.value.fields["path"] == "file"


@given(
    st.one_of(st.binary(), st.text().map(str.encode), st.text().map(lambda t: b"<" + t.encode()))
)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        found = read_parties(data, "L")
    except InputInvalid:
        return
    assert all(one.name for one in found)
