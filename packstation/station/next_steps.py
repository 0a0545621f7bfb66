"""The safe next step after a refused scan, in a few words that a picture goes with; pure.

The last part of a step's key names its picture (`ui.widgets.step_strip`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from packstation.domain.packing import Session, State
from packstation.domain.packing.facts import ItemRejected
from packstation.domain.packing.weight_rows import waits_for_gain
from packstation.station.views import Words

# Reason of an ItemRejected -> what to do with the thing in the hand, then with the next one.
REJECTED: Final[Mapping[str, tuple[str, ...]]] = {
    "not_in_order": ("aside", "scan"),
    "wrong_variant": ("shelf", "scan"),
    "over_quantity": ("out", "shelf"),
    "too_many_units": ("pack_back", "single"),
    "wrong_lot": ("shelf", "lot"),
    # What is past its date must not go back among what is sold.
    "expired": ("expired", "fresh"),
    "short_dated": ("shelf", "fresh"),
    "not_yet": ("at_hand", "first"),
    "kit_parts": ("aside", "part"),
    "serial_used": ("aside", "another", "call"),
    "code_used": ("aside", "another", "call"),
    "serial_missing": ("own_code",),
    "lot_missing": ("own_code",),
    "expiry_missing": ("own_code",),
    "needs_missing": ("own_code",),
}
# Reason of an InputRefused -> the same; by its first word where the whole is not here.
REFUSED: Final[Mapping[str, tuple[str, ...]]] = {
    "manual.limit": ("call",),
    "weight.typed": ("call",),
    "reprint.not_allowed": ("call",),
    "override.units": ("out", "office"),
    "substitute.already": ("scan",),
    "carton.too_small": ("larger",),
    "carton.too_heavy": ("larger", "split"),
    "carton.unknown": ("list_box",),
    "item.no_order": ("shelf", "tote"),
    "order": ("aside", "tote"),
    "gain.first": ("into_box",),
    "void_first": ("void",),
    "code.unreadable": ("again", "by_hand"),
    "badge": ("badge",),
    "badge.no_release": ("release",),
    "sign_in.first": ("badge",),
    "labels.prefix": ("office",),
    "materials.first": ("bar",),
    "override.papers": ("office",),
    "papers.office": ("office", "tote"),
    "papers.confirm": ("in_place",),
}
# Reason of a GainDisputed -> what makes the box right again.
GAINS: Final[Mapping[str, tuple[str, ...]]] = {
    "heavy": ("gain_out", "gain_only"),
    "light": ("gain_out", "gain_whole"),
    "unscanned": ("gain_out", "gain_scan"),
    "removed": ("gain_back", "gain_undo"),
}
# With an open box a code that nobody knows may be on the wrong side of the goods.
_UNKNOWN: Final = ("other_code", "by_hand")
NAMED: Final = frozenset({"scan", "first", "part", "gain_only", "gain_whole"})


def after_rejection(fact: ItemRejected, needed: str) -> tuple[Words, ...]:
    """Steps after a thing that is not right here; ``needed`` is the name of what is, or ""."""
    return _said(REJECTED.get(fact.reason, ("aside",)), needed, fact.allowed)


def after_gain(reason: str, name: str) -> tuple[Words, ...]:
    """Steps after a weight that no scan explains; ``name`` is what was scanned last."""
    return _said(GAINS[reason], name, "")


def after_refusal(reason: str, state: State, needed: str) -> tuple[Words, ...]:
    """Steps after an input that means nothing here; none where only the state knows one."""
    if reason in {"code.unknown", "code.unreadable"} and state is not State.SCANNING:
        return ()
    found = REFUSED.get(reason) or REFUSED.get(reason.partition(".")[0], ())
    return _said(_UNKNOWN if reason == "code.unknown" else found, needed, "")


def all_in(session: Session) -> tuple[Words, ...]:
    """Ways on from a box that was opened again and needs nothing more; the key is named."""
    if waits_for_gain(session):
        return (Words("act.into_box"),)
    names = ("close_same", "void_first") if session.label_live else ("close_again", "undo_last")
    return tuple(Words(f"act.{name}") for name in names)


def _said(names: tuple[str, ...], needed: str, allowed: str) -> tuple[Words, ...]:
    """Steps that name what is needed are left out where nothing is."""
    kept = (name for name in names if needed or name not in NAMED)
    return tuple(Words(f"act.{name}", (("name", needed), ("d", allowed))) for name in kept)
