"""Whether a party is on a list of restricted ones: exact, or nearly so (R11).

Names are compared without accents, marks, case, order of words and legal forms. None is shipped:
a site imports the lists that its law names (`packstation.customs.party_files`). A hit is a
question for a supervisor, never a verdict.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any, Final

from packstation.domain.customs.addresses import plain_name
from packstation.domain.customs.case import Case, Item, at_path, objects
from packstation.domain.customs.facts import Facts, fact
from packstation.domain.customs.operators import Found, Look, Operators, Wrong
from packstation.domain.customs.reference import Hit, Party

# "Ltd" and the like tell two parties apart no better than a comma does.
_FORMS: Final = frozenset(
    "ltd limited llc inc incorporated co company corp corporation gmbh ag sa srl spa bv nv plc oy "
    "ab as jsc pjsc ojsc ooo oao pao ao zao ооо оао пао ао зао тоо mr mrs ms dr".split()
)
_EDGE: Final = "\x00"
# A slip of the pen changes three of a name's trigrams; at 0.92 a third of them may be others.
_SHARED: Final = 0.5
_SHORTEST: Final = 3


def party_key(name: str) -> str:
    """A name for comparing: words in order of the alphabet, without legal forms.

    >>> party_key("DOE, John") == party_key("john  Doe")
    True
    """
    words = plain_name(name).split()
    told = [word for word in words if word not in _FORMS]
    return " ".join(sorted(told or words))


def alike(one: str, other: str) -> float:
    """How alike two keys are, 0 to 1 (difflib's ratio, the same both ways)."""
    first, second = sorted((one, other))
    return SequenceMatcher(None, first, second, autojunk=False).ratio()


def _trigrams(key: str) -> Iterator[str]:
    for word in key.split():
        edged = _EDGE + word + _EDGE
        yield from (edged[at : at + 3] for at in range(max(1, len(edged) - 2)))


class PartyIndex:
    """Listed parties, found by name: by their trigrams first, so that long lists are quick."""

    def __init__(self, parties: Iterable[Party] = ()) -> None:
        """Keep the parties; names without a letter or digit are none."""
        self._keys: dict[str, list[Party]] = defaultdict(list)
        for party in parties:
            self._keys[party_key(party.name)].append(party)
        self._keys.pop("", None)
        self._by_trigram: dict[str, list[str]] = defaultdict(list)
        for key in self._keys:
            for gram in {*_trigrams(key)}:
                self._by_trigram[gram].append(key)

    def __len__(self) -> int:
        """How many names are listed."""
        return sum(len(parties) for parties in self._keys.values())

    def find(self, name: str, over: float) -> tuple[Hit, ...]:
        """Parties of the same name, or one that is alike by more than ``over``, likest first."""
        key = party_key(name)
        if len(key) < _SHORTEST:
            return ()
        scores = ((alike(key, one), one) for one in self._near(key))
        near = sorted((-score, one) for score, one in scores if score > over or one == key)
        return tuple(Hit(party, -score) for score, one in near for party in self._keys[one])

    def _near(self, key: str) -> Iterator[str]:
        grams = {*_trigrams(key)}
        shared = Counter(one for gram in grams for one in self._by_trigram.get(gram, ()))
        least = _SHARED * len(grams)
        return (one for one, count in shared.items() if count >= least)


def listed_here(lists: object) -> PartyIndex:
    """Lists that came with the order: ``bench.party_lists`` [{"list", "names": [...]}]."""
    return _index(
        tuple(
            (str(one.get("list") or ""), tuple(_names(one.get("names")))) for one in objects(lists)
        )
    )


@lru_cache(maxsize=2)
def _index(lists: tuple[tuple[str, tuple[str, ...]], ...]) -> PartyIndex:
    """Laid out once a change: thousands of names take longer than all rules over an order."""
    return PartyIndex(Party(name, listed) for listed, names in lists for name in names)


def _names(names: object) -> list[str]:
    listed = names if isinstance(names, list | tuple) else ()
    return [name for name in listed if isinstance(name, str)]


def _not_listed(value: object, than: Any, look: Look) -> Found:  # noqa: ANN401 - as the row has it
    """On no list, nor alike by more than ``than``; the likest of each list is told."""
    if not isinstance(value, str):
        return ()
    over = float(than)
    here: PartyIndex = fact(look.case, look.case.order, "listed_here")
    hits = (*look.case.reference.parties(value, over), *here.find(value, over))
    first: dict[str, Hit] = {}
    for hit in hits:
        first.setdefault(hit.party.listed, hit)
    return tuple(_wrong(hit) for hit in first.values())


def _wrong(hit: Hit) -> Wrong:
    list_name, score = hit.party.listed or "-", f"{hit.score:.2f}"
    words = {"list": list_name, "listed": hit.party.name, "score": score}
    return Wrong(allowed=f"{list_name}: {hit.party.name} ({score})", words=words)


def _listed_here(case: Case, _: Item) -> PartyIndex:
    """Built once a check, however many names are looked for."""
    return listed_here(at_path(case.raw, "bench.party_lists"))


FACTS_ORDER: Final[Facts] = {"listed_here": _listed_here}
OPERATORS: Final[Operators] = {"not_listed": _not_listed}
