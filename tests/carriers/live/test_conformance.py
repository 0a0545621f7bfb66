"""The real karrio through the conformance kit, against a scripted UPS that looks at no keys.

UPS cannot be asked what a key bought, so a person does what ``find`` does elsewhere: looks at the
carrier's own pages and tells the gateway. What is lacking is lacking in karrio's interface: it
gives no file a second time, no number later, and calls the place's time UTC.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

import httpx
import pytest
from msgspec.structs import replace

from packstation.carriers.conformance import CASES, REQUEST, Case, Subject, check
from packstation.carriers.live.books import Books
from packstation.carriers.live.gateway import Account, Karrio
from packstation.carriers.live.processes import Process
from packstation.carriers.sandbox.server import SECRET
from packstation.carriers.sandbox.ups import UpsDialect
from packstation.domain.carriers import Bought, BuyRequest, CarrierGateway, GoodsLine
from packstation.domain.errors import LabelOutcomeUnknown
from packstation.domain.quantities import Money

NOW: Final = datetime(2026, 11, 23, 2, tzinfo=UTC)
LACKS: Final = frozenset(
    {
        "not_ready",
        "file truncated",
        "file no_label",
        "track",
        "track fails",
        # A proxy that sends a purchase again buys again: there is no key that would tell.
        "buy twice",
    }
)
GOODS: Final = (GoodsLine(sku="TS", quantity=2, value=Money(Decimal(9), "USD"), hs="610910"),)


class Attended(Karrio):
    """With a person who looks at the carrier's pages where the gateway does not know."""

    pages = ""
    buying = False

    def buy(self, request: BuyRequest) -> Bought:
        self.buying = True
        try:
            return super().buy(_latin(request))
        finally:
            self.buying = False

    def find(self, key: str) -> Bought | None:
        try:
            return super().find(key)
        except LabelOutcomeUnknown:
            if self.buying or not self._settled(key):
                raise
            return super().find(key)

    def _settled(self, key: str) -> bool:
        head = {"Authorization": f"Bearer {SECRET}"}
        try:
            page = httpx.get(self.pages, params={"reference": key}, headers=head, timeout=0.25)
            told = page.json()
        except (httpx.HTTPError, ValueError):
            return False
        if page.status_code == 404 and told == {"none": True}:
            return self.settle(key, "")
        number = told.get("number") if page.status_code == 200 else None
        return isinstance(number, str) and self.settle(key, number)


def _latin(request: BuyRequest) -> BuyRequest:
    """The kit's parcel goes to Moscow in Cyrillic, and without values; these carriers want both."""
    to, plain = request.recipient, REQUEST.recipient
    if to.name == plain.name:
        to = replace(to, name="Ivan Petrov")
    if to.city == plain.city:
        to = replace(to, city="Moskva")
    return replace(request, goods=GOODS, recipient=replace(to, lines=("Lenina 1", "kv. 5")))


@pytest.fixture(scope="module")
def process(karrio_python: str) -> Iterator[Process]:
    held = Process(karrio_python)
    held.order("capabilities", "ups", settings={}, payload={}, deadline_s=30)
    yield held
    held.close()


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, id=case.name)
        for case in CASES
        if not LACKS.intersection((*case.faults, case.name))
    ],
)
def test_karrio_keeps_to_the_seam(process: Process, case: Case) -> None:
    settings = {"client_id": "id", "client_secret": SECRET, "account_number": "A1B2C3"}
    account = Account(name="ups", carrier="ups", settings=settings, deadline_s=1.5)
    books = Books(None)

    def make(url: str) -> CarrierGateway:
        detours = {"onlinetools.ups.com": url}
        made = Attended(account, process, books, lambda: NOW, detours=detours, pause=lambda _: None)
        made.pages = f"{url}/pages"
        return made

    subject = Subject(name="karrio", dialect=UpsDialect, make=make, lacks=LACKS)
    try:
        check(subject, case)
        assert books.open_keys("ups") == ()  # the person settled whatever was not known
    finally:
        books.close()
