"""The paper of a PDF: the first page's box, in hundredths of a millimetre."""

from __future__ import annotations

import re
from typing import Final

_NUMBER: Final = rb"\s*(-?\d{1,7}(?:\.\d{1,7})?)"
_BOX: Final = re.compile(rb"/MediaBox\s*\[" + _NUMBER * 4 + rb"\s*\]")
_POINT: Final = 2540 / 72  # hundredths of a millimetre
_MOST: Final = 508_000  # 14400 points, the longest page that readers take


def page_size(payload: bytes) -> tuple[int, int] | None:
    """Width and height by the first ``/MediaBox`` (ISO 32000-1, 7.7.3.3); None where none shows.

    Pages packed into object streams do not show: then the queue is not asked for a size.
    """
    found = _BOX.search(payload)
    if not found:
        return None
    left, bottom, right, top = (float(one) for one in found.groups())
    width, height = round(abs(right - left) * _POINT), round(abs(top - bottom) * _POINT)
    inside = 0 < width <= _MOST and 0 < height <= _MOST
    return (width, height) if inside else None
