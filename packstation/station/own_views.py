"""Views of the pages a person opens for themselves, and of what goes in beside the goods."""

from __future__ import annotations

from msgspec import Struct

from packstation.station.words import Words


class OptionView(Struct, frozen=True):
    """A value of a setting: as it is kept, and as it is called."""

    value: str
    words: Words


class SettingView(Struct, frozen=True):
    """A setting of the person with its values; ``key`` is the digit that changes it."""

    name: str
    words: Words
    options: tuple[OptionView, ...]
    chosen: str
    key: str = ""


class MySettingsView(Struct, frozen=True):
    """What travels with the badge; ``offline``: other benches hear of it later."""

    rows: tuple[SettingView, ...]
    offline: bool = False


class HelpHit(Struct, frozen=True):
    """A topic found: id and title."""

    id: str
    title: str


class HelpView(Struct, frozen=True):
    """A page of help in the person's language; ``query`` is what was typed.

    ``keys`` are (key cap, what it does), ``when`` (what happens, what to do). ``board``: the
    page of all keys; ``codes``: commands whose codes are shown instead.
    """

    id: str = ""
    title: str = ""
    asks: str = ""
    keys: tuple[tuple[str, str], ...] = ()
    when: tuple[tuple[str, str], ...] = ()
    query: str = ""
    hits: tuple[HelpHit, ...] = ()
    board: bool = False
    codes: tuple[str, ...] = ()


class TaskView(Struct, frozen=True):
    """What goes in beside the goods, or has to be done, now.

    ``text`` and ``materials`` (name, recycled) are in the person's language; ``explicit``: only
    Enter, touch or the value of ``collect`` confirms; ``more`` wait behind it.
    """

    rule: str
    title: str
    text: str = ""
    materials: tuple[tuple[str, bool], ...] = ()
    container: str = ""
    moment: str = "item"
    explicit: bool = False
    collect: str = ""
    more: int = 0


class GoodsLabelView(Struct, frozen=True):
    """Labels for goods: kind, product, copies, and what is still missing.

    ``state``: empty, ready, printing, sent or failed; ``facts`` are names with their values;
    ``preview`` a PNG on which no code can be read.
    """

    kind: str
    kinds: tuple[OptionView, ...]
    name: str = ""
    sku: str = ""
    image: str = ""
    copies: int = 1
    sheets: int = 0
    facts: tuple[tuple[Words, str], ...] = ()
    missing: Words | None = None
    problem: Words | None = None
    printer: str = ""
    state: str = "empty"
    preview: bytes = b""
