"""One key for a bench, whoever needs it first."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from packstation.client.keys import FILE, key_of

TOGETHER = 8


def test_all_who_need_the_key_at_the_same_moment_get_the_same(tmp_path: Path) -> None:
    for round_ in range(20):
        folder = tmp_path / str(round_)
        start = Barrier(TOGETHER)

        def need(folder: Path = folder, start: Barrier = start) -> str:
            start.wait()
            return key_of(folder).public

        with ThreadPoolExecutor(TOGETHER) as pool:
            keys = {done.result() for done in [pool.submit(need) for _ in range(TOGETHER)]}
        assert len(keys) == 1
        assert [path.name for path in folder.iterdir()] == [FILE]
