"""What stands behind a queue, or between it and us: listeners, an IPP printer, a cutting proxy."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from tests.devices.printers.queues.cups import free_port, program

# p910nd keeps its lock here, which the package does not make.
_LOCKS = Path("/var/lock/p910nd")
_BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path={path}</listen>
  <policy context="default">
    <allow user="*"/><allow own="*"/><allow send_destination="*"/><allow receive_sender="*"/>
  </policy>
</busconfig>
"""
# The printer's own program for a job. Files in its folder are switches: `hold` keeps a job at
# work, `empty` does so and says that paper is out (ippeveprinter(1), "STATE:").
_COMMAND = """#!/bin/sh
folder="{folder}"
if [ -e "$folder/empty" ]; then echo "STATE: +media-empty" >&2; fi
while [ -e "$folder/hold" ] || [ -e "$folder/empty" ]; do sleep 0.05; done
echo "STATE: -media-empty" >&2
cp "$1" "$folder/printed/$IPP_JOB_ID"
"""


def wait_for(what: Callable[[], bool], why: str, seconds: float = 15.0) -> None:
    """Wait until something holds that nobody reports."""
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, why
        time.sleep(0.02)


class Listener:
    """A raw printer at a TCP port: what came over each connection."""

    def __init__(self, port: int = 0) -> None:
        self._server = socket.create_server(("127.0.0.1", port))
        self.port = int(self._server.getsockname()[1])
        self.jobs: list[bytes] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def device(self) -> str:
        return f"socket://127.0.0.1:{self.port}"

    def close(self) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._thread.join(5)

    def take(self, line: socket.socket) -> bytes:
        """Everything up to the end."""
        data = b""
        while chunk := line.recv(65536):
            data += chunk
        return data

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._server.accept()
            except OSError:
                return
            with line:
                self.jobs.append(self.take(line))


class Holding(Listener):
    """A raw printer that has the bytes and does not hang up: the queue goes on printing."""

    def __init__(self) -> None:
        self.got, self.let_go = threading.Event(), threading.Event()
        super().__init__()

    def take(self, line: socket.socket) -> bytes:
        data = b""
        while not data.endswith(b"^XZ\r\n"):
            data += line.recv(65536)
        self.got.set()
        self.let_go.wait(30)
        return data


class P910nd(Listener):
    """The same with p910nd in between, started for each connection as inetd does it."""

    def __init__(self, folder: Path) -> None:
        self._out = folder / "p910nd.out"
        self._out.touch()
        if not _LOCKS.exists():
            _LOCKS.mkdir()
            _LOCKS.chmod(0o1777)  # for whoever tests next
        super().__init__()

    def take(self, line: socket.socket) -> bytes:
        before = self._out.stat().st_size
        done = subprocess.run(
            [program("p910nd"), "-f", str(self._out), "0"],
            stdin=line.fileno(),
            stdout=line.fileno(),
            stderr=subprocess.DEVNULL,
            timeout=20,
            check=False,
        )
        assert done.returncode == 0
        return self._out.read_bytes()[before:]


class IppPrinter:
    """ippeveprinter: an IPP Everywhere printer that keeps what it printed.

    It wants a message bus to say where it is, though nothing is to be announced: a private one.
    """

    def __init__(self, formats: str = "application/pdf,application/octet-stream") -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="ipp-"))
        self.folder.chmod(0o755)
        for name in ("spool", "printed"):
            (self.folder / name).mkdir()
        bus = self.folder / "bus"
        (self.folder / "bus.conf").write_text(_BUS.format(path=bus), "utf-8")
        command = self.folder / "command"
        command.write_text(_COMMAND.format(folder=self.folder), "utf-8")
        command.chmod(0o755)
        self._bus = self._started(
            "dbus-daemon", "--config-file", str(self.folder / "bus.conf"), "--nofork", "--nopidfile"
        )
        wait_for(bus.exists, "no message bus")
        self.port = free_port()
        environ = {**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={bus}"}
        words = ("-r", "off", "-n", "localhost", "-p", str(self.port), "-f", formats)
        spool = str(self.folder / "spool")
        self._printer = self._started(
            "ippeveprinter", *words, "-d", spool, "-c", str(command), "paper", environ=environ
        )
        wait_for(self._answers, "ippeveprinter does not listen")

    @property
    def address(self) -> str:
        return f"ipp://127.0.0.1:{self.port}/ipp/print"

    @property
    def printed(self) -> list[bytes]:
        """What came out, in order."""
        papers = sorted((self.folder / "printed").iterdir(), key=lambda path: int(path.name))
        return [path.read_bytes() for path in papers]

    def switch(self, name: str, *, on: bool) -> None:
        """``hold`` or ``empty``."""
        path = self.folder / name
        path.touch() if on else path.unlink(missing_ok=True)

    def rest(self) -> None:
        """All switches off; whatever waited comes out."""
        for name in ("hold", "empty"):
            self.switch(name, on=False)

    def close(self) -> None:
        self.rest()
        for process in (self._printer, self._bus):
            process.terminate()
            process.wait(10)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _started(
        self, name: str, *words: str, environ: dict[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        quiet = subprocess.DEVNULL
        return subprocess.Popen([program(name), *words], env=environ, stdout=quiet, stderr=quiet)

    def _answers(self) -> bool:
        assert self._printer.poll() is None, "ippeveprinter ended"
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


class Proxy:
    """Stands before a server and breaks one exchange at a chosen place.

    ``cut``: "" passes everything, "answer" swallows the next big request's answer, "half" takes
    half of it, "swallow" takes all of it and passes none on.
    """

    BIG = 4000  # bytes: a job with its document; questions are smaller

    def __init__(self, port: int) -> None:
        self._target = port
        self._server = socket.create_server(("127.0.0.1", 0))
        # So that half a request is still in the sender's hands when the line is cut.
        self._server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
        self.port = int(self._server.getsockname()[1])
        self.cut = ""
        self.on_cut: Callable[[], None] = lambda: None
        self.requests: list[int] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._server.accept()
            except OSError:
                return
            threading.Thread(target=self._pass, args=(line,), daemon=True).start()

    def _pass(self, line: socket.socket) -> None:
        with line:
            head, body = self._request(line)
            cut, self.cut = (self.cut, "") if len(body) > self.BIG else ("", self.cut)
            self.requests.append(len(body))
            if cut in {"half", "swallow"}:
                self.on_cut()
                return
            try:
                with socket.create_connection(("127.0.0.1", self._target), timeout=10) as server:
                    server.sendall(head + body)
                    answer = self._answer(server)
            except OSError:
                return
            if cut == "answer":
                self.on_cut()
                return
            line.sendall(answer)

    def _request(self, line: socket.socket) -> tuple[bytes, bytes]:
        data = b""
        while b"\r\n\r\n" not in data:
            chunk = line.recv(65536)
            if not chunk:
                return b"", b""
            data += chunk
        head, _, rest = data.partition(b"\r\n\r\n")
        body = bytearray(rest)
        wanted = _length(head)
        if self.cut == "half" and wanted > self.BIG:
            wanted //= 2
            wanted = max(wanted, self.BIG + 1)
        while len(body) < wanted:
            body += line.recv(65536)
        return head + b"\r\n\r\n", bytes(body)

    def _answer(self, server: socket.socket) -> bytes:
        data = b""
        while b"\r\n\r\n" not in data:
            data += server.recv(65536)
            # "100 Continue" comes before what is meant.
            if data.startswith(b"HTTP/1.1 100"):
                data = data.partition(b"\r\n\r\n")[2]
        head, _, body = data.partition(b"\r\n\r\n")
        while len(body) < _length(head):
            body += server.recv(65536)
        return head + b"\r\n\r\n" + body


def _length(head: bytes) -> int:
    for row in head.split(b"\r\n"):
        if row.lower().startswith(b"content-length:"):
            return int(row.partition(b":")[2])
    return 0
