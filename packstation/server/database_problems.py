"""What a database's refusal means to a caller: later, or never with this value."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Final

from sqlalchemy.exc import DataError, DBAPIError, InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

LOG: Final = logging.getLogger(__name__)
# Any other exception of a database is a mistake of the program: 500, and a stack in the log.
KINDS: Final = (DataError, InterfaceError, InternalError, OperationalError, PoolTimeout)
LATER: Final[Mapping[str, str]] = {"Retry-After": "2"}
# Of PostgreSQL: a program's limit, as a key that is too long for an index.
_LIMIT: Final = "54"


def is_away(exc: Exception) -> bool:
    """Whether the database is away, busy or being started; else the value is what it refuses."""
    if isinstance(exc, DataError):
        return False
    state = str(getattr(getattr(exc, "orig", exc), "sqlstate", None) or "")
    if state.startswith(_LIMIT):
        return False
    # Statements and their values stay out of the log.
    cause = exc.orig if isinstance(exc, DBAPIError) else exc
    LOG.warning("database: %s %s", type(cause).__name__, state)
    return True
