"""What the program gets: one frozen section per concern."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct, field

from packstation.settings.keys import COMMAND, SettingInvalid, Values, nearest


class StationSection(Struct, frozen=True):
    """The bench itself; ``data`` is the data folder, never empty."""

    id: str
    name: str
    site: str
    data: Path
    language: str
    kiosk: bool
    autostart: bool


class ServerSection(Struct, frozen=True):
    """How the server is reached; an empty ``url`` is a bench by itself."""

    url: str
    ca_file: str
    proxy: str
    enroll_file: str
    enroll_token: str

    def __repr__(self) -> str:
        """Without the token: it is a secret until it is used."""
        return f"ServerSection(url={self.url!r}, ca_file={self.ca_file!r}, proxy={self.proxy!r})"


class SyncSection(Struct, frozen=True):
    """What a bench may do without its server."""

    offline_claim: str
    offline_hours: int


class CustomsSection(Struct, frozen=True):
    """Publishers (raw Ed25519 keys in base64) whose rule packs are taken besides the maker's."""

    keys: tuple[str, ...] = ()


class UpdateSection(Struct, frozen=True):
    """How this program is kept up to date."""

    mode: str
    ring: str
    url: str
    pinned: str


class DeviceSection(Struct, frozen=True):
    """A device; ``kind`` as in docs/devices.md, ``address`` as in FORMATS.md."""

    kind: str
    model: str
    address: str
    id: str = ""
    options: Values = field(default_factory=dict)


class PrintSection(Struct, frozen=True):
    """Where a document goes; "" and None leave it to the program."""

    document: str
    printer: str = ""
    stock: str = ""
    language: str = ""
    backup: tuple[str, ...] | None = None


class Explained(Struct, frozen=True):
    """A setting's value, its source, and what lower sources say; ``locked`` by policy."""

    name: str
    value: object
    source: str
    locked: bool
    about: str
    shadowed: tuple[tuple[str, object], ...] = ()


class Unknown(Struct, frozen=True):
    """A name in a source that is no setting's; ``nearest`` is the one that was meant, or ""."""

    name: str
    source: str
    nearest: str = ""


class Settings(Struct, frozen=True):
    """All sections, read once at the start."""

    station: StationSection
    server: ServerSection
    sync: SyncSection
    update: UpdateSection
    devices: tuple[DeviceSection, ...]
    explained: Mapping[str, Explained]
    prints: tuple[PrintSection, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    customs: CustomsSection = CustomsSection()

    def explain(self, name: str) -> Explained:
        """Where a setting comes from.

        Raises:
            SettingInvalid: there is no such setting.
        """
        found = self.explained.get(name.upper())
        if found is None:
            raise SettingInvalid(
                name, "", ", ".join(self.explained), COMMAND, nearest(name, self.explained)
            )
        return found
