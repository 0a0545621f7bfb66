"""F1: the page of the state at hand, and a search by typed letters or by command."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from packstation.domain.packing import State
from packstation.station.core import Core
from packstation.station.handover_hand import PAGE as HANDOVER
from packstation.station.help_book import CODES, KEYS, TOPICS, HelpBook
from packstation.station.materials import Materials
from packstation.station.own_views import HelpHit, HelpView
from packstation.station.pictures import language
from packstation.station.ports import ChoiceMade
from packstation.station.testcard import CARD_PAGE

PAGE: Final = "help"
LONGEST: Final = 40
# With the keys and two pages of codes there are nine rows, one for each digit.
TOPICS_SHOWN: Final = 6
# Pages that help is opened from, by the desk's name for them.
_PAGES: Final = {
    "my-settings": "my_settings",
    "goods-labels": "goods_labels",
    HANDOVER: "handover",
    **dict.fromkeys(("devices", "device", "camera", "add_device", "edit_device"), "devices"),
    CARD_PAGE: "devices",
}
_STATES: Final = {
    State.IDLE: "queue",
    State.CANCELLED: "queue",
    State.LABELLING: "printing",
}

Books = Callable[[str], HelpBook]


class HelpDesk:
    """What is open in the help, and what was typed."""

    def __init__(self, core: Core, books: Books, materials: Materials) -> None:
        self._core, self._books, self._materials = core, books, materials
        self._known: dict[str, HelpBook] = {}
        self._topic, self._query, self._back = "", "", ""

    def open(self, argument: str) -> None:
        """F1 opens the state's page and closes help; ``argument``: a topic, or words to find."""
        desk = self._core.desk
        if argument:
            self._search(argument)
        elif desk.page == PAGE:
            desk.page = self._back
            return
        else:
            self._topic, self._query = self._here(), ""
        if desk.page != PAGE:
            self._back = desk.page
        desk.page = PAGE

    def typed(self, text: str) -> None:
        """A letter of a search; nothing outside help."""
        if self._core.desk.page != PAGE:
            return
        self._query = (self._query + text)[:LONGEST]
        self._first()

    def erased(self, _: str) -> None:
        """The last letter is taken back."""
        self._query = self._query[:-1]
        self._first()

    def choice(self, choice: ChoiceMade) -> bool:
        """A topic of the list."""
        if self._core.desk.page != PAGE:
            return False
        hits = self._hits()
        named = choice.value if choice.value in hits else ""
        self._topic = named or "".join(hits[choice.index : choice.index + 1]) or self._topic
        return True

    def view(self) -> HelpView:
        """The open topic, and what else there is."""
        book = self._book()
        topic = book.topic(self._topic)
        hits = tuple(HelpHit(name, self._title(book, name)) for name in self._hits())
        if topic is None:
            codes = CODES.get(self._topic, ())
            shown = self._topic if codes else KEYS
            return HelpView(shown, query=self._query, hits=hits, board=not codes, codes=codes)
        return HelpView(
            self._topic, topic.title, topic.asks, topic.keys, topic.when, self._query, hits
        )

    # --- inside -------------------------------------------------------------------------

    def _search(self, text: str) -> None:
        name = text.replace("-", "_")
        if name in (*TOPICS, KEYS, *CODES):
            self._topic, self._query = name, ""
        else:
            self._query = text.replace("-", " ")[:LONGEST]
            self._first()

    def _first(self) -> None:
        """The best hit is open while one types; without any the page stays."""
        found = self._book().find(self._query)
        self._topic = found[0] if found else self._topic

    def _book(self) -> HelpBook:
        wanted = language(self._core)
        if wanted not in self._known:
            self._known[wanted] = self._books(wanted)
        return self._known[wanted]

    def _hits(self) -> tuple[str, ...]:
        """What was found; without a query the topics next to the open one, keys and codes."""
        book = self._book()
        if self._query:
            return book.find(self._query)
        names = [name for name in TOPICS if book.topic(name)]
        here = names.index(self._topic) if self._topic in names else 0
        start = max(0, min(here - 3, len(names) - TOPICS_SHOWN))
        return (*names[start : start + TOPICS_SHOWN], KEYS, *CODES)

    @staticmethod
    def _title(book: HelpBook, name: str) -> str:
        topic = book.topic(name)
        return topic.title if topic else ""

    def _here(self) -> str:
        """The topic of what stands on the screen."""
        core, desk = self._core, self._core.desk
        if desk.page in _PAGES:
            return _PAGES[desk.page]
        if desk.parking:
            return "parked"
        state = core.session.state
        if state is State.SCANNING and self._materials.current() is not None:
            return "materials"
        return _STATES.get(state, str(state))
