"""Rows of the table about what the customs rules say: stop, go on by itself, released."""

from __future__ import annotations

from packstation.domain.packing import facts as f
from packstation.domain.packing import inputs as i
from packstation.domain.packing.item_facts import OrderChangeTaken
from packstation.domain.packing.label_rows import NOTE, Facts, refuse
from packstation.domain.packing.session import Session, State


def looked(s: Session, what: i.PapersLooked) -> Facts:
    """Row added: checked, and stopped where it must; what a parcel waited for lets it go on."""
    papers = s.state is State.HELD and s.hold_reason == "missing_data"
    if what.stop and s.state is not State.HELD:
        note = (what.note or " ".join(what.checked.refs))[:NOTE]
        return (what.checked, f.SessionHeld(reason="missing_data", by="rule", note=note))
    if what.stop or not papers or s.hold_note.startswith("kit."):
        return (what.checked,)
    taken = OrderChangeTaken(rev=what.rev or s.rev, digest=what.digest, prints=what.prints)
    return (
        what.checked,
        *((taken,) if what.digest else ()),
        f.SessionResumed(rev=what.rev, cause="papers"),
    )


def released(s: Session, what: i.OverrideAsked) -> Facts:
    """A supervisor lets pass what the rules leave to one; what blocks stays blocked."""
    if s.checked is None or not s.checked.releasable:
        return refuse(s, what, "override.papers")
    granted = f.OverrideGranted(
        by=what.by, action="customs", reason=what.reason, rules=s.checked.overrides
    )
    return (granted, f.SessionResumed(rev=s.hold_rev, cause="override"))
