"""Names of what a run keeps in its folder (FORMATS.md, "Demo summary")."""

from __future__ import annotations

from typing import Final

SERVER_FILE: Final = "server.sqlite3"
SUMMARY_FILE: Final = "summary.json"
