"""The words of commercial papers: English first, the destination's language in brackets after it.

They are part of the paper, not of the program's language: an officer at the destination reads
them. A language that is not here adds nothing; English alone is accepted everywhere.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache

from packstation.assets import resource
from packstation.documents.papers.words import of_locale


@lru_cache(maxsize=1)
def words() -> Mapping[str, Mapping[str, str]]:
    """Each word by its key, then by language (resources/papers/words.json)."""
    found: dict[str, dict[str, str]] = json.loads(
        resource("papers", "words.json").read_text("utf-8")
    )
    return found


def second(key: str, language: str) -> str:
    """The word in the second language, "" where there is none or English says the same."""
    found = words()[key].get(of_locale(language), "")
    return "" if found == words()[key]["en"] else found


def english(key: str) -> str:
    """The word in English."""
    return words()[key]["en"]


def both(key: str, language: str) -> str:
    """English, with the second language in brackets."""
    other = second(key, language)
    return f"{english(key)} ({other})" if other else english(key)
