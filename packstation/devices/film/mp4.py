"""MP4 in fragments (ISO/IEC 14496-12 section 8.8, 14496-15 section 5.3): shown as far as it goes.

A file is a head and then a fragment a second. Whoever writes it may be killed between two bytes:
`whole` says how far the file is sound, and it is shown up to there. Times are milliseconds.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Final

from msgspec import Struct

_MATRIX: Final = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
_SPS, _PPS = 7, 8
_KEY: Final = 0x02000000  # sample_depends_on = 2: on no other
_REST: Final = 0x01010000  # depends on others, is no sync sample
# default-base-is-moof; data-offset, duration, size and flags are in each run.
_TFHD_FLAGS, _TRUN_FLAGS = 0x020000, 0x000701


class Sample(Struct, frozen=True):
    """A picture's NAL units, when it was taken, and whether a film may begin with it."""

    ms: int
    key: bool
    nals: tuple[bytes, ...]


class Sound(Struct, frozen=True):
    """How far a file is sound: bytes, pictures and milliseconds up to there."""

    bytes: int = 0
    frames: int = 0
    ms: int = 0


def _box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I", 8 + len(body)) + kind + body


def _full(kind: bytes, version: int, flags: int, *parts: bytes) -> bytes:
    return _box(kind, struct.pack(">I", version << 24 | flags), *parts)


def head(size: tuple[int, int], nals: Sequence[bytes], ms: int = 0) -> bytes:
    """What stands before the first fragment; ``nals`` of a key picture, ``ms`` the length if known.

    Its own length does not depend on ``ms``: it can be written over when the film has ended.
    """
    width, height = size
    movie = struct.pack(">4I", 0, 0, 1000, 0) + struct.pack(">IHHQ", 0x10000, 0x100, 0, 0)
    mvhd = _full(b"mvhd", 0, 0, movie, _MATRIX, bytes(24), struct.pack(">I", 2))
    track = struct.pack(">5I", 0, 0, 1, 0, 0) + bytes(16) + _MATRIX
    tkhd = _full(b"tkhd", 0, 3, track, struct.pack(">II", width << 16, height << 16))
    mdhd = _full(b"mdhd", 0, 0, struct.pack(">4IHH", 0, 0, 1000, 0, 0x55C4, 0))
    hdlr = _full(b"hdlr", 0, 0, bytes(4), b"vide", bytes(12), b"bench\0")
    dinf = _box(b"dinf", _full(b"dref", 0, 0, struct.pack(">I", 1), _full(b"url ", 0, 1)))
    none = struct.pack(">I", 0)
    stbl = _box(
        b"stbl",
        _full(b"stsd", 0, 0, struct.pack(">I", 1), _avc1(width, height, nals)),
        _full(b"stts", 0, 0, none),
        _full(b"stsc", 0, 0, none),
        _full(b"stsz", 0, 0, none, none),
        _full(b"stco", 0, 0, none),
    )
    minf = _box(b"minf", _full(b"vmhd", 0, 1, bytes(8)), dinf, stbl)
    trak = _box(b"trak", tkhd, _box(b"mdia", mdhd, hdlr, minf))
    mehd = _full(b"mehd", 0, 0, struct.pack(">I", ms))
    mvex = _box(b"mvex", mehd, _full(b"trex", 0, 0, struct.pack(">5I", 1, 1, 0, 0, 0)))
    brands = b"iso5" + struct.pack(">I", 1) + b"iso5iso6avc1mp41"
    return _box(b"ftyp", brands) + _box(b"moov", mvhd, trak, mvex)


def _avc1(width: int, height: int, nals: Sequence[bytes]) -> bytes:
    sps = next(one for one in nals if one[0] & 31 == _SPS)
    pps = next(one for one in nals if one[0] & 31 == _PPS)
    record = b"\x01" + sps[1:4] + b"\xff\xe1" + struct.pack(">H", len(sps)) + sps
    record += b"\x01" + struct.pack(">H", len(pps)) + pps
    visual = bytes(6) + struct.pack(">H", 1) + bytes(16) + struct.pack(">HH", width, height)
    visual += struct.pack(">IIIH", 0x480000, 0x480000, 0, 1) + bytes(32)
    return _box(b"avc1", visual + struct.pack(">Hh", 24, -1), _box(b"avcC", record))


def fragment(number: int, begun: int, samples: Sequence[Sample], until: int) -> bytes:
    """A fragment of one or more ``samples``; the last of them lasts ``until``.

    ``number`` counts fragments from 1, the film begins at ``begun``.
    """
    ends = [*(one.ms for one in samples[1:]), until]
    blobs = [_sized(one.nals) for one in samples]
    rows = b"".join(
        struct.pack(">III", max(1, end - one.ms), len(blob), _KEY if one.key else _REST)
        for one, end, blob in zip(samples, ends, blobs, strict=True)
    )

    def moof(offset: int) -> bytes:
        run = _full(b"trun", 0, _TRUN_FLAGS, struct.pack(">II", len(samples), offset), rows)
        base = _full(b"tfdt", 1, 0, struct.pack(">Q", samples[0].ms - begun))
        traf = _box(b"traf", _full(b"tfhd", 0, _TFHD_FLAGS, struct.pack(">I", 1)), base, run)
        return _box(b"moof", _full(b"mfhd", 0, 0, struct.pack(">I", number)), traf)

    return moof(len(moof(0)) + 8) + _box(b"mdat", *blobs)


def _sized(nals: Sequence[bytes]) -> bytes:
    """A sample: each unit after its length; parameter sets stand in the head."""
    units = (one for one in nals if one and one[0] & 31 not in {_SPS, _PPS})
    return b"".join(struct.pack(">I", len(one)) + one for one in units)


def whole(data: bytes) -> Sound:
    """How far ``data`` is sound: a head, then pairs of moof and mdat."""
    at, sound, pending = 0, Sound(), (0, 0)
    while at + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        if length < 8 or at + length > len(data):
            break
        if kind == b"moof":
            pending = _run(data[at : at + length])
        elif kind == b"mdat":
            sound = Sound(at + length, sound.frames + pending[0], sound.ms + pending[1])
        at += length
    return sound


def _run(moof: bytes) -> tuple[int, int]:
    """Pictures and milliseconds of a moof as `fragment` makes it."""
    at = moof.index(b"trun") + 4
    (count,) = struct.unpack_from(">I", moof, at + 4)
    rows = struct.iter_unpack(">III", moof[at + 12 : at + 12 + 12 * count])
    return count, sum(row[0] for row in rows)
