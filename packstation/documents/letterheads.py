"""The letterheads of a bench: rows ``templates`` as pulled, read once, in the background."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from packstation.domain.templates import Template
from packstation.first_use import shaped

log = logging.getLogger(__name__)

# Whom and which papers a row is for, and when: what can be read of one that is misshapen.
_SCOPE: Final = (
    "id",
    "version",
    "site",
    "store",
    "destinations",
    "kinds",
    "valid_from",
    "valid_to",
)
# A picture that never came: papers of such a template are made in their plain form, by name.
_NONE: Final = "0" * 64


class Letterheads:
    """One thread reads them, another draws: it has all of the old ones, or all of the new."""

    def __init__(self) -> None:
        self._read: tuple[Template, ...] = ()

    def take(self, bodies: Iterable[Mapping[str, object]]) -> None:
        """All rows as they are now, read here; those before hold until it is done."""
        found = map(_template, bodies)
        self._read = tuple(one for one in found if one is not None)

    def __call__(self) -> tuple[Template, ...]:
        """All that can be read; one that cannot stands in for itself without its picture."""
        return self._read


def _template(body: Mapping[str, object]) -> Template | None:
    try:
        return shaped(dict(body), Template)
    except msgspec.ValidationError as exc:
        log.warning("template %.80s cannot be read: %s", body.get("id"), exc)
    scope = {name: body[name] for name in _SCOPE if name in body}
    try:
        return shaped({**scope, "logo": _NONE}, Template)
    except msgspec.ValidationError:
        return None  # nobody knows what it is for
