"""The requests that are sent to a queue (RFC 8011 sections 4.2 and 4.3; CUPS-Get-Printers)."""

from __future__ import annotations

from enum import IntEnum
from typing import Final

from msgspec import Struct

from packstation.devices.printers.ipp.encoding import collection, flag, number, text
from packstation.devices.printers.ipp.messages import Attribute, Group, Message, Tag


class Operation(IntEnum):
    """Operation ids (RFC 8011 section 5.4.15; 0x4002 is CUPS's own)."""

    PRINT_JOB = 0x0002
    VALIDATE_JOB = 0x0004
    CANCEL_JOB = 0x0008
    GET_JOB = 0x0009
    GET_JOBS = 0x000A
    GET_PRINTER = 0x000B
    CUPS_GET_PRINTERS = 0x4002


PRINTER_ATTRIBUTES: Final = (
    "printer-name",
    "printer-info",
    "printer-location",
    "printer-make-and-model",
    "printer-device-id",
    "printer-state",
    "printer-state-reasons",
    "printer-state-message",
    "printer-is-accepting-jobs",
    "document-format-supported",
    "media-size-supported",
    "media-supported",
    "media-source-supported",
    "device-uri",
    "cups-version",
    "printer-uuid",
)
JOB_ATTRIBUTES: Final = (
    "job-id",
    "job-name",
    "job-state",
    "job-state-reasons",
    "job-printer-state-message",
    "time-at-processing",
)
# Of the jobs that are done the newest come first; ours is among them or long gone.
_JOBS: Final = 500
_LONGEST_NAME: Final = 255  # octets of a name (RFC 8011 section 5.1.3)


class Paper(Struct, frozen=True):
    """What a job is printed on: its size in 1/100 mm, and the tray it comes from."""

    size: tuple[int, int] | None = None
    tray: str = ""


class Requests:
    """Makes requests to one printer URI, numbered 1, 2, 3, ..."""

    def __init__(self, uri: str, user: str) -> None:
        """``uri`` names the queue, ``user`` who asks."""
        self._uri = uri
        self._user = user.encode()[:_LONGEST_NAME].decode("utf-8", "ignore")
        self._last = 0

    def printer(self) -> Message:
        """Get-Printer-Attributes."""
        wanted = text(Tag.KEYWORD, "requested-attributes", *PRINTER_ATTRIBUTES)
        return self._message(Operation.GET_PRINTER, (wanted,))

    def printers(self) -> Message:
        """CUPS-Get-Printers."""
        wanted = text(Tag.KEYWORD, "requested-attributes", *PRINTER_ATTRIBUTES)
        return self._message(Operation.CUPS_GET_PRINTERS, (wanted,))

    def job(self, job: int) -> Message:
        """Get-Job-Attributes."""
        wanted = text(Tag.KEYWORD, "requested-attributes", *JOB_ATTRIBUTES)
        return self._message(Operation.GET_JOB, (wanted,), job=job)

    def jobs(self, which: str) -> Message:
        """Get-Jobs: ``which`` is completed or not-completed."""
        asked = (
            number("limit", _JOBS),
            text(Tag.KEYWORD, "requested-attributes", *JOB_ATTRIBUTES),
            text(Tag.KEYWORD, "which-jobs", which),
        )
        return self._message(Operation.GET_JOBS, asked)

    def cancel(self, job: int) -> Message:
        """Cancel-Job."""
        return self._message(Operation.CANCEL_JOB, job=job)

    def validate(self, name: str, kind: str, paper: Paper) -> Message:
        """Validate-Job: Print-Job without a document."""
        return self._job(Operation.VALIDATE_JOB, name, kind, paper)

    def print_job(self, name: str, kind: str, document: bytes, paper: Paper) -> Message:
        """Print-Job: ``kind`` is the document's format."""
        return self._job(Operation.PRINT_JOB, name, kind, paper, document)

    def _job(
        self,
        operation: Operation,
        name: str,
        kind: str,
        paper: Paper,
        document: bytes = b"",
    ) -> Message:
        asked = (
            text(Tag.NAME, "job-name", name),
            # An attribute that the queue does not know must not keep a label from being printed.
            flag("ipp-attribute-fidelity", on=False),
            text(Tag.MIME_TYPE, "document-format", kind),
        )
        media = (Group(Tag.JOB, (_media(paper),)),) if paper != Paper() else ()
        return self._message(operation, asked, more=media, data=document)

    def _message(
        self,
        operation: Operation,
        asked: tuple[Attribute, ...] = (),
        *,
        job: int | None = None,
        more: tuple[Group, ...] = (),
        data: bytes = b"",
    ) -> Message:
        """The attributes that come first, in the order that the standard wants."""
        self._last += 1
        named = (number("job-id", job),) if job is not None else ()
        first = (
            text(Tag.CHARSET, "attributes-charset", "utf-8"),
            text(Tag.LANGUAGE, "attributes-natural-language", "en"),
            text(Tag.URI, "printer-uri", self._uri),
            *named,
            text(Tag.NAME, "requesting-user-name", self._user),
            *asked,
        )
        groups = (Group(Tag.OPERATION, first), *more)
        return Message(int(operation), self._last, groups, data)


def _media(paper: Paper) -> Attribute:
    """The paper by its size and tray alone (PWG 5100.3, media-col)."""
    told: list[Attribute] = []
    if paper.size:
        width, height = paper.size
        sides = (number("x-dimension", width), number("y-dimension", height))
        told.append(collection("media-size", *sides))
    if paper.tray:
        told.append(text(Tag.KEYWORD, "media-source", paper.tray))
    return collection("media-col", *told)
