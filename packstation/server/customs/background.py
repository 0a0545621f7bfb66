"""Work of the customs office in a thread of its own, one at a time of each kind."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from packstation.server.core import Server

log = logging.getLogger(__name__)


def started(
    server: Server, busy: str, work: Callable[[], None], again: Callable[[], object]
) -> threading.Thread | None:
    """``work`` in a thread; None where one of this kind (``busy``) is at it.

    ``again`` looks once more, for what came after the last look; not where the work failed: then
    the next change tries again.
    """
    if not server.desk.take(busy):
        return None
    thread = threading.Thread(target=_run, args=(server, busy, work, again), daemon=True)
    thread.start()
    return thread


def _run(server: Server, busy: str, work: Callable[[], None], again: Callable[[], object]) -> None:
    failed = False
    try:
        with server.meters.job(busy):
            work()
    except Exception:  # a thread of its own: nobody else would hear of it
        log.exception(busy)
        failed = True
    finally:
        server.desk.give_back(busy)
    if not failed and not server.bell.closed:
        again()
