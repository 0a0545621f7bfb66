"""Facts of what proves a parcel: photos, videos, weights over time; hashes and counts only.

The files themselves lie in the data folder by their SHA-256, later on the server.
"""

from __future__ import annotations

from packstation.domain.packing.facts import Fact


class PhotoTaken(Fact, frozen=True, kw_only=True):
    """A JPEG of the open box; ``why``: value, destination, class, nth or asked."""

    sha256: str
    bytes: int
    why: str
    camera: str = ""
    width: int = 0
    height: int = 0


class PhotoMissed(Fact, frozen=True, kw_only=True):
    """A photo was due and could not be taken; ``cause`` as of a device, or disk.full.

    ``must``: the rule stops the parcel for it.
    """

    why: str
    cause: str
    camera: str = ""
    must: bool = False


class VideoKept(Fact, frozen=True, kw_only=True):
    """A film of a session is on the disk; ``begun`` RFC 3339 UTC, lost pictures counted."""

    sha256: str
    bytes: int
    begun: str
    seconds: int
    frames: int
    lost: int = 0
    camera: str = ""
    codec: str = "h264"
    keep_days: int = 0


class VideoMissed(Fact, frozen=True, kw_only=True):
    """No film of a session, or its end is missing; ``cause`` says why."""

    cause: str
    camera: str = ""


class VideoSwitched(Fact, frozen=True, kw_only=True):
    """Someone switched filming at this bench on or off."""

    on: bool
    by: str = ""


class WeightTraced(Fact, frozen=True, kw_only=True):
    """What the scale said while a parcel was packed: (milliseconds after ``begun``, grams).

    Thinned to changes; ``device`` is the scale.
    """

    begun: str
    device: str = ""
    points: tuple[tuple[int, int], ...] = ()


class EvidenceSent(Fact, frozen=True, kw_only=True):
    """The server has the file."""

    sha256: str


class EvidenceDropped(Fact, frozen=True, kw_only=True):
    """A file made room; ``sent``: the server has it, else it is lost."""

    sha256: str
    why: str
    sent: bool = True
