"""What the scripted carrier sold: its own books, which say how often a key was sold."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Final

from msgspec import Struct

from packstation.domain.s10 import number

MAX_G: Final = 30_000
# The service indicator that no post has assigned (S10).
PREFIX: Final = "ZZ"


class Sale(Struct):
    """A label that was sold; ``waits``: how many more asks until its number or file is there."""

    serial: int
    key: str
    service: str
    price: str
    waits: int = 0
    voided: bool = False
    handed: bool = False

    @property
    def waybill(self) -> str:
        """Its number."""
        return number(PREFIX, self.serial, "CN")

    @property
    def ref(self) -> str:
        """The carrier's own id."""
        return f"S{self.serial}"


class Books:
    """Sales by key, of many threads. ``one_per_key``: whether the carrier looks at keys itself."""

    def __init__(self, *, one_per_key: bool = True) -> None:
        self.one_per_key = one_per_key
        self._lock = threading.Lock()
        self._sales: list[Sale] = []
        self._by_key: dict[str, Sale] = {}

    def sell(self, key: str, service: str, waits: int = 0) -> tuple[Sale, bool]:
        """The sale of ``key``, and whether it is new."""
        with self._lock:
            held = self._by_key.get(key)
            if held is not None and self.one_per_key:
                return held, False
            sale = Sale(
                serial=len(self._sales) + 1, key=key, service=service, price="24.10", waits=waits
            )
            self._sales.append(sale)
            self._by_key[key] = sale
            return sale, True

    def find(self, key: str) -> Sale | None:
        """The sale of a key; each look brings what is late nearer."""
        with self._lock:
            sale = self._by_key.get(key)
            if sale is not None and sale.waits:
                sale.waits -= 1
            return sale

    def void(self, key: str) -> str:
        """Take back; "" where it is done, else why not."""
        with self._lock:
            sale = self._by_key.get(key)
            if sale is None:
                return "never_bought"
            if sale.handed:
                return "tendered"
            sale.voided = True
            return ""

    def hand(self, waybills: tuple[str, ...]) -> tuple[str, ...]:
        """Hand parcels over; answers those that are not ours to take."""
        with self._lock:
            ours = {sale.waybill: sale for sale in self._sales if not sale.voided}
            for one in waybills:
                if one in ours:
                    ours[one].handed = True
            return tuple(one for one in waybills if one not in ours)

    def of_waybill(self, waybill: str) -> Sale | None:
        """The sale of a number."""
        with self._lock:
            return next((sale for sale in self._sales if sale.waybill == waybill), None)

    @property
    def sold(self) -> int:
        """How many labels were sold, voided ones with them."""
        with self._lock:
            return len(self._sales)

    def times(self, key: str) -> int:
        """How often a key was sold."""
        with self._lock:
            return sum(sale.key == key for sale in self._sales)

    def twice(self) -> tuple[str, ...]:
        """Keys that were sold more than once."""
        with self._lock:
            counted = Counter(sale.key for sale in self._sales)
        return tuple(key for key, times in counted.items() if times > 1)

    def live(self) -> dict[str, str]:
        """Waybills by key of what was sold and not voided."""
        with self._lock:
            return {sale.key: sale.waybill for sale in self._sales if not sale.voided}
