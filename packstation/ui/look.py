"""Which theme a person gets: what travels with the badge, on the screen at hand."""

from __future__ import annotations

from packstation.station.views import PersonView
from packstation.ui import tokens
from packstation.ui.theme import Profile, Theme


def look_of(person: PersonView, profile: Profile, *, motion: bool = True) -> Theme:
    """The theme of a person; what is not known becomes light and 100 %."""
    mode = person.theme if person.theme in tokens.PALETTES else "light"
    # A screen at 200 % is enlarged as a whole: larger text on top would push facts off it.
    most = 100 if profile.tight else tokens.TEXT_PERCENTS[-1]
    percent = min(tokens.TEXT_PERCENTS, key=lambda known: abs(known - person.text_percent))
    return Theme(
        mode=mode,
        profile=profile,
        text_scale=min(percent, most) / 100,
        hand="left" if person.left_handed else "right",
        language=person.language,
        motion=motion,
    )
