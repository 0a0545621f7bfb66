"""Where a bench's customs rules come from."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec.structs import replace

from packstation.assets import resource
from packstation.bootstrap.rules import LateRules, signed_by
from packstation.customs.packs import document_of, publishers, read_folder
from packstation.customs.signing import sign
from packstation.customs.tables import Tables
from packstation.domain.customs.pack import Pack

OWN = read_folder(resource("customs"))


def opened(body: Mapping[str, object]) -> Pack | None:
    """As if its signature were good, where it has a version."""
    return replace(OWN, version=str(body["version"])) if "version" in body else None


def test_rules_and_tables_are_read_once() -> None:
    rules = LateRules(resource("customs"))
    assert (rules.ready, rules.pack()) == (False, None)
    rules.load()
    rules.load()
    # A newer pack may have been pulled: nothing is checked before that is known.
    before = rules.ready
    rules.take(())
    assert (before, rules.ready) == (False, True)
    assert rules.pack() == OWN
    assert rules.reference.hs("610910")


def test_rules_that_cannot_be_read_are_known_to_be_missing(tmp_path: Path) -> None:
    rules = LateRules(tmp_path)
    rules.take(())
    assert (rules.ready, rules.pack()) == (True, None)


def test_tables_that_are_not_there_are_asked_for_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def lost(_: Tables) -> None:
        raise FileNotFoundError("hscodes.json")

    monkeypatch.setattr(Tables, "warm", lost)
    rules = LateRules(resource("customs"))
    rules.take(())
    assert rules.ready
    assert rules.pack() == OWN
    assert "tables of addresses" in caplog.text


def test_the_newest_signed_pack_holds(caplog: pytest.LogCaptureFixture) -> None:
    rules = LateRules(resource("customs"), opened)
    rules.take([{"version": "2099-01-01"}, {"version": "2098-01-01"}, {}])
    pack = rules.pack()
    assert pack is not None
    assert pack.version == "2099-01-01"
    assert "1 customs packs were not taken" in caplog.text


def test_an_older_pack_than_the_program_s_own_is_left_aside() -> None:
    rules = LateRules(resource("customs"), opened)
    rules.take([{"version": "2020-01-01"}])
    assert rules.pack() == OWN


def test_only_a_trusted_signature_makes_a_pack_hold() -> None:
    private = Ed25519PrivateKey.generate()
    trusted = base64.b64encode(private.public_key().public_bytes_raw()).decode()
    document = document_of(resource("customs")) | {"version": "2099-01-01"}
    body = {"pack": document} | sign(document, private)
    rules = LateRules(resource("customs"), signed_by((trusted,)))
    strangers: tuple[dict[str, object], ...] = (
        {},
        {"pack": "x"},
        {"pack": document},
        {**body, "signature": "x"},
    )
    changed = {**body, "pack": {**document, "source": "another"}}
    rules.take([*strangers, changed])
    assert rules.pack() == OWN
    rules.take([body])
    pack = rules.pack()
    assert pack is not None
    assert pack.version == "2099-01-01"
    assert signed_by(publishers())(body) is None
