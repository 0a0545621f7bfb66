"""What lies between a bench and the server, and everything that it does to a request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import httpx
from msgspec import Struct

from packstation.client.wire import Answer, Wire
from packstation.domain.errors import ServerUnreachable
from packstation.fleet.sim.backend import Backend, Died, Sent
from packstation.fleet.sim.world import SimClock, World

if TYPE_CHECKING:
    from collections.abc import Callable

    from packstation.client.keys import StationKey

_PAGE: Final = b"<html>Please sign in to the guest network</html>"
_LONG_POLL_S: Final = (2.0, 25.0)


class Rates(Struct):
    """Shares of requests to which this happens."""

    request_lost: float = 0.0
    answer_lost: float = 0.0
    twice: float = 0.0
    late: float = 0.0  # comes after the bench has given it up
    page: float = 0.0  # a proxy answers with a page of its own
    slow_s: float = 0.05


class Network:
    """Between all benches and the server."""

    def __init__(self, world: World, backend: Backend) -> None:
        """Everything gets through."""
        self.world, self.backend = world, backend
        self.rates = Rates()
        self.apart: set[str] = set()  # benches without a line to the server

    def exchange(
        self, bench: str, clock: SimClock, sent: Sent, total_s: float, meanwhile: Callable[[], None]
    ) -> Answer:
        """One request and its answer; ``meanwhile``: what the bench does until it comes.

        Raises:
            ServerUnreachable: the bench hears nothing.
        """
        random, rates = self.world.random, self.rates
        clock.lag += random.uniform(0.001, rates.slow_s)
        if bench in self.apart:
            clock.lag += 3.0
            raise ServerUnreachable(cause="ConnectTimeout")
        if not self.backend.up:
            raise ServerUnreachable(cause="ConnectError")
        if self.world.chance(rates.page):
            return Answer(random.choice((200, 502)), _PAGE)
        meanwhile()
        if self.world.chance(rates.request_lost):
            clock.lag += total_s
            raise ServerUnreachable(cause="ReadTimeout")
        if self.world.chance(rates.late):
            clock.lag += total_s
            self._again(sent, random.uniform(total_s, 3 * total_s))
            raise ServerUnreachable(cause="ReadTimeout")
        if self.world.chance(rates.twice):
            self._again(sent, random.uniform(0.0, 20.0))
        try:
            answer = self.backend.answer(sent)
        except Died:
            raise ServerUnreachable(cause="RemoteProtocolError") from None
        meanwhile()
        if self.world.chance(rates.answer_lost):
            clock.lag += total_s
            raise ServerUnreachable(cause="ReadTimeout")
        if sent.path == "/v1/changes" and answer.content.endswith(b'"rows":[]}'):
            clock.lag += random.uniform(*_LONG_POLL_S)
        self.world.tell(f"{bench} {sent.path} {answer.status} {len(sent.body)}")
        return answer

    def _again(self, sent: Sent, seconds: float) -> None:
        """A copy that comes later; nobody waits for its answer."""

        def arrive() -> None:
            if self.backend.up:
                try:
                    answer = self.backend.answer(sent)
                except Died:
                    return
                self.world.tell(f"late {sent.path} {answer.status}")

        self.world.after(seconds, arrive)


class SimWire(Wire):
    """The real wire, signing and all, but for the socket."""

    def __init__(
        self,
        http: httpx.Client,
        key: StationKey,
        clock: SimClock,
        network: Network,
        bench: str,
        meanwhile: Callable[[], None],
    ) -> None:
        """Speak through ``network``."""
        super().__init__(http, key, clock)
        self._sim_clock, self._network = clock, network
        self._bench, self._meanwhile = bench, meanwhile

    def _exchange(self, request: httpx.Request, total_s: float) -> Answer:
        sent = Sent(
            method=request.method,
            path=request.url.path,
            query=request.url.query.decode(),
            headers=tuple((name.lower(), value) for name, value in request.headers.raw),
            body=request.content,
        )
        return self._network.exchange(self._bench, self._sim_clock, sent, total_s, self._meanwhile)

    def abort(self) -> None:
        """No exchange is ever under way when somebody else acts."""

    def close(self) -> None:
        """The client is shared by all benches."""


def shared_http() -> httpx.Client:
    """What requests are built with; nothing is ever sent by it."""
    return httpx.Client(base_url="http://127.0.0.1", verify=False)  # noqa: S501 - builds requests only
