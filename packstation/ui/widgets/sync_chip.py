"""Whether the server has everything: a chip that never uses colour alone."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import datetime

from packstation.station.views import StationView, SyncView
from packstation.ui.theme import Theme
from packstation.ui.widgets.bar_part import Chip
from packstation.ui.widgets.deadline_chip import duration
from packstation.ui.words import Speaker

# "Empty, offline, error": under 20 labels warn, under 5 stop.
_FEW_LABELS, _LAST_LABELS = 20, 5
_ICONS = {"synced": "cloud", "sending": "cloud-sync", "offline": "cloud-off"}


class SyncChip(Chip):
    """Cloud with a tick, arrows with what waits, or a struck cloud with since when."""

    def __init__(self, theme: Theme, words: Speaker, now: Callable[[], datetime]) -> None:
        super().__init__(theme, words)
        self._now = now
        self._sync = SyncView()
        self._age_s = 0

    def share(self, view: StationView) -> Hashable:
        """State, counts, and the age in minutes."""
        self._sync = view.sync
        since = view.sync.since
        # The first minute counts as one: "0 min" says nothing.
        self._age_s = max(60, int((self._now() - since).total_seconds())) if since else 60
        sync = view.sync
        return (sync.state, sync.waiting, sync.labels_left, self._age_s // 60)

    @property
    def top_level(self) -> int:
        """A small screen shows the word of trouble only."""
        if self._sync.state == "offline":
            return 2
        return 0 if self.theme.small else 1

    def look(self) -> tuple[str, str]:
        """Offline warns; the last labels stop."""
        if self._sync.state != "offline":
            return ("sunken", "ink")
        left = self._sync.labels_left
        tone = "stop" if left is not None and left < _LAST_LABELS else "warn"
        return (f"{tone}.tint", f"{tone}.ink")

    def icon(self) -> str:
        """By state."""
        return _ICONS.get(self._sync.state, "cloud-off")

    def segments(self, level: int) -> tuple[str, ...]:
        """Words by state and room."""
        sync, say = self._sync, self.words.say
        if sync.state != "offline":
            key = "frame.sync.synced" if sync.state == "synced" else "frame.sync.waiting"
            return (say(key, sync.waiting),) if level else ()
        if not level and self.theme.profile.tight:
            return ()
        parts = [say("frame.sync.offline", t=duration(self.words, self._age_s))]
        if level:
            parts.append(say("frame.sync.wait", sync.waiting))
        few = sync.labels_left is not None and (level > 1 or sync.labels_left < _FEW_LABELS)
        if few:
            parts.append(say("frame.sync.labels", sync.labels_left))
        return (" · ".join(parts),)

    def spoken(self) -> str:
        """All that it can say."""
        return ", ".join(self.segments(2))
