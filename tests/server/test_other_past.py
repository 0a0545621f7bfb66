"""Of a journal that two disks have, the place is told where they part."""

from dataclasses import replace

import pytest

from packstation.domain.packing import facts as f
from packstation.server.enrolment import close_epoch
from packstation.server.run import Running
from tests.server.bench import Bench


@pytest.mark.parametrize("parting", [1, 4, 30, 41])
def test_a_fork_is_told_where_it_begins(bench: Bench, parting: int) -> None:
    for number in range(40):
        bench.note(f.ItemVerified(line=1, sku=f"S-{number}"))
    other = replace(bench, events=bench.events[: parting - 1], hashes=bench.hashes[: parting - 1])
    bench.note(f.ItemVerified(line=1, sku="S-last"))
    assert bench.push().status_code == 200
    while len(other.events) < 60:
        other.note(f.ItemVerified(line=2, sku="S-other"))
    refused = other.push()
    assert (refused.status_code, refused.json()["code"]) == (409, "fork")
    assert refused.json()["at"] == parting


def test_what_a_closed_epoch_has_is_not_told_again(bench: Bench, running: Running) -> None:
    for number in range(6):
        bench.note(f.ItemVerified(line=1, sku=f"S-{number}"))
    assert bench.push(end=4).status_code == 200
    close_epoch(running.server, "GZ-1", bench.station, bench.epoch)
    refused = bench.push(start=2)
    assert (refused.json()["code"], refused.json()["at"]) == ("epoch_closed", 5)
    assert bench.push(start=7).json()["at"] == 5
