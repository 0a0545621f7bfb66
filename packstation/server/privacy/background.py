"""Forgetting by rule, in a thread of its own: at the start, then every hour."""

from __future__ import annotations

import logging
import threading
from typing import Final

from packstation.server.core import Server
from packstation.server.privacy import forgetting

LOG: Final = logging.getLogger(__name__)
EVERY_S: Final = 3600.0
_LOOKS_S: Final = 0.5


def at_start(server: Server) -> None:
    """Begin; the thread ends with the server."""
    threading.Thread(target=_run, args=(server,), name="privacy", daemon=True).start()


def _run(server: Server) -> None:
    left = 0.0
    pause = threading.Event()
    try:
        forgetting.seal_old(server)
        while not server.bell.closed:
            if left <= 0:
                forgetting.sweep(server)
                left = EVERY_S
            pause.wait(_LOOKS_S)
            left -= _LOOKS_S
    except Exception:  # a thread of its own: nobody else would hear of it
        LOG.exception("privacy")
