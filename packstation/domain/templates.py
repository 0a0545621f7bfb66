"""Letterheads of sellers: document packstation.templates/1 (docs/formats/templates.md), frozen.

A template says for which site, seller, destinations and papers it is, and what they show of it:
lines of a letterhead, a logo and a signature (pictures by their SHA-256), texts by language. The
most specific one that holds on a day is taken. Templates are rows ``templates`` (`ROW`) of a site.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Annotated, Final, Literal, get_args

from msgspec import Meta, Struct

Place = Literal["invoice-head", "invoice-foot", "packing-foot", "slip-greeting", "slip-foot"]
# Papers that have a letterhead; forms of the UPU and marks have none.
Kind = Literal[
    "invoice", "proforma", "packing-list", "origin", "origin-request", "sli", "slip", "returns"
]
Line = Annotated[str, Meta(max_length=120)]
Sha256 = Annotated[str, Meta(pattern=r"^([0-9a-f]{64})?(?!\n)$")]
Scope = Annotated[str, Meta(max_length=64)]
Country = Annotated[str, Meta(pattern=r"^[A-Z]{2}(?!\n)$")]
Language = Annotated[str, Meta(pattern=r"^[a-z]{2,3}(?!\n)$")]
# A picture of the size that carriers take (700 x 50 pixels; reference: customs, 2.1) is far less.
MOST_BYTES: Final = 300_000
PLACES: Final[tuple[Place, ...]] = get_args(Place)
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
# The kind of its rows in the changes that a station pulls.
ROW: Final = "templates"


class Extra(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A text of the seller's own at a place of a paper, in one language."""

    place: Place
    language: Language
    text: Annotated[str, Meta(min_length=1, max_length=600)]


class Template(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``store`` is the seller, ``destinations`` countries, ``kinds`` papers; empty is for all.

    ``images`` holds the pictures that ``logo`` and ``signature`` name, by their SHA-256 (base64
    in JSON). ``valid_from`` and ``valid_to`` are included.
    """

    id: Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._-]+(?!\n)$")]
    version: Annotated[int, Meta(ge=1)] = 1
    site: Scope = ""
    store: Scope = ""
    destinations: tuple[Country, ...] = ()
    kinds: tuple[Kind, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    letterhead: Annotated[tuple[Line, ...], Meta(max_length=8)] = ()
    logo: Sha256 = ""
    signature: Sha256 = ""
    images: Mapping[str, Annotated[bytes, Meta(max_length=MOST_BYTES)]] = {}
    texts: Annotated[tuple[Extra, ...], Meta(max_length=60)] = ()

    def image(self, name: str) -> bytes:
        """The bytes of ``logo`` or ``signature``, b"" where there is none."""
        return self.images.get(name, b"") if name else b""

    def text(self, place: Place, *languages: str) -> str:
        """The text at a place in the first of ``languages`` that it has, else ""."""
        found = {extra.language: extra.text for extra in self.texts if extra.place == place}
        return next((found[one] for one in languages if one in found), "")


class Templates(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """packstation.templates/1."""

    schema: Literal["packstation.templates/1"] = "packstation.templates/1"
    templates: tuple[Template, ...] = ()


class Fault(Struct, frozen=True):
    """What is wrong with a template; ``kind`` names the message, ``path`` the field."""

    path: str
    kind: str
    value: str = ""


# How a text of a shape is written, by how the shape begins.
_LIKE: Final[Mapping[str, str]] = {
    "^[A-Z]{2}": "DE",
    "^[a-z]{2,3}": "en",
    "^[A-Za-z0-9._-]": "acme-eu_1.0",
    "^([0-9a-f]{64})": "e3b0c44298fc1c14… (SHA-256)",
}
_SHAPELESS: Final = re.compile(r"Expected `str` matching regex '(.+)' - at `\$\.?(.*)`")
_LONGEST: Final = 300


def misread(exc: Exception) -> Fault:
    """Why a file is no library, of an error of msgspec: no reader is shown a regular expression."""
    shape = _SHAPELESS.fullmatch(str(exc))
    like = next((one for start, one in _LIKE.items() if shape and shape[1].startswith(start)), "")
    return (
        Fault(shape[2], "like", like) if shape and like else Fault("", "file", str(exc)[:_LONGEST])
    )


def paragraphs(text: str) -> tuple[str, ...]:
    """The lines of a text as they were typed, without empty ones."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def choose(
    templates: Sequence[Template], *, site: str, store: str, destination: str, kind: str, on: date
) -> Template | None:
    """The template of a paper: the seller's before the destination's before the site's.

    Then one for this kind of paper alone; of equals the newest counts, then the highest version,
    then the first id. A paper that has no letterhead (`KINDS`) has no template.
    """
    if kind not in KINDS:
        return None
    fitting = [
        one
        for one in templates
        if one.site in {"", site}
        and one.store in {"", store}
        and (not one.destinations or destination in one.destinations)
        and (not one.kinds or kind in one.kinds)
        and _holds(one, on)
    ]
    return min(fitting, key=_rank, default=None)


def _holds(template: Template, on: date) -> bool:
    return (template.valid_from or on) <= on <= (template.valid_to or on)


def _rank(template: Template) -> tuple[bool, bool, bool, bool, int, int, str]:
    begun = (template.valid_from or date.min).toordinal()
    scope = (
        not template.store,
        not template.destinations,
        not template.site,
        not template.kinds,
    )
    return (*scope, -begun, -template.version, template.id)


def faults(templates: Sequence[Template]) -> tuple[Fault, ...]:
    """What a clerk has to mend before these templates are used."""
    found = [fault for at, one in enumerate(templates) for fault in _faults(one, at)]
    seen: dict[tuple[str, int], int] = {}
    for at, one in enumerate(templates):
        if (one.id, one.version) in seen:
            found.append(Fault(f"templates[{at}].id", "twice", f"{one.id} {one.version}"))
        seen.setdefault((one.id, one.version), at)
    return (*found, *_ambiguous(templates))


def _faults(one: Template, at: int) -> Iterator[Fault]:
    path = f"templates[{at}]"
    for name in ("logo", "signature"):
        asked = getattr(one, name)
        if asked and asked not in one.images:
            yield Fault(f"{path}.{name}", "no_image", asked)
    for name, data in one.images.items():
        if hashlib.sha256(data).hexdigest() != name:
            yield Fault(f"{path}.images[{name}]", "digest", name)
        elif name not in {one.logo, one.signature}:
            yield Fault(f"{path}.images[{name}]", "unused", name)
    if one.valid_from and one.valid_to and one.valid_to < one.valid_from:
        yield Fault(f"{path}.valid_to", "never", one.valid_to.isoformat())
    places = [(extra.place, extra.language) for extra in one.texts]
    for number, place in enumerate(places):
        if place in places[:number]:
            yield Fault(f"{path}.texts[{number}]", "twice", " ".join(place))


def _ambiguous(templates: Sequence[Template]) -> Iterator[Fault]:
    """Two templates of different ids that only their ids' order decides between."""
    for at, one in enumerate(templates):
        for other in templates[:at]:
            if one.id != other.id and _same_scope(one, other) and _rank(one)[4] == _rank(other)[4]:
                yield Fault(f"templates[{at}]", "ambiguous", other.id)


def _same_scope(one: Template, other: Template) -> bool:
    same = (one.site, one.store) == (other.site, other.store)
    countries = _meet(one.destinations, other.destinations)
    return same and countries and _meet(one.kinds, other.kinds)


def _meet(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether both are for all, or both for some and one of them the same."""
    return bool({*one} & {*other}) or not (one or other)
