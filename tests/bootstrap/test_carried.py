"""A carrier's label on its way to the bench's printer: asked for once, kept, never replaced."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from msgspec.structs import replace

from packstation.bootstrap import carried
from packstation.bootstrap.carried import CarriedFiles
from packstation.bootstrap.late import LateDocuments
from packstation.bootstrap.offline import NoLabels
from packstation.bootstrap.server import LateLabels
from packstation.documents.fonts import Fonts
from packstation.documents.label.languages import writer
from packstation.documents.label.shipping import shipping_labels
from packstation.domain.errors import DocumentError, ServerUnreachable
from packstation.domain.labels import media
from packstation.domain.printers import Stock
from tests.documents.samples import FONTS, papers

FACES = Fonts(FONTS)
STOCK = Stock("4x6", 101.6, 152.4)
ZPL = writer("zpl", FACES).write(shipping_labels(papers(form="cn22"), media("4x6"), FACES))
SHA = hashlib.sha256(ZPL).hexdigest()


class Office:
    """Files by hash; ``asked`` is what was asked for."""

    def __init__(self, content: bytes = ZPL) -> None:
        self.content = content
        self.asked: list[str] = []

    def __call__(self, sha256: str) -> bytes:
        self.asked.append(sha256)
        return self.content


def reason(files: CarriedFiles, sha256: str = SHA) -> str:
    with pytest.raises(DocumentError) as refused:
        files.dressed(papers(blob=sha256), STOCK)
    assert refused.value.fields["field"] == "label"
    return str(refused.value.fields["reason"])


def test_a_label_is_asked_for_once_and_stays_for_reprints_and_restarts(tmp_path: Path) -> None:
    office = Office()
    files = CarriedFiles(tmp_path, office)
    parcel = papers(blob=SHA)
    found = files.dressed(parcel, STOCK).carried
    assert found is not None
    assert (found.content, found.media, found.width_mm) == (ZPL, "application/zpl", 101.6)
    assert CarriedFiles(tmp_path, None).dressed(parcel, STOCK).carried == found
    assert office.asked == [SHA]


def test_a_file_that_was_damaged_on_the_disk_is_asked_for_anew(tmp_path: Path) -> None:
    office = Office()
    CarriedFiles(tmp_path, office).dressed(papers(blob=SHA), STOCK)
    (tmp_path / carried.FOLDER / SHA).write_bytes(ZPL[:-9])
    again = CarriedFiles(tmp_path, office).dressed(papers(blob=SHA), STOCK).carried
    assert again is not None
    assert (again.content, len(office.asked)) == (ZPL, 2)


def test_what_cannot_be_had_is_no_label_of_ours(tmp_path: Path) -> None:
    assert reason(CarriedFiles(tmp_path, None)) == "offline"
    assert reason(CarriedFiles(tmp_path, Office(b"other"))) == "sha256"
    page = b"<html>signed out</html>"
    told = reason(CarriedFiles(tmp_path, Office(page)), hashlib.sha256(page).hexdigest())
    assert told.startswith("html")

    def down(_: str) -> bytes:
        raise ServerUnreachable(cause="503")

    assert reason(CarriedFiles(tmp_path, down)) == "503"
    assert reason(CarriedFiles(tmp_path, NoLabels().file)).startswith("no server")
    assert reason(CarriedFiles(tmp_path, LateLabels(NoLabels).file)).startswith("no server")


def test_a_parcel_without_a_carriers_label_stays_as_it_is(tmp_path: Path) -> None:
    office = Office()
    files = CarriedFiles(tmp_path, office)
    plain = papers()
    assert files.dressed(plain, STOCK) is plain
    has = replace(files.dressed(papers(blob=SHA), STOCK), blob="f" * 64)
    assert files.dressed(has, STOCK) is has
    assert office.asked == [SHA]


def test_the_oldest_files_go_and_a_disk_that_is_full_stops_no_label(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carried, "KEPT", 2)
    for mark in (b"1", b"2", b"3"):
        content = ZPL.replace(b"^XZ", b"^FX" + mark + b"^XZ")
        sha256 = hashlib.sha256(content).hexdigest()
        CarriedFiles(tmp_path, Office(content)).dressed(papers(blob=sha256), STOCK)
    assert len(list((tmp_path / carried.FOLDER).iterdir())) == 2
    blocked = tmp_path / "file"
    blocked.write_bytes(b"")
    assert CarriedFiles(blocked, Office()).dressed(papers(blob=SHA), STOCK).carried is not None


def test_the_benchs_maker_prints_and_shows_it(tmp_path: Path) -> None:
    maker = LateDocuments()
    maker.carried = CarriedFiles(tmp_path, Office()).dressed
    parcel = papers(blob=SHA)
    assert maker.make("label", parcel, STOCK).payload == ZPL
    assert maker.preview("label", parcel, STOCK).startswith(b"\x89PNG")
    slip = maker.make("cn22", parcel, Stock("a6", 105, 148, 300, "pdf", "sheet"))
    assert slip.media == "pdf"
