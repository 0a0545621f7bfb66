"""Two threads that meet a type for the first time at once: the program lives on."""

from __future__ import annotations

import subprocess
import sys

BOTH = """
import sys, threading
from packstation.assets import resource
from packstation.carriers.tariffs import load_folder

sys.setswitchinterval(1e-6)
start = threading.Barrier(4)

def read():
    start.wait()
    load_folder(resource("tariffs"))

threads = [threading.Thread(target=read) for _ in range(4)]
for one in threads:
    one.start()
for one in threads:
    one.join()
"""


def test_a_type_may_be_met_by_several_threads_at_once() -> None:
    # Without the lock three of four such programs crash.
    codes = [subprocess.run([sys.executable, "-c", BOTH], check=False).returncode for _ in range(6)]
    assert codes == [0] * 6
