"""Whose turn it is at pdfium, which is not made for several threads at once (its own README)."""

from __future__ import annotations

import threading
from typing import Final

PDF_TURN: Final = threading.Lock()
