from __future__ import annotations

import json

import pytest

from packstation.cli.commands import DOCUMENTS
from tests.cli.terminal import packstation


def test_a_code_as_json() -> None:
    done = packstation("code", "6901234567892", "--json")
    assert done.status == 0
    assert done.document == {
        "kind": "gtin",
        "valid": True,
        "gtin": "06901234567892",
        "text": "6901234567892",
    }


@pytest.mark.parametrize(
    ("argv", "text", "status"),
    [
        (["6901234567892"], "gtin: gtin 06901234567892, text 6901234567892", 0),
        (["]C10109521234543213"], "gs1: elements (01) 09521234543213", 0),
        (["01234565", "--aim", "]E0"], "gtin: gtin 00012345000065", 0),
        (["%PS:next-parcel"], "command: command next-parcel", 0),
        (["6901234567893"], "unknown: error check digit: 2 expected, 3 found", 1),
    ],
)
def test_codes_for_people(argv: list[str], text: str, status: int) -> None:
    done = packstation("code", *argv)
    assert done.out.startswith(text)
    assert done.status == status


@pytest.mark.parametrize("name", DOCUMENTS)
def test_schemas(name: str) -> None:
    done = packstation("schema", name)
    schema = json.loads(done.out)
    assert schema["title"] == f"packstation.{name}/1"
    assert schema["$schema"].endswith("2020-12/schema")
    assert packstation("schema", name, "--json").document == schema
    top = schema["$defs"][schema["$ref"].rsplit("/", 1)[1]]
    assert top["properties"]["schema"]["enum"] == [f"packstation.{name}/1"]


def test_what_is_no_aim_identifier_is_refused() -> None:
    done = packstation("code", "6901234567892", "--aim", "XX")
    assert (done.status, done.out) == (2, "")
    assert "--aim XX" in done.err
