"""Background work of a fake bench in real threads, and who did what in which of them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from queue import Queue

from packstation.station import ports as p
from tests.fake_storage import FakeEventStore, FakeOrderCache

LONG_S = 30.0


class Threads:
    """``Later`` in threads of its own: what is posted is done here, by whoever drains."""

    def __init__(self) -> None:
        self.post: Callable[[p.Happening], None] = lambda _: None
        self._done: Queue[p.Happening] = Queue()
        self._open = 0
        self.held = False
        self._held: list[Callable[[], p.Happening]] = []

    def run(self, work: Callable[[], p.Happening]) -> None:
        self._open += 1
        if self.held:
            self._held.append(work)
        else:
            self._start(work)

    def _start(self, work: Callable[[], p.Happening]) -> None:
        threading.Thread(target=lambda: self._done.put(work()), daemon=True).start()

    def hold(self) -> None:
        """From now on work waits."""
        self.held = True

    def dropped(self) -> None:
        """What was held never comes back."""
        self._open -= len(self._held)
        self._held = []

    def drain(self) -> None:
        """Let come back what was begun, and what that causes; not what is held."""
        while self._open > len(self._held):
            done = self._done.get(timeout=LONG_S)
            self._open -= 1
            self.post(done)

    def let_go(self) -> None:
        """What was held is begun, and comes back."""
        self.held, held = False, self._held
        self._held = []
        for work in held:
            self._start(work)
        self.drain()


class Rows(FakeOrderCache):
    """Tells in which thread large rows were read."""

    def __init__(self, events: FakeEventStore | None = None) -> None:
        super().__init__(events)
        self.readers: dict[str, list[threading.Thread]] = {}

    def unread(self, t: str) -> p.Unread:
        bodies, readers = super().unread(t), self.readers.setdefault(t, [])

        def read() -> tuple[Mapping[str, object], ...]:
            readers.append(threading.current_thread())
            return bodies.read()

        return p.Unread(bodies.size, read)
