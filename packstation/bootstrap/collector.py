"""Python's cycle collector out of the way of a start.

What a start imports and builds stays until the end; a hundred collections look through it before
the first paint, 12 to 16 ms in all, and each full one later on looks through it again.
"""

from __future__ import annotations

import gc


def rest() -> None:
    """No collections from here until ``resume``."""
    gc.disable()


def resume() -> None:
    """Collect again, and never look at what is there by now."""
    gc.freeze()
    gc.enable()
