"""Work off the main thread, and the beat that moves ages and clocks on."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from packstation.station.ports import Happening, Post, Ticked, WorkFailed

log = logging.getLogger(__name__)

TICK_S = 0.25


class Pool:
    """``station.ports.Background`` on threads; results are posted."""

    def __init__(self, post: Post, workers: int = 2) -> None:
        self._post = post
        self._executor = ThreadPoolExecutor(workers, thread_name_prefix="work")

    def run(self, work: Callable[[], Happening]) -> None:
        """Queue it."""
        self._executor.submit(self._do, work)

    def _do(self, work: Callable[[], Happening]) -> None:
        try:
            done = work()
        except Exception as exc:  # whatever fails in the pool, the bench hears of it as an input
            log.exception("work failed")
            done = WorkFailed(type(exc).__name__)
        self._post(done)

    def close(self, *, wait: bool = True) -> None:
        """Let what runs end, drop what waits; on the main thread ``wait`` only at the end."""
        self._executor.shutdown(wait=wait, cancel_futures=True)


class Ticker:
    """Posts Ticked four times a second."""

    def __init__(self, post: Post, every_s: float = TICK_S) -> None:
        self._post = post
        self._every_s = every_s
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ticker", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._closing.wait(self._every_s):
            self._post(Ticked())

    def close(self) -> None:
        """Stop the beat."""
        self._closing.set()
        self._thread.join()
