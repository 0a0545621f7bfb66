"""Labels of 10,000 parcels bought from a carrier that fails: none may be paid twice.

The whole way of a purchase but the bench's own wire: the server's purchases with their database on
disk, the described adapter, real sockets to the scripted carrier. That carrier looks at no keys:
whoever sends a purchase again has bought again. Of its answers about a fifth fail, drawn from a
seed (SHARES), and one purchase in a hundred ends as if the server had been killed right after
the carrier's answer. A parcel that was never bought, or whose label was taken back, is bought under
its next attempt, as a bench does. The server's clock runs SPEED times as fast as ours, so that its
pauses of up to a minute do not make hours.

``second``: parcels with two labels alive in the carrier's books. ``wrong``: parcels whose number is
not the carrier's. ``open``: parcels that nobody knows of in the end. Reference: a client that sends
a purchase again where it got no answer, on a tenth of the parcels with the same faults.
"""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from packstation.assets import resource
from packstation.benchmarks.figures import Result
from packstation.carriers.adapters.online import Busy, Duplicate
from packstation.carriers.adapters.rest.adapter import RestCarrier
from packstation.carriers.adapters.rest.loading import load
from packstation.carriers.conformance import REQUEST
from packstation.carriers.sandbox.books import Books
from packstation.carriers.sandbox.plain import PlainDialect
from packstation.carriers.sandbox.script import Chance, Fault, Op
from packstation.carriers.sandbox.server import SECRET, FaultServer
from packstation.domain.carriers import Bought, BuyRequest
from packstation.domain.errors import LabelOutcomeUnknown, LabelRefused
from packstation.domain.orders import Order, OrderLine
from packstation.domain.psp import LabelAnswer, LabelRequest, OrderBody, SiteBody
from packstation.server import labels
from packstation.server.access import StationCaller
from packstation.server.core import Server
from packstation.server.problems import Problem
from packstation.server.rows import put_row
from packstation.server.sites import put_site
from packstation.server.store import Store, open_engine

PARCELS: Final = 10_000
QUICK: Final = 150
SEED: Final = 6
WORKERS: Final = 8
SPEED: Final = 50
TIMEOUT_S: Final = 0.3
LATE_S: Final = 0.6
KILLED: Final = 100
ATTEMPTS: Final = 12
GOALS: Final = {"second_count": 0.0, "wrong_count": 0.0, "open_count": 0.0}
CALLER: Final = StationCaller(site="GZ-1", station="bench", epoch="", gen=1)

SHARES: Final[Mapping[Op, Mapping[Fault, float]]] = {
    "buy": {
        "lost": 0.01,
        "late": 0.01,
        "slow": 0.02,
        "reset": 0.01,
        "early": 0.01,
        "limit": 0.02,
        "down": 0.01,
        "broken": 0.01,
        "html": 0.01,
        "empty": 0.01,
        "cut": 0.01,
        "nonsense": 0.01,
        "not_ready": 0.03,
        "truncated": 0.01,
        "wrong_size": 0.005,
        "no_label": 0.005,
        "denied": 0.002,
    },
    "find": {
        "lost": 0.01,
        "reset": 0.02,
        "limit": 0.02,
        "down": 0.02,
        "html": 0.02,
        "nonsense": 0.02,
        "not_ready": 0.02,
        "truncated": 0.02,
    },
    "label": {"truncated": 0.02, "no_label": 0.02, "not_ready": 0.04, "down": 0.02, "cut": 0.02},
    "void": {"lost": 0.05, "down": 0.05, "html": 0.05},
}


class FastClock:
    """Now, SPEED times as fast."""

    def __init__(self) -> None:
        self._start, self._at = datetime.now(UTC), monotonic()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=(monotonic() - self._at) * SPEED)


class Killed(BaseException):
    """The server is gone, with the carrier's answer in its hand; nothing lives to catch it."""


class Mortal(RestCarrier):
    """The adapter in a server that is killed now and then."""

    counted = 0

    def buy(self, request: BuyRequest) -> Bought:
        got = super().buy(request)
        self.counted += 1
        if self.counted % KILLED == 0:
            raise Killed
        return got


class Outcome(Struct):
    """What became of the parcels: waybills by parcel, refusals by reason, what is still open."""

    waybills: dict[str, str]
    refusals: Counter[str]
    killed: int = 0


def measure(*, quick: bool = False) -> list[Result]:
    """Buy for all; see the module."""
    count = QUICK if quick else PARCELS
    begun = monotonic()
    outcome, books, faults = bought(count)
    seconds = monotonic() - begun
    figures = {
        **{f"{name}_count": float(many) for name, many in judged(outcome, books, count).items()},
        "parcels_count": float(count),
        "faults_count": float(faults),
        "killed_count": float(outcome.killed),
        "again_count": float(sum(outcome.refusals.values())),
        "seconds_s": round(seconds, 1),
    }
    naive = bought_naively(max(count // 10, QUICK))
    return [
        Result(
            "buying",
            figures,
            {"second_count": float(naive)},
            0.0,
            GOALS,
            note="the reference sends a purchase again where it got no answer",
            shape={"refusals": dict(outcome.refusals), "workers": WORKERS, "seed": SEED},
        )
    ]


def judged(outcome: Outcome, books: Books, count: int) -> dict[str, int]:
    """What the carrier's books say of the parcels."""
    live = books.live()
    alive = Counter(key.partition("/")[0] for key in live)
    by_parcel = {key.partition("/")[0]: waybill for key, waybill in live.items()}
    same_key = len(books.twice())
    return {
        "second": sum(many > 1 for many in alive.values()) + same_key,
        "wrong": sum(by_parcel.get(one) != number for one, number in outcome.waybills.items()),
        "open": count - len(outcome.waybills),
    }


def bought(
    count: int, shares: Mapping[Op, Mapping[Fault, float]] = SHARES, settle_s: float = 60
) -> tuple[Outcome, Books, int]:
    """The parcels through the server.

    Answers what became of them, the carrier's books after its last late work, and how many
    answers failed.
    """
    script = Chance(SEED, shares)
    books = Books(one_per_key=False)
    carrier = FaultServer(PlainDialect(), script, books, late_s=LATE_S)
    described = replace(
        load(resource("carriers", "sandbox.json").read_bytes()),
        timeout_s=TIMEOUT_S,
        settle_s=settle_s,
    )
    gateway = Mortal(described, {"token": SECRET}, base_url=carrier.url, pause=lambda _: None)
    with TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{Path(folder) / 'server.sqlite3'}")
        server = Server(store=Store(engine), clock=FastClock(), carriers={"sandbox": gateway})
        try:
            _furnish(server)
            outcome = _all(server, count)
        finally:
            server.bell.close()
            carrier.close()
            gateway.close()
            server.store.close()
    return outcome, books, sum(script.counted.values())


def _furnish(server: Server) -> None:
    order = Order(
        order_id="A-1",
        ship_to=REQUEST.recipient,
        lines=(OrderLine(line=1, sku="TS", quantity=1),),
    )
    with server.store.write() as connection:
        put_site(server, connection, SiteBody(code=CALLER.site, sender=REQUEST.sender))
        put_row(server, connection, CALLER.site, "order", "A-1", OrderBody(order=order))


def _all(server: Server, count: int) -> Outcome:
    outcome = Outcome({}, Counter())
    waiting = deque(f"p{number:05}/1" for number in range(count))
    lock = threading.Lock()
    workers = [
        threading.Thread(target=_work, args=(server, waiting, outcome, lock))
        for _ in range(WORKERS)
    ]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    return outcome


def _work(server: Server, waiting: deque[str], outcome: Outcome, lock: threading.Lock) -> None:
    pause = threading.Event()
    asked: set[str] = set()
    while True:
        try:
            key = waiting.popleft()
        except IndexError:
            return
        again = _one(server, key, outcome, lock, first=key not in asked)
        asked.add(key)
        while again == key:  # it is not here yet: this worker keeps to it
            pause.wait(0.02)
            again = _one(server, key, outcome, lock, first=False)
        if again and int(again.partition("/")[2]) <= ATTEMPTS:
            waiting.append(again)


def _one(server: Server, key: str, outcome: Outcome, lock: threading.Lock, *, first: bool) -> str:
    """Ask once; answers the key to go on with, "" where the parcel has its label."""
    parcel, _, attempt = key.partition("/")
    try:
        got = labels.buy(server, CALLER, _request(key)) if first else _find(server, key)
    except Killed:
        with lock:
            outcome.killed += 1
        return key
    except Problem as problem:
        with lock:
            outcome.refusals[str(problem.members.get("reason") or problem.code)] += 1
        return f"{parcel}/{int(attempt) + 1}"
    if got.status == "issued":
        with lock:
            outcome.waybills[parcel] = got.waybill
        return ""
    return f"{parcel}/{int(attempt) + 1}" if got.status == "voided" else key


def _find(server: Server, key: str) -> LabelAnswer:
    return labels.find(server, CALLER, key)


def _request(key: str) -> LabelRequest:
    return LabelRequest(
        key=key,
        parcel=key.partition("/")[0],
        carrier="sandbox",
        service="plain",
        order="A-1",
        rev=1,
        gross_g=420,
        size_mm=(200, 150, 60),
        details={"wanted": {"width_mm": 100, "height_mm": 150}},
    )


def bought_naively(count: int) -> int:
    """Parcels paid twice by a client that sends a purchase again where it got no answer."""
    books = Books(one_per_key=False)
    with FaultServer(PlainDialect(), Chance(SEED, SHARES), books, late_s=LATE_S) as carrier:
        about = replace(
            load(resource("carriers", "sandbox.json").read_bytes()), timeout_s=TIMEOUT_S
        )
        gateway = RestCarrier(about, {"token": SECRET}, base_url=carrier.url, pause=lambda _: None)
        for number in range(count):
            request = replace(REQUEST, key=f"p{number:05}/1")
            for _ in range(3):
                try:
                    gateway.sell(request)
                except (LabelOutcomeUnknown, LabelRefused, Busy, Duplicate):
                    continue
                break
        carrier.settle()
        gateway.close()
    return len(books.twice())
