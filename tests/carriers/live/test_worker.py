"""The worker's side of the pipes, line by line."""

from __future__ import annotations

import io
import json
import threading
from typing import Any

import pytest

from packstation.carriers.live.outgoing import Outgoing
from packstation.carriers.live.worker import OVERDUE, PROTOCOL, Worker
from tests.carriers.live.sites import json_answer, serving

UPS = "onlinetools.ups.com"


class Scripted:
    """Answers of a karrio that opens one address of each kind when it buys."""

    def __init__(self, outgoing: Outgoing) -> None:
        self.outgoing = outgoing
        self.forgotten = 0
        self.hold = threading.Event()

    def call(
        self, verb: str, carrier: str, settings: dict[str, Any], payload: dict[str, Any]
    ) -> dict[str, Any]:
        import urllib.request

        if verb == "track":
            self.hold.wait(20)
        if verb == "void":
            raise ValueError("x" * 900)
        for _ in range(2):
            with self.outgoing.open(urllib.request.Request(f"https://{UPS}/ship")) as answer:
                answer.read()
        return {"result": {"verb": verb}, "messages": []}

    def capabilities(self, carrier: str, settings: dict[str, Any]) -> list[str]:
        return ["shipping"]

    def forget(self) -> None:
        self.forgotten += 1


class Room:
    """A worker with its pipes in memory; ``tell`` before ``run``."""

    def __init__(self) -> None:
        self.outgoing = Outgoing()
        self.calls = Scripted(self.outgoing)
        self.out = io.StringIO()
        self.ended: list[int] = []
        self.worker = Worker(self.calls, self.outgoing, self.out, self.ended.append)

    def run(self, *lines: dict[str, Any]) -> list[dict[str, Any]]:
        self.worker.read(io.StringIO("".join(json.dumps(each) + "\n" for each in lines)))
        self.worker.run()
        return [json.loads(each) for each in self.out.getvalue().splitlines()]


def order(verb: str, **more: object) -> dict[str, Any]:
    told = {"id": 1, "verb": verb, "carrier": "ups", "settings": {}, "payload": {}}
    return told | {"deadline_s": 5.0} | more


def test_it_greets_and_ends_with_its_pipe() -> None:
    room = Room()
    (hello,) = room.run()
    assert hello["hello"]["protocol"] == PROTOCOL
    assert hello["hello"]["karrio"] == ""
    assert room.ended == [0]


@pytest.mark.parametrize(
    "wrong", [order("sell"), order("rate", carrier="../ups"), order("buy", carrier="sf")]
)
def test_what_is_no_order_is_refused(wrong: dict[str, Any]) -> None:
    answer = Room().run(wrong)[1]
    assert (answer["ok"], answer["error"][:14]) == (False, "no such order:")


def test_capabilities() -> None:
    assert Room().run(order("capabilities"))[1]["result"] == ["shipping"]


def test_one_word_of_the_server_is_for_the_whole_order() -> None:
    room = Room()
    with serving(lambda _: json_answer({})) as site:
        lines = room.run(order("buy", detours={UPS: site.url}), {"id": 1, "go": True})
    assert lines[1] == {"id": 1, "send": {"method": "GET", "host": UPS, "path": "/ship"}}
    assert lines[2]["ok"]
    assert lines[2]["result"] == {"verb": "buy"}
    assert len(site.asked) == 2


@pytest.mark.parametrize("word", [{"id": 1, "go": False}, {"id": 2, "go": True}, {"id": 1}])
def test_any_other_word_is_a_no(word: dict[str, Any]) -> None:
    with serving(lambda _: json_answer({})) as site:
        lines = Room().run(order("buy", detours={UPS: site.url}), word)
    assert lines[2]["error"] == "NotSent: the server did not let it out"
    assert lines[2]["calls"] == []
    assert site.asked == []


def test_a_server_that_is_gone_lets_nothing_out() -> None:
    with serving(lambda _: json_answer({})) as site:
        lines = Room().run(order("buy", detours={UPS: site.url}))
    assert lines[2]["error"] == "NotSent: the server is gone"
    assert site.asked == []


def test_a_key_that_is_not_accepted_is_asked_for_anew() -> None:
    room = Room()

    def refuses(_: object) -> tuple[int, bytes, str]:
        return json_answer({}, status=401)

    room.calls.call = lambda *_: {"result": None, "messages": []}  # type: ignore[method-assign]
    room.outgoing.begin = lambda *_, **__: room.outgoing.calls.append({"status": 401})  # type: ignore[method-assign]
    room.run(order("rate"))
    assert room.calls.forgotten == 1


def test_an_error_is_told_in_short() -> None:
    answer = Room().run(order("void"))[1]
    assert answer["error"].startswith("ValueError: xxx")
    assert len(answer["error"]) == 500


def test_an_overdue_order_ends_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("packstation.carriers.live.worker._GRACE_S", 0.0)
    room = Room()
    ended = threading.Event()

    def end(status: int) -> None:
        room.ended.append(status)
        if status == OVERDUE:
            room.calls.hold.set()
            ended.set()

    room.worker = Worker(room.calls, room.outgoing, room.out, end)
    with serving(lambda _: json_answer({})) as site:
        room.run(order("track", deadline_s=0.05, detours={UPS: site.url}))
    assert ended.is_set()
    assert room.ended == [0, OVERDUE]
