"""Packing rules on the way in: what a bench could not get out of again is refused here.

A rule replaces nothing by itself: the document takes the place of the site's whole set. So a field
that is not known is refused (one wrong letter in ``when`` would make a rule everybody's), and a
document without ``rules``, which would empty the set, is none.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import msgspec

from packstation.domain.errors import InputInvalid
from packstation.domain.packing_rules import Material, PackingRule, PackingRules, When
from packstation.domain.records import decode_one, read_json, shown

ONLY = "only the fields of the format"
Wrong = tuple[str, object, str]


def read_rules(data: bytes) -> PackingRules:
    """The rules of a packing-rules/1 document.

    Raises:
        InputInvalid: with the path, the value and what is allowed.
    """
    raw = read_json(data)
    found = decode_one(raw, PackingRules)
    # What was decoded is an object.
    strange = _strange(cast("dict[str, Any]", raw))
    for path, value, allowed in (*strange, *_contrary(found)):
        raise InputInvalid(path=path, value=shown(value), allowed=allowed)
    return found


def _strange(raw: dict[str, Any]) -> Iterator[Wrong]:
    """Fields that nothing would read, of a document whose shape is right."""
    if not isinstance(raw.get("rules"), list):
        yield "rules", raw.get("rules"), "a list, also an empty one"
    yield from _unknown("", raw, PackingRules)
    for at, rule in enumerate(raw.get("rules") or ()):
        yield from _unknown(f"rules[{at}].", rule, PackingRule)
        yield from _unknown(f"rules[{at}].when.", rule.get("when") or {}, When)
    for at, material in enumerate(raw.get("materials") or ()):
        yield from _unknown(f"materials[{at}].", material, Material)


def _unknown(path: str, raw: dict[str, Any], shape: type[msgspec.Struct]) -> Iterator[Wrong]:
    for name in raw.keys() - set(shape.__struct_fields__):
        yield f"{path}{name}", raw[name], ONLY


def _contrary(rules: PackingRules) -> Iterator[Wrong]:
    """Names that stand for two things, and a rule that needs what it bans: nobody could decide."""
    seen: set[str] = set()
    for at, rule in enumerate(rules.rules):
        if rule.id in seen:
            yield f"rules[{at}].id", rule.id, "each id once"
        seen.add(rule.id)
        banned = set(rule.without) & {*rule.supplies, *rule.inserts, *rule.infill}
        for code in sorted(banned):
            yield f"rules[{at}].without", code, "nothing that the same rule asks for"
    codes: set[str] = set()
    for at, material in enumerate(rules.materials):
        if material.code in codes:
            yield f"materials[{at}].code", material.code, "each code once"
        codes.add(material.code)
