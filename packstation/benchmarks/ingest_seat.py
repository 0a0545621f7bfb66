"""The server of ``bench ingest``: a process of its own whose CPU time can be told.

``python -m packstation.benchmarks.ingest_seat URL``. It writes its port, then answers lines:
``cpu`` with the seconds of CPU of this process, ``project`` with how many seconds it took to
project all that was pushed. Else nothing is projected, so that ingest is measured by itself.
"""

from __future__ import annotations

import sys
import time

from packstation.server.options import Options
from packstation.server.projector import Projector
from packstation.server.run import leave_alone, serve


def main(url: str) -> None:
    """Serve until the input ends."""
    running = serve("127.0.0.1", 0, url, Options())
    running.app.state.projector.stop()
    leave_alone()
    print(running.port, flush=True)
    try:
        for line in sys.stdin:
            print(_project(running.server) if line.strip() == "project" else time.process_time())
            sys.stdout.flush()
    finally:
        running.stop()


def _project(server: object) -> float:
    projector = Projector(server)  # type: ignore[arg-type]  # the server of `serve`
    began = time.monotonic()
    projector.start()
    projector.settle(600)
    took = time.monotonic() - began
    projector.stop()
    return took


if __name__ == "__main__":
    main(sys.argv[1])
