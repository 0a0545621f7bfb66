"""A shelf of simulated devices from a configuration."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from packstation.devices.commands import simulate
from packstation.devices.opening import LineSettings, opener
from packstation.domain.errors import InputInvalid


def test_every_kind_stands_on_it(tmp_path: Path) -> None:
    tape = tmp_path / "tape.jsonl"
    rows: list[dict[str, Any]] = [
        {"kind": "scale", "model": "yaohua-a9", "grams": 500, "faults": ["unstable"]},
        {"kind": "dimensioner", "sides_mm": [300, 200, 100]},
        {"kind": "label", "model": "tspl", "transport": "tcp", "faults": ["paper_out"]},
        {"kind": "scanner", "link": "hand"},
        {"kind": "badge", "codes": ["%PB:1"], "every_s": 60},
        {"kind": "light"},
        {"kind": "camera", "codes": ["6901234567892"], "faults": ["dark"]},
        {"kind": "replay", "file": str(tape)},
    ]
    head = {"recording": 1}
    step = {"t_ms": 0, "dir": "in", "hex": "30 0d"}
    tape.write_text("".join(json.dumps(row) + "\n" for row in (head, step)), "utf-8")
    shelf = simulate({"devices": rows}, tmp_path / "shelf")
    addresses = {str(one["kind"]): str(one["address"]) for one in shelf.addresses()}
    assert set(addresses) == {str(row["kind"]) for row in rows}
    assert addresses["scanner"].endswith("/hand")
    assert addresses["label"].startswith("tcp://")
    assert addresses["camera"].startswith("http://")
    port = opener(addresses["scale"], LineSettings())()
    assert port.receive(5.0)  # an indicator streams
    port.close()
    shelf.close()


def test_a_code_is_scanned_in_its_turn(tmp_path: Path) -> None:
    rows = [{"kind": "badge", "transport": "tcp", "codes": ["A1", "B2"], "every_s": 0.02}]
    shelf = simulate({"devices": rows}, tmp_path)
    port = opener(str(shelf.addresses()[0]["address"]), LineSettings())()
    heard = b""
    while b"A1" not in heard or b"B2" not in heard:
        heard += port.receive(5.0)
    port.close()
    shelf.close()
    assert heard.startswith((b"A1", b"B2"))


@pytest.mark.parametrize(
    ("row", "path"),
    [
        ({"kind": "kettle"}, "devices[0].kind"),
        ({"kind": "scale", "model": "bathroom"}, "devices[0].model"),
        ({"kind": "scale", "transport": "smoke"}, "devices[0].transport"),
        ({"kind": "light", "faults": ["garble"]}, "devices[0].faults"),
        ({"kind": "replay", "file": "/nowhere/tape"}, "file"),
        ({"kind": 5}, "devices"),
    ],
)
def test_a_row_that_cannot_be_used_is_named(
    row: dict[str, object], path: str, tmp_path: Path
) -> None:
    with pytest.raises(InputInvalid) as caught:
        simulate({"devices": [row]}, tmp_path)
    assert caught.value.fields["path"] == path
