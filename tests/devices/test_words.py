"""Every cause that a device can report has words and a cure in all languages."""

import re
from pathlib import Path

import pytest

from packstation.i18n import LANGUAGES, parse_po

KEY = re.compile(r'"((?:device|port|scale|scanner|light|printer)\.[a-z_]+)"')


def causes(repository: Path) -> set[str]:
    files = (repository / "packstation" / "devices").rglob("*.py")
    return {key for path in files for key in KEY.findall(path.read_text("utf-8"))}


@pytest.mark.parametrize("language", LANGUAGES)
def test_causes_have_words_and_a_cure(language: str, repository: Path) -> None:
    path = repository / "resources" / "translations" / language / "devices.po"
    words = parse_po(path.read_text("utf-8")).texts
    wanted = causes(repository)
    assert len(wanted) > 20
    missing = {key for cause in wanted for key in (cause, f"{cause}.cure") if not words.get(key)}
    assert missing == set()
