"""The publisher's step: assembled, linted, signed; the private key stays outside."""

from __future__ import annotations

import json
import shutil
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from packstation.customs.packs import document_of, read_folder, read_pack
from packstation.customs.signing import verify
from packstation.server.customs.signed import opened
from setup import customs_pack


@pytest.fixture
def copied(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "checkout" / "customs"
    shutil.copytree(repository / "resources" / "customs", folder)
    monkeypatch.setattr(customs_pack, "FOLDER", folder)
    monkeypatch.setattr(customs_pack, "ROOT", folder.parent)
    return folder


def test_a_new_pair_is_made_and_signs(
    copied: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, whole = tmp_path / "safe" / "publisher.pem", tmp_path / "pack.json"
    monkeypatch.setenv(customs_pack.VARIABLE, str(key))
    assert customs_pack.main(["--out", str(whole)]) == 0
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    seal = json.loads((copied / "signature.json").read_text("utf-8"))
    trusted = json.loads((copied / "publishers.json").read_text("utf-8"))["keys"][0]["key"]
    assert verify(document_of(copied), seal["signature"], [trusted]) == trusted
    assert read_pack(whole, [trusted]).version == seal["version"]
    assert customs_pack.main([]) == 0
    again = json.loads((copied / "signature.json").read_text("utf-8"))
    assert again == seal


def test_a_key_in_the_checkout_and_none_at_all_are_refused(
    copied: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv(customs_pack.VARIABLE, raising=False)
    assert customs_pack.main([]) == 1
    monkeypatch.setenv(customs_pack.VARIABLE, str(copied / "publisher.pem"))
    assert customs_pack.main([]) == 1
    assert not (copied / "publisher.pem").exists()
    assert "never" in capsys.readouterr().err


def test_a_pack_with_a_fault_is_not_signed(
    copied: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(customs_pack.VARIABLE, str(tmp_path / "publisher.pem"))
    (copied / "examples" / "R01.json").unlink()
    assert customs_pack.main([]) == 1
    assert not (tmp_path / "publisher.pem").exists()


def test_a_key_of_another_kind_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    path.write_bytes(
        X25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    with pytest.raises(TypeError):
        customs_pack.key_at(path)


def test_the_one_file_holds_the_same_rules_as_the_folder(
    copied: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A width of 101.6 mm that comes as text stops every parcel (R24)."""
    whole = tmp_path / "pack.json"
    monkeypatch.setenv(customs_pack.VARIABLE, str(tmp_path / "publisher.pem"))
    assert customs_pack.main(["--out", str(whole)]) == 0
    keys = [row["key"] for row in json.loads((copied / "publishers.json").read_text())["keys"]]
    assert read_pack(whole, keys) == read_folder(copied)
    opened(whole.read_bytes(), keys, verify)
