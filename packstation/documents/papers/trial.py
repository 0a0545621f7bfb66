"""A template tried before it is used: what keeps it off papers, by its own fields.

Shapes and references are looked at by `domain.templates.faults`; here its pictures are opened, its
texts asked for glyphs, and papers of a sample consignment laid out with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from packstation.documents.fonts import Fonts
from packstation.documents.papers.letterhead import checked
from packstation.documents.papers.making import paper_pages
from packstation.documents.papers.sample import sample_asked
from packstation.domain.errors import DocumentError, FormOverflow, GlyphMissing
from packstation.domain.one_line import clean
from packstation.domain.templates import Fault, Kind, Place, Template

# Where each text stands; a letterhead is the same on all papers, a slip's head is its own.
_ON: Final[tuple[tuple[Kind, frozenset[Place]], ...]] = (
    ("invoice", frozenset({"invoice-head", "invoice-foot"})),
    ("packing-list", frozenset({"packing-foot"})),
    ("slip", frozenset({"slip-greeting", "slip-foot"})),
)


def trial(template: Template, fonts: Fonts, path: str = "") -> tuple[Fault, ...]:
    """Faults with ``path`` before their fields: picture, glyph, overflow."""
    found = (*_pictures(template), *_glyphs(template, fonts))
    found = found or tuple(_papers(template, fonts))
    return tuple(Fault(f"{path}{one.path}", one.kind, one.value) for one in dict.fromkeys(found))


def _pictures(template: Template) -> Iterator[Fault]:
    used = {template.logo: "logo", template.signature: "signature"}
    for name, data in template.images.items():
        try:
            checked(data, name)
        except DocumentError as refused:
            field = used.get(name, f"images[{name}]")
            yield Fault(field, "picture", str(refused.fields["reason"]))


def _glyphs(template: Template, fonts: Fonts) -> Iterator[Fault]:
    lines = ((f"letterhead[{at}]", line) for at, line in enumerate(template.letterhead))
    texts = ((f"texts[{at}].text", extra.text) for at, extra in enumerate(template.texts))
    for field, text in (*lines, *texts):
        try:
            fonts.require(clean(text), field)
        except GlyphMissing as missing:
            yield Fault(field, "glyph", str(missing.fields.get("codepoint", "")))


def _papers(template: Template, fonts: Fonts) -> Iterator[Fault]:
    """One paper for each place of texts, in each language that it has texts in."""
    if any(name and not template.image(name) for name in (template.logo, template.signature)):
        return  # told by `faults`
    languages = dict.fromkeys(("en", *(extra.language for extra in template.texts)))
    used = {extra.place for extra in template.texts}
    for kind, places in _ON:
        if kind != "invoice" and not used & places:
            continue
        for language in languages:
            try:
                paper_pages(sample_asked(kind, template, language), fonts)
            except DocumentError as refused:
                yield _told(template, language, refused)


def _told(template: Template, language: str, refused: DocumentError) -> Fault:
    """By the field of the template that the paper named."""
    field = str(refused.fields.get("field", "")).removeprefix("template.")
    kind = "overflow" if isinstance(refused, FormOverflow) else "paper"
    here = [at for at, extra in enumerate(template.texts) if extra.place == field]
    mine = [at for at in here if template.texts[at].language == language] or here
    limit = str(refused.fields.get("limit", ""))
    return Fault(f"texts[{mine[-1]}].text" if mine else field, kind, limit)
