"""Times as the server keeps them: RFC 3339, UTC, milliseconds, one width."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

BUCKET: Final = timedelta(minutes=5)


def stamp(at: datetime) -> str:
    """The text of ``at``: ``2026-11-21T14:05:09.120Z``; sorts as time does."""
    text = at.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def moment(text: str) -> datetime:
    """The time of an RFC 3339 text; without a zone it is UTC.

    Raises:
        ValueError: it is no such text.
    """
    at = datetime.fromisoformat(text)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def bucket(at: datetime) -> str:
    """The start of the five minutes that ``at`` lies in, as ``stamp``."""
    utc = at.astimezone(UTC)
    minute = utc.minute - utc.minute % 5
    return stamp(utc.replace(minute=minute, second=0, microsecond=0))
