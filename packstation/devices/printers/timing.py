"""The patience of a printer's worker."""

from __future__ import annotations

from msgspec import Struct


class PrinterTiming(Struct, frozen=True):
    """Seconds, but for ``misses``.

    ``write_s`` without a byte taken is a stall. A job that has begun becomes uncertain after
    ``give_up_s`` of stall or of no answer, and when the printer stays busy for ``busy_s``
    without a cause that a hand could cure. ``settle_s`` lies between the two looks that must
    find the printer idle; ``watch_s`` between looks while there is nothing to print; a job
    is missed on the odometer after ``count_s``. ``misses`` unanswered questions in a row make
    a printer silent. ``print_s`` is how long a printer may work without a word that answers, or
    tells by itself, only when it is done; ``unseen_s`` how long, a label, one must be idle that
    was never seen at work and cannot tell of what waits in its buffer; ``take_s`` how long a
    label that waits at the peeler is waited for. A port on which a printer that answers has said
    nothing for ``reopen_s``, between two jobs, is opened anew.
    """

    write_s: float = 10.0
    give_up_s: float = 120.0
    answer_s: float = 1.0
    odometer_s: float = 0.5
    settle_s: float = 0.2
    watch_s: float = 1.0
    busy_s: float = 60.0
    count_s: float = 2.0
    misses: int = 2
    print_s: float = 15.0
    unseen_s: float = 1.5
    take_s: float = 120.0
    reopen_s: float = 30.0
