"""H.264 by OpenH264 (BSD-2-Clause), the system's library, through its C interface.

Layouts and orders of functions: `codec_api.h` and `codec_app_def.h` of OpenH264 2.1 to 2.6; 2.6
added figures of quality to a layer and flags to a picture, which is all that differs. Debian has it
as libopenh264-7 (12) and libopenh264-8 (13); for Windows its makers hand out a DLL.
"""

from __future__ import annotations

import ctypes as c
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from packstation.domain.errors import DeviceFaulty

if TYPE_CHECKING:
    from packstation.devices.camera.pixels import Pixels

NAMES: Final = ("libopenh264.so.8", "libopenh264.so.7", "libopenh264.so.6", "openh264.dll")
NO_ENCODER: Final = "video.no_encoder"

_I420: Final = 23  # videoFormatI420
_CAMERA, _BITRATE_MODE = 0, 1  # CAMERA_VIDEO_REAL_TIME, RC_BITRATE_MODE
# ENCODER_OPTION_IDR_INTERVAL, _RC_FRAME_SKIP, _COMPLEXITY, _SPS_PPS_ID_STRATEGY, _TRACE_LEVEL
_IDR_INTERVAL, _FRAME_SKIP, _COMPLEXITY, _IDS, _TRACE_LEVEL = 1, 9, 19, 22, 25
_IDR: Final = 1  # videoFrameTypeIDR
_LAYERS: Final = 128  # MAX_LAYER_NUM_OF_FRAME
# Places of the functions in ISVCEncoderVtbl.
_INITIALIZE, _UNINITIALIZE, _ENCODE, _SET_OPTION = 0, 3, 4, 7
_QUALITY_SINCE: Final = (2, 6)


class _Version(c.Structure):
    _fields_ = [(name, c.c_uint) for name in ("major", "minor", "revision", "reserved")]


class _Parameters(c.Structure):
    """SEncParamBase."""

    _fields_ = [
        ("usage", c.c_int),
        ("width", c.c_int),
        ("height", c.c_int),
        ("bits", c.c_int),
        ("mode", c.c_int),
        ("fps", c.c_float),
    ]


class _Picture(c.Structure):
    """SSourcePicture; the spare bytes are the flags of 2.6."""

    _fields_ = [
        ("format", c.c_int),
        ("stride", c.c_int * 4),
        ("planes", c.c_void_p * 4),
        ("width", c.c_int),
        ("height", c.c_int),
        ("ms", c.c_longlong),
        ("spare", c.c_ubyte * 8),
    ]


_LAYER: Final[list[tuple[str, Any]]] = [
    ("temporal", c.c_ubyte),
    ("spatial", c.c_ubyte),
    ("quality", c.c_ubyte),
    ("kind", c.c_int),
    ("layer", c.c_ubyte),
    ("sub", c.c_int),
    ("count", c.c_int),
    ("lengths", c.POINTER(c.c_int)),
    ("data", c.POINTER(c.c_ubyte)),
]


class _Layer(c.Structure):
    """SLayerBSInfo."""

    _fields_ = _LAYER


class _LayerOf26(c.Structure):
    """The same with its three figures of quality."""

    _fields_ = [*_LAYER, ("psnr", c.c_float * 3)]


def _frame_of(layer: type[c.Structure]) -> type[c.Structure]:
    """SFrameBSInfo over a layer."""

    class Frame(c.Structure):
        _fields_ = [
            ("layers", c.c_int),
            ("layer", layer * _LAYERS),
            ("kind", c.c_int),
            ("size", c.c_int),
            ("ms", c.c_longlong),
        ]

    return Frame


class Coded(Struct, frozen=True):
    """A picture's NAL units without start codes; ``key``: a film may begin here."""

    nals: tuple[bytes, ...]
    key: bool


class Encoder:
    """One stream of pictures of one size; for one thread."""

    def __init__(self, size: tuple[int, int], fps: int, kbit: int, library: str = "") -> None:
        """``size`` even pixels; ``library`` a path, else the system's.

        Raises:
            DeviceFaulty: ``fault`` video.no_encoder, with what was tried.
        """
        self._library = _loaded(library)
        self.version = _version(self._library)
        new = self.version[:2] >= _QUALITY_SINCE
        self._frame: Any = _frame_of(_LayerOf26 if new else _Layer)()
        self._size = size
        self._handle = c.c_void_p()
        if self._library.WelsCreateSVCEncoder(c.byref(self._handle)) or not self._handle.value:
            raise DeviceFaulty(device="film", fault=NO_ENCODER, detail="create")
        self._table = c.cast(self._handle, c.POINTER(c.POINTER(c.c_void_p))).contents
        self._option(_TRACE_LEVEL, 0)
        parameters = _Parameters(_CAMERA, *size, kbit * 1000, _BITRATE_MODE, float(fps))
        if self._call(_INITIALIZE, c.byref(parameters)):
            raise DeviceFaulty(device="film", fault=NO_ENCODER, detail="initialize")
        self._encode = self._function(_ENCODE, c.c_void_p, c.c_void_p)
        self._option(_FRAME_SKIP, 0)
        self._option(_COMPLEXITY, 0)
        # CONSTANT_ID: the parameter sets of a film stand in its head, once.
        self._option(_IDS, 0)
        self._option(_IDR_INTERVAL, fps)

    def encode(self, i420: Pixels, ms: int) -> Coded:
        """Encode ``i420``: rows of Y, then of U and V as OpenCV lays them, contiguous."""
        width, height = self._size
        start, area = i420.ctypes.data, width * height
        picture = _Picture(format=_I420, width=width, height=height, ms=ms)
        picture.stride[:] = (width, width // 2, width // 2, 0)
        picture.planes[:] = (start, start + area, start + area + area // 4, None)
        if self._encode(self._handle, c.addressof(picture), c.addressof(self._frame)):
            raise DeviceFaulty(device="film", fault="video.encoder_failed")
        return Coded(tuple(self._nals()), self._frame.kind == _IDR)

    def close(self) -> None:
        """Give it back."""
        self._call(_UNINITIALIZE)
        self._library.WelsDestroySVCEncoder(self._handle)

    def _nals(self) -> list[bytes]:
        found: list[bytes] = []
        for at in range(self._frame.layers):
            layer = self._frame.layer[at]
            lengths = layer.lengths[: layer.count]
            whole, begin = c.string_at(layer.data, sum(lengths)), 0
            for length in lengths:
                found.append(whole[begin : begin + length].lstrip(b"\0")[1:])
                begin += length
        return found

    def _option(self, name: int, value: int) -> None:
        self._call(_SET_OPTION, c.c_int(name), c.byref(c.c_int(value)))

    def _call(self, place: int, *values: Any) -> int:  # noqa: ANN401 - whatever C takes
        return int(self._function(place)(self._handle, *values))

    def _function(self, place: int, *kinds: Any) -> Any:  # noqa: ANN401 - C's own types
        return c.CFUNCTYPE(c.c_int, c.c_void_p, *kinds)(self._table[place])


def _loaded(library: str) -> c.CDLL:
    for name in (library,) if library else NAMES:
        try:
            found = c.CDLL(name)
        except OSError:
            continue
        found.WelsDestroySVCEncoder.argtypes = [c.c_void_p]
        return found
    raise DeviceFaulty(device="film", fault=NO_ENCODER, detail=library or NAMES[0])


def _version(library: c.CDLL) -> tuple[int, int, int]:
    told = _Version()
    library.WelsGetCodecVersionEx(c.byref(told))
    return told.major, told.minor, told.revision
