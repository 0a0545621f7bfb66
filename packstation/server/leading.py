"""One of several processes on one database does what is nobody's request.

Mail, labels that are still awaited, checks that are due: they are taken up by whoever leads. The
lead is a key of the desk; when its holder dies another process has it within seconds, and
takes up what was left.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy.exc import DBAPIError

from packstation.domain.errors import PackstationError
from packstation.server.core import Server

LOG: Final = logging.getLogger(__name__)
LEAD: Final = "lead"
LOOKS_S: Final = 2.0
DAY: Final = timedelta(days=1)

Begin = Callable[[Server], object]


class Leading:
    """Whether this process leads, looked at every two seconds."""

    def __init__(
        self,
        server: Server,
        begins: Sequence[Begin],
        daily: Sequence[Begin] = (),
        looks_s: float = LOOKS_S,
    ) -> None:
        """Lead at once where nobody does; what fails then is told to whoever starts the server.

        ``begins``: taken up whenever this process begins to lead. ``daily``: done once a day.
        """
        self._server = server
        self._begins = begins
        self._daily = daily
        self._looks_s = looks_s
        self._over = threading.Event()
        self.leads = self._look()
        self._thread = threading.Thread(target=self._run, name="packstation-lead", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Another may lead from now on."""
        self._over.set()
        self._thread.join()
        self._server.desk.give_back(LEAD)

    def _run(self) -> None:
        while not self._over.wait(self._looks_s):
            try:
                self.leads = self._server.desk.holds(LEAD) or self._look()
                if self.leads:
                    self._each_day()
            except (DBAPIError, PackstationError) as exc:
                self.leads = False
                LOG.warning("nobody leads: %s", type(exc).__name__)

    def _each_day(self) -> None:
        if self._server.desk.due(LEAD, self._server.clock.now(), DAY):
            for work in self._daily:
                work(self._server)

    def _look(self) -> bool:
        if not self._server.desk.take(LEAD):
            return False
        try:
            for begin in self._begins:
                begin(self._server)
        except BaseException:  # told as it is: another process may have more luck
            self._server.desk.give_back(LEAD)
            raise
        return True
