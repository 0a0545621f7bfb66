"""Pictures of products that benches take themselves: the port, and what a catalogue calls them."""

from __future__ import annotations

from typing import Protocol

from packstation.domain.errors import DeviceFaulty
from packstation.domain.learning.catalogue import PHOTO
from packstation.station.ports import Happening


class Portraits(Protocol):
    """A camera, and the folder that keeps what it took for good."""

    @property
    def ready(self) -> bool:
        """Whether there is a camera to take one with."""

    def take(self) -> str:
        """Take, encode and keep the newest picture; its SHA-256. Blocking.

        Raises:
            DeviceFaulty: ``fault`` says why there is none.
        """

    def path(self, sha256: str) -> str:
        """The file, "" where it is not here."""


class NoPortraits:
    """A bench without cameras."""

    ready = False

    def take(self) -> str:
        """There is none.

        Raises:
            DeviceFaulty: always.
        """
        raise DeviceFaulty(fault="photo.no_camera", device="")

    def path(self, sha256: str) -> str:
        """None."""
        del sha256
        return ""


class PortraitTaken(Happening, frozen=True):
    """A product's picture is kept, or ``cause`` says why it is not."""

    sku: str
    sha256: str = ""
    cause: str = ""


def taking(portraits: Portraits, sku: str) -> PortraitTaken:
    """Take one of the product that lies there; blocking."""
    try:
        return PortraitTaken(sku, portraits.take())
    except DeviceFaulty as exc:
        return PortraitTaken(sku, cause=str(exc.fields.get("fault", exc.key)))


def shown(portraits: Portraits, image: str) -> str:
    """Where an ``image`` of the catalogue lies: a bench's own photo by its hash, else as it is."""
    if not image.startswith(PHOTO):
        return image
    return portraits.path(image.removeprefix(PHOTO))
