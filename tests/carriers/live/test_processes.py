"""The worker as the server sees it: a process that is held, killed and started anew."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from packstation.carriers.live.processes import Answer, Process
from tests.carriers.live.fake_karrio import written
from tests.carriers.live.sites import Asked, json_answer, serving

HOST = "onlinetools.ups.com"


@pytest.fixture
def process(tmp_path: Path) -> Iterator[Process]:
    held = Process(paths=[str(written(tmp_path))])
    yield held
    held.close()


def order(process: Process, habit: str, verb: str = "rate", deadline_s: float = 20) -> Answer:
    payload = {"habit": habit}
    return process.order("" + verb, "ups", settings={}, payload=payload, deadline_s=deadline_s)


def found(answer: Answer) -> dict[str, object]:
    return dict(json.loads(bytes(answer.result)))


def test_amounts_come_as_texts_and_prints_do_not_spoil_the_lines(process: Process) -> None:
    answer = order(process, "prints")
    assert answer.ok
    assert found(answer)["total_charge"] == "0.30000000000000004"
    assert found(answer)["days"] == 3
    assert order(process, "prints").ok  # the same worker, again
    assert process.started == 1


def test_a_call_that_hangs_is_killed_and_the_next_one_is_served(process: Process) -> None:
    order(process, "prints")
    first = process.pid
    begun = time.monotonic()
    answer = order(process, "hangs", deadline_s=0.5)
    assert time.monotonic() - begun < 5
    assert (answer.ok, answer.error, answer.sent) == (False, "overdue", False)
    assert first is not None
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)
    assert order(process, "prints").ok
    assert process.started == 2


def test_a_worker_that_dies_is_told_at_once_and_started_anew(process: Process) -> None:
    assert order(process, "exits").error == "died"
    assert order(process, "prints").ok


def test_an_error_of_karrio_is_an_answer(process: Process) -> None:
    assert order(process, "raises").error == "ValueError: too many values to unpack"
    assert process.started == 1
    assert process.pid is not None


def test_what_may_buy_waits_for_the_servers_word(process: Process) -> None:
    written_down: list[int] = []

    def before_sending() -> bool:
        written_down.append(len(site.asked))
        return True

    with serving(lambda asked: json_answer({"result": {"path": asked.path}})) as site:
        answer = process.order(
            "buy",
            "ups",
            settings={},
            payload={},
            deadline_s=20,
            before_sending=before_sending,
            detours={HOST: site.url},
        )
    assert answer.ok
    assert answer.sent
    # The token had been asked for; the purchase had not left.
    assert written_down == [1]
    assert [each.path for each in site.asked] == ["/security/v1/oauth/token", "/api/buy"]
    assert [(each.host, each.status) for each in answer.calls] == [(HOST, 200), (HOST, 200)]


def test_nothing_leaves_without_the_servers_word(process: Process) -> None:
    with serving(lambda _: json_answer({})) as site:
        answer = process.order(
            "buy",
            "ups",
            settings={},
            payload={},
            deadline_s=20,
            before_sending=lambda: False,
            detours={HOST: site.url},
        )
    assert answer.error.startswith("NotSent")
    assert not answer.sent
    assert [each.path for each in site.asked] == ["/security/v1/oauth/token"]


def test_a_server_that_cannot_write_it_down_sends_nothing(process: Process) -> None:
    def before_sending() -> bool:
        raise OSError("disk full")

    with serving(lambda _: json_answer({})) as site, pytest.raises(OSError, match="disk full"):
        process.order(
            "buy",
            "ups",
            settings={},
            payload={"habit": "http"},
            deadline_s=20,
            before_sending=before_sending,
            detours={HOST: site.url},
        )
    assert process.pid is None
    assert [each.path for each in site.asked] == ["/security/v1/oauth/token"]


def test_a_purchase_that_hangs_after_it_left_is_known_to_have_left(process: Process) -> None:
    with serving(lambda _: json_answer({})) as site:
        answer = process.order(
            "buy",
            "ups",
            settings={},
            payload={"habit": "buys_and_hangs"},
            deadline_s=3,
            detours={HOST: site.url},
        )
    assert (answer.error, answer.sent) == ("overdue", True)
    assert len(site.asked) == 1


def test_a_server_that_never_answers_costs_the_deadline_only(process: Process) -> None:
    asked, done = threading.Event(), threading.Event()

    def never(_: Asked) -> tuple[int, bytes, str]:
        asked.set()
        done.wait(30)
        return json_answer({})

    with serving(never) as site:
        begun = time.monotonic()
        answer = process.order(
            "rate",
            "ups",
            settings={},
            payload={},
            deadline_s=2,
            detours={HOST: site.url},
        )
        took = time.monotonic() - begun
        done.set()
    assert asked.is_set()
    assert not answer.ok
    assert took < 6


def test_it_works_in_an_empty_folder_with_a_bare_environment(
    process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PACKSTATION_SECRET", "of the server")
    told = found(order(process, "where"))
    assert told["folder"] == []
    assert isinstance(told["environment"], list)
    assert "PACKSTATION_SECRET" not in told["environment"]
    assert "HTTP_PROXY" not in told["environment"]


def test_a_busy_worker_is_not_waited_for_beyond_the_deadline(process: Process) -> None:
    order(process, "prints")
    begun = threading.Event()
    done = threading.Event()

    def slow(_: Asked) -> tuple[int, bytes, str]:
        begun.set()
        done.wait(20)
        return json_answer({"result": {}})

    with serving(slow) as site:
        first = threading.Thread(
            target=process.order,
            args=["rate", "ups"],
            kwargs={
                "settings": {},
                "payload": {},
                "deadline_s": 20,
                "detours": {HOST: site.url},
            },
        )
        first.start()
        assert begun.wait(20)
        assert order(process, "prints", deadline_s=0.2).error == "busy"
        done.set()
        first.join()


def test_no_python_there(tmp_path: Path) -> None:
    held = Process(str(tmp_path / "python"))
    assert order(held, "prints").error == "not_started"


def test_a_python_that_speaks_no_protocol(tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\necho hello\nsleep 60\n", "utf-8")
    python.chmod(0o700)
    held = Process(str(python))
    assert order(held, "prints").error == "not_started"
    assert held.pid is None


def test_it_ends_with_the_server_though_a_call_hangs(tmp_path: Path) -> None:
    server = f"""
import sys, threading
from packstation.carriers.live.processes import Process
process = Process(paths=[{str(written(tmp_path))!r}])
arguments = dict(settings={{}}, payload={{"habit": "hangs"}}, deadline_s=60)
threading.Thread(target=process.order, args=["rate", "ups"], kwargs=arguments, daemon=True).start()
while process.pid is None or not process.karrio and process._count == 0:
    pass
print(process.pid, flush=True)
sys.stdin.read()
import os
os.kill(os.getpid(), 9)
"""
    with subprocess.Popen(
        [sys.executable, "-c", server], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        assert parent.stdin is not None
        worker = int(parent.stdout.readline())
        os.kill(worker, 0)
        parent.stdin.close()
        parent.wait(10)
    until = time.monotonic() + 10
    while _runs(worker):
        assert time.monotonic() < until
        time.sleep(0.02)


def _runs(pid: int) -> bool:
    """Whether it runs: a dead one that nobody has asked about yet does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
