"""Pictures of products: taken by the bench's camera, kept beside its database for good.

The photo itself goes the way of all evidence, which is how the server gets it; this copy stays
when evidence makes room.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

from packstation.bootstrap.photos import FOLDER as EVIDENCE
from packstation.domain.errors import DeviceFaulty
from packstation.station.filming import EvidenceMoved
from packstation.station.photographing import Photographer
from packstation.station.ports import Post

FOLDER: Final = "pictures"
# How long the server is asked to keep it: as long as a product is sold, say.
KEPT_DAYS: Final = 3650
_HASH: Final = re.compile(r"[0-9a-f]{64}")


class BenchPortraits:
    """`packstation.station.portraits.Portraits`."""

    def __init__(self, folder: Path, photographer: Callable[[], Photographer], post: Post) -> None:
        """``photographer`` as it is when it is asked for: cameras come after the bench.

        ``post`` hears what had to go for a photo.
        """
        self._post = post
        self._folder, self._photographer = folder / FOLDER, photographer
        self._evidence = folder / EVIDENCE

    @property
    def ready(self) -> bool:
        """See ``Portraits``."""
        return bool(self._photographer().cameras())

    def take(self) -> str:
        """See ``Portraits``."""
        photographer = self._photographer()
        cameras = photographer.cameras()
        camera = cameras[0] if cameras else ""
        shot = photographer.shoot(camera, KEPT_DAYS)
        for gone, sent in shot.dropped:
            self._post(EvidenceMoved(gone, gone=True, why="room", sent=sent))
        try:
            self._keep(shot.sha256)
        except OSError as exc:
            raise DeviceFaulty(device=camera, fault="photo.disk") from exc
        return shot.sha256

    def _keep(self, sha256: str) -> None:
        found = next(self._evidence.glob(f"*/{sha256}*.jpg"), None)
        if found is None:
            raise FileNotFoundError(sha256)
        self._folder.mkdir(parents=True, exist_ok=True)
        target = self._folder / f"{sha256}.jpg"
        torn = target.with_name(f"{target.name}.part")
        shutil.copyfile(found, torn)
        torn.replace(target)

    def path(self, sha256: str) -> str:
        """See ``Portraits``."""
        if not _HASH.fullmatch(sha256):
            return ""
        found = self._folder / f"{sha256}.jpg"
        return str(found) if found.is_file() else ""
