"""What people chose for themselves at a bench: folded into their row, which all benches pull."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection

from packstation.domain.packing.person_facts import PersonSettingChosen
from packstation.domain.person_settings import chosen
from packstation.domain.psp import PersonBody
from packstation.server.core import Server
from packstation.server.folds import Step
from packstation.server.rows import put_row, row_body


def take(server: Server, connection: Connection, site: str, steps: Sequence[Step]) -> None:
    """Fold new choices; one that somebody else made for a person changes nothing."""
    for step in steps:
        fact = step.fact
        if not isinstance(fact, PersonSettingChosen) or step.event.actor != fact.badge:
            continue
        kept = row_body(connection, site, "user", fact.badge)
        if kept is None:
            continue
        person = msgspec.json.decode(kept, type=PersonBody)
        body = chosen(person, fact.setting, fact.value)
        put_row(server, connection, site, "user", fact.badge, body)
