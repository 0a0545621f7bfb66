"""One tree of errors; ``*`` marks those worth trying again.

::

    PackstationError
    ├── DeviceError
    │   ├── DeviceOffline *        the cable, the power or the port is gone
    │   ├── DeviceFaulty           it answers, and says it is broken
    │   ├── FrameMalformed         bytes that are no frame of its protocol
    │   └── PrinterBlocked         paper, ribbon or head wants a hand
    ├── CarrierError
    │   ├── LabelRefused           the carrier said no; nothing was bought
    │   ├── LabelOutcomeUnknown *  nobody knows: ask by key, never buy again
    │   └── RateUnavailable *
    ├── SyncError
    │   ├── ServerUnreachable *
    │   ├── EventConflict          gap, fork or closed epoch
    │   └── NotAuthorised
    ├── OrderError
    │   ├── OrderUnknown
    │   ├── OrderClaimed
    │   └── OrderCancelled
    ├── DocumentError
    │   ├── GlyphMissing
    │   └── FormOverflow
    ├── InputInvalid               a value that breaks a rule: field, value, allowed
    ├── AnswerFaulty               an answer of ours that its own judge refused: a bug
    ├── SettingsError
    └── StorageError

An error carries ids as ``fields`` and the ``key`` of its message in the
catalogue (``resources/translations``), never prose.
"""

from __future__ import annotations


class PackstationError(Exception):
    """Base of all errors of this program; ``key`` names its message."""

    key = "error.unexpected"
    retryable = False

    def __init__(self, key: str | None = None, /, **fields: object) -> None:
        """Keep the message ``key`` (default: the class's own) and its ``fields``."""
        self.key = key or type(self).key
        self.fields = fields
        super().__init__(self.key, fields)

    def __str__(self) -> str:
        """Show key and fields in one line for logs."""
        words = " ".join(f"{name}={value!r}" for name, value in self.fields.items())
        return f"{self.key} {words}".strip()


class DeviceError(PackstationError):
    """Something on the bench; field ``device``."""

    key = "error.device"


class DeviceOffline(DeviceError):
    """The port is gone or does not open; fields ``device``, ``cause``."""

    key = "error.device.offline"
    retryable = True


class DeviceFaulty(DeviceError):
    """The device reports a fault of its own; fields ``device``, ``fault``."""

    key = "error.device.faulty"


class FrameMalformed(DeviceError):
    """Bytes that are no frame of the protocol; fields ``error``, ``raw`` (hex)."""

    key = "error.device.frame"


class PrinterBlocked(DeviceError):
    """Paper, ribbon or head; fields ``device``, ``fault``."""

    key = "error.printer.blocked"


class CarrierError(PackstationError):
    """Something about buying transport; field ``carrier`` or ``label_key``."""

    key = "error.carrier"


class LabelRefused(CarrierError):
    """The carrier refused; nothing was bought; field ``reason``."""

    key = "error.label.refused"


class LabelOutcomeUnknown(CarrierError):
    """Nobody knows whether the label was bought: ask by ``label_key``."""

    key = "error.label.unknown"
    retryable = True


class RateUnavailable(CarrierError):
    """No price could be had; field ``reason``."""

    key = "error.rate"
    retryable = True


class SyncError(PackstationError):
    """Something between station and server."""

    key = "error.sync"


class ServerUnreachable(SyncError):
    """No answer; field ``cause``."""

    key = "error.server.unreachable"
    retryable = True


class EventConflict(SyncError):
    """The server's copy of the journal differs; fields ``code``, ``at``."""

    key = "error.sync.conflict"


class NotAuthorised(SyncError):
    """The server knows no such station, token or person."""

    key = "error.not_authorised"


class OrderError(PackstationError):
    """Something about an order; field ``order``."""

    key = "error.order"


class OrderUnknown(OrderError):
    """No such order here; field ``code``."""

    key = "error.order.unknown"


class OrderClaimed(OrderError):
    """Another bench has it; fields ``order``, ``station``."""

    key = "error.order.claimed"


class OrderCancelled(OrderError):
    """It was cancelled before the start; field ``order``."""

    key = "error.order.cancelled"


class DocumentError(PackstationError):
    """A label or paper that cannot be made; field ``field``."""

    key = "error.document"


class GlyphMissing(DocumentError):
    """No font has this character; fields ``text``, ``codepoint``, ``field``."""

    key = "error.glyph_missing"


class FormOverflow(DocumentError):
    """More text than the box of the form holds; fields ``field``, ``limit``."""

    key = "error.form_overflow"


class InputInvalid(PackstationError):
    """A value that breaks a rule; fields ``path``, ``value``, ``allowed``."""

    key = "error.input"


class AnswerFaulty(PackstationError):
    """What was computed breaks its own rules and was not answered; field ``cause``."""


class SettingsError(PackstationError):
    """A setting that cannot be used; fields ``name``, ``value``, ``allowed``."""

    key = "error.setting"


class StorageError(PackstationError):
    """The local database; field ``cause``."""

    key = "error.storage"
