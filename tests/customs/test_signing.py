"""Whose a rule pack is: a changed one, an unknown publisher's and an older one are told apart."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from packstation.assets import resource
from packstation.customs import packs
from packstation.customs.packs import document_of, pack_of, publishers, read_pack
from packstation.customs.signing import PackRefused, sign, signed_form, verify
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
    path.write_text(json.dumps(whole, default=str), "utf-8")
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
