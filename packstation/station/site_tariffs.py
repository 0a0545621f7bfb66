"""The site's own tariffs, as its server signed them: read beside the window, before any price."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from packstation.station.core import Core
from packstation.station.ports import Happening, Rater, RowsPulled
from packstation.station.reading import Reading

TARIFF: Final = "tariff"


class TariffsRead(Happening, frozen=True):
    """Tariffs were read in the background; parcels rated from now on have their prices."""


class SiteTariffs:
    """Keeps prices at what the server published last."""

    def __init__(self, core: Core, rater: Rater) -> None:
        self._core, self._rater = core, rater
        self._reading = Reading(core, TARIFF, self._take, TariffsRead())
        self._read = False
        self._days: tuple[str, ...] = ()
        # Whatever is due is started anew.
        self.again: Callable[[], None] = lambda: None

    def _take(self, bodies: Sequence[Mapping[str, object]]) -> None:
        self._days = self._rater.take(bodies)

    def rows(self, report: RowsPulled) -> None:
        """Prices may have changed: those before hold until these are read."""
        if any(row.t == TARIFF for row in report.rows):
            self._reading.begin()

    def ready(self) -> bool:
        """Whether they were read since the start; where not, they are from now on.

        What is due is begun when they are: no parcel gets the price of an example for being early.
        """
        if not self._read:
            self._reading.want()
        return self._read

    def read(self) -> None:
        """They are here, or cannot be read: parcels are rated by what is known."""
        self._read = True
        self._core.desk.flow.tariff_days = self._days
        self._reading.ended()
        self.again()
