"""Findings of the bench's own beside those of the rules, and who cures any of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec.structs import replace

from packstation.domain.customs.checking import digest
from packstation.domain.customs.findings import Checked, Finding
from packstation.station.customs_case import Raw
from packstation.station.trial import Unmade
from packstation.station.views import Words

# Where what a packer can put right stands; all else the office has to.
AT_BENCH: Final = ("parcels", "bench", "service", "carrier", "signer")
# Characters shown of a text that cannot be printed.
SHOWN: Final = 80
PACK: Final = "customs-pack"
# What keeps a document from being made, in the packer's words.
CANNOT: Final[Mapping[str, str]] = {
    "error.glyph_missing": "papers.cannot.letter",
    "error.form_overflow": "papers.cannot.room",
    "error.document.missing": "papers.cannot.lacks",
}


def cannot(one: Unmade) -> tuple[Finding, Words]:
    """What cannot be made as a finding of no rule, and its words."""
    fields = one.why.fields
    field, text = str(fields.get("field") or one.document), fields.get("text")
    lack = Finding(
        rule="",
        severity="BLOCK",
        field=field,
        value=str(text)[:SHOWN] if text else None,
        messages={},
    )
    key = CANNOT.get(one.why.key, one.why.key)
    words = Words(key, tuple((name, str(it)) for name, it in fields.items()))
    return lack, words


def sku_of(field: str) -> str:
    """The SKU that a field's path names, "" for none."""
    head, _, rest = field.partition("[")
    return rest.rpartition("]")[0] if head in {"products", "lines"} else ""


def by_office(finding: Finding) -> bool:
    """Whether nobody at the bench can put it right."""
    return not finding.field.startswith(AT_BENCH)


def without_rules(raw: Raw) -> Checked:
    """Nothing leaves unchecked: the rules themselves are what is missing."""
    return replace(lacking(str(raw.get("order_id") or ""), PACK), digest=digest(raw))


def lacking(order_id: str, field: str) -> Checked:
    """A stop for a field that nothing could be looked at without."""
    lack = Finding(rule="", severity="BLOCK", field=field, value=None, messages={})
    return Checked(order_id=order_id, findings=(lack,), form=None, pack="", digest="")
