"""``packstation carriers``: descriptions judged on the spot, accounts kept, no credential told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from packstation.assets import resource
from packstation.server.run import Running
from tests.cli.terminal import packstation
from tests.server.conftest import TOKEN

SANDBOX = resource("carriers", "sandbox.json")
VALUE = "very-secret-value"


@pytest.fixture
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PACKSTATION_TOKEN", TOKEN)


def test_what_ships_is_right_and_what_is_not_is_named(tmp_path: Path) -> None:
    raw = json.loads(SANDBOX.read_bytes())
    raw["operations"]["buy"]["body"]["reference"] = "{kee}"
    bad = tmp_path / "bad.json"
    bad.write_text(json.dumps(raw))
    good = packstation("carriers", "lint", SANDBOX)
    assert (good.status, "sandbox: buy, find, label, void" in good.out) == (0, True)
    both = packstation("carriers", "lint", bad, SANDBOX, "--json")
    assert both.status == 1
    (wrong,) = both.document["findings"]
    assert (wrong["path"], wrong["value"]) == ("operations.buy.body.reference", "{kee}")
    assert packstation("carriers", "lint", tmp_path / "none.json").status == 2
    bad.write_text("{")
    assert packstation("carriers", "lint", bad).status == 1


@pytest.mark.usefixtures("site", "token")
def test_an_account_is_kept_by_a_command_and_its_credential_told_by_none(
    running: Running, tmp_path: Path
) -> None:
    secret = tmp_path / "token.txt"
    secret.write_text(VALUE + "\n")
    there = ("--server", running.url)
    words = ("carriers", "put", "sandbox", "--description", SANDBOX, *there)
    missing = packstation(*words)
    assert (missing.status, "secrets.token: is missing" in missing.out) == (1, True)
    kept = packstation(*words, "--secret", f"token={secret}")
    assert kept.status == 0
    assert "credentials: token; verified 2026-11-23" in kept.out
    again = packstation(*words, "--base-url", "http://127.0.0.1:9", "--json")
    assert again.document["base_url"] == "http://127.0.0.1:9"
    listed = packstation("carriers", "list", *there)
    assert listed.out.startswith("sandbox: rest at http://127.0.0.1:9")
    for done in (missing, kept, again, listed):
        assert VALUE not in done.out + done.err
    own = packstation("carriers", "put", "yanwen", "--kind", "own", *there)
    assert own.out.startswith("yanwen: own (integration")


@pytest.mark.usefixtures("site", "token")
def test_what_cannot_be_read_or_asked_is_told(running: Running, tmp_path: Path) -> None:
    there = ("--server", running.url)
    assert packstation("carriers", "list", *there).out.strip() == "none"
    assert packstation("carriers", "list", *there, "--site", "SZ-9").status == 2
    words = ("carriers", "put", "sandbox", *there)
    assert packstation(*words, "--description", tmp_path / "none").status == 2
    (tmp_path / "list.json").write_text("[]")
    assert packstation(*words, "--description", tmp_path / "list.json").status == 2
    (tmp_path / "raw").write_bytes(b"\xff\xfe")
    assert packstation(*words, "--secret", f"token={tmp_path / 'raw'}").status == 2
    with pytest.raises(SystemExit):
        packstation(*words, "--secret", "token")


@pytest.mark.usefixtures("site", "token")
def test_what_lacks_of_a_command_is_said_in_its_own_words(running: Running) -> None:
    there = ("--server", running.url)
    bare = packstation("carriers", "put", "acme", *there)
    assert (bare.status, "--description FILE is wanted" in bare.err) == (2, True)
    nobody = packstation("carriers", "test", "acme", *there)
    assert (nobody.status, "no account at this carrier: acme" in nobody.err) == (2, True)
