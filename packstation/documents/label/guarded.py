"""Bytes of pictures that some printers would take for a command in the middle of data.

Commands that act at once are looked for as the bytes come in, before anything knows that a
picture is being sent: ``ESC !`` of TSPL resets, cancels or asks, ``DLE EOT``, ``DLE ENQ`` and
``DLE DC4`` of ESC/POS ask, recover or open the drawer. Where a picture happens to hold such a
pair one dot of it is blackened or whitened; the pairs begin with a byte whose run of one dot
no bar code of whole modules has, so only letters are touched.
"""

from __future__ import annotations

from typing import Final

INVERTED: Final = bytes(255 - byte for byte in range(256))

Pairs = tuple[tuple[bytes, bytes], ...]


def guarded(data: bytes, pairs: Pairs) -> bytes:
    """``data`` without the first of each of ``pairs``, the second in its place."""
    for found, instead in pairs:
        data = data.replace(found, instead)
    return data
