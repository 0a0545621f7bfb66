"""What a scanner's text has gone through on its way here, and how to undo it.

A scanner that poses as a keyboard sends key positions, and the computer makes letters of them
by its own layout: QWERTZ, AZERTY and ЙЦУКЕН each read another code than the one printed.
CapsLock turns cases round, some scanners type ALT codes on the number pad, and GS is sent as
something else or not at all (reference/devices.md section 2.1). All of these are functions of
the text, so what they do to the codes of the test card tells how to undo them for every code.

Pure: `ScanRepair.mend` undoes, `read_card` finds out what there is to undo.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from typing import Final

from msgspec import Struct, field

from packstation.domain.testcard import CARD_CODES, CardCode

GS: Final = "\x1d"
_LONGEST_EXTRA: Final = 8
_LONGEST_GS: Final = 6
# Characters that must be left of a code of which some were swallowed, so that it is known.
_ENOUGH: Final = 12
_AIM: Final = re.compile(r"\][A-Za-z][0-9A-Za-z]")
# Digits an ALT code may have; 0: as many as the number needs.
_ALT_WIDTHS: Final = (4, 3, 0)
_ALT_PLAIN: Final = re.compile(r"1\d\d|[2-9]\d")


class Layout(Struct, frozen=True):
    """A keyboard: what its four rows of keys write; ``dead`` keys write only with the next."""

    id: str
    plain: str
    shifted: str
    dead: str = ""


US: Final = Layout(
    "us",
    "`1234567890-= qwertyuiop[]\\ asdfghjkl;' zxcvbnm,./",
    '~!@#$%^&*()_+ QWERTYUIOP{}| ASDFGHJKL:" ZXCVBNM<>?',
)
# The layouts that packing benches meet beside US; any other is found key by key.
LAYOUTS: Final = (
    US,
    Layout(
        "de",
        "^1234567890ß´ qwertzuiopü+# asdfghjklöä yxcvbnm,.-",
        "°!\"§$%&/()=?` QWERTZUIOPÜ*' ASDFGHJKLÖÄ YXCVBNM;:_",
        dead="^´`",
    ),
    Layout(
        "fr",
        "²&é\"'(-è_çà)= azertyuiop^$* qsdfghjklmù wxcvbn,;:!",
        "~1234567890°+ AZERTYUIOP¨£µ QSDFGHJKLM% WXCVBN?./§",
        dead="^¨",
    ),
    Layout(
        "ru",
        "ё1234567890-= йцукенгшщзхъ\\ фывапролджэ ячсмитьбю.",
        'Ё!"№;%:?*()_+ ЙЦУКЕНГШЩЗХЪ/ ФЫВАПРОЛДЖЭ ЯЧСМИТЬБЮ,',
    ),
)


class ScanRepair(Struct, frozen=True):
    """What is done to every text of one scanner, in this order.

    ``alt`` is how ALT codes are read: digits a character, -1 for as many as each needs, 0 where
    there are none; ``lead`` and ``tail`` are taken off; ``gs`` stands for GS; ``chars`` are
    (as read, as meant).
    """

    alt: int = 0
    lead: str = ""
    tail: str = ""
    gs: str = ""
    chars: tuple[tuple[str, str], ...] = ()

    def mend(self, text: str) -> str:
        """The text as it was printed."""
        if self.alt:
            text = _alt_text(text, self.alt)
        text = text.removeprefix(self.lead).removesuffix(self.tail)
        if self.gs:
            text = text.replace(self.gs, GS)
        meant = dict(self.chars)
        return "".join(meant.get(char, char) for char in text) if meant else text


class Finding(Struct, frozen=True):
    """One thing about a scanner; ``level``: ok, mended (by us), advice, or stop (not mendable).

    ``key`` names the words ``card.find.<key>`` and, beside ok, ``card.find.<key>.cure``;
    ``about`` is what they quote: a layout's id, the text that stands for GS.
    """

    key: str
    level: str
    about: str = ""


class CardRead(Struct, frozen=True):
    """A code of the card as it came: text, AIM identifier, and what ended it.

    ``ended``: "" for an end key or byte, "silence" for none.
    """

    text: str
    aim: str = ""
    ended: str = ""


class Diagnosis(Struct, frozen=True):
    """What is wrong with a scanner, and what undoes it; ``works`` where its codes can be read."""

    findings: tuple[Finding, ...] = ()
    repair: ScanRepair = field(default_factory=ScanRepair)
    works: bool = True


class _Way(Struct, frozen=True):
    """One thing that may have happened to text: ``typed`` is what each character became."""

    key: str
    typed: Mapping[str, str]
    layout: str = ""
    dead: str = ""
    caps: bool = False
    alt: int = 0
    lost: bool = False

    def pattern(self, text: str) -> str:
        return "".join(self._one(char) for char in text)

    def _one(self, char: str) -> str:
        typed = self.typed.get(char, char)
        shown = re.escape(typed)
        return f"(?:{shown})?" if typed and typed in self.dead else shown


class _Match(Struct, frozen=True):
    way: _Way
    lead: str = ""
    gs: str | None = None
    tail: str = ""
    aim: str = ""


def recognise(text: str) -> str | None:
    """The name of the code of the card that this may be, in whatever form; None for none."""
    found = (code.name for way in _ways() for code in CARD_CODES if _match(code, text, way))
    keywise = (code.name for code in CARD_CODES if _keywise(code, text) is not None)
    near = (code.name for code in CARD_CODES if _near(code.text, text))
    return next(itertools.chain(found, keywise, near), None)


def _near(printed: str, read: str) -> bool:
    """As long, and half of it the same: what cannot be explained is at least known."""
    same = sum(one == other for one, other in zip(printed, read, strict=False))
    return len(printed) == len(read) and 2 * same >= len(printed)


def read_card(reads: Mapping[str, CardRead]) -> Diagnosis:
    """What the codes that were read say together; ``reads`` are by the names of the card."""
    codes = [(code, reads[code.name]) for code in CARD_CODES if code.name in reads]
    common = _common(codes)
    if common is None:
        keys = _merged(codes)
        if keys is None:
            return Diagnosis((Finding("mixed", "stop"),), works=False)
        way = _Way("layout", {meant: read for read, meant in keys.items()}, layout="other")
        common = way, [_rest(code, read, way) for code, read in codes]
    way, matches = common
    return _diagnosed(way, matches, [read for _, read in codes])


def _common(
    codes: list[tuple[CardCode, CardRead]],
) -> tuple[_Way, list[_Match]] | None:
    """The first way that explains every code."""
    for way in _ways():
        found = [_match(code, read.text, way) for code, read in codes]
        matches = [match for match in found if match is not None]
        if len(matches) == len(codes):
            return way, matches
    return None


def _rest(code: CardCode, read: CardRead, way: _Way) -> _Match:
    match = _match(code, read.text, way)
    return match if match is not None else _Match(way)


def _diagnosed(way: _Way, matches: list[_Match], reads: list[CardRead]) -> Diagnosis:
    if way.lost:
        return Diagnosis((Finding(way.key, "stop"),), works=False)
    found, works = [Finding(way.key, "mended", way.layout)] if way.key else [], True
    if way.caps:
        found.append(Finding("caps", "mended"))
    subs = {match.gs for match in matches} - {None}
    gs = next(iter(subs), None)
    if gs == "":
        found.append(Finding("gs_lost", "stop"))
        works = False
    elif gs is not None and gs != GS:
        found.append(Finding("gs", "mended", gs))
    lead, tail = _shared([m.lead for m in matches]), _shared([m.tail for m in matches])
    if lead or tail:
        found.append(Finding("extra", "mended", f"{lead}…{tail}"))
    if any(read.ended == "silence" for read in reads):
        found.append(Finding("no_end", "mended"))
    if not any(read.aim for read in reads) and not any(match.aim for match in matches):
        found.append(Finding("aim_off", "advice"))
    repair = ScanRepair(
        alt=way.alt,
        lead=lead,
        tail=tail,
        gs="" if gs is None or gs == GS else gs,
        chars=tuple(sorted((r, m) for m, r in way.typed.items() if r != m and len(r) == 1)),
    )
    return Diagnosis(tuple(found), repair, works)


def _shared(texts: list[str]) -> str:
    """What all codes have in common here: a prefix that one code lacks is none."""
    return texts[0] if texts and len(set(texts)) == 1 else ""


def _ways() -> Iterator[_Way]:
    """What may have happened, the likeliest first."""
    for caps in (False, True):
        for layout in LAYOUTS:
            yield _layout_way(layout, caps=caps)
    wide = {chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)}
    yield _Way("layout", wide, layout="wide")
    for width in _ALT_WIDTHS:
        typed = {chr(code): f"{code:0{width}d}" for code in (0x1D, *range(0x20, 0x7F))}
        yield _Way("alt", typed, alt=width or -1)
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    yield _Way("ime", dict.fromkeys(letters, ""), lost=True)
    yield _Way("digits_lost", dict.fromkeys("0123456789", ""), lost=True)


def _layout_way(layout: Layout, *, caps: bool) -> _Way:
    keys = zip(US.plain + US.shifted, layout.plain + layout.shifted, strict=True)
    typed = {meant: _turned(read) if caps else read for meant, read in keys}
    key = "" if layout is US else "layout"
    return _Way(key, typed, layout.id, layout.dead, caps)


def _match(code: CardCode, text: str, way: _Way) -> _Match | None:
    """How ``text`` is ``code`` after ``way``; None where it is not."""
    parts = [way.pattern(part) for part in code.text.split(GS)]
    if way.lost and sum(bool(way.typed.get(char, char)) for char in code.text) < _ENOUGH:
        return None  # what is left of it could be anything
    between = rf"(?P<gs>{way.pattern(GS)}|.{{0,{_LONGEST_GS}}}?)"
    body = parts[0] + "".join(between + part for part in parts[1:])
    extra = f".{{0,{_LONGEST_EXTRA}}}"
    found = re.fullmatch(rf"(?P<lead>{extra}?){body}(?P<tail>{extra})", text, re.DOTALL)
    if found is None:
        return None
    gs = found["gs"] if GS in code.text else None
    if gs is not None and gs == way.typed.get(GS):
        gs = GS
    lead, aim = found["lead"], ""
    undone = _undone(lead, way)
    if _AIM.fullmatch(undone):
        lead, aim = "", undone
    # FNC1 in front is sent as GS by some; the parser takes it off.
    if gs and lead == gs:
        lead = ""
    return _Match(way, lead, gs, found["tail"], aim)


def _undone(text: str, way: _Way) -> str:
    back = {read: meant for meant, read in way.typed.items() if len(read) == 1}
    return "".join(back.get(char, char) for char in text)


def _keywise(code: CardCode, text: str) -> dict[str, str] | None:
    """Character by character, for a layout that nobody listed: as read -> as printed.

    Only where every character stands for one other throughout; a code that is long and says
    each letter once leaves no room for chance.
    """
    head, gs, tail = code.text.partition(GS)
    extra = len(text) - len(head) - len(tail)
    if not (0 <= extra <= _LONGEST_GS if gs else extra == 0):
        return None
    read = text[: len(head)] + text[len(head) + extra :]
    return _one_to_one(zip(read, head + tail, strict=True))


def _one_to_one(pairs: Iterator[tuple[str, str]]) -> dict[str, str] | None:
    there: dict[str, str] = {}
    back: dict[str, str] = {}
    for read, meant in pairs:
        if there.setdefault(read, meant) != meant or back.setdefault(meant, read) != read:
            return None
    return there


def _merged(codes: list[tuple[CardCode, CardRead]]) -> dict[str, str] | None:
    """The keys that all codes agree on."""
    pairs: list[tuple[str, str]] = []
    for code, read in codes:
        keys = _keywise(code, read.text)
        if keys is None:
            return None
        pairs += keys.items()
    return _one_to_one(iter(pairs))


def _turned(text: str) -> str:
    """Cases turned round; what would become two letters stays."""
    return "".join(c.swapcase() if len(c.swapcase()) == 1 else c for c in text)


def _alt_text(text: str, width: int) -> str:
    """The characters of ALT codes; text that is none is left as it is."""
    if not text.isascii() or not text.isdigit():
        return text
    if width > 0:
        codes = [text[at : at + width] for at in range(0, len(text), width)]
    else:
        codes = _ALT_PLAIN.findall(text)
    made = "".join(chr(int(code)) for code in codes)
    same = "".join(f"{ord(char):0{max(width, 0)}d}" for char in made) == text
    return made if same else text
