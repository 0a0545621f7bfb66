"""``packstation people list | add | revoke | replace | pin | sign-out | card``."""

from __future__ import annotations

from pathlib import Path

import pytest

from packstation.server.run import Running
from tests.cli.terminal import packstation
from tests.server.conftest import TOKEN


@pytest.fixture
def there(running: Running, site: str, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    assert site
    monkeypatch.setenv("PACKSTATION_TOKEN", TOKEN)
    return "--server", running.url


def test_people_come_and_go(there: tuple[str, str], tmp_path: Path) -> None:
    assert packstation("people", "list", *there).out.strip() == "none"
    added = packstation("people", "add", "Lin Yue", "--role", "packer", "--json", *there)
    badge = added.document["badge"]
    told = packstation("people", "pin", badge, *there)
    assert (told.status, f"Lin Yue: badge {badge}, PIN " in told.out) == (0, True)
    assert "temporary PIN until" in packstation("people", "list", *there).out
    card = tmp_path / "badge.pdf"
    assert packstation("people", "card", badge, "--out", str(card), *there).status == 0
    assert card.read_bytes().startswith(b"%PDF")
    new = packstation("people", "replace", badge, "--reason", "lost", "--json", *there).document
    assert packstation("people", "sign-out", new["badge"], *there).out.strip().endswith("ended")
    gone = packstation("people", "revoke", new["badge"], *there)
    assert gone.out.strip() == f"revoked {new['badge']}: Lin Yue"
    rows = packstation("people", "list", *there).out
    assert f"revoked {badge}: Lin Yue" in rows


def test_who_is_not_there_is_said_so(there: tuple[str, str], tmp_path: Path) -> None:
    for words in (
        ("revoke", "7"),
        ("replace", "7"),
        ("pin", "7"),
        ("sign-out", "7"),
        ("card", "7", "--out", str(tmp_path / "x.pdf")),
    ):
        told = packstation("people", *words, *there)
        assert (told.status, "'7'" in told.out) == (1, True), words
    assert packstation("people", "add", "X", "--role", "packer", "--site", "NO", *there).status == 2
    assert packstation("people", "pin", "7", "--hours", "100", *there).status == 1
