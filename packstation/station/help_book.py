"""Help as read from its files, and what a search in it finds; pure.

A topic's words and the devices' causes are found by what a person types: letters of any script,
parts of words, in any order; titles count more than texts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct

from packstation.domain.barcodes import BENCH_COMMANDS, ORDER_COMMANDS
from packstation.i18n import Catalogue

MOST_HITS: Final = 8
# Topics in the order in which a parcel meets them; one file each and language.
TOPICS: Final = (
    "sign_in queue scanning materials cartoning weighing measuring rating printing confirming "
    "completed parked held offline devices my_settings goods_labels handover"
).split()
KEYS: Final = "keys"
# Pages of command codes to scan off the screen.
CODES: Final[Mapping[str, tuple[str, ...]]] = {
    "codes": ORDER_COMMANDS,
    "codes_bench": BENCH_COMMANDS,
}
CURE: Final = ".cure"
_CAUSES: Final = ("device.", "printer.", "port.", "scale.", "scanner.", "camera.", "sync.")
_WORD: Final = re.compile(r"\w+")


class Topic(Struct, frozen=True):
    """A page: what the screen asks, what the keys do, what to do when something happens."""

    title: str
    asks: str
    search: str = ""
    keys: tuple[tuple[str, str], ...] = ()
    when: tuple[tuple[str, str], ...] = ()


class HelpBook(Struct, frozen=True):
    """All topics of a language by id, and its texts of causes."""

    topics: Mapping[str, Topic]

    def topic(self, name: str) -> Topic | None:
        """A topic by id."""
        return self.topics.get(name)

    def find(self, query: str) -> tuple[str, ...]:
        """Ids of topics that have all words of ``query``, the best first."""
        words = [word.casefold() for word in _WORD.findall(query)]
        ranked = [(_rank(topic, words), name) for name, topic in self.topics.items()]
        found = sorted((-rank, place) for place, (rank, _) in enumerate(ranked) if rank)
        return tuple(ranked[place][1] for _, place in found[:MOST_HITS])


def causes(words: Catalogue) -> dict[str, Topic]:
    """A topic for each trouble of a device that the catalogue has a cure for."""
    topics = {}
    for key in words.texts:
        if key.startswith(_CAUSES) and words.has(f"{key}{CURE}"):
            title, cure = _plain(words, key), _plain(words, f"{key}{CURE}")
            topics[key] = Topic(title, cure, key.replace(".", " ").replace("_", " "))
    return topics


def _plain(words: Catalogue, key: str) -> str:
    """A text whose placeholders stand for what is not known here."""
    return re.sub(r"\{\w+\}", "…", words.texts[key][-1])


def _rank(topic: Topic, words: Sequence[str]) -> int:
    """0 where a word is nowhere; a title's word weighs most."""
    title = topic.title.casefold()
    names = f"{topic.search} {topic.asks}".casefold()
    rest = " ".join(part for row in (*topic.keys, *topic.when) for part in row).casefold()
    ranks = [9 * (w in title) + 3 * (w in names) + (w in rest) for w in words]
    return sum(ranks) if ranks and all(ranks) else 0
