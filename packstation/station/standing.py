"""What is wrong with the rules themselves and not with a parcel: said, and released, once a day.

Reference: customs, section 3, R47: rules that nobody reviewed for 30 days warn, after 90 a
supervisor takes it upon themselves. A bench without a line cannot help its age, so their word
holds for this bench until the end of the site's day, and the warning is said once to whoever packs.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec
from msgspec.structs import replace

from packstation.domain.customs.findings import Finding
from packstation.domain.customs.same import Same
from packstation.domain.events import decode
from packstation.domain.packing.facts import Fact, OverrideGranted
from packstation.station.core import Core
from packstation.station.views import VerdictView, Words

# The field of findings about the rules.
RULES: Final = "rule_pack"
# So many of the last releases are looked through after a restart.
LATELY: Final = 200


def name_of(finding: Finding) -> str:
    """What a supervisor releases: a rule for a field."""
    return f"{finding.rule} {finding.field}"


def released(core: Core) -> frozenset[str]:
    """What was released for the open order, and today for all of this bench."""
    day, names = core.desk.standing
    return frozenset((*_of_order(core), *(names if day == core.today() else ())))


def _of_order(core: Core) -> tuple[str, ...]:
    """What was released of the order as it is now, and not as it was."""
    session = core.session
    if session.released and session.released_of not in {"", order_hash(core)}:
        return ()
    return session.released


def order_hash(core: Core) -> str:
    """SHA-256 of the open order as cached and of what its goods declare; "" without one.

    What changes while it is packed (its state, weights that were learned) is left out. Kept as long
    as the parts are the very same objects.
    """
    row = core.cache.order(core.session.order_id)
    if row is None:
        return ""
    products = core.products_of(row.order)
    parts = tuple(Same(products[sku]) for sku in sorted(products))
    told, known = (Same(row.order), *parts), core.desk.hashed_order
    if known[0] != told:
        goods = [(sku, products[sku].goods, products[sku].customs) for sku in sorted(products)]
        bare = replace(row.order, status="ready", deadlines=(), products=())
        hashed = hashlib.sha256(msgspec.json.encode((bare, goods))).hexdigest()
        core.desk.hashed_order = known = told, hashed
    return known[1]


def told(core: Core, facts: Sequence[Fact]) -> None:
    """A release that was just committed."""
    for fact in facts:
        _stands(core, fact, core.today())


def recover(core: Core) -> None:
    """Those of today, after a restart."""
    for event in core.store.bench_events([OverrideGranted.__name__], LATELY):
        day = datetime.fromisoformat(event.at).astimezone(core.zone).date().isoformat()
        if day == core.today():
            _stands(core, decode(event.kind, event.v, event.body), day)


def _stands(core: Core, fact: Fact, day: str) -> None:
    rules = fact.rules if isinstance(fact, OverrideGranted) else ()
    names = tuple(name for name in rules if name.partition(" ")[2] == RULES)
    if names:
        core.desk.standing = (day, names)


def warn(core: Core, findings: Sequence[Finding]) -> None:
    """That the rules are old: once a day to each person; it stops nothing."""
    said, desk = f"{core.today()} {core.actor}", core.desk
    old = [one for one in findings if one.severity == "WARN" and one.field == RULES]
    if old and desk.said_old != said:
        desk.said_old = said
        days = Words("papers.old_rules", (("n", old[0].value or ""),))
        desk.verdict = VerdictView("warn", days, Words("papers.old_rules.todo"))
