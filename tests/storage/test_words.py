"""Whatever storage, sync and settings can say has words in all languages."""

import re
from pathlib import Path

import pytest

from packstation.i18n import LANGUAGES, load

KEY = re.compile(r'"((?:error|sync)\.[a-z_.]+)"')
FOLDERS = ("storage", "client", "settings")


def keys(repository: Path) -> set[str]:
    files = [path for name in FOLDERS for path in (repository / "packstation" / name).glob("*.py")]
    found = {key for path in files for key in KEY.findall(path.read_text("utf-8"))}
    # Composed from the server's codes, or defaults of the classes in domain/errors.py.
    return found | {"sync.fork", "sync.epoch_closed", "error.storage", "error.server.unreachable"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_has_words(language: str, repository: Path) -> None:
    words = load(language)
    wanted = keys(repository)
    assert len(wanted) > 18
    assert {key for key in wanted if not words.has(key)} == set()
