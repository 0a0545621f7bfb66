"""Facts of the list of people: what was decided when a bench could not ask for it for days."""

from __future__ import annotations

from packstation.domain.packing.facts import Fact


class OfflineShiftOpened(Fact, frozen=True, kw_only=True):
    """``by`` let people sign in ``until`` then although their list was of ``listed``.

    Both are RFC 3339. The list is the one that the server confirmed last; who was revoked since
    may still be on it.
    """

    by: str
    until: str
    listed: str
