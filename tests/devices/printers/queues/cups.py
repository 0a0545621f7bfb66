"""A private CUPS: its own folders, socket and port, no system service, gone afterwards."""

from __future__ import annotations

import getpass
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BINARIES = Path("/usr/lib/cups")
# What `lp` of the system may read; the folders of pytest are closed to it.
_OPEN = 0o755

# The backend that the package "cups" brings and "cups-daemon" does not: bytes to a TCP port.
# Written after backend(7): job, user, title, copies, options, and the file or the standard input.
_BACKEND = """#!{python} -I
import os, socket, sys, time
from urllib.parse import urlsplit
if len(sys.argv) < 6:
    print('network socket "Unknown" "Test socket"')
    sys.exit(0)
place = urlsplit(os.environ["DEVICE_URI"])
data = open(sys.argv[6], "rb").read() if len(sys.argv) > 6 else sys.stdin.buffer.read()
while True:
    try:
        line = socket.create_connection((place.hostname, place.port), timeout=2)
        break
    except OSError:
        print("INFO: The printer is unreachable at this time.", file=sys.stderr, flush=True)
        time.sleep(0.5)
with line:
    line.settimeout(None)
    line.sendall(data)
"""


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def program(name: str) -> str:
    """A program of administration, which a user's path may leave out."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    assert found, f"{name} is not installed: see setup/system.py"
    return found


class PrivateCups:
    """cupsd in a folder of its own; `start` and `kill` as often as a test wants."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="cups-"))
        self.folder.chmod(_OPEN)
        self.port = free_port()
        self.socket = str(self.folder / "state" / "cups.sock")
        self._process: subprocess.Popen[bytes] | None = None
        for name in ("etc", "spool", "tmp", "cache", "state", "log"):
            (self.folder / name).mkdir()
        self._server_bin()
        self._configure()
        self.start()

    def start(self) -> None:
        self._process = subprocess.Popen(
            [program("cupsd"), "-f", "-c", self._etc("cupsd.conf"), "-s", self._etc("files.conf")],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until = time.monotonic() + 20
        while not self._answers():
            assert self._process.poll() is None, self.log()
            assert time.monotonic() < until, self.log()
            time.sleep(0.05)

    def kill(self) -> None:
        """As a crash: nothing is put in order."""
        self._end(signal.SIGKILL)

    def close(self) -> None:
        self._end(signal.SIGTERM)
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, *command: str) -> str:
        """A command of CUPS, at this server."""
        environ = {**os.environ, "CUPS_SERVER": self.socket, "LC_ALL": "C"}
        done = subprocess.run(
            [program(command[0]), *command[1:]],
            env=environ,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def raw_queue(self, name: str, device: str) -> str:
        """A queue that hands bytes on as they are; its address."""
        self.run("lpadmin", "-p", name, "-E", "-v", device, "-m", "raw")
        return f"cups:{name}"

    def jobs(self, queue: str) -> list[str]:
        """The numbers of all jobs of a queue, done or not."""
        told = self.run("lpstat", "-W", "all", "-o", queue)
        return [line.split()[0] for line in told.splitlines() if line.startswith(queue)]

    def log(self) -> str:
        path = self.folder / "log" / "error"
        return path.read_text("utf-8", "replace")[-3000:] if path.exists() else ""

    def _etc(self, name: str) -> str:
        return str(self.folder / "etc" / name)

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as probe:
            return probe.connect_ex(self.socket) == 0

    def _end(self, number: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait(20)
            self._process = None

    def _server_bin(self) -> None:
        """The system's backends, and one for TCP where it has none."""
        place = self.folder / "bin"
        for name in ("backend", "daemon", "filter", "notifier"):
            (place / name).mkdir(parents=True)
            for path in sorted((BINARIES / name).glob("*")):
                (place / name / path.name).symlink_to(path.resolve())
        backend = place / "backend" / "socket"
        real = BINARIES / "backend-available" / "socket"
        if real.exists() and not backend.exists():
            backend.symlink_to(real)
        elif not backend.exists():
            backend.write_text(_BACKEND.format(python=sys.executable), "utf-8")
            backend.chmod(0o700)  # so cupsd runs it as itself: `lp` may not see our Python

    def _configure(self) -> None:
        root = os.geteuid() == 0
        where = self.folder
        files = {
            "ServerRoot": where / "etc",
            "ServerBin": where / "bin",
            "RequestRoot": where / "spool",
            "TempDir": where / "tmp",
            "CacheDir": where / "cache",
            "StateDir": where / "state",
            "AccessLog": where / "log" / "access",
            "ErrorLog": where / "log" / "error",
            "PageLog": where / "log" / "page",
            # cupsd runs nothing of a job as root.
            "User": "lp" if root else getpass.getuser(),
            "SystemGroup": "root" if root else os.environ.get("GROUP", "lp"),
        }
        rows = [f"{key} {value}" for key, value in files.items()]
        (where / "etc" / "files.conf").write_text("\n".join(rows) + "\n", "utf-8")
        everybody = "Order allow,deny\n  Allow all"
        (where / "etc" / "cupsd.conf").write_text(
            f"""LogLevel info
Listen {self.socket}
Listen 127.0.0.1:{self.port}
Browsing No
DefaultAuthType None
WebInterface No
JobRetryInterval 1
DirtyCleanInterval 0
PreserveJobHistory Yes
<Location />
  {everybody}
</Location>
<Location /admin>
  {everybody}
</Location>
<Policy default>
  <Limit All>
    Order deny,allow
  </Limit>
</Policy>
""",
            "utf-8",
        )
