"""Errors as people read them."""

from __future__ import annotations

import pytest

from packstation.cli.wording import cause_said, said
from packstation.domain.errors import (
    DeviceOffline,
    DocumentError,
    GlyphMissing,
    NotAuthorised,
    PackstationError,
    ServerUnreachable,
    SettingsError,
    StorageError,
)


@pytest.mark.parametrize(
    ("exc", "shown"),
    [
        (
            SettingsError(name="model", value="zpl", allowed="mt-sics"),
            "Setting model: zpl cannot be used. Allowed: mt-sics",
        ),
        (
            DeviceOffline(device="COM3", cause="port.missing", detail="[Errno 2]"),
            "COM3: The port is not there\n  Plug the device in, or choose another port",
        ),
        (DeviceOffline(device="COM3", cause="odd"), "COM3: odd"),
        (ServerUnreachable(cause="no route"), "Server not reachable: no route"),
        (ServerUnreachable(), "Server not reachable"),
        (
            NotAuthorised("error.not_authorised.token", server="https://a", detail="role packer"),
            (
                "https://a does not take the token in PACKSTATION_TOKEN: role packer\n"
                "  Make one on the server: packstation server token --role supervisor"
            ),
        ),
        (
            NotAuthorised("error.enrol", code="enrol_token"),
            "The server refused the bench: enrol_token. Ask for a fresh token",
        ),
        (
            GlyphMissing(text="ꙮ", codepoint="U+A66E", field="ship_to.name"),
            "No font has U+A66E: ship_to.name",
        ),
        (
            DocumentError("error.document.missing", field="waybill"),
            "Missing for the document: waybill",
        ),
    ],
    ids=lambda value: value.key if isinstance(value, PackstationError) else "",
)
def test_an_error_is_said_in_the_words_of_the_catalogue(exc: PackstationError, shown: str) -> None:
    assert said(exc) == shown


@pytest.mark.parametrize(
    "exc",
    [
        PackstationError("error.nobody.wrote", at=7),
        StorageError("error.storage.chain", cause="no place is known"),
    ],
)
def test_where_words_or_what_fills_them_lack_key_and_fields_are_shown(
    exc: PackstationError,
) -> None:
    assert said(exc) == str(exc)


@pytest.mark.parametrize("language", ["zh_Hans", "ru"])
def test_other_languages_have_the_words_too(language: str) -> None:
    there = ServerUnreachable(cause="x")
    assert said(there, language) not in {said(there), str(there)}


def test_a_cause_is_said_with_its_cure() -> None:
    assert cause_said("COM3", "device.unknown") == (
        "COM3: No known device answers\n  Switch it on, or choose the model by hand"
    )
    assert cause_said("COM3", "who.knows") == "COM3: who.knows"
