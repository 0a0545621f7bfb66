"""Photos of the bench's cameras onto its disk, and the rules that ask for them."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final, Protocol, runtime_checkable

import msgspec

from packstation.domain.errors import DeviceFaulty, SettingsError, StorageError
from packstation.domain.evidence import EvidenceRules
from packstation.first_use import met
from packstation.station.frames import FramePort
from packstation.station.photographing import Shot
from packstation.storage.evidence_files import EvidenceFiles

FOLDER: Final = "evidence"
RULES: Final = "evidence.json"
# About ten thousand photos, or a day of films.
BUDGET: Final = 4 * 1024**3


@runtime_checkable
class Still(Protocol):
    """A camera that gives its whole newest picture."""

    def photo(self) -> tuple[bytes, int, int]:
        """JPEG, width and height; DeviceFaulty where there is none. Blocks some 20 ms."""


class BenchShelf:
    """The bench's evidence on its disk, for any thread; the folder is made with the first file."""

    def __init__(self, folder: Path, budget: int = BUDGET) -> None:
        """``folder`` is the data folder."""
        self.folder, self._budget = folder / FOLDER, budget
        self._guard = threading.Lock()
        self._files: EvidenceFiles | None = None

    @contextlib.contextmanager
    def files(self) -> Iterator[EvidenceFiles]:
        """The files, for one at a time; every call may raise OSError."""
        with self._guard:
            if self._files is None:
                self._files = EvidenceFiles(self.folder, self._budget)
            yield self._files


def keeper(shelf: BenchShelf) -> Callable[[bytes, int], None]:
    """Stores a document (a driver's signature) so many days; it goes the way of photos.

    Raises:
        StorageError: the disk would not take it; the station tries again.
    """

    def keep(data: bytes, days: int) -> None:
        try:
            with shelf.files() as files:
                files.keep(data, f".{days}.json")
        except OSError as exc:
            raise StorageError(cause=str(exc)) from exc

    return keep


class BenchPhotographer:
    """`packstation.station.photographing.Photographer`; one shot at a time."""

    def __init__(self, shelf: BenchShelf, cameras: Mapping[str, FramePort]) -> None:
        """``cameras`` are those that are open, whenever they are asked for."""
        self._shelf, self._cameras = shelf, cameras

    def cameras(self) -> tuple[str, ...]:
        """See ``Photographer``."""
        return tuple(self._cameras)

    def shoot(self, camera: str, days: int) -> Shot:
        """See ``Photographer``."""
        port: object = self._cameras.get(camera)
        if not isinstance(port, Still):
            raise DeviceFaulty(device=camera, fault="photo.no_camera")
        data, width, height = port.photo()
        try:
            with self._shelf.files() as files:
                kept = files.keep(data, f".{days}.jpg")
        except OSError as exc:
            raise DeviceFaulty(device=camera, fault="photo.disk") from exc
        dropped = tuple((one.sha256, one.sent) for one in kept.dropped)
        return Shot(kept.sha256, kept.bytes, width, height, dropped)


def evidence_rules(folder: Path) -> EvidenceRules:
    """The rules of ``evidence.json`` in the data folder; without the file nothing is photographed.

    Raises:
        SettingsError: the file is no such rules.
    """
    path = folder / RULES
    try:
        return msgspec.json.decode(path.read_bytes(), type=met(EvidenceRules))
    except FileNotFoundError:
        return EvidenceRules()
    except (msgspec.DecodeError, ValueError, OSError) as exc:
        raise SettingsError(name=RULES, value=str(exc), allowed="photo and keep rules") from exc
