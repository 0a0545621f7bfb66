"""Tables of hand-overs: the lists as folded, and papers that carriers gave for them."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Index, Table

from packstation.server.columns import METADATA, keys, text

# The fold of a list (``domain.handover.manifests.Manifest``); made anew from the journal.
LIST: Final = Table(
    "handover",
    METADATA,
    *keys("site", "manifest"),
    text("station"),
    text("code"),
    text("state"),
    text("opened"),
    text("changed"),
    text("body"),
    Index("handover_changed", "site", "changed"),
)

# The carrier's own manifest, a SCAN form: a blob that belongs to a list.
PAPER: Final = Table(
    "handover_paper",
    METADATA,
    *keys("site", "manifest", "sha256"),
    text("name"),
    text("stored"),
)
