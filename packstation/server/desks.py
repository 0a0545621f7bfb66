"""Keys that are being asked for right now, by any of the processes on one PostgreSQL.

A key is an advisory lock of one connection of this process. Whoever dies, or loses its
connection, lets go of all of them: what a key guards must bear to be begun twice.
"""

from __future__ import annotations

import logging
import threading
from typing import Final

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from packstation.server.core import Desk

LOG: Final = logging.getLogger(__name__)
# The first half of each lock's number, so that these are never the writers' lock.
SPACE: Final = 0x5053
_TAKE: Final = text("SELECT pg_try_advisory_lock(:space, hashtext(:key))")
_GIVE: Final = text("SELECT pg_advisory_unlock(:space, hashtext(:key))")


class SharedDesk(Desk):
    """As `Desk`, for all processes; a key is first taken here, then among them."""

    def __init__(self, engine: Engine) -> None:
        """The connection is made at the first need."""
        super().__init__()
        self._engine = engine
        self._one_at_a_time = threading.Lock()
        self._connection: Connection | None = None
        self._ours: set[str] = set()

    def take(self, key: str) -> bool:
        """Whether the key was free everywhere and is now ours.

        Raises:
            DBAPIError: the database is away.
        """
        if not super().take(key):
            return False
        try:
            with self._one_at_a_time:
                got = bool(self._connected().scalar(_TAKE, {"space": SPACE, "key": key}))
                if got:
                    self._ours.add(key)
        except DBAPIError:
            self._lost()
            super().give_back(key)
            raise
        if not got:
            super().give_back(key)
        return got

    def give_back(self, key: str) -> None:
        """Whoever took it is done."""
        try:
            with self._one_at_a_time:
                if key in self._ours:
                    self._ours.discard(key)
                    self._connected().scalar(_GIVE, {"space": SPACE, "key": key})
        except DBAPIError:
            self._lost()
        super().give_back(key)

    def holds(self, key: str) -> bool:
        """Whether the key is ours still: a connection may have been lost since."""
        try:
            with self._one_at_a_time:
                self._connected().scalar(text("SELECT 1"))
                return key in self._ours
        except DBAPIError:
            self._lost()
            return False

    def close(self) -> None:
        """Let go of everything."""
        with self._one_at_a_time:
            if self._connection is not None:
                # Its locks go with it: a connection of the pool would keep them.
                self._connection.invalidate()
                self._connection.close()
            self._connection = None
            self._ours.clear()

    def _connected(self) -> Connection:
        if self._connection is None:
            made = self._engine.connect()
            self._connection = made.execution_options(isolation_level="AUTOCOMMIT")
        return self._connection

    def _lost(self) -> None:
        LOG.warning("the database let go of this process's keys")
        gone = frozenset(self._ours)
        self.close()
        # Anybody may take them now, here too: whoever led has to notice, and to lead again.
        for key in gone:
            super().give_back(key)
