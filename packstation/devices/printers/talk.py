"""How a family of printers is talked to: data that one worker and one asker go by.

A question says how its answer ends and what it means; a `PrinterTalk` says which questions a
family knows and what its answers prove (reference/devices.md sections 3.2 to 3.5 and 3.7).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from packstation.devices.printers.replies import PrinterReply, ReplyState

# What wants a hand, the worst first; flags of `replies`, message keys of the catalogue.
CAUSES: Final = (
    ("head_open", "printer.head_open"),
    ("cover_open", "printer.head_open"),
    ("paper_out", "printer.paper_out"),
    ("paper_end", "printer.paper_out"),
    ("ribbon_out", "printer.ribbon_out"),
    ("jam", "printer.jam"),
    ("cutter", "printer.cutter"),
    ("wrong_media", "printer.wrong_media"),
    ("paused", "printer.paused"),
    ("waits_for_key", "printer.waits_for_key"),
    ("head_hot", "printer.too_hot"),
    ("motor_hot", "printer.too_hot"),
    ("temperature", "printer.too_hot"),
    ("memory", "printer.ram_lost"),
)
_BUSY: Final = frozenset(
    {"printing", "imaging", "feeding", "backing", "cutting", "in_use", "buffer_full"}
)

_AGREE: Final = 3

Take = Callable[[bytes], bytes | None]


class PrinterLook(Struct, frozen=True):
    """How a printer is, whoever made it.

    ``blocked`` is the message key of what wants a hand; ``busy``: something still has to come
    out; ``label_waiting``: a label sticks out and has to be taken; ``printed``: it says by
    itself that a label has come out; ``refused``: it did not understand what it was sent;
    ``label_dots``: how long a label is by its own word, 0 where it has none.
    """

    blocked: str = ""
    busy: bool = False
    label_waiting: bool = False
    printed: bool = False
    refused: bool = False
    label_dots: int = 0

    @property
    def idle(self) -> bool:
        """Nothing to come and nothing in the way; a label may still wait to be taken."""
        return not (self.blocked or self.busy)


class Question(Struct, frozen=True):
    """``take`` cuts a whole answer out of what came, or says None: not yet; ``read`` reads it.

    ``read`` answers None for what is no answer of this kind. An ``optional`` question is not
    asked again on a line where it stayed without an answer and the one after it did not.
    """

    ask: bytes
    take: Take
    read: Callable[[bytes], PrinterLook | None]
    optional: bool = False


class Fact(Struct, frozen=True):
    """A question about the printer itself: model, firmware, serial number; "" for no answer.

    ``own``: the answer is its serial number, by which another printer is noticed.
    """

    ask: bytes
    take: Take
    read: Callable[[bytes], str]
    own: bool = False


class Odometer(Struct, frozen=True):
    """A count that rises with what comes out.

    ``rung`` "counted": labels, one each; "fed": a length, whose rise only proves that paper
    moved and whose rest proves nothing.
    """

    ask: bytes
    take: Take
    read: Callable[[bytes], int | None]
    rung: str = "counted"


class PrinterTalk(Struct, frozen=True):
    """What a family can be asked and what its answers are worth.

    ``ask``: how it is, the best question first; empty for a printer that never answers.
    ``vouches``: its status knows of everything it was sent, or comes only once that is done;
    where it does not, ``receipt`` is a question answered only after all before it was done.
    ``patient``: the status itself may take as long as a label. ``listen``: it must not be asked
    while it prints and reports by itself (the ``ask`` of it is never sent). ``labels`` counts
    the labels of a job. ``refuses``: whether what it said unasked means that it did not
    understand a job. ``purge``: throws away all that it was sent and has not printed; empty
    where no command is known that does only that.
    """

    id: str
    ask: tuple[Question, ...]
    facts: tuple[Fact, ...] = ()
    odometers: tuple[Odometer, ...] = ()
    vouches: bool = False
    patient: bool = False
    receipt: Question | None = None
    listen: Question | None = None
    labels: Callable[[bytes], int] = lambda _payload: 1
    refuses: Callable[[bytes], bool] = lambda _unasked: False
    purge: bytes = b""


def one_way(talk: PrinterTalk) -> PrinterTalk:
    """The same family on a line without a way back: nothing is asked, nothing is proved."""
    return replace(talk, ask=(), facts=(), odometers=(), receipt=None, listen=None)


def look_of(reply: PrinterReply) -> PrinterLook | None:
    """A decoded answer as the worker sees it; None for what was no answer."""
    if reply.state is ReplyState.FAULT:
        return None
    flags = set(reply.flags)
    cause = next((key for flag, key in CAUSES if flag in flags), "printer.error")
    return PrinterLook(
        blocked=cause if reply.state is ReplyState.ATTENTION else "",
        busy=bool(flags & _BUSY),
        label_waiting="label_waiting" in flags,
        printed=reply.printed,
        refused="command_error" in flags,
    )


def exactly(length: int) -> Take:
    """Answers of a fixed length."""
    return lambda data: data[:length] if len(data) >= length else None


def up_to(end: bytes) -> Take:
    """Answers up to and with an end."""

    def take(data: bytes) -> bytes | None:
        head, found, _ = data.partition(end)
        return head + found if found else None

    return take


def prints_in(payload: bytes, picture: re.Pattern[bytes], prints: re.Pattern[bytes]) -> int:
    """How many labels a job of lines makes: sets times copies, the two groups of ``prints``.

    ``picture`` begins a line whose bytes, by the product of its two groups, are skipped.
    """
    lines, at = b"", 0
    while found := picture.search(payload, at):
        lines += payload[at : found.start()]
        at = found.end() + int(found[1]) * int(found[2])
    return sum(int(one) * int(two or 1) for one, two in prints.findall(lines + payload[at:]))


def thrice(ask: bytes, decode: Callable[[bytes], PrinterReply]) -> Question:
    """A status of one byte, asked for three times at once and believed when all agree.

    It has no checksum: one changed bit would turn "out of paper" into "ready".
    """

    def read(data: bytes) -> PrinterLook | None:
        return look_of(decode(data[:1])) if len(set(data)) == 1 else None

    return Question(ask * _AGREE, exactly(_AGREE), read)
