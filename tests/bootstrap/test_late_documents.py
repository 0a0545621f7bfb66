"""Documents that are made at first use: the test label and its picture."""

from __future__ import annotations

import pytest

from packstation.assets import resource
from packstation.bootstrap.late import LateDocuments
from packstation.customs.packs import read_folder
from packstation.devices.bench import DeviceConfig
from packstation.devices.printers.rows import bench_printers
from packstation.domain.errors import DocumentError
from packstation.domain.printers import Stock
from tests.documents.papers.test_battery import lamp
from tests.documents.samples import papers


def test_a_test_label_and_its_picture_are_of_the_printers_stock() -> None:
    (printer,) = bench_printers([DeviceConfig("label", "tspl", "tcp://127.0.0.1:9100")])
    late = LateDocuments()
    job = late.test_label("Bench 07", "en", printer.stock, "%PS:tested:label:1")
    assert (job.media, job.payload[:5]) == ("tspl", b"SIZE ")
    assert late.test_preview("Bench 07", "en", printer.stock, "x").startswith(b"\x89PNG")


def test_papers_that_the_law_words_are_made_of_the_packs_tables() -> None:
    pack = read_folder(resource("customs"))
    parcel = papers(lamp(battery="packed_with"))
    stock = Stock("100x100", 100, 100)

    assert LateDocuments(lambda: pack).make("battery", parcel, stock).payload.startswith(b"^XA")
    with pytest.raises(DocumentError):
        LateDocuments().make("battery", parcel, stock)
