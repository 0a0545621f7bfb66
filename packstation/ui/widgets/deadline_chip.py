"""When it must leave the house and what lateness costs, in one chip."""

from __future__ import annotations

from collections.abc import Hashable

from packstation.station.views import DeadlineView, StationView
from packstation.ui.widgets.bar_part import Chip
from packstation.ui.words import Speaker

_LOOKS = {
    "calm": ("sunken", "ink"),
    "warn": ("warn.tint", "warn.ink"),
    "stop": ("stop.tint", "stop.ink"),
    "saves": ("ok.tint", "ok.ink"),
}


def duration(words: Speaker, seconds: int) -> str:
    """A length of time in its two largest units: days and hours, hours and minutes, minutes."""
    minutes = max(0, seconds) // 60
    days, hours = minutes // 1440, minutes // 60
    if days:
        return words.say("frame.time.days", d=days, h=hours % 24)
    if hours:
        return words.say("frame.time.hours", h=hours, m=minutes % 60)
    return words.say("frame.time.minutes", m=minutes)


class DeadlineChip(Chip):
    """Sunken while calm, warn and stop as it nears; a discount reads as won."""

    _deadline: DeadlineView | None = None

    def share(self, view: StationView) -> Hashable:
        """What is said, in minutes: seconds do not repaint."""
        self._deadline = view.deadline
        deadline = view.deadline
        return deadline and (
            deadline.local,
            deadline.seconds_left // 60,
            deadline.cost,
            deadline.level,
        )

    @property
    def top_level(self) -> int:
        """The time left has no room on a small screen; the time itself always has."""
        return 1 if self.theme.small else 2

    def look(self) -> tuple[str, str]:
        """By level."""
        return _LOOKS.get(self._deadline.level if self._deadline else "calm", _LOOKS["calm"])

    def icon(self) -> str:
        """A clock."""
        return "clock"

    def segments(self, level: int) -> tuple[str, ...]:
        """Clock time (and time left), then money."""
        deadline = self._deadline
        if deadline is None:
            return ()
        first = deadline.local
        if deadline.seconds_left < 0:
            first += " · " + self.words.say(
                "frame.late.by", t=duration(self.words, -deadline.seconds_left)
            )
        elif level > 1:
            first += " · " + self.words.say(
                "frame.left", t=duration(self.words, deadline.seconds_left)
            )
        if not deadline.cost or not level:
            return (first,)
        key = "frame.saves" if deadline.level == "saves" else "frame.late"
        return first, self.words.say(key, m=deadline.cost)

    def wanted(self) -> int:
        """Nothing without a deadline."""
        return super().wanted() if self._deadline else 0

    def spoken(self) -> str:
        """All that it can say."""
        return ", ".join(self.segments(2))
