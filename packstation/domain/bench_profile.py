"""What a bench's devices are and how they are set, kept by the server for a PC that takes over."""

from __future__ import annotations

from typing import Any

from msgspec import Struct


class Profile(Struct, frozen=True, kw_only=True):
    """Rows of the settings ``DEVICES`` and ``PRINT``, as the settings file has them."""

    devices: tuple[dict[str, Any], ...] = ()
    prints: tuple[dict[str, Any], ...] = ()
