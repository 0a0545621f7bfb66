"""Languages of lines with pictures in between: TSPL, EPL2 and CPCL."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from packstation.devices.sim.printers.dialect import MOST


class Line(Struct, frozen=True):
    """A command: its text without the line's end, its picture, and all of its bytes."""

    text: bytes
    picture: bytes
    raw: bytes


def cut_line(
    held: bytes, head: re.Pattern[bytes], sides: tuple[int, int]
) -> tuple[Line | None, bytes]:
    """The first line of ``held`` and what is behind it; None where it is not whole yet.

    What is longer than any label and has no end is thrown away.

    ``head`` begins a command whose picture follows at once, of as many bytes as the groups
    ``sides`` say by their product. A picture may hold any byte, ends of lines too.
    """
    if len(held) > MOST:
        return None, b""
    found = head.match(held)
    at = found.end() + int(found[sides[0]]) * int(found[sides[1]]) if found else 0
    end = held.find(b"\n", at) + 1
    if not end:
        return None, held
    raw = held[:end]
    if found:
        return Line(found[0], raw[found.end() : at], raw), held[end:]
    return Line(raw.strip(b"\r\n"), b"", raw), held[end:]


def all_lines(data: bytes, head: re.Pattern[bytes], sides: tuple[int, int]) -> Iterator[Line]:
    """The whole lines of a label."""
    line, data = cut_line(data, head, sides)
    while line is not None:
        yield line
        line, data = cut_line(data, head, sides)


class Immediate:
    """Takes commands out of a stream that a printer obeys at once, whatever they stand in."""

    def __init__(self, *commands: bytes) -> None:
        self._command = re.compile(b"|".join(re.escape(one) for one in commands), re.DOTALL)
        heads = {one[:size] for one in commands for size in range(1, len(one))}
        self._heads = tuple(sorted(heads, key=len, reverse=True))
        self._held = b""

    def feed(self, data: bytes) -> tuple[bytes, list[bytes]]:
        """The stream without them, and which there were."""
        data, self._held = self._held + data, b""
        found = self._command.findall(data)
        rest = self._command.sub(b"", data)
        head = next((one for one in self._heads if rest.endswith(one)), b"")
        if head:
            rest, self._held = rest[: -len(head)], head
        return rest, found

    def reset(self) -> None:
        """Forget the half of one."""
        self._held = b""
