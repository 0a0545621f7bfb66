"""Real time and fresh ids."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import uuid_utils


class SystemClock:
    """The machine's clocks."""

    def now(self) -> datetime:
        """UTC."""
        return datetime.now(UTC)

    def mono_ns(self) -> int:
        """Nanoseconds since some moment; never goes back."""
        return time.monotonic_ns()


class Uuid7Ids:
    """UUIDv7: unique everywhere, and sorted by time (RFC 9562 section 5.7)."""

    def new(self) -> str:
        """A fresh id."""
        return str(uuid_utils.uuid7())
