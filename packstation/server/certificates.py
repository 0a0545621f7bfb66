"""The certificate that a running server shows: TLS 1.3, renewed under way, read again when changed.

Connections that are open keep the certificate that they began with; new ones get the new one.
"""

from __future__ import annotations

import logging
import ssl
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final

import uvicorn
from cryptography import x509

from packstation.domain.errors import SettingsError
from packstation.server import ca
from packstation.server.options import Tls
from packstation.server.vault import NAME, Vault, vault_of

LOG: Final = logging.getLogger(__name__)
LOOKS_S: Final = 3600.0


class Certificates:
    """What one server shows; a thread looks after it every hour until ``close``."""

    def __init__(self, tls: Tls, vault_key: str, now: Callable[[], datetime]) -> None:
        """A leaf of our own that ends soon is made anew before anybody connects.

        Raises:
            SettingsError: as ``ca.issue``; files that are no certificate and its key.
        """
        self._tls = tls
        self._vault_key = vault_key
        self._now = now
        self._stopping = threading.Event()
        self._renew()
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.minimum_version = ssl.TLSVersion.TLSv1_3
        try:
            self._load()
        except (OSError, ValueError) as exc:
            raise SettingsError(name="--cert", value=tls.certificate, allowed=str(exc)) from exc
        self._seen = self._mark()
        self._thread = threading.Thread(
            target=self._look_after, name="packstation-certificates", daemon=True
        )
        self._thread.start()

    def context(
        self,
        _config: uvicorn.Config | None = None,
        _default: Callable[[], ssl.SSLContext] | None = None,
    ) -> ssl.SSLContext:
        """As uvicorn asks for it."""
        return self._context

    def look(self) -> bool:
        """Renew what ends soon and read what was changed; whether new connections get another."""
        try:
            self._renew()
            mark = self._mark()
            if mark == self._seen:
                return False
            self._load()
        except (SettingsError, OSError, ValueError) as exc:
            LOG.error("the certificate was not renewed: %s", exc)  # noqa: TRY400 - words suffice
            return False
        self._seen = mark
        LOG.info("new certificate: %s", self._tls.certificate)
        return True

    def left_s(self) -> float:
        """Seconds until what is shown ends."""
        leaf = x509.load_pem_x509_certificate(Path(self._tls.certificate).read_bytes())
        return (leaf.not_valid_after_utc - self._now()).total_seconds()

    def close(self) -> None:
        """Look no more."""
        self._stopping.set()
        self._thread.join(5)

    def _look_after(self) -> None:
        while not self._stopping.wait(LOOKS_S):
            self.look()

    def _renew(self) -> None:
        if self._tls.own:
            folder = Path(self._tls.own)
            ca.renewed(folder, seal_of(folder, self._vault_key), self._now())

    def _load(self) -> None:
        self._context.load_cert_chain(self._tls.certificate, self._tls.key or None)

    def _mark(self) -> tuple[tuple[int, int], ...]:
        """Which files these are, as the disk tells them apart."""
        names = filter(None, (self._tls.certificate, self._tls.key))
        return tuple((at.st_ino, at.st_mtime_ns) for at in (Path(name).stat() for name in names))


def seal_of(folder: Path, vault_key: str) -> Vault:
    """The vault that holds the CA's key: the one named, else the one beside the folder."""
    return vault_of(Path(vault_key) if vault_key else folder.parent / NAME)


def own_tls(folder: Path) -> Tls:
    """The certificates that ``packstation server ca`` made in ``folder``.

    Raises:
        SettingsError: there are none.
    """
    held = ca.issued(folder)
    return Tls(str(held.server), own=str(folder))
