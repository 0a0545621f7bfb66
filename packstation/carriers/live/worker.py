"""The worker's process: ``python -m packstation.carriers.live.worker``; JSON lines on its pipes.

==========  =======================================================================
line        members
==========  =======================================================================
hello, out  ``hello``: {protocol, karrio, python}
order, in   ``id``, ``verb``, ``carrier``, ``settings``, ``payload``, ``deadline_s``,
            ``detours``
ask, out    ``id``, ``send``: {method, host, path} - a request that may buy is ready
go, in      ``id``, ``go``: true, once the server has written down that it goes
answer,out  ``id``, ``ok``, ``error``, ``result``, ``messages``, ``calls``
==========  =======================================================================

It ends by itself when its pipe from the server closes, even in the middle of a call that hangs,
and when an order is overdue; karrio's threads cannot hold it. Whatever libraries print goes to
the error pipe. Accounts arrive with the order and are kept in memory only. Standard library only.
"""

from __future__ import annotations

import json
import os
import platform
import queue
import sys
import threading
from collections.abc import Callable
from typing import IO, Any, Final, Protocol

from packstation.carriers.live.outgoing import Call, NotSent, Outgoing
from packstation.carriers.live.sdk import HOSTS, VERBS, Sdk, version

PROTOCOL: Final = 1
OVERDUE: Final = 70  # exit status of a worker that ended itself
_GRACE_S: Final = 2.0  # beyond the deadline, for an answer that is being written

Line = dict[str, Any]
Ending = Callable[[int], None]


class Calls(Protocol):
    """What the worker works with (``Sdk``)."""

    def call(self, verb: str, carrier: str, settings: Line, payload: Line) -> Line: ...
    def capabilities(self, carrier: str, settings: Line) -> list[str]: ...
    def forget(self) -> None: ...


class Worker:
    """Orders one by one. ``out`` takes lines; ``end`` ends the process at once."""

    def __init__(self, calls: Calls, outgoing: Outgoing, out: IO[str], end: Ending) -> None:
        self._calls, self._outgoing, self._out, self._end = calls, outgoing, out, end
        self._in: queue.Queue[Line | None] = queue.Queue()

    def read(self, source: IO[str]) -> None:
        """Take lines as they come, on a thread of its own; the end of them ends the process."""
        for line in source:
            self._in.put(json.loads(line))
        self._in.put(None)
        self._end(0)

    def run(self) -> None:
        """Greet, then carry out orders until there are no more."""
        self._tell(hello={"protocol": PROTOCOL, "karrio": version(), "python": _python()})
        while (order := self._in.get()) is not None:
            overdue = threading.Timer(order["deadline_s"] + _GRACE_S, self._end, [OVERDUE])
            overdue.daemon = True
            overdue.start()
            try:
                self._tell(id=order["id"], **self._carried_out(order))
            finally:
                overdue.cancel()

    def _carried_out(self, order: Line) -> Line:
        carrier, verb = order["carrier"], order["verb"]
        if carrier not in HOSTS or verb not in {*VERBS, "capabilities"}:
            return _answer(error=f"no such order: {carrier} {verb}", calls=[])
        self._outgoing.begin(
            HOSTS[carrier],
            deadline_s=order["deadline_s"],
            gate=self._gate(order["id"]) if verb == "buy" else None,
            detours=order.get("detours"),
        )
        try:
            if verb == "capabilities":
                offered = self._calls.capabilities(carrier, order["settings"])
                return _answer(result=offered, calls=self._outgoing.calls)
            found = self._calls.call(verb, carrier, order["settings"], order["payload"])
        except Exception as exc:  # noqa: BLE001 - somebody else's program, 60,000 lines of it
            return _answer(error=f"{type(exc).__name__}: {exc}", calls=self._outgoing.calls)
        if any(each["status"] == 401 for each in self._outgoing.calls):
            self._calls.forget()
        return _answer(
            result=found["result"], messages=found["messages"], calls=self._outgoing.calls
        )

    def _gate(self, order: int) -> Callable[[Call], bool]:
        """Ask the server before the first request that may buy; one yes is for the whole order."""
        allowed: list[bool] = []

        def ask(call: Call) -> bool:
            if not allowed:
                self._tell(id=order, send={name: call[name] for name in ("method", "host", "path")})
                answer = self._in.get()
                if answer is None:
                    self._in.put(None)
                    raise NotSent("the server is gone")
                allowed.append(answer.get("id") == order and answer.get("go") is True)
            return allowed[0]

        return ask

    def _tell(self, **members: object) -> None:
        self._out.write(json.dumps(members) + "\n")
        self._out.flush()


def _answer(
    *,
    calls: list[Call],
    result: object = None,
    messages: list[Line] | None = None,
    error: str = "",
) -> Line:
    return {
        "ok": not error,
        "error": error[:500],
        "result": result,
        "messages": messages or [],
        "calls": calls,
    }


def _python() -> str:
    return platform.python_version()


def main() -> int:
    """Serve the pipes; nothing but this program's lines gets onto the one to the server."""
    lines = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    outgoing = Outgoing()
    worker = Worker(Sdk(outgoing), outgoing, lines, os._exit)
    threading.Thread(target=worker.read, args=[sys.stdin], daemon=True).start()
    worker.run()
    # karrio's threads may hang in a call; nobody waits for them.
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
