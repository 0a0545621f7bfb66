"""HID report descriptors: which field of which report lies where (USB HID 1.11 section 6.2.2).

A descriptor comes from a device, which may be broken or hostile: whatever the bytes are, the
answer is the fields that could be read up to the first thing that makes no sense. Nothing is
raised, and no number in the bytes makes the work longer than the bytes themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

# Section 6.2.2.1 to 6.2.2.8: an item's first byte is tag (4 bits), type (2), size (2).
_MAIN, _GLOBAL, _LOCAL = 0, 1, 2
_LONG_ITEM: Final = 0xFE
_SIZES: Final = (0, 1, 2, 4)
_REPORTS: Final = {0x8: "input", 0x9: "output", 0xB: "feature"}
_COLLECTION, _END_COLLECTION = 0xA, 0xC
_APPLICATION: Final = 0x01
# A report of 64 KiB is longer than any USB transfer of a HID device.
_MOST_BITS: Final = 8 * 65536
_DEEPEST: Final = 64


class ReportField(Struct, frozen=True):
    """Fields of one main item: ``count`` times ``bits`` bits from bit ``at`` of the report.

    ``kind``: input, output or feature; ``report`` its id, 0 where reports have none; ``at`` does
    not count the byte of the id. ``usages`` are ranges of 32-bit usages (page << 16 | usage) in
    the order in which elements take them.
    """

    kind: str
    report: int
    at: int
    bits: int
    count: int
    usages: tuple[tuple[int, int], ...] = ()

    @property
    def end(self) -> int:
        """The bit after the last one."""
        return self.at + self.bits * self.count

    def place(self, usage: int) -> tuple[int, int] | None:
        """(first bit, bits) of the elements that have ``usage``; None where none has.

        The last usage of an item goes on for all elements that are left (section 6.2.2.8).
        """
        before = 0
        for number, (low, high) in enumerate(self.usages):
            if low <= usage <= high:
                index = before + usage - low
                if index >= self.count:
                    return None
                last = number == len(self.usages) - 1 and usage == high
                many = self.count - index if last else 1
                return self.at + index * self.bits, many * self.bits
            before += high - low + 1
        return None


class Descriptor(Struct, frozen=True):
    """What a descriptor says; ``applications`` are the usages of its top-level collections."""

    fields: tuple[ReportField, ...] = ()
    applications: tuple[int, ...] = ()

    @property
    def numbered(self) -> bool:
        """Whether every report begins with its id."""
        return any(one.report for one in self.fields)

    def size(self, kind: str, report: int) -> int:
        """Bytes of a report, its id not counted; 0 where there is none."""
        bits = [one.end for one in self.fields if (one.kind, one.report) == (kind, report)]
        return (max(bits, default=0) + 7) // 8

    def of(self, kind: str, report: int) -> tuple[ReportField, ...]:
        """The fields of a report, in their order."""
        return tuple(one for one in self.fields if (one.kind, one.report) == (kind, report))


class _Item(Struct, frozen=True):
    kind: int
    tag: int
    data: bytes

    @property
    def number(self) -> int:
        return int.from_bytes(self.data, "little")


class _Globals(Struct, frozen=True):
    """Section 6.2.2.7; of the others nobody here asks."""

    page: int = 0
    bits: int = 0
    report: int = 0
    count: int = 0


class _Reading(Struct):
    now: _Globals = _Globals()
    stack: list[_Globals] = field(default_factory=list)
    usages: list[tuple[int, int]] = field(default_factory=list)
    low: int | None = None
    depth: int = 0
    ends: dict[tuple[str, int], int] = field(default_factory=dict)
    fields: list[ReportField] = field(default_factory=list)
    applications: list[int] = field(default_factory=list)


def parse_descriptor(data: bytes) -> Descriptor:
    """The fields of all reports, up to the first item that makes no sense."""
    reading = _Reading()
    for item in _items(data):
        if not _read(reading, item):
            break
    return Descriptor(tuple(reading.fields), tuple(reading.applications))


def _items(data: bytes) -> Iterator[_Item]:
    at = 0
    while at < len(data):
        head = data[at]
        if head == _LONG_ITEM:  # section 6.2.2.3: none is defined, all are skipped
            at += 3 + (data[at + 1] if at + 1 < len(data) else 0)
            continue
        size = _SIZES[head & 3]
        body = data[at + 1 : at + 1 + size]
        if len(body) < size:
            return
        yield _Item((head >> 2) & 3, head >> 4, body)
        at += 1 + size


def _read(reading: _Reading, item: _Item) -> bool:
    """Take one item; False where nothing after it can be trusted."""
    if item.kind == _GLOBAL:
        return _global(reading, item)
    if item.kind == _LOCAL:
        _local(reading, item)
        return True
    return _main(reading, item) if item.kind == _MAIN else True


def _global(reading: _Reading, item: _Item) -> bool:
    now, number = reading.now, item.number
    if item.tag == 0x0:
        reading.now = replace(now, page=number & 0xFFFF)
    elif item.tag == 0x7:
        reading.now = replace(now, bits=number)
    elif item.tag == 0x8:
        reading.now = replace(now, report=number)
        return 0 < number < 256
    elif item.tag == 0x9:
        reading.now = replace(now, count=number)
    elif item.tag == 0xA:
        reading.stack.append(now)
        return len(reading.stack) <= _DEEPEST
    elif item.tag == 0xB:
        if not reading.stack:
            return False
        reading.now = reading.stack.pop()
    return True


def _local(reading: _Reading, item: _Item) -> None:
    # Four bytes carry their own page (section 6.2.2.8).
    page = 0 if len(item.data) == 4 else reading.now.page << 16
    usage = page | item.number
    if item.tag == 0x0:
        reading.usages.append((usage, usage))
    elif item.tag == 0x1:
        reading.low = usage
    elif item.tag == 0x2 and reading.low is not None:
        if usage >= reading.low:
            reading.usages.append((reading.low, usage))
        reading.low = None


def _main(reading: _Reading, item: _Item) -> bool:
    usages = tuple(reading.usages)
    reading.usages, reading.low = [], None
    if item.tag == _COLLECTION:
        if reading.depth == 0 and item.number == _APPLICATION and usages:
            reading.applications.append(usages[0][0])
        reading.depth += 1
        return reading.depth <= _DEEPEST
    if item.tag == _END_COLLECTION:
        reading.depth -= 1
        return reading.depth >= 0
    kind = _REPORTS.get(item.tag)
    return True if kind is None else _add(reading, kind, usages)


def _add(reading: _Reading, kind: str, usages: tuple[tuple[int, int], ...]) -> bool:
    now = reading.now
    at = reading.ends.get((kind, now.report), 0)
    end = at + now.bits * now.count
    if end > _MOST_BITS:
        return False
    reading.ends[kind, now.report] = end
    if end > at:
        reading.fields.append(ReportField(kind, now.report, at, now.bits, now.count, usages))
    return True
