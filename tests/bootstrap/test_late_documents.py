"""Documents that are made at first use: the test label and its picture."""

from __future__ import annotations

from packstation.bootstrap.late import LateDocuments
from packstation.devices.bench import DeviceConfig
from packstation.devices.printers.rows import bench_printers


def test_a_test_label_and_its_picture_are_of_the_printers_stock() -> None:
    (printer,) = bench_printers([DeviceConfig("label", "tspl", "tcp://127.0.0.1:9100")])
    late = LateDocuments()
    job = late.test_label("Bench 07", "en", printer.stock, "%PS:tested:label:1")
    assert (job.media, job.payload[:5]) == ("tspl", b"SIZE ")
    assert late.test_preview("Bench 07", "en", printer.stock, "x").startswith(b"\x89PNG")
