"""Facts of tasks that nobody must forget: raised by what happened, closed by a scan."""

from __future__ import annotations

from packstation.domain.packing.facts import Fact


class TaskRaised(Fact, frozen=True, kw_only=True):
    """Something is to be done with a parcel or goods that are no longer wanted as they are.

    ``kind``: pull_parcel, unpack, restock or relabel. ``code`` is the waybill of the parcel or
    the place where the goods lie; ``units`` how many there are, 0 where unknown; ``cause``:
    cancelled, voided, returned, duplicate, changed, or the task (``after``) that it follows from.
    """

    task: str
    kind: str
    order_id: str
    code: str = ""
    units: int = 0
    cause: str = ""
    after: str = ""


class TaskClosed(Fact, frozen=True, kw_only=True):
    """A task was done: ``code`` is what was scanned, ``by`` scan or label (a new one stuck on)."""

    task: str
    code: str = ""
    by: str = "scan"
