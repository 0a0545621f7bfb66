"""The interpreter set up for a window: when it collects, and how threads take turns.

What a start imports and builds stays until the end. A hundred collections would look through it
before the first paint, 12 to 16 ms in all, and each full one later on would again: 60 to 90 ms in
which no thread paints.
"""

from __future__ import annotations

import gc
import sys
from typing import Final

# Seconds. The window gives the interpreter up at every call into Qt that may wait, and gets it
# back within this time from a thread that draws a label.
TURN_S: Final = 0.0005
_NEVER: Final = 1_000_000


def rest() -> None:
    """No collections from here until ``resume``."""
    gc.disable()


def resume() -> None:
    """Collect again, what is young only, and never look at what is there by now."""
    gc.freeze()
    young, middle, _ = gc.get_threshold()
    gc.set_threshold(young, middle, _NEVER)
    gc.enable()


def settle() -> None:
    """The late imports are in as well: from now on a full collection has little to look at."""
    gc.collect(1)
    gc.freeze()
    young, middle, _ = gc.get_threshold()
    gc.set_threshold(young, middle, 10)


def short_turns() -> None:
    """Who waits for the interpreter gets it after ``TURN_S``, a tenth of the usual time."""
    sys.setswitchinterval(TURN_S)
