"""What is logged, and above all what is not: canaries that no line may hold."""

from __future__ import annotations

import io
import json
import logging
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from packstation.cli import logs, main, running, starting
from packstation.cli.logs import GONE, LONGEST, Redaction, file_in, logging_to
from packstation.domain.errors import DeviceOffline, InputInvalid
from packstation.domain.orders import Address
from tests.cli.terminal import packstation

LOG = logging.getLogger("packstation.station")
CANARY = "Kanarienvogel"
JSON = {"PACKSTATION_LOG": "json"}
TEXT = {"PACKSTATION_LOG": "text"}


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def said(
    say: Callable[[], object], environ: dict[str, str] = TEXT, stream: io.StringIO | None = None
) -> str:
    stream = stream or io.StringIO()
    with logging_to(stream, environ, verbose=False):
        say()
    return stream.getvalue()


def failed(work: Callable[[], object]) -> Exception:
    try:
        work()
    except Exception as exc:  # noqa: BLE001 - whatever it raises is what the test wants
        return exc
    raise AssertionError


def of_sql() -> object:
    with create_engine("sqlite://", module=_sqlite()).connect() as connection:
        return connection.execute(text("SELECT :name FROM nowhere"), {"name": CANARY})


def _sqlite() -> Any:  # noqa: ANN401 - pysqlite3 has no types
    import pysqlite3

    return pysqlite3


class Kind(msgspec.Struct):
    kind: Any


def of_msgspec() -> object:
    return msgspec.convert({"name": CANARY, "kind": {CANARY: 1}}, dict[str, int])


# --- shapes --------------------------------------------------------------------------------


def test_a_line_of_json_has_time_level_logger_message_and_ids() -> None:
    def say() -> None:
        LOG.warning("fact %d: %s", 7, "quarantined", extra={"order": "A-1", "cause": CANARY})

    line = json.loads(said(say, JSON))
    assert line.pop("at").endswith("+00:00")
    assert line == {
        "level": "warning",
        "logger": "packstation.station",
        "message": "fact 7: quarantined",
        "order": "A-1",
    }


def test_text_is_for_terminals_json_for_all_else() -> None:
    def say() -> None:
        LOG.warning("gap at %(seq)d", {"seq": 7}, extra={"station": "s-1"})

    assert said(say, {}, Terminal()) == "WARNING packstation.station: gap at 7 station=s-1\n"
    assert json.loads(said(say, {}))["message"] == "gap at 7"
    assert json.loads(said(say, JSON, Terminal()))["station"] == "s-1"
    assert said(say, TEXT).startswith("WARNING")


def test_less_than_a_warning_is_told_when_asked_for_and_of_the_command_itself() -> None:
    def say() -> None:
        LOG.info("one more fact")
        logging.getLogger("packstation.cli.starting").info("listening")

    assert said(say) == "INFO packstation.cli.starting: listening\n"
    stream = io.StringIO()
    with logging_to(stream, TEXT, verbose=True):
        say()
    assert "one more fact" in stream.getvalue()


def test_nothing_is_left_behind() -> None:
    root = logging.getLogger()
    before = (root.level, list(root.handlers), sys.excepthook, threading.excepthook)
    said(lambda: None)
    assert (root.level, root.handlers, sys.excepthook, threading.excepthook) == before


# --- canaries ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        f"Authorization: Bearer {CANARY}",
        f"sent {{'authorization': 'Basic {CANARY}'}}",
        f"proxy-authorization={CANARY} and more {CANARY}",
        f"Cookie: ps_visit={CANARY}; csrf={CANARY}",
        f"bearer {CANARY}",
        f"GET /v1/enrol?token={CANARY}&x=1",
        f'wrong PIN: "{CANARY}"',
        f"password='{CANARY}' pin_hash={CANARY} private_key: {CANARY}",
        f"$argon2id$v=19$m=65536$abc${CANARY}",
        f"-----BEGIN EC PRIVATE KEY-----\n{CANARY}\n-----END EC PRIVATE KEY-----",
        f"-----BEGIN PRIVATE KEY-----\n{CANARY}",
        f"proxy http://user:{CANARY}@192.0.2.1:3128",
        f"mail to {CANARY}@example.com",
        f'order {{"order_id": "A-1", "ship_to": {{"name": "{CANARY}"}}}}',
        f'rows [["A-1", "{CANARY}"',
        f"Address(name='{CANARY}', lines=('{CANARY}', 'x'), phone=\"{CANARY}\")",
        f"no such table [parameters: ({CANARY},)]",
    ],
)
@pytest.mark.parametrize("environ", [JSON, TEXT])
def test_no_secret_and_no_buyer_gets_through(line: str, environ: dict[str, str]) -> None:
    for say in (lambda: LOG.error(line), lambda: LOG.error("%s", line)):
        written = said(say, environ)
        assert CANARY not in written
        assert GONE in written


def test_the_secrets_of_this_process_go_whatever_stands_around_them() -> None:
    environ = {**TEXT, "PACKSTATION_TOKEN": CANARY, "PACKSTATION_LANG": "warning"}
    assert said(lambda: LOG.warning("x%sx a warning", CANARY), environ) == (
        f"WARNING packstation.station: x{GONE}x a warning\n"
    )


@pytest.mark.parametrize(
    "what",
    [
        Address(name=CANARY),
        {"name": CANARY},
        (CANARY,),
        CANARY.encode(),
        InputInvalid(path="ship_to.name", value=CANARY, allowed="letters"),
        ValueError(CANARY),
    ],
)
def test_what_is_no_plain_value_is_named_by_its_type(what: object) -> None:
    for say in (
        lambda: LOG.error("not done: %s", what),
        lambda: LOG.error(what),
        lambda: LOG.error("not done", extra={"order": what}),
    ):
        assert CANARY not in said(say)
    named = type(what).__name__, GONE  # of a lone dict logging makes named arguments
    assert any(name in said(lambda: LOG.error("not done: %r", what)) for name in named)


def test_a_message_that_cannot_be_made_is_shown_as_it_was_written() -> None:
    # Not through a logger: the one of these tests raises on such a record.
    for given_ in ((CANARY,), ({"name": CANARY},), ()):
        record = logging.LogRecord("x", logging.ERROR, __file__, 1, "fact %d", given_, None)
        assert Redaction().message(record) == "fact %d"


@pytest.mark.parametrize("work", [of_sql, of_msgspec])
@pytest.mark.parametrize("environ", [JSON, TEXT])
def test_an_exception_is_its_type_and_its_places(
    work: Callable[[], object], environ: dict[str, str]
) -> None:
    def wrapped() -> None:
        try:
            work()
        except Exception as exc:  # of SQL or msgspec; both are wrapped alike
            raise InputInvalid(path="x", value=CANARY, allowed="y") from exc

    exc = failed(wrapped)
    written = said(lambda: LOG.error("storage", exc_info=exc), environ)
    assert CANARY not in written
    assert "InputInvalid error.input" in written
    assert "tests/cli/test_logs.py" in written
    assert type(exc.__cause__).__name__ in written


def test_a_fault_of_the_system_says_which() -> None:
    exc = failed(lambda: Path("/nowhere/at/all").read_bytes())
    assert said(lambda: LOG.error("no file: %s", exc)).endswith(
        ": no file: FileNotFoundError No such file or directory\n"
    )
    offline = DeviceOffline(device="COM3", cause="port.missing")
    assert "DeviceOffline error.device.offline" in said(lambda: LOG.error("%s", offline))


@given(st.text())
def test_any_text_can_be_logged(words: str) -> None:
    clean = Redaction().text(words)
    assert len(clean) <= LONGEST + len(GONE)
    assert Redaction().text(clean) == clean or GONE in clean


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "piece", ["[", '["', "{'", "a@", "://a:", "-----BEGIN ", "token", "name=("]
)
def test_a_long_hostile_text_is_cut_in_no_time(piece: str) -> None:
    assert len(Redaction().text(piece * 100_000)) <= LONGEST + len(GONE)


# --- what nobody caught --------------------------------------------------------------------


def test_a_bug_is_logged_without_its_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(running, "_command", lambda _: lambda *_: of_sql())
    assert main(["code", "1"]) == 1
    written = capsys.readouterr()
    line = json.loads(written.err)
    assert (line["level"], line["error"][0]) == ("critical", OperationalError.__name__)
    assert CANARY not in written.err + written.out


def test_what_ends_a_thread_or_a_slot_is_logged_too() -> None:
    exc = ValueError(CANARY)

    def say() -> None:
        threading.excepthook(threading.ExceptHookArgs((ValueError, exc, None, None)))
        threading.excepthook(threading.ExceptHookArgs((SystemExit, SystemExit(), None, None)))
        threading.excepthook(threading.ExceptHookArgs((ValueError, None, None, None)))
        sys.excepthook(ValueError, exc, None)

    assert said(say) == "CRITICAL packstation.cli.logs: nobody caught this\nValueError\n" * 2


# --- the file ------------------------------------------------------------------------------


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("PACKSTATION_DATADIR", raising=False)
    file = tmp_path / "station.toml"
    file.write_text(f'DATADIR = "{tmp_path / "bench"}"\n', "utf-8")
    return file


def test_a_station_logs_into_its_data_folder(
    settings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def work(*_: object) -> int:
        LOG.info("fact %s", "ItemVerified")
        LOG.warning("token=%s", CANARY)
        return 0

    monkeypatch.setattr(starting, "_hand_over", work)
    done = packstation("station", "--config", settings)
    assert done.status == 0
    assert "ItemVerified" not in done.err
    written = (tmp_path / "bench" / "logs" / "station.log").read_text("utf-8")
    messages = [json.loads(line)["message"] for line in written.splitlines()]
    assert messages == ["fact ItemVerified", f"token={GONE}"]


def test_the_files_are_ten_and_no_longer_than_5_mb(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (logs.FILES, logs.FILE_BYTES) == (10, 5_000_000)
    monkeypatch.setattr(logs, "FILE_BYTES", 1000)
    with file_in(tmp_path, {}):
        for n in range(200):
            LOG.warning("fact %d", n)
    files = sorted((tmp_path / "logs").iterdir())
    assert len(files) == 10
    assert max(file.stat().st_size for file in files) <= 1000
    assert "fact 199" in (tmp_path / "logs" / "station.log").read_text("utf-8")


def test_no_place_for_a_file_stops_no_bench(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("", "utf-8")

    def say() -> None:
        with file_in(tmp_path, {}):
            LOG.warning("packing goes on")

    written = said(say)
    assert "no log file: FileExistsError" in written
    assert "packing goes on" in written


def test_a_setting_that_cannot_be_used_is_named(settings: Path) -> None:
    settings.write_text("DATADIR = [", "utf-8")
    done = packstation("station", "--config", settings)
    assert done.status == 2
    assert "station.toml" in done.err
