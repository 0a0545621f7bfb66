"""A template as a form: what stands in its inputs, and what was sent made into a template."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from msgspec import Struct

from packstation.domain.countries import ALPHA2
from packstation.domain.templates import KINDS, MOST_BYTES, PLACES, Extra, Fault, Kind, Template

# As second languages of papers; a template that has others keeps and shows them.
LANGUAGES: Final = ("en", "zh", "ru", "de", "fr", "es")
ROLES: Final = ("logo", "signature")
MOST_LINES, MOST_LINE, MOST_TEXT = 8, 120, 600
# More than the longest text, so that what is too long is told and not cut.
MOST_TYPED: Final = 5000
FIELDS: Final = frozenset(
    {"id", "site", "store", "destinations", "valid_from", "valid_to", "letterhead"}
)
_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}")
_BETWEEN: Final = re.compile(r"[\s,;]+")
# What a field that is not so is told.
SHAPE: Final = "shape"


class Sent(Struct, frozen=True):
    """What came with a form: texts by the inputs' names, kinds, pictures by their role."""

    words: Mapping[str, str]
    kinds: Sequence[str] = ()
    pictures: Mapping[str, bytes] = {}
    dropped: frozenset[str] = frozenset()


def languages(words: Mapping[str, str]) -> tuple[str, ...]:
    """Those that the form has inputs for."""
    found = (name.split(".")[2] for name in words if name.startswith("text."))
    return tuple(dict.fromkeys((*LANGUAGES, *found)))


def shown(template: Template) -> dict[str, str]:
    """What stands in the inputs, by their names."""
    texts = {f"text.{one.place}.{one.language}": one.text for one in template.texts}
    known = dict.fromkeys((*LANGUAGES, *(one.language for one in template.texts)))
    empty = {f"text.{place}.{language}": "" for place in PLACES for language in known}
    return {
        "id": template.id,
        "site": template.site,
        "store": template.store,
        "destinations": ", ".join(template.destinations),
        "valid_from": template.valid_from.isoformat() if template.valid_from else "",
        "valid_to": template.valid_to.isoformat() if template.valid_to else "",
        "letterhead": "\n".join(template.letterhead),
        **empty,
        **texts,
    }


def read(sent: Sent, before: Template | None) -> tuple[Template | None, tuple[Fault, ...]]:
    """A template as it was sent, or what no field of it can be.

    Pictures that were not sent anew are those of ``before``.
    """
    faults: list[Fault] = []
    names, images = _pictures(sent, before, faults)
    lines = tuple(_lines(sent.words.get("letterhead", "")))
    if len(lines) > MOST_LINES or any(len(line) > MOST_LINE for line in lines):
        faults.append(Fault("letterhead", SHAPE))
    name, store = sent.words.get("id", "").strip(), _line(sent.words.get("store", ""))
    if not _ID.fullmatch(name):
        faults.append(Fault("id", SHAPE, name))
    if len(store) > 64:
        faults.append(Fault("store", SHAPE))
    countries = tuple(dict.fromkeys(_countries(sent.words.get("destinations", ""), faults)))
    days = {which: _day(sent.words, which, faults) for which in ("valid_from", "valid_to")}
    texts = tuple(_texts(sent.words, faults))
    kinds: tuple[Kind, ...] = tuple(kind for kind in KINDS if kind in sent.kinds)
    if faults:
        return None, tuple(faults)
    template = Template(
        id=name,
        site=_line(sent.words.get("site", ""))[:64],
        store=store,
        destinations=countries,
        kinds=kinds if len(kinds) < len(KINDS) else (),
        letterhead=lines,
        images=images,
        texts=texts,
        logo=names["logo"],
        signature=names["signature"],
        valid_from=days["valid_from"],
        valid_to=days["valid_to"],
    )
    return template, ()


def _pictures(
    sent: Sent, before: Template | None, faults: list[Fault]
) -> tuple[dict[str, str], dict[str, bytes]]:
    names, images = dict.fromkeys(ROLES, ""), {}
    for role in ROLES:
        data = sent.pictures.get(role, b"")
        if len(data) > MOST_BYTES:
            faults.append(Fault(role, "picture", f"{len(data)} > {MOST_BYTES}"))
            continue
        if not data and before and role not in sent.dropped:
            data = before.image(getattr(before, role))
        if data:
            names[role] = hashlib.sha256(data).hexdigest()
            images[names[role]] = data
    return names, images


def _line(text: str) -> str:
    return " ".join(text.split())


def _lines(text: str) -> Iterator[str]:
    return (line for one in text.splitlines() if (line := _line(one)))


def _countries(text: str, faults: list[Fault]) -> Iterator[str]:
    for code in _BETWEEN.split(text.strip().upper()):
        if code in ALPHA2:
            yield code
        elif code:
            faults.append(Fault("destinations", SHAPE, code[:20]))


def _day(words: Mapping[str, str], name: str, faults: list[Fault]) -> date | None:
    text = words.get(name, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        faults.append(Fault(name, SHAPE, text[:20]))
        return None


def _texts(words: Mapping[str, str], faults: list[Fault]) -> Iterator[Extra]:
    """Lines as they were typed; an empty text is none."""
    for place in PLACES:
        for language in languages(words):
            name = f"text.{place}.{language}"
            text = "\n".join(_lines(words.get(name, "")))
            if len(text) > MOST_TEXT or not _LANGUAGE.fullmatch(language):
                faults.append(Fault(name, SHAPE))
            elif text:
                yield Extra(place=place, language=language, text=text)


def beside(faults: Sequence[Fault], template: Template | None) -> dict[str, list[Fault]]:
    """Faults by the input that they are shown at, "" for those of the whole."""
    found: dict[str, list[Fault]] = {}
    for fault in faults:
        found.setdefault(_input(fault.path, template), []).append(fault)
    return found


def _input(path: str, template: Template | None) -> str:
    """The input of a field of templates/1."""
    if path.startswith("text."):
        return path
    name, _, rest = path.partition("[")
    at = rest.partition("]")[0]
    if name == "texts" and template and at.isdecimal() and int(at) < len(template.texts):
        extra = template.texts[int(at)]
        return f"text.{extra.place}.{extra.language}"
    if name == "images":
        return "logo"
    return name
