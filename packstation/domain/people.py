"""Who may sign in at a bench: document packstation.people/1."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from packstation.domain.psp import PersonBody


class People(Struct, frozen=True, kw_only=True):
    """packstation.people/1; a person's PIN stands here as its argon2id hash only."""

    schema: Literal["packstation.people/1"] = "packstation.people/1"
    people: tuple[PersonBody, ...] = ()
