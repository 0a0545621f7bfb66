"""Facts of a person: what they chose for themselves; it travels with the badge."""

from __future__ import annotations

from packstation.domain.packing.facts import Fact


class PersonSettingChosen(Fact, frozen=True, kw_only=True):
    """``badge`` wants ``setting`` to be ``value`` on every bench (`domain.person_settings`)."""

    badge: str
    setting: str
    value: str
