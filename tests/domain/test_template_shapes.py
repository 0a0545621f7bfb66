"""A file of letterheads that is none: told by an example, never by a regular expression."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from packstation.domain.templates import Fault, Templates, misread


def told(template: dict[str, Any]) -> Fault:
    document = {"schema": "packstation.templates/1", "templates": [{"id": "a", **template}]}
    with pytest.raises(msgspec.ValidationError) as wrong:
        msgspec.json.decode(json.dumps(document).encode(), type=Templates)
    return misread(wrong.value)


@pytest.mark.parametrize(
    ("template", "path", "like"),
    [
        ({"id": "a b"}, "templates[0].id", "acme-eu_1.0"),
        ({"destinations": ["DE", "de"]}, "templates[0].destinations[1]", "DE"),
        ({"logo": "zz"}, "templates[0].logo", "e3b0c44298fc1c14… (SHA-256)"),
        (
            {"texts": [{"place": "slip-foot", "language": "EN", "text": "t"}]},
            "templates[0].texts[0].language",
            "en",
        ),
    ],
)
def test_what_a_text_looks_like_is_told_by_one(
    template: dict[str, Any], path: str, like: str
) -> None:
    assert told(template) == Fault(path, "like", like)


def test_other_errors_are_told_as_they_are() -> None:
    assert "Expected `int`" in told({"version": "x"}).value
    assert told({"version": "x"}).kind == "file"
    assert misread(ValueError("x" * 500)) == Fault("", "file", "x" * 300)
