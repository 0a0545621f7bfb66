"""Labels that carriers made, from the server to the bench's printer: byte for byte, kept on disk.

Only of services whose row says ``carried`` (``station/desk.ServiceProfile``). A file is asked for
by its hash when its label is first printed, in the thread that makes documents; a reprint, a
restart and a preview find it beside the journal. Never drawn by us instead: a number without its
label is no label.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from packstation.carriers.label_files import checked
from packstation.domain.carriers import LabelFile, LabelWanted
from packstation.domain.errors import DocumentError, PackstationError
from packstation.domain.labels import ParcelPapers
from packstation.domain.printers import Stock

log = logging.getLogger(__name__)

FOLDER: Final = "labels"
# As many as some days print; the oldest go first, the server keeps them all.
KEPT: Final = 5_000

Fetch = Callable[[str], bytes]


class CarriedFiles:
    """``fetch`` answers a file of the server by its SHA-256, or raises PackstationError."""

    def __init__(self, data: Path, fetch: Fetch | None) -> None:
        self._folder, self._fetch = data / FOLDER, fetch

    def dressed(self, papers: ParcelPapers, stock: Stock) -> ParcelPapers:
        """The parcel with the label that its carrier made, where it has one.

        Raises:
            DocumentError: ``field`` label: the server cannot be asked, or what it has is no label.
        """
        if not papers.blob or papers.carried is not None:
            return papers
        return replace(papers, carried=self._label(papers.blob, stock))

    def _label(self, sha256: str, stock: Stock) -> LabelFile:
        content = self._known(sha256)
        if content is None:
            content = self._asked(sha256)
            self._keep(sha256, content)
        found = checked(content, LabelWanted(dpi=stock.dpi))
        if found.file is None:
            reason = f"{found.fault}: {found.detail}"
            raise DocumentError("error.document.label_file", field="label", reason=reason)
        return found.file

    def _known(self, sha256: str) -> bytes | None:
        """The file as kept; one that was damaged on the disk is asked for anew."""
        try:
            content = (self._folder / sha256).read_bytes()
        except OSError:
            return None
        return content if hashlib.sha256(content).hexdigest() == sha256 else None

    def _asked(self, sha256: str) -> bytes:
        if self._fetch is None:
            raise DocumentError("error.document.label_file", field="label", reason="offline")
        try:
            content = self._fetch(sha256)
        except PackstationError as exc:
            raise DocumentError(
                "error.document.label_file", field="label", reason=str(exc.fields.get("cause", ""))
            ) from exc
        if hashlib.sha256(content).hexdigest() != sha256:
            raise DocumentError("error.document.label_file", field="label", reason="sha256")
        return content

    def _keep(self, sha256: str, content: bytes) -> None:
        """A full disk costs a reprint its speed, and nothing else."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            part = self._folder / f"{sha256}.part"
            part.write_bytes(content)
            part.replace(self._folder / sha256)
            kept = sorted(os.scandir(self._folder), key=lambda one: one.stat().st_mtime_ns)
            for old in kept[:-KEPT]:
                Path(old.path).unlink(missing_ok=True)
        except OSError:
            log.warning("a carrier's label was not kept", exc_info=True)
