"""Whose a rule pack is: a changed one, an unknown publisher's and an older one are told apart."""

from __future__ import annotations

import base64
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from packstation.assets import resource
from packstation.customs import packs
from packstation.customs.packs import document_of, pack_of, publishers, read_pack
from packstation.customs.signing import PackRefused, first_form, sign, signed_form, verify
from packstation.domain.errors import InputInvalid

MINE = Ed25519PrivateKey.from_private_bytes(b"1" * 32)
OTHER = Ed25519PrivateKey.from_private_bytes(b"2" * 32)
DOCUMENT = document_of(resource("customs"))
SEAL = sign(DOCUMENT, MINE)
TRUSTED = (sign({}, OTHER)["key"], SEAL["key"])


def refused(document: object, signature: str, trusted: tuple[str, ...], **more: str) -> str:
    assert isinstance(document, dict)
    with pytest.raises(PackRefused) as caught:
        verify(document, signature, trusted, **more)
    return caught.value.cause


def test_a_signed_pack_is_its_publishers() -> None:
    assert verify(DOCUMENT, SEAL["signature"], TRUSTED) == SEAL["key"]
    newest = str(DOCUMENT["version"])
    assert verify(DOCUMENT, SEAL["signature"], TRUSTED, key=SEAL["key"], newest=newest)


def test_what_is_wrong_with_a_pack_is_said() -> None:
    changed = {**DOCUMENT, "source": "somebody else"}
    seal = SEAL["signature"]
    assert refused(DOCUMENT, "", TRUSTED) == "unsigned"
    assert refused(changed, seal, TRUSTED, key=SEAL["key"]) == "changed"
    assert refused(changed, seal, TRUSTED) == "changed"
    assert refused(DOCUMENT, "no base64", TRUSTED) == "changed"
    assert refused(DOCUMENT, seal, TRUSTED[:1], key=SEAL["key"]) == "unknown_key"
    assert refused(DOCUMENT, seal, TRUSTED[:1]) == "changed"
    assert refused(DOCUMENT, seal, ("no key", *TRUSTED), newest="2999-01-01") == "older"


def test_the_order_of_keys_in_a_file_changes_nothing() -> None:
    turned = dict(reversed(DOCUMENT.items()))
    assert signed_form(turned) == signed_form(DOCUMENT)


def envelope(folder: Path, **more: object) -> Path:
    path = folder / "pack.json"
    whole = {"pack": DOCUMENT, **SEAL, **more}
    path.write_text(json.dumps(whole, default=float), "utf-8")
    return path


def test_a_pack_from_elsewhere_needs_a_trusted_signature(tmp_path: Path) -> None:
    found = read_pack(envelope(tmp_path), TRUSTED)
    assert found.version == DOCUMENT["version"]
    with pytest.raises(PackRefused) as caught:
        read_pack(envelope(tmp_path))
    assert caught.value.cause == "unknown_key"
    with pytest.raises(PackRefused) as caught:
        read_pack(envelope(tmp_path, pack={**DOCUMENT, "source": "x"}), TRUSTED)
    assert caught.value.cause == "changed"
    with pytest.raises(PackRefused) as caught:
        read_pack(envelope(tmp_path, pack=None), TRUSTED)
    assert caught.value.cause == "unsigned"


def test_what_is_no_pack_is_named(tmp_path: Path) -> None:
    path = tmp_path / "pack.json"
    path.write_text("{", "utf-8")
    with pytest.raises(InputInvalid) as caught:
        read_pack(path)
    assert caught.value.fields["path"] == "pack.json"
    with pytest.raises(InputInvalid):
        pack_of({"version": "yesterday"})


def test_a_changed_pack_of_the_program_is_complained_of(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(packs, "publishers", lambda: TRUSTED[:1])
    assert packs.installed().version == DOCUMENT["version"]
    assert "not as its publisher signed it" in caplog.text


def test_trusted_publishers_have_keys_of_32_bytes() -> None:
    assert all(len(one) == 44 for one in publishers())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"a": Decimal("1.5")}, {"a": "1.5"}),
        ({"a": 1}, {"a": "1"}),
        ({"a": 1}, {"a": Decimal("1.0")}),
        ({"a": [Decimal("1.5"), "2.5"]}, {"a": ["1.5", Decimal("2.5")]}),
        ({"a": {"b": Decimal("1.5")}, "c": "1.5"}, {"a": {"b": "1.5"}, "c": Decimal("1.5")}),
        ({"a.b": Decimal("1.5"), "a": {"b": "1.5"}}, {"a.b": "1.5", "a": {"b": Decimal("1.5")}}),
        ({"1": Decimal("1.5")}, {"1": "1.5"}),
    ],
)
def test_a_fraction_is_signed_as_another_thing_than_its_text(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    assert signed_form(one) != signed_form(other)


def test_a_fraction_is_the_same_as_number_of_either_kind() -> None:
    assert signed_form({"a": Decimal("1.5")}) == signed_form({"a": 1.5})
    turned = {"b": [Decimal("0.1")], "a": Decimal("1.5")}
    assert signed_form(turned) == signed_form(dict(reversed(turned.items())))


def in_first_form(document: dict[str, Any]) -> str:
    return base64.b64encode(MINE.sign(first_form(document))).decode()


def test_packs_of_before_may_bear_a_signature_of_the_first_form_and_newer_may_not() -> None:
    before = {**DOCUMENT, "version": "2026-11-22"}
    assert verify(before, in_first_form(before), TRUSTED) == SEAL["key"]
    after = {**DOCUMENT, "version": "2026-11-22a"}
    assert refused(after, in_first_form(after), TRUSTED) == "changed"
    # The version is signed: a newer pack is not made an older one.
    assert refused({**after, "version": "2026-11-21"}, in_first_form(after), TRUSTED) == "changed"


@pytest.mark.parametrize("odd", [2**60, float("nan"), "\ud800", object()])
def test_what_has_no_canonical_form_was_signed_by_nobody(odd: object) -> None:
    assert refused({**DOCUMENT, "source": odd}, SEAL["signature"], TRUSTED) == "changed"
